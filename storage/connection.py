"""Opening the one file that everything is kept in."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

from sqlcipher3 import dbapi2

from storage.errors import (
    DamagedError,
    MissingKeyError,
    ReadOnlyError,
    StorageError,
    StorageFullError,
    WrongKeyError,
)

# sqlcipher3 publishes no types; its connection has the interface of the standard library's.
Connection: TypeAlias = Any

DriverError: TypeAlias = dbapi2.Error
"""What the driver raises; it is no ``sqlite3.Error``."""

BUSY_TIMEOUT_MS = 5_000
_PLAIN = b"SQLite format 3\x00"
_PAGE = 4096
_KINDS_OF_BYTES = 240
"""So many of the 256 a page of noise has, and hardly anything else."""

_READ_ONLY = re.compile(r"readonly|read-only", re.IGNORECASE)
_FULL = re.compile(r"full|disk I/O|unable to open", re.IGNORECASE)


def connect(
    path: Path | str,
    key: str | None = None,
    *,
    read_only: bool = False,
    journal: str | None = "WAL",
) -> Connection:
    """Open ``path`` with the pragmas that every connection of this project has.

    Without a key sqlcipher3 writes an ordinary SQLite file, with one an encrypted file, so one
    driver and one set of exceptions serve both. Transactions are always explicit
    (``isolation_level`` is off). ``secure_delete`` overwrites what is removed; WAL with
    ``synchronous=FULL`` makes a commit survive a power cut.

    Args:
        path: the file; it is made when it is not there.
        key: what it is encrypted with.
        read_only: whether nothing may be written.
        journal: the journal mode to set; None leaves it as it is.

    Raises:
        WrongKeyError: the file cannot be read with this key.
        StorageError: the file cannot be opened.
    """
    try:
        conn = dbapi2.connect(str(path), check_same_thread=False, isolation_level=None)
    except dbapi2.Error as error:
        raise StorageError(f"cannot open the database {path}") from error
    try:
        # Before the key, or a wrong one prints three lines of its own to standard error.
        conn.execute("PRAGMA cipher_log_level = NONE")
        if key:
            conn.execute(f"PRAGMA key = {_quoted(key)}")
        conn.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        conn.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if journal and not read_only:
            conn.execute(f"PRAGMA journal_mode = {journal}")
        conn.execute("PRAGMA synchronous = FULL")
        conn.execute("PRAGMA secure_delete = ON")
        conn.execute("PRAGMA foreign_keys = ON")
        if read_only:
            conn.execute("PRAGMA query_only = ON")
    except dbapi2.Error as error:
        conn.close()
        raise _opening(_translated(error, path), path, key) from error
    conn.row_factory = dbapi2.Row
    return conn


def check_soundness(
    conn: Connection, path: Path | str = "the database", *, whole: bool = False
) -> None:
    """Run SQLite's quick integrity check; with ``whole`` the one that compares indexes, too.

    Raises:
        DamagedError: the check found something.
    """
    try:
        check = "integrity_check" if whole else "quick_check"
        verdict = conn.execute(f"PRAGMA {check}(1)").fetchone()[0]
    except dbapi2.Error as error:
        raise DamagedError(f"{path} is damaged") from error
    if verdict != "ok":
        raise DamagedError(f"{path} is damaged")


def check_writable(conn: Connection) -> None:
    """Write something and take it back: a file that may only be read opens like any other.

    Raises:
        ReadOnlyError: it may only be read.
    """
    try:
        version = conn.execute("PRAGMA user_version").fetchone()[0]
        conn.execute("BEGIN IMMEDIATE")
        conn.execute(f"PRAGMA user_version = {version}")
    except dbapi2.Error as error:
        raise _translated(error, "") from error
    finally:
        rollback(conn)


@contextmanager
def transaction(conn: Connection) -> Iterator[Connection]:
    """Run a block in one ``BEGIN IMMEDIATE`` transaction: all of it is kept or nothing.

    Raises:
        StorageFullError: there was no room or no right to write.
        StorageError: any other failure of the database.
    """
    try:
        conn.execute("BEGIN IMMEDIATE")
        yield conn
        conn.execute("COMMIT")
    except BaseException as error:
        rollback(conn)
        if isinstance(error, dbapi2.Error):
            raise _translated(error, "") from error
        raise


def rollback(conn: Connection) -> None:
    """End whatever transaction is open; SQLite may have ended it already (disk full does)."""
    if conn.in_transaction:
        conn.execute("ROLLBACK")


def translated(error: BaseException) -> BaseException:
    """Give a driver's error as one of ours; any other exception comes back as it is."""
    return _translated(error, "") if isinstance(error, dbapi2.Error) else error


def _translated(error: Exception, path: Path | str) -> StorageError:
    text = str(error)
    if "not a database" in text:
        return WrongKeyError(f"{path}: not a database, or another key is needed")
    if "malformed" in text:
        return DamagedError(f"{path or 'the database'} is damaged")
    if _READ_ONLY.search(text):
        return ReadOnlyError(f"{path or 'the database'} cannot be written: no permission")
    if _FULL.search(text):
        return StorageFullError("the database cannot be written: no room or no permission")
    # The text of a driver's error names tables and columns, never values.
    return StorageError(text)


def _opening(error: StorageError, path: Path | str, key: str | None) -> StorageError:
    if not isinstance(error, WrongKeyError):
        return error
    if not key and _looks_encrypted(path):
        hint = "it looks encrypted and no key is set: is DATABASE_KEY_FILE missing from .env?"
        return MissingKeyError(f"{error} ({hint})")
    if is_plain(path):
        hint = "it is not encrypted, so it needs no key" if key else "its first page is damaged"
    else:
        hint = "the key is another one, or it is damaged" if key else "or it is damaged"
    return WrongKeyError(f"{error} ({hint})")


def is_plain(path: Path | str) -> bool:
    """Whether a file begins as a database does that is not encrypted."""
    return _beginning(path, len(_PLAIN)) == _PLAIN


def _looks_encrypted(path: Path | str) -> bool:
    return len(set(_beginning(path, _PAGE))) > _KINDS_OF_BYTES


def _beginning(path: Path | str, length: int) -> bytes:
    try:
        with Path(path).open("rb") as file:
            return file.read(length)
    except OSError:
        return b""


def attached(conn: Connection, path: Path, key: str | None) -> None:
    """Attach another file as ``other``, with a key of its own or none."""
    conn.execute(f"ATTACH ? AS other KEY {_quoted(key or '')}", (str(path),))


def _quoted(value: str) -> str:
    """A string literal of SQL: PRAGMA takes no bound parameters."""
    return "'" + value.replace("'", "''") + "'"

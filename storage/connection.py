"""Opening the one file that everything is kept in."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

from sqlcipher3 import dbapi2

from storage.errors import DamagedError, StorageError, StorageFullError, WrongKeyError

# sqlcipher3 publishes no types; its connection has the interface of the standard library's.
Connection: TypeAlias = Any

BUSY_TIMEOUT_MS = 5_000
_FULL = re.compile(r"full|readonly|read-only|disk I/O|unable to open", re.IGNORECASE)


def connect(path: Path | str, key: str | None = None, *, read_only: bool = False) -> Connection:
    """Open ``path`` with the pragmas that every connection of this project has.

    Without a key sqlcipher3 writes an ordinary SQLite file, with one an encrypted file, so one
    driver and one set of exceptions serve both. Transactions are always explicit
    (``isolation_level`` is off). ``secure_delete`` overwrites what is removed; WAL with
    ``synchronous=FULL`` makes a commit survive a power cut.

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
        if not read_only:
            conn.execute("PRAGMA journal_mode = WAL")
        conn.execute("PRAGMA synchronous = FULL")
        conn.execute("PRAGMA secure_delete = ON")
        conn.execute("PRAGMA foreign_keys = ON")
        if read_only:
            conn.execute("PRAGMA query_only = ON")
    except dbapi2.Error as error:
        conn.close()
        raise _translated(error, path) from error
    conn.row_factory = dbapi2.Row
    return conn


def check_soundness(conn: Connection) -> None:
    """Run SQLite's quick integrity check.

    Raises:
        DamagedError: the check found something.
    """
    try:
        verdict = conn.execute("PRAGMA quick_check(1)").fetchone()[0]
    except dbapi2.Error as error:
        raise DamagedError("the database is damaged") from error
    if verdict != "ok":
        raise DamagedError("the database is damaged")


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
        return DamagedError(f"{path}: the database is damaged")
    if _FULL.search(text):
        return StorageFullError("the database cannot be written: no room or no permission")
    # The text of a driver's error names tables and columns, never values.
    return StorageError(text)


def _quoted(value: str) -> str:
    """A string literal of SQL: PRAGMA takes no bound parameters."""
    return "'" + value.replace("'", "''") + "'"

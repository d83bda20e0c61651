"""Copies of a database that are proved before anybody relies on them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from storage.connection import (
    Connection,
    DriverError,
    attached,
    check_soundness,
    connect,
    rollback,
    translated,
)
from storage.errors import DamagedError, StorageFullError
from storage.files import discard, make_private

Tell = Callable[[str], None]
"""Takes a line about what is being done."""


def silently(_: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Extent:
    """What a file holds: its schema as (kind, name, text), and the number of rows of each table."""

    schema: list[tuple[str, str, str | None]]
    rows: dict[str, int]


def export(conn: Connection, target: Path, key: str | None) -> Extent:
    """Write everything into a new file with a key of its own (or none), row by row.

    It is one moment of the database, and others may write meanwhile. Gives what was there then.

    Raises:
        StorageError: it cannot be done; there is no such file then.
    """
    make_private(target)
    try:
        attached(conn, target, key)
        try:
            # A kill makes half a copy worthless, so it needs no journal.
            conn.execute("PRAGMA other.journal_mode = OFF")
            conn.execute("BEGIN")
            held = extent(conn)
            conn.execute("SELECT sqlcipher_export('other')").fetchall()
            conn.execute("COMMIT")
        finally:
            rollback(conn)
            conn.execute("DETACH other")
    except BaseException as error:
        discard(target)
        ours = translated(error)
        if isinstance(ours, StorageFullError):
            ours = StorageFullError(f"{target} cannot be written: no room")
        raise ours from None
    return held


def check_copy(copy: Path, key: str | None, held: Extent) -> None:
    """Prove that a copy is sound and holds as much as what it was copied from.

    Raises:
        DamagedError: it does not.
        StorageError: it cannot be read.
    """
    conn = connect(copy, key, journal=None)
    try:
        check_soundness(conn, copy, whole=True)
        if extent(conn) != held:
            raise DamagedError(f"{copy} does not hold what it was copied from")
    except DriverError as error:
        raise translated(error) from None
    finally:
        conn.close()


def extent(conn: Connection) -> Extent:
    """What the main database of a connection holds."""
    found = conn.execute("SELECT type, name, sql FROM sqlite_master ORDER BY type, name")
    schema = [(row[0], row[1], row[2]) for row in found]
    rows = {
        name: conn.execute(f'SELECT count(*) FROM main."{name}"').fetchone()[0]  # noqa: S608 - from the schema
        for kind, name, _ in schema
        if kind == "table"
    }
    return Extent(schema, rows)

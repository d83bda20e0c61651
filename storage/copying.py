"""Copies of a database that are proved before anybody relies on them."""

from collections.abc import Callable
from pathlib import Path

from storage.connection import (
    Connection,
    DriverError,
    attached,
    check_soundness,
    connect,
    translated,
)
from storage.errors import DamagedError
from storage.files import make_private, overwrite

Tell = Callable[[str], None]
"""Takes a line about what is being done."""


def silently(_: str) -> None:
    """Tell nobody."""


def export(conn: Connection, target: Path, key: str | None) -> None:
    """Write everything into a new file with a key of its own (or none), row by row.

    Raises:
        StorageError: it cannot be done; there is no such file then.
    """
    make_private(target)
    try:
        attached(conn, target, key)
        try:
            conn.execute("SELECT sqlcipher_export('other')").fetchall()
        finally:
            conn.execute("DETACH other")
    except BaseException as error:
        overwrite(target)
        raise translated(error) from None


def check_copy(original: Connection, copy: Path, key: str | None) -> None:
    """Prove that a copy is sound and holds as much as the original.

    Raises:
        DamagedError: it does not.
        StorageError: it cannot be read.
    """
    conn = connect(copy, key, journal=None)
    try:
        check_soundness(conn, copy)
        if schema(conn) != schema(original) or counts(conn) != counts(original):
            raise DamagedError(f"{copy} does not hold what it was copied from")
    except DriverError as error:
        raise translated(error) from None
    finally:
        conn.close()


def counts(conn: Connection) -> dict[str, int]:
    """How many rows each table has."""
    names = [name for kind, name, _ in schema(conn) if kind == "table"]
    return {
        name: conn.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608 - from the schema
        for name in names
    }


def schema(conn: Connection) -> list[tuple[str, str, str | None]]:
    """(kind, name, text) of everything in the schema."""
    rows = conn.execute("SELECT type, name, sql FROM sqlite_master ORDER BY type, name")
    return [(row[0], row[1], row[2]) for row in rows]

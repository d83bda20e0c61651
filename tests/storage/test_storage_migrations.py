"""The schema: made once, met again unchanged, and not touched when it is newer."""

from pathlib import Path

import pytest

from storage.connection import connect
from storage.database import Database
from storage.errors import NewerSchemaError
from storage.migrations import NAME, migrate


def schema(path: Path) -> list[tuple[str, str]]:
    """Name and text of everything in the schema."""
    conn = connect(path, read_only=True)
    rows = conn.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()
    conn.close()
    return [tuple(row) for row in rows]


def test_migrating_again_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "ampersand.db"
    Database(path).open().close()
    first = schema(path)
    conn = connect(path)
    conn.execute("INSERT INTO facts (name, value) VALUES ('kept', 'yes')")
    for _ in range(3):
        migrate(conn)
    assert conn.execute("SELECT value FROM facts WHERE name = 'kept'").fetchone()[0] == "yes"
    conn.close()
    assert schema(path) == first
    assert len(first) > 20


def test_every_step_is_noted_once(tmp_path: Path) -> None:
    path = tmp_path / "ampersand.db"
    for _ in range(2):
        Database(path).open().close()
    conn = connect(path, read_only=True)
    names = [row[0] for row in conn.execute("SELECT name FROM _sqlite_migrations ORDER BY id")]
    conn.close()
    assert names[0] == "m001_first_schema"
    assert len(names) == len(set(names))


def test_a_newer_schema_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "ampersand.db"
    Database(path).open().close()
    conn = connect(path)
    conn.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
        " VALUES (?, 'm999_from_the_future', '2030-01-01')",
        (NAME,),
    )
    conn.close()
    before = path.read_bytes()
    with pytest.raises(NewerSchemaError, match="newer version of Ampersand"):
        Database(path).open()
    assert path.read_bytes() == before


def test_every_table_is_strict_and_holds_its_references(tmp_path: Path) -> None:
    """A wrong type or a row that hangs on nobody is refused by the file itself."""
    path = tmp_path / "ampersand.db"
    Database(path).open().close()
    tables = [text for name, text in schema(path) if text and text.startswith("CREATE TABLE")]
    foreign = ("_sqlite_migrations", "sqlite_sequence")
    own = [text for text in tables if not any(name in text for name in foreign)]
    assert all("STRICT" in text.rpartition(")")[2] for text in own)
    conn = connect(path)
    assert conn.execute("PRAGMA foreign_keys").fetchone()[0] == 1
    assert conn.execute("PRAGMA synchronous").fetchone()[0] == 2
    assert conn.execute("PRAGMA secure_delete").fetchone()[0] == 1
    assert conn.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    conn.close()

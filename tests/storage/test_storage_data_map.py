"""docs/data-map.md, held against the real schema, the export and what removal does."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from bot.export.shape import Settings
from storage.database import Database

PAGE = Path(__file__).parents[2] / "docs" / "data-map.md"
KINDS = {"personal", "derived", "system"}


class Column(NamedTuple):
    """One line of the page."""

    table: str
    name: str
    kind: str
    why: str
    how_long: str
    in_file: str


def mapped() -> Iterator[Column]:
    table = ""
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        heading = re.match(r"## (\w+)", line)
        if heading:
            table = heading[1]
        elif line.startswith("| ") and not line.startswith("| column"):
            yield Column(table, *(cell.strip() for cell in line.strip("|").split("|")))


def _rows(database: Database, query: str) -> list[tuple[Any, ...]]:
    return database.submit(lambda conn: [tuple(row) for row in conn.execute(query)]).result()


@pytest.fixture
def schema(tmp_path: Path) -> dict[str, list[str]]:
    """Every table of a new database, with its columns."""
    database = Database(tmp_path / "new.db").open()
    tables = _rows(database, "SELECT name FROM sqlite_master WHERE type = 'table'")
    found = {
        table: [row[1] for row in _rows(database, f"PRAGMA table_info({table})")]
        for (table,) in tables
    }
    database.close()
    return found


def test_every_column_is_on_the_page_once_and_in_its_place(schema: dict[str, list[str]]) -> None:
    page: dict[str, list[str]] = {}
    for column in mapped():
        page.setdefault(column.table, []).append(column.name)
    assert page.keys() == schema.keys()
    for table, columns in schema.items():
        assert page[table] == columns, table


def test_every_line_is_complete() -> None:
    for column in mapped():
        assert column.kind in KINDS, column
        assert column.why, column
        assert column.how_long, column
        assert re.match("(yes|no|on request)", column.in_file), column


def test_every_personal_table_goes_with_its_person(tmp_path: Path) -> None:
    """Each table that hangs on people says so in the schema, so that /delete reaches all of it."""
    database = Database(tmp_path / "new.db").open()
    personal = {column.table for column in mapped() if column.kind != "system"}
    by_chat = {"people", "inbox", "outbox", "messages", "erasures"}
    parents = {
        table: {(row[2], row[6]) for row in _rows(database, f"PRAGMA foreign_key_list({table})")}
        for table in personal - by_chat
    }
    database.close()
    for table, references in parents.items():
        assert ("people", "CASCADE") in references or any(
            action == "CASCADE" and parent in {"answers", "quizzes", "check_ins"}
            for parent, action in references
        ), table


def test_what_the_page_says_is_in_the_file_has_a_place_there() -> None:
    """A personal column that is not exported says "no" here, and has to explain itself."""
    kept_back = {
        (column.table, column.name)
        for column in mapped()
        if column.kind == "personal" and column.in_file == "no"
    }
    assert kept_back == {
        ("people", "chat_id"),
        ("people", "step"),
        ("people", "step_data"),
        ("people", "consent"),
        ("inbox", "raw"),
        ("outbox", "chat_id"),
        ("outbox", "payload"),
        ("messages", "chat_id"),
        ("erasures", "chat_id"),
    }
    # "withdrawn" is no column: it says that consented_at is left of a consent
    fields = set(Settings.model_fields) - {"withdrawn"}
    exported = {c.name for c in mapped() if c.table == "people" and c.in_file == "yes"}
    assert exported == fields

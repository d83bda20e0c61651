"""Everything of one person at once: read for an export, written back by an import."""

from collections.abc import Iterable, Mapping
from typing import Any

from storage.connection import Connection

Row = dict[str, Any]

_OF_PERSON = {
    "asked": "SELECT * FROM asked WHERE person_id = ? ORDER BY id",
    "answers": "SELECT * FROM answers WHERE person_id = ? ORDER BY id",
    "hits": "SELECT h.* FROM hits h JOIN answers a ON a.id = h.answer_id"
    " WHERE a.person_id = ? ORDER BY h.id",
    "taps": "SELECT * FROM taps WHERE person_id = ? ORDER BY id",
    "quizzes": "SELECT * FROM quizzes WHERE person_id = ? ORDER BY id",
    "quiz_answers": "SELECT q.* FROM quiz_answers q JOIN quizzes z ON z.id = q.quiz_id"
    " WHERE z.person_id = ? ORDER BY q.quiz_id, q.rule",
    "check_ins": "SELECT * FROM check_ins WHERE person_id = ? ORDER BY id",
    "check_in_answers": "SELECT q.* FROM check_in_answers q JOIN check_ins c"
    " ON c.id = q.check_in_id WHERE c.person_id = ? ORDER BY q.check_in_id, q.rule",
    "beads": "SELECT * FROM beads WHERE person_id = ?"
    " ORDER BY day, source, source_id, rule, family, axis",
    "reports": "SELECT * FROM reports WHERE person_id = ? ORDER BY id",
    "told": "SELECT * FROM told WHERE person_id = ? ORDER BY told, axis",
    "marked_days": "SELECT * FROM marked_days WHERE person_id = ? ORDER BY day, mark",
    "not_mine": "SELECT * FROM not_mine WHERE person_id = ? ORDER BY said_on, family, answer_id",
    "flags": "SELECT * FROM flags WHERE person_id = ? ORDER BY id",
}


class Archive:
    """The repository of whole people."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def person(self, chat_id: int) -> Row | None:
        """The row of the person of this chat, or None."""
        rows = self._rows("SELECT * FROM people WHERE chat_id = ?", chat_id)
        return rows[0] if rows else None

    def read(self, person_id: int) -> dict[str, list[Row]]:
        """All rows that hang on a person, by table, in an order that stays the same."""
        return {table: self._rows(query, person_id) for table, query in _OF_PERSON.items()}

    def insert(self, table: str, row: Mapping[str, Any]) -> int:
        """Put one row in and give its id.

        Raises:
            ValueError: not a table of an export.
        """
        if table not in _OF_PERSON:
            raise ValueError(table)
        columns = ", ".join(row)
        marks = ", ".join("?" * len(row))
        cursor = self._conn.execute(
            f"INSERT INTO {table} ({columns}) VALUES ({marks})",  # noqa: S608 - names of our own code
            tuple(row.values()),
        )
        return int(cursor.lastrowid or 0)

    def insert_all(self, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Put rows in whose ids nobody needs."""
        for row in rows:
            self.insert(table, row)

    def settle(self, person_id: int, values: Mapping[str, Any]) -> None:
        """Set columns of the person to stored values, as a row of an archive has them."""
        columns = ", ".join(f"{name} = ?" for name in values)
        self._conn.execute(
            f"UPDATE people SET {columns} WHERE id = ?",  # noqa: S608 - names of our own code
            (*values.values(), person_id),
        )

    def _rows(self, query: str, value: int) -> list[Row]:
        return [
            dict(zip(row.keys(), tuple(row), strict=True))
            for row in self._conn.execute(query, (value,))
        ]

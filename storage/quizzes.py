"""Quizzes: one item a rule about the past two weeks, and closeness now and wished."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from storage.connection import Connection
from storage.instants import from_seconds, to_day, to_seconds


@dataclass(frozen=True, slots=True)
class Quiz:
    """One quiz, finished or still open (``finished_on`` None). Closeness is 1..7."""

    id: int
    person_id: int
    started_at: datetime
    finished_on: date | None
    version: str
    closeness_now: int | None
    closeness_wished: int | None


class Quizzes:
    """The repository of quizzes."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def add(self, person_id: int, version: str, now: datetime) -> int:
        """Begin a quiz under a version of the rules and give its id."""
        row = self._conn.execute(
            "INSERT INTO quizzes (person_id, version, started_at) VALUES (?, ?, ?) RETURNING id",
            (person_id, version, to_seconds(now)),
        ).fetchone()
        return int(row[0])

    def get(self, quiz_id: int) -> Quiz | None:
        """The quiz with this id, or None."""
        row = self._conn.execute("SELECT * FROM quizzes WHERE id = ?", (quiz_id,)).fetchone()
        return None if row is None else _quiz(row)

    def of_person(self, person_id: int) -> list[Quiz]:
        """All quizzes of the person, oldest first."""
        rows = self._conn.execute(
            "SELECT * FROM quizzes WHERE person_id = ? ORDER BY id", (person_id,)
        )
        return [_quiz(row) for row in rows]

    def answer(self, quiz_id: int, rule: str, value: int | None) -> None:
        """Keep one answer, 1..5, or None for "doesn't fit"."""
        self._conn.execute(
            "INSERT INTO quiz_answers (quiz_id, rule, value) VALUES (?, ?, ?)"
            " ON CONFLICT (quiz_id, rule) DO UPDATE SET value = excluded.value",
            (quiz_id, rule, value),
        )

    def answers(self, quiz_id: int) -> dict[str, int | None]:
        """The answers so far, by rule."""
        rows = self._conn.execute(
            "SELECT rule, value FROM quiz_answers WHERE quiz_id = ?", (quiz_id,)
        )
        return {row[0]: row[1] for row in rows}

    def set_closeness(self, quiz_id: int, which: str, value: int) -> None:
        """Keep closeness, 1..7.

        Raises:
            ValueError: if ``which`` is neither "now" nor "wished".
        """
        queries = {
            "now": "UPDATE quizzes SET closeness_now = ? WHERE id = ?",
            "wished": "UPDATE quizzes SET closeness_wished = ? WHERE id = ?",
        }
        if which not in queries:
            raise ValueError(which)
        self._conn.execute(queries[which], (value, quiz_id))

    def finish(self, quiz_id: int, day: date) -> None:
        """Note the local day on which the quiz was finished."""
        self._conn.execute(
            "UPDATE quizzes SET finished_on = ? WHERE id = ?", (day.isoformat(), quiz_id)
        )


def _quiz(row: Any) -> Quiz:
    return Quiz(
        id=row["id"],
        person_id=row["person_id"],
        started_at=from_seconds(row["started_at"]),
        finished_on=None if row["finished_on"] is None else to_day(row["finished_on"]),
        version=row["version"],
        closeness_now=row["closeness_now"],
        closeness_wished=row["closeness_wished"],
    )

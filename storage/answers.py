"""What people wrote."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.drift.record import count_words
from storage.connection import Connection
from storage.instants import from_seconds, to_day, to_seconds


@dataclass(frozen=True, slots=True)
class Answer:
    """One message of a person, kept as an answer (``asked_id``) or as a note of the day (None).

    ``late`` means that it answers a question of an earlier day; such answers count half.
    ``unread`` means that it is kept but not in a language whose rules are there.
    """

    id: int
    person_id: int
    asked_id: int | None
    day: date
    text: str
    words: int
    unread: bool
    late: bool
    answered_at: datetime
    edited_at: datetime | None
    message_id: int | None


class Answers:
    """The repository of answers."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def add(
        self,
        person_id: int,
        asked_id: int | None,
        day: date,
        text: str,
        message_id: int | None,
        answered_at: datetime,
        *,
        late: bool,
    ) -> Answer | None:
        """Keep a text and give the answer; None if this message is kept already."""
        words, seconds = count_words(text), to_seconds(answered_at)
        row = self._conn.execute(
            "INSERT OR IGNORE INTO answers"
            " (person_id, asked_id, day, text, words, late, answered_at, message_id)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
            (person_id, asked_id, day.isoformat(), text, words, int(late), seconds, message_id),
        ).fetchone()
        if row is None:
            return None
        return Answer(
            id=row[0],
            person_id=person_id,
            asked_id=asked_id,
            day=day,
            text=text,
            words=words,
            unread=False,
            late=late,
            answered_at=from_seconds(seconds),
            edited_at=None,
            message_id=message_id,
        )

    def get(self, answer_id: int) -> Answer | None:
        """The answer with this id, or None."""
        row = self._conn.execute("SELECT * FROM answers WHERE id = ?", (answer_id,)).fetchone()
        return None if row is None else _answer(row)

    def by_message(self, person_id: int, message_id: int) -> Answer | None:
        """The answer that was kept from this message of the person, or None."""
        row = self._conn.execute(
            "SELECT * FROM answers WHERE person_id = ? AND message_id = ?", (person_id, message_id)
        ).fetchone()
        return None if row is None else _answer(row)

    def of_question(self, asked_id: int) -> list[Answer]:
        """The messages that answer one question, in their order."""
        rows = self._conn.execute(
            "SELECT * FROM answers WHERE asked_id = ? ORDER BY id", (asked_id,)
        )
        return [_answer(row) for row in rows]

    def count_of_question(self, asked_id: int) -> int:
        """How many messages answer one question."""
        row = self._conn.execute(
            "SELECT count(*) FROM answers WHERE asked_id = ?", (asked_id,)
        ).fetchone()
        return int(row[0])

    def count_unread(self, person_id: int) -> int:
        """How many answers of the person are kept in a language that is not read."""
        row = self._conn.execute(
            "SELECT count(*) FROM answers WHERE person_id = ? AND unread = 1", (person_id,)
        ).fetchone()
        return int(row[0])

    def since(self, person_id: int, day: date) -> list[Answer]:
        """The person's answers since a local day, oldest first."""
        rows = self._conn.execute(
            "SELECT * FROM answers WHERE person_id = ? AND day >= ? ORDER BY id",
            (person_id, day.isoformat()),
        )
        return [_answer(row) for row in rows]

    def page(self, person_id: int, search: str, offset: int, limit: int) -> list[Answer]:
        """The newest answers that hold ``search`` (any when empty), whatever its case."""
        pattern = search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        rows = self._conn.execute(
            "SELECT * FROM answers WHERE person_id = ? AND text <> ''"
            " AND text LIKE ? ESCAPE '\\' ORDER BY id DESC LIMIT ? OFFSET ?",
            (person_id, f"%{pattern}%", limit, offset),
        )
        return [_answer(row) for row in rows]

    def edit(self, answer_id: int, text: str, edited_at: datetime) -> None:
        """Put the person's new wording in the place of the old one; what was read in it goes."""
        self._forget_beads(answer_id)
        self._conn.execute("DELETE FROM hits WHERE answer_id = ?", (answer_id,))
        self._conn.execute(
            "UPDATE answers SET text = ?, words = ?, edited_at = ? WHERE id = ?",
            (text, count_words(text), to_seconds(edited_at), answer_id),
        )

    def set_unread(self, answer_id: int, *, unread: bool) -> None:
        """Note whether the text could be read."""
        self._conn.execute("UPDATE answers SET unread = ? WHERE id = ?", (int(unread), answer_id))

    def delete(self, answer_id: int) -> None:
        """Remove one answer and what was read in it."""
        self._forget_beads(answer_id)
        self._conn.execute("DELETE FROM answers WHERE id = ?", (answer_id,))

    def _forget_beads(self, answer_id: int) -> None:
        self._conn.execute(
            "DELETE FROM beads WHERE person_id = (SELECT person_id FROM answers WHERE id = ?)"
            " AND source = 'text' AND source_id = ?",
            (answer_id, answer_id),
        )


def _answer(row: Any) -> Answer:
    return Answer(
        id=row["id"],
        person_id=row["person_id"],
        asked_id=row["asked_id"],
        day=to_day(row["day"]),
        text=row["text"],
        words=row["words"],
        unread=bool(row["unread"]),
        late=bool(row["late"]),
        answered_at=from_seconds(row["answered_at"]),
        edited_at=None if row["edited_at"] is None else from_seconds(row["edited_at"]),
        message_id=row["message_id"],
    )

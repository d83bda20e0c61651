"""Questions that were asked of people, with the tap that stood beside them."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from storage.connection import Connection
from storage.instants import from_seconds, to_day, to_seconds


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as it was asked: which, in which words, on which local day.

    ``tap`` is the rule of the one-tap question beside it. ``hidden`` means that the push held no
    question and the person has not opened it yet. ``replaced`` are the questions that stood in its
    place before "another".
    """

    id: int
    person_id: int
    day: date
    kind: str
    question: str
    text: str
    tap: str | None
    asked_at: datetime
    state: str
    hidden: bool
    replaced: tuple[str, ...]
    message_id: int | None


class AskedQuestions:
    """The repository of asked questions."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def add(
        self,
        person_id: int,
        day: date,
        kind: str,
        question: str,
        text: str,
        tap: str | None,
        now: datetime,
        *,
        hidden: bool,
    ) -> Asked | None:
        """Note a question as asked and give it; None if the day's question exists already."""
        asked_at = to_seconds(now)
        row = self._conn.execute(
            "INSERT OR IGNORE INTO asked"
            " (person_id, day, kind, question, text, tap, asked_at, hidden)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
            (person_id, day.isoformat(), kind, question, text, tap, asked_at, int(hidden)),
        ).fetchone()
        if row is None:
            return None
        return Asked(
            id=row[0],
            person_id=person_id,
            day=day,
            kind=kind,
            question=question,
            text=text,
            tap=tap,
            asked_at=from_seconds(asked_at),
            state="open",
            hidden=hidden,
            replaced=(),
            message_id=None,
        )

    def get(self, asked_id: int) -> Asked | None:
        """The asked question with this id, or None."""
        return self._one("id = ?", asked_id)

    def newest(self, person_id: int) -> Asked | None:
        """The newest question, whatever became of it, or None."""
        return self._one("person_id = ?", person_id)

    def newest_by(self, person_id: int, instant: datetime) -> Asked | None:
        """The newest question that was asked by then, whatever became of it, or None."""
        return self._one("person_id = ? AND asked_at <= ?", person_id, to_seconds(instant))

    def newest_daily(self, person_id: int) -> Asked | None:
        """The newest scheduled question, whatever became of it, or None."""
        return self._one("person_id = ? AND kind = 'daily'", person_id)

    def last_day(self, person_id: int) -> date | None:
        """The newest local day that has had its scheduled question, or None."""
        row = self._conn.execute(
            "SELECT max(day) FROM asked WHERE person_id = ? AND kind = 'daily'", (person_id,)
        ).fetchone()
        return None if row[0] is None else to_day(row[0])

    def of_day(self, person_id: int, day: date) -> Asked | None:
        """The scheduled question of a local day, or None."""
        return self._one("person_id = ? AND day = ? AND kind = 'daily'", person_id, day.isoformat())

    def by_message(self, person_id: int, message_id: int) -> Asked | None:
        """The question that stands in this message of the bot, or None."""
        return self._one("person_id = ? AND message_id = ?", person_id, message_id)

    def shown_since(self, person_id: int, since: date) -> list[tuple[date, str]]:
        """(local day, question) of everything shown since a local day, oldest first."""
        rows = self._conn.execute(
            "SELECT day, coalesce(replaced || ' ', '') || question FROM asked"
            " WHERE person_id = ? AND day >= ? ORDER BY id",
            (person_id, since.isoformat()),
        )
        return [(to_day(row[0]), question) for row in rows for question in row[1].split()]

    def count(self, person_id: int) -> int:
        """How many questions the person was ever asked."""
        row = self._conn.execute(
            "SELECT count(*) FROM asked WHERE person_id = ?", (person_id,)
        ).fetchone()
        return int(row[0])

    def count_taps(self, person_id: int) -> int:
        """On how many local days a tap stood beside the question."""
        row = self._conn.execute(
            "SELECT count(*) FROM asked WHERE person_id = ? AND kind = 'daily' AND tap IS NOT NULL",
            (person_id,),
        ).fetchone()
        return int(row[0])

    def replace(self, asked: Asked, question: str, text: str) -> Asked:
        """Put another question in the place of this one ("another"); its tap stays."""
        self._conn.execute(
            "UPDATE asked SET replaced = coalesce(replaced || ' ', '') || question, question = ?,"
            " text = ?, state = 'open' WHERE id = ?",
            (question, text, asked.id),
        )
        replaced = (*asked.replaced, asked.question)
        return replace(asked, question=question, text=text, state="open", replaced=replaced)

    def set_state(self, asked: Asked, state: str) -> Asked:
        """Set what became of the question: open, answered, skipped, later or expired."""
        self._conn.execute("UPDATE asked SET state = ? WHERE id = ?", (state, asked.id))
        return replace(asked, state=state)

    def settle(self, asked: Asked, state: str) -> Asked:
        """Set what became of a question that nobody has to open any more."""
        self._conn.execute("UPDATE asked SET state = ?, hidden = 0 WHERE id = ?", (state, asked.id))
        return replace(asked, state=state, hidden=False)

    def expire(self, asked_id: int) -> None:
        """The question waits for no answer any more; one that was answered stays so."""
        self._conn.execute(
            "UPDATE asked SET state = 'expired' WHERE id = ? AND state IN ('open', 'later')",
            (asked_id,),
        )

    def open_up(self, asked: Asked) -> Asked:
        """The person has opened a question that the push kept to itself."""
        self._conn.execute("UPDATE asked SET hidden = 0 WHERE id = ?", (asked.id,))
        return replace(asked, hidden=False)

    def set_message(self, asked_id: int, message_id: int) -> None:
        """Note the message in which the question stands."""
        self._conn.execute("UPDATE asked SET message_id = ? WHERE id = ?", (message_id, asked_id))

    def _one(self, where: str, *values: Any) -> Asked | None:
        row = self._conn.execute(
            f"SELECT * FROM asked WHERE {where} ORDER BY id DESC LIMIT 1",  # noqa: S608 - constants
            values,
        ).fetchone()
        return None if row is None else _asked(row)


def _asked(row: Any) -> Asked:
    return Asked(
        id=row["id"],
        person_id=row["person_id"],
        day=to_day(row["day"]),
        kind=row["kind"],
        question=row["question"],
        text=row["text"],
        tap=row["tap"],
        asked_at=from_seconds(row["asked_at"]),
        state=row["state"],
        hidden=bool(row["hidden"]),
        replaced=tuple((row["replaced"] or "").split()),
        message_id=row["message_id"],
    )

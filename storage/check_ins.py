"""Weekly check-ins: the anchors about this week, asked once a week."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from storage.connection import Connection
from storage.instants import from_seconds, to_day, to_seconds


@dataclass(frozen=True, slots=True)
class CheckIn:
    """One check-in; ``day`` is the local day it belongs to."""

    id: int
    person_id: int
    day: date
    sent_at: datetime
    finished_at: datetime | None


class CheckIns:
    """The repository of check-ins."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def add(self, person_id: int, day: date, now: datetime) -> int | None:
        """Note a check-in as sent and give its id; None if the day has one already."""
        row = self._conn.execute(
            "INSERT OR IGNORE INTO check_ins (person_id, day, sent_at) VALUES (?, ?, ?)"
            " RETURNING id",
            (person_id, day.isoformat(), to_seconds(now)),
        ).fetchone()
        return None if row is None else int(row[0])

    def get(self, check_in_id: int) -> CheckIn | None:
        """The check-in with this id, or None."""
        row = self._conn.execute("SELECT * FROM check_ins WHERE id = ?", (check_in_id,)).fetchone()
        return None if row is None else _check_in(row)

    def newest(self, person_id: int) -> CheckIn | None:
        """The person's newest check-in, or None."""
        row = self._conn.execute(
            "SELECT * FROM check_ins WHERE person_id = ? ORDER BY day DESC LIMIT 1", (person_id,)
        ).fetchone()
        return None if row is None else _check_in(row)

    def since(self, person_id: int, day: date) -> list[CheckIn]:
        """The person's check-ins since a local day, oldest first."""
        rows = self._conn.execute(
            "SELECT * FROM check_ins WHERE person_id = ? AND day >= ? ORDER BY day",
            (person_id, day.isoformat()),
        )
        return [_check_in(row) for row in rows]

    def answer(self, check_in_id: int, rule: str, wording: str, value: int | None) -> None:
        """Keep one answer, 1..5, or None for a point left out."""
        self._conn.execute(
            "INSERT INTO check_in_answers (check_in_id, rule, wording, value) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (check_in_id, rule) DO UPDATE SET value = excluded.value,"
            " wording = excluded.wording",
            (check_in_id, rule, wording, value),
        )

    def answers(self, check_in_id: int) -> dict[str, int | None]:
        """The answers so far, by rule."""
        rows = self._conn.execute(
            "SELECT rule, value FROM check_in_answers WHERE check_in_id = ?", (check_in_id,)
        )
        return {row[0]: row[1] for row in rows}

    def finish(self, check_in_id: int, now: datetime) -> None:
        """Note that the last point was answered."""
        self._conn.execute(
            "UPDATE check_ins SET finished_at = ? WHERE id = ?", (to_seconds(now), check_in_id)
        )


def _check_in(row: Any) -> CheckIn:
    finished = row["finished_at"]
    return CheckIn(
        id=row["id"],
        person_id=row["person_id"],
        day=to_day(row["day"]),
        sent_at=from_seconds(row["sent_at"]),
        finished_at=None if finished is None else from_seconds(finished),
    )

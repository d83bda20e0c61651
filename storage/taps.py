"""One-tap answers to the fixed questions."""

from dataclasses import dataclass
from datetime import date, datetime

from storage.connection import Connection
from storage.instants import to_day, to_seconds


@dataclass(frozen=True, slots=True)
class StoredTap:
    """One tap, 1..5, with the stamp of the wording that was shown."""

    id: int
    asked_id: int
    rule: str
    wording: str
    value: int
    day: date
    late: bool


class Taps:
    """The repository of daily taps."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def set(
        self,
        person_id: int,
        asked_id: int,
        rule: str,
        wording: str,
        value: int,
        day: date,
        tapped_at: datetime,
        *,
        late: bool,
    ) -> int:
        """Keep the tap beside a question, in the place of an earlier one, and give its id."""
        row = self._conn.execute(
            "INSERT INTO taps (person_id, asked_id, rule, wording, value, day, late, tapped_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (asked_id) DO UPDATE SET"
            " rule = excluded.rule, wording = excluded.wording, value = excluded.value,"
            " tapped_at = excluded.tapped_at RETURNING id",
            (
                person_id,
                asked_id,
                rule,
                wording,
                value,
                day.isoformat(),
                int(late),
                to_seconds(tapped_at),
            ),
        ).fetchone()
        return int(row[0])

    def of_question(self, asked_id: int) -> StoredTap | None:
        """The tap beside one question, or None."""
        row = self._conn.execute(
            "SELECT id, asked_id, rule, wording, value, day, late FROM taps WHERE asked_id = ?",
            (asked_id,),
        ).fetchone()
        return None if row is None else _tap(row)

    def since(self, person_id: int, day: date) -> list[StoredTap]:
        """The person's taps since a local day, oldest first."""
        rows = self._conn.execute(
            "SELECT id, asked_id, rule, wording, value, day, late FROM taps"
            " WHERE person_id = ? AND day >= ? ORDER BY day, id",
            (person_id, day.isoformat()),
        )
        return [_tap(row) for row in rows]


def _tap(row: tuple[int, int, str, str, int, str, int]) -> StoredTap:
    return StoredTap(row[0], row[1], row[2], row[3], row[4], to_day(row[5]), bool(row[6]))

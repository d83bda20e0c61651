"""Safety flags: a kind and a time, never the words that raised them."""

from dataclasses import dataclass
from datetime import datetime

from storage.connection import Connection
from storage.instants import from_seconds, to_seconds


@dataclass(frozen=True, slots=True)
class Flag:
    """One flag; ``sure`` or only possible, ``closed_at`` when the person said it was not meant."""

    id: int
    kind: str
    sure: bool
    raised_at: datetime
    closed_at: datetime | None


class Flags:
    """The repository of safety flags."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def add(self, person_id: int, kind: str, now: datetime, *, sure: bool) -> int:
        """Note a flag and give its id."""
        row = self._conn.execute(
            "INSERT INTO flags (person_id, kind, sure, raised_at) VALUES (?, ?, ?, ?) RETURNING id",
            (person_id, kind, int(sure), to_seconds(now)),
        ).fetchone()
        return int(row[0])

    def close(self, person_id: int, now: datetime, first: int = 0, last: int = 2**63 - 1) -> int:
        """Close the open flags of the person with ids from first to last; give how many."""
        cursor = self._conn.execute(
            "UPDATE flags SET closed_at = ?"
            " WHERE person_id = ? AND closed_at IS NULL AND id BETWEEN ? AND ?",
            (to_seconds(now), person_id, first, last),
        )
        return int(cursor.rowcount)

    def open_since(self, person_id: int, since: datetime) -> list[Flag]:
        """The flags raised since an instant that nobody has closed, oldest first."""
        rows = self._conn.execute(
            "SELECT id, kind, sure, raised_at, closed_at FROM flags"
            " WHERE person_id = ? AND closed_at IS NULL AND raised_at >= ? ORDER BY id",
            (person_id, to_seconds(since)),
        )
        return [Flag(row[0], row[1], bool(row[2]), from_seconds(row[3]), None) for row in rows]

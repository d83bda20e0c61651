"""The schedule: one row for each thing that will fall due for a person."""

from dataclasses import dataclass
from datetime import datetime

from storage.connection import Connection
from storage.instants import from_seconds, to_seconds


@dataclass(frozen=True, slots=True)
class Due:
    """Something that has fallen due: for whom, what, and since when."""

    person_id: int
    kind: str
    due_at: datetime


class Schedule:
    """The repository of due times."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def set(self, person_id: int, kind: str, due_at: datetime) -> None:
        """Let ``kind`` fall due at this instant, instead of whenever it would have."""
        self._conn.execute(
            "INSERT INTO schedule (person_id, kind, due_at) VALUES (?, ?, ?)"
            " ON CONFLICT (person_id, kind) DO UPDATE SET due_at = excluded.due_at",
            (person_id, kind, to_seconds(due_at)),
        )

    def set_for_heard_since(self, kind: str, due_at: datetime, since: datetime) -> int:
        """Let ``kind`` fall due for every active person heard of since then; give their number."""
        cursor = self._conn.execute(
            "INSERT OR REPLACE INTO schedule (person_id, kind, due_at)"
            " SELECT id, ?, ? FROM people WHERE state = 'active' AND heard_at >= ?",
            (kind, to_seconds(due_at), to_seconds(since)),
        )
        return int(cursor.rowcount)

    def clear(self, person_id: int, *kinds: str) -> None:
        """Take these kinds, or everything when none is named, off the schedule."""
        these = f" AND kind IN ({', '.join('?' * len(kinds))})" if kinds else ""
        self._conn.execute(
            f"DELETE FROM schedule WHERE person_id = ?{these}",  # noqa: S608 - only question marks
            (person_id, *kinds),
        )

    def get(self, person_id: int, kind: str) -> datetime | None:
        """When this kind falls due for the person, or None."""
        row = self._conn.execute(
            "SELECT due_at FROM schedule WHERE person_id = ? AND kind = ?", (person_id, kind)
        ).fetchone()
        return None if row is None else from_seconds(row[0])

    def due(self, now: datetime, limit: int) -> list[Due]:
        """At most ``limit`` rows that have fallen due, the oldest first."""
        rows = self._conn.execute(
            "SELECT person_id, kind, due_at FROM schedule WHERE due_at <= ?"
            " ORDER BY due_at LIMIT ?",
            (to_seconds(now), limit),
        )
        return [Due(row[0], row[1], from_seconds(row[2])) for row in rows]

    def beyond(self, instant: datetime, kinds: tuple[str, ...]) -> list[Due]:
        """Rows of these kinds that fall due later than an instant."""
        marks = ", ".join("?" * len(kinds))
        rows = self._conn.execute(
            f"SELECT person_id, kind, due_at FROM schedule WHERE due_at > ? AND kind IN ({marks})",  # noqa: S608 - only question marks
            (to_seconds(instant), *kinds),
        )
        return [Due(row[0], row[1], from_seconds(row[2])) for row in rows]

    def next_at(self) -> datetime | None:
        """The earliest instant at which anything falls due, or None."""
        row = self._conn.execute("SELECT min(due_at) FROM schedule").fetchone()
        return None if row[0] is None else from_seconds(row[0])

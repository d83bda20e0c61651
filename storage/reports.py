"""Reports that were given, the shifts they told, and days that the person marked."""

from dataclasses import dataclass
from datetime import date, datetime

from storage.connection import Connection
from storage.instants import to_day, to_seconds


@dataclass(frozen=True, slots=True)
class StoredReport:
    """One report: for which local day, at its weekly time or on request, and what it named."""

    id: int
    person_id: int
    day: date
    kind: str
    pattern: str


@dataclass(frozen=True, slots=True)
class StoredShift:
    """One shift that was told: the axis, when, since when, which way and how clearly."""

    axis: str
    told: date
    since: date
    direction: str
    clear: bool


class Reports:
    """The repository of reports."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def add(
        self, person_id: int, day: date, kind: str, pattern: str, version: str, now: datetime
    ) -> int | None:
        """Note a report and give its id; None if the day's weekly report exists already."""
        row = self._conn.execute(
            "INSERT OR IGNORE INTO reports (person_id, day, kind, pattern, version, made_at)"
            " VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
            (person_id, day.isoformat(), kind, pattern, version, to_seconds(now)),
        ).fetchone()
        return None if row is None else int(row[0])

    def get(self, report_id: int) -> StoredReport | None:
        """The report with this id, or None."""
        row = self._conn.execute(
            "SELECT id, person_id, day, kind, pattern FROM reports WHERE id = ?", (report_id,)
        ).fetchone()
        return None if row is None else _report(row)

    def last_weekly(self, person_id: int) -> date | None:
        """The local day of the person's newest weekly report, or None."""
        row = self._conn.execute(
            "SELECT max(day) FROM reports WHERE person_id = ? AND kind = 'weekly'", (person_id,)
        ).fetchone()
        return None if row[0] is None else to_day(row[0])

    def tell(self, person_id: int, shift: StoredShift) -> None:
        """Note a shift as told."""
        self._conn.execute(
            "INSERT OR IGNORE INTO told (person_id, axis, told, since, direction, clear)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (
                person_id,
                shift.axis,
                shift.told.isoformat(),
                shift.since.isoformat(),
                shift.direction,
                int(shift.clear),
            ),
        )

    def told(self, person_id: int) -> list[StoredShift]:
        """The shifts told so far, oldest first."""
        rows = self._conn.execute(
            "SELECT axis, told, since, direction, clear FROM told WHERE person_id = ?"
            " ORDER BY told, axis",
            (person_id,),
        )
        return [
            StoredShift(row[0], to_day(row[1]), to_day(row[2]), row[3], bool(row[4]))
            for row in rows
        ]

    def mark(self, person_id: int, day: date, mark: str) -> None:
        """Mark a local day as the start of a "chapter" or as part of an "unusual" week."""
        self._conn.execute(
            "INSERT OR IGNORE INTO marked_days (person_id, day, mark) VALUES (?, ?, ?)",
            (person_id, day.isoformat(), mark),
        )

    def unmark(self, person_id: int, day: date, mark: str) -> None:
        """Take a mark away again."""
        self._conn.execute(
            "DELETE FROM marked_days WHERE person_id = ? AND day = ? AND mark = ?",
            (person_id, day.isoformat(), mark),
        )

    def marked(self, person_id: int, mark: str) -> list[date]:
        """The days with this mark, oldest first."""
        rows = self._conn.execute(
            "SELECT day FROM marked_days WHERE person_id = ? AND mark = ? ORDER BY day",
            (person_id, mark),
        )
        return [to_day(row[0]) for row in rows]


def _report(row: tuple[int, int, str, str, str]) -> StoredReport:
    return StoredReport(row[0], row[1], to_day(row[2]), row[3], row[4])

"""Evidence: what each answer counted for, with the rule set that counted it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from storage.connection import Connection
from storage.instants import to_day


@dataclass(frozen=True, slots=True)
class StoredBead:
    """``plus`` and ``minus`` beads on one axis, from one answer, by one rule (and text family)."""

    day: date
    source: str
    source_id: int
    rule: str
    family: str
    axis: str
    plus: float
    minus: float
    version: str


class Beads:
    """The repository of beads."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def replace(
        self, person_id: int, source: str, source_id: int, beads: Iterable[StoredBead]
    ) -> None:
        """Keep these beads of one answer in the place of what it counted for before."""
        self._conn.execute(
            "DELETE FROM beads WHERE person_id = ? AND source = ? AND source_id = ?",
            (person_id, source, source_id),
        )
        self.add(person_id, beads)

    def add(self, person_id: int, beads: Iterable[StoredBead]) -> None:
        """Keep these beads of answers that have not counted for anything yet."""
        self._conn.executemany(
            "INSERT INTO beads (person_id, day, source, source_id, rule, family, axis, plus, minus,"
            " version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    person_id,
                    bead.day.isoformat(),
                    bead.source,
                    bead.source_id,
                    bead.rule,
                    bead.family,
                    bead.axis,
                    bead.plus,
                    bead.minus,
                    bead.version,
                )
                for bead in beads
            ],
        )

    def since(self, person_id: int, day: date) -> list[StoredBead]:
        """The person's beads since a local day, oldest first."""
        rows = self._conn.execute(
            "SELECT day, source, source_id, rule, family, axis, plus, minus, version FROM beads"
            " WHERE person_id = ? AND day >= ? ORDER BY day, source, source_id",
            (person_id, day.isoformat()),
        )
        return [StoredBead(to_day(row[0]), *row[1:]) for row in rows]

    def of_source(self, person_id: int, source: str) -> list[StoredBead]:
        """The person's beads from one source ("quiz", ...), oldest first."""
        rows = self._conn.execute(
            "SELECT day, source, source_id, rule, family, axis, plus, minus, version FROM beads"
            " WHERE person_id = ? AND source = ? ORDER BY day, source_id",
            (person_id, source),
        )
        return [StoredBead(to_day(row[0]), *row[1:]) for row in rows]

"""Phrases that were recognised in an answer: what counted, and what a gate set aside."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from storage.connection import Connection
from storage.instants import to_day


@dataclass(frozen=True, slots=True)
class Hit:
    """One recognised phrase in the person's own spelling; ``gate`` says why it does not count."""

    rule: str
    family: str
    phrase: str
    gate: str | None


class Hits:
    """The repository of recognised phrases."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def add(self, answer_id: int, hits: Iterable[Hit]) -> None:
        """Keep these for an answer for which nothing is kept."""
        self._conn.executemany(
            "INSERT INTO hits (answer_id, rule, family, phrase, gate) VALUES (?, ?, ?, ?, ?)",
            [(answer_id, hit.rule, hit.family, hit.phrase, hit.gate) for hit in hits],
        )

    def since(self, person_id: int, day: date) -> list[tuple[int, date, Hit]]:
        """(answer, local day, phrase) of the person's answers since a day, newest first."""
        rows = self._conn.execute(
            "SELECT a.id, a.day, h.rule, h.family, h.phrase, h.gate FROM hits h"
            " JOIN answers a ON a.id = h.answer_id WHERE a.person_id = ? AND a.day >= ?"
            " ORDER BY a.day DESC, a.id DESC, h.id",
            (person_id, day.isoformat()),
        )
        return [(row[0], to_day(row[1]), Hit(*row[2:])) for row in rows]

    def disown(self, person_id: int, family: str, answer_id: int, day: date) -> int:
        """Note "not me" for a family in an answer; give how often it was said of the family."""
        self._conn.execute(
            "INSERT OR IGNORE INTO not_mine (person_id, family, answer_id, said_on)"
            " VALUES (?, ?, ?, ?)",
            (person_id, family, answer_id, day.isoformat()),
        )
        row = self._conn.execute(
            "SELECT count(*) FROM not_mine WHERE person_id = ? AND family = ?", (person_id, family)
        ).fetchone()
        return int(row[0])

    def disowned(self, person_id: int) -> list[tuple[str, int, date]]:
        """(family, answer, local day on which it was said) of everything called "not me"."""
        rows = self._conn.execute(
            "SELECT family, answer_id, said_on FROM not_mine WHERE person_id = ?"
            " ORDER BY said_on, family",
            (person_id,),
        )
        return [(row[0], row[1], to_day(row[2])) for row in rows]

"""Cities and their time zones, built once from a public list of place names."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from storage.connection import Connection
from storage.facts import Facts

PlaceRow: TypeAlias = tuple[str, str, str, str, str, int]
"""Searched name, name, region, country, zone, inhabitants."""

_FILLING = "places being filled"

_CALLED = (
    "SELECT id, name, region, country, zone FROM places WHERE key = :key"
    " ORDER BY people DESC LIMIT 60"
)
# Keys are folded to letters, digits and blanks, so "~" is above all of them in ASCII.
_BEGINS = (
    "SELECT id, name, region, country, zone FROM places WHERE key >= :key AND key < :key || '~'"
    " ORDER BY people DESC LIMIT 60"
)


@dataclass(frozen=True, slots=True)
class Place:
    """A city with the IANA name of its time zone."""

    id: int
    name: str
    region: str
    country: str
    zone: str


class Places:
    """The repository of places."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self._facts = Facts(conn)

    def fill(self, rows: Iterable[PlaceRow]) -> None:
        """Put these in the place of all."""
        self.begin()
        self.add(rows)
        self.finish()

    def begin(self) -> None:
        """Remove all; until ``finish`` the list counts as not there, however much is added."""
        self._facts.set(_FILLING, "yes")
        self._conn.execute("DELETE FROM places")

    def add(self, rows: Iterable[PlaceRow]) -> None:
        """Add some."""
        self._conn.executemany(
            "INSERT INTO places (key, name, region, country, zone, people)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            ((place_key(row[0]), *row[1:]) for row in rows),
        )

    def finish(self) -> None:
        """That was all."""
        self._facts.clear(_FILLING)

    def filled(self) -> bool:
        """Whether the list is there, and whole."""
        some = self._conn.execute("SELECT 1 FROM places LIMIT 1").fetchone() is not None
        return some and self._facts.get(_FILLING) is None

    def get(self, place_id: int) -> Place | None:
        """The place with this id, or None."""
        row = self._conn.execute(
            "SELECT id, name, region, country, zone FROM places WHERE id = ?", (place_id,)
        ).fetchone()
        return None if row is None else Place(*row)

    def search(self, text: str, limit: int = 6) -> list[Place]:
        """Places called so, else places whose name begins so; the largest first.

        ``text`` may name the country or region after a comma ("Paris, Texas").
        """
        name, _, rest = text.partition(",")
        key, area = place_key(name), place_key(rest)
        if not key:
            return []
        found = self._find(_CALLED, key, area, limit)
        if not found and len(key) >= 3:
            found = self._find(_BEGINS, key, area, limit)
        return found

    def _find(self, query: str, key: str, area: str, limit: int) -> list[Place]:
        rows = self._conn.execute(query, {"key": key}).fetchall()
        seen: set[tuple[str, str, str]] = set()
        places = []
        for row in rows:
            place = Place(*row)
            same = (place.name, place.region, place.country)
            in_area = not area or place_key(f"{place.region} {place.country}").find(area) >= 0
            if in_area and same not in seen:
                seen.add(same)
                places.append(place)
        return places[:limit]


def place_key(name: str) -> str:
    """Fold a name for comparison: no case, no accents, no punctuation."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    kept = [c for c in plain if not unicodedata.combining(c)]
    spaced = "".join(c if c.isalnum() else " " for c in kept)
    return " ".join(spaced.split())

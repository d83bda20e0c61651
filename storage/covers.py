"""Messages that wait behind a button: the notification showed nothing of them."""

import json
from datetime import datetime, timedelta
from typing import Any

from storage.connection import Connection
from storage.instants import to_seconds

KEPT = timedelta(days=8)
"""By then the next weekly report has come."""


class Covers:
    """The repository of covered messages."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def add(self, person_id: int, payload: dict[str, Any], now: datetime) -> int:
        """Keep the parameters of a message until it is opened, and give their id."""
        row = self._conn.execute(
            "INSERT INTO covered (person_id, payload, covered_at) VALUES (?, ?, ?) RETURNING id",
            (person_id, json.dumps(payload, ensure_ascii=False), to_seconds(now)),
        ).fetchone()
        return int(row[0])

    def take(self, person_id: int, cover_id: int) -> dict[str, Any] | None:
        """The parameters of a message of this person, which is forgotten here; or None."""
        row = self._conn.execute(
            "DELETE FROM covered WHERE id = ? AND person_id = ? RETURNING payload",
            (cover_id, person_id),
        ).fetchone()
        if row is None:
            return None
        payload: dict[str, Any] = json.loads(row[0])
        return payload

    def look(self, person_id: int, cover_id: int) -> dict[str, Any] | None:
        """The parameters of a message of this person, which goes on waiting; or None."""
        row = self._conn.execute(
            "SELECT payload FROM covered WHERE id = ? AND person_id = ?", (cover_id, person_id)
        ).fetchone()
        return None if row is None else dict(json.loads(row[0]))

    def drop(self, person_id: int) -> None:
        """Forget everything that waits for a person."""
        self._conn.execute("DELETE FROM covered WHERE person_id = ?", (person_id,))

    def drop_old(self, person_id: int, before: datetime) -> None:
        """Forget what was covered before an instant: its button is deleted by now."""
        self._conn.execute(
            "DELETE FROM covered WHERE person_id = ? AND covered_at < ?",
            (person_id, to_seconds(before)),
        )

    def prune(self, now: datetime) -> None:
        """Forget what nobody has opened."""
        self._conn.execute("DELETE FROM covered WHERE covered_at < ?", (to_seconds(now - KEPT),))

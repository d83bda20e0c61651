"""Updates as they came from Telegram: stored before they are acknowledged, worked on once."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from storage.connection import Connection
from storage.instants import to_seconds

KEEP_DONE = timedelta(hours=48)
"""Ids of finished updates stay so long, so that a repeated delivery is known as such."""

KEEP_QUARANTINED = timedelta(days=7)
"""An update that could not be worked on stays so long for a later version to try."""


@dataclass(frozen=True, slots=True)
class Received:
    """One stored update: its id, its text as received and how often it was tried."""

    update_id: int
    raw: str
    attempts: int


class Inbox:
    """The repository of received updates."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def store(self, updates: Iterable[dict[str, Any]], now: datetime) -> int:
        """Keep the updates that are new and give their number."""
        stored = 0
        for update in updates:
            cursor = self._conn.execute(
                "INSERT OR IGNORE INTO inbox (update_id, raw, stored_at) VALUES (?, ?, ?)",
                (
                    update["update_id"],
                    # In ASCII, because half of a surrogate pair can be stored in no other way.
                    json.dumps(update, separators=(",", ":")),
                    to_seconds(now),
                ),
            )
            stored += cursor.rowcount
        return stored

    def new(self, limit: int) -> list[Received]:
        """At most ``limit`` updates that were not worked on yet, in their order."""
        rows = self._conn.execute(
            "SELECT update_id, raw, attempts FROM inbox WHERE state = 'new'"
            " ORDER BY update_id LIMIT ?",
            (limit,),
        )
        return [Received(row[0], row[1], row[2]) for row in rows]

    def done(self, update_id: int, now: datetime) -> None:
        """Mark the update as worked on and forget what it said, in the same transaction."""
        self._conn.execute(
            "UPDATE inbox SET state = 'done', raw = NULL, done_at = ? WHERE update_id = ?",
            (to_seconds(now), update_id),
        )

    def failed(self, update_id: int) -> None:
        """Count one more failed attempt."""
        self._conn.execute(
            "UPDATE inbox SET attempts = attempts + 1 WHERE update_id = ?", (update_id,)
        )

    def quarantine(self, update_id: int, now: datetime) -> None:
        """Set the update aside so that it stops nobody."""
        self._conn.execute(
            "UPDATE inbox SET state = 'quarantined', done_at = ? WHERE update_id = ?",
            (to_seconds(now), update_id),
        )

    def drop_chat(self, chat_id: int, *, also_new: bool = False) -> None:
        """Forget what was set aside and speaks of this chat, or of the person whose chat it is.

        With ``also_new`` what was not worked on yet is forgotten as well.
        """
        self._conn.execute(
            "DELETE FROM inbox WHERE (state = 'quarantined' OR (? AND state = 'new')) AND EXISTS"
            " (SELECT 1 FROM json_tree(raw) WHERE key = 'id' AND atom = ?)",
            (also_new, chat_id),
        )

    def prune(self, now: datetime) -> None:
        """Forget finished ids after two days and quarantined updates after a week."""
        self._conn.execute(
            "DELETE FROM inbox WHERE (state = 'done' AND done_at < ?)"
            " OR (state = 'quarantined' AND done_at < ?)",
            (to_seconds(now - KEEP_DONE), to_seconds(now - KEEP_QUARANTINED)),
        )

    def waiting(self) -> int:
        """How many updates were not worked on yet."""
        row = self._conn.execute("SELECT count(*) FROM inbox WHERE state = 'new'").fetchone()
        return int(row[0])

    def sizes(self) -> dict[str, int]:
        """How many updates stand in each state."""
        rows = self._conn.execute("SELECT state, count(*) FROM inbox GROUP BY state")
        return {row[0]: row[1] for row in rows}

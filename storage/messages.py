"""Ids of messages on both sides of a chat, kept for the 48 hours in which they can be deleted."""

from datetime import datetime, timedelta

from storage.connection import Connection
from storage.instants import to_seconds

DELETABLE = timedelta(hours=48)
"""Telegram lets a bot delete messages of a private chat that are younger than this."""


class Messages:
    """The repository of message ids."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def add(
        self, chat_id: int, message_id: int, sent_at: datetime, *, mine: bool, subject: str | None
    ) -> None:
        """Note a message; ``mine`` if the bot sent it, ``subject`` what it is about."""
        self._conn.execute(
            "INSERT OR REPLACE INTO messages (chat_id, message_id, mine, subject, sent_at)"
            " VALUES (?, ?, ?, ?, ?)",
            (chat_id, message_id, int(mine), subject, to_seconds(sent_at)),
        )

    def of_subject(self, chat_id: int, subject: str) -> int | None:
        """The newest message of the bot about this subject, or None."""
        row = self._conn.execute(
            "SELECT max(message_id) FROM messages WHERE chat_id = ? AND subject = ?",
            (chat_id, subject),
        ).fetchone()
        return None if row[0] is None else int(row[0])

    def prune(self, now: datetime) -> None:
        """Forget ids that can no longer be used."""
        self._conn.execute("DELETE FROM messages WHERE sent_at < ?", (to_seconds(now - DELETABLE),))

    def drop_chat(self, chat_id: int) -> None:
        """Forget every id of a chat."""
        self._conn.execute("DELETE FROM messages WHERE chat_id = ?", (chat_id,))

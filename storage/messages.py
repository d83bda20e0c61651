"""Ids of messages on both sides of a chat, kept for the 48 hours in which they can be deleted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.connection import Connection
from storage.instants import from_seconds, to_seconds

DELETABLE = timedelta(hours=48)
"""Telegram lets a bot delete messages of a private chat that are younger than this."""


@dataclass(frozen=True, slots=True)
class Noted:
    """One message of either side: its id, what it is about, and when it was sent."""

    message_id: int
    subject: str | None
    sent_at: datetime


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

    def knows(self, chat_id: int, message_id: int) -> bool:
        """Whether a message is noted."""
        row = self._conn.execute(
            "SELECT 1 FROM messages WHERE chat_id = ? AND message_id = ?", (chat_id, message_id)
        ).fetchone()
        return row is not None

    def of_subject(self, chat_id: int, subject: str) -> int | None:
        """The newest message of the bot about this subject, or None."""
        row = self._conn.execute(
            "SELECT max(message_id) FROM messages WHERE chat_id = ? AND subject = ?",
            (chat_id, subject),
        ).fetchone()
        return None if row[0] is None else int(row[0])

    def of_chat(self, chat_id: int) -> list[Noted]:
        """Every message of a chat that is still known, of both sides, oldest first."""
        rows = self._conn.execute(
            "SELECT message_id, subject, sent_at FROM messages WHERE chat_id = ?"
            " ORDER BY sent_at, message_id",
            (chat_id,),
        )
        return [Noted(row[0], row[1], from_seconds(row[2])) for row in rows]

    def nth_newest_of_theirs(self, chat_id: int, nth: int) -> datetime | None:
        """When the person sent their nth newest message (1: the newest), or None."""
        row = self._conn.execute(
            "SELECT sent_at FROM messages WHERE chat_id = ? AND mine = 0"
            " ORDER BY message_id DESC LIMIT 1 OFFSET ?",
            (chat_id, nth - 1),
        ).fetchone()
        return None if row is None else from_seconds(row[0])

    def set_subject(self, chat_id: int, message_id: int, subject: str | None) -> None:
        """Note what a message has come to be about."""
        self._conn.execute(
            "UPDATE messages SET subject = ? WHERE chat_id = ? AND message_id = ?",
            (subject, chat_id, message_id),
        )

    def forget(self, chat_id: int, message_ids: Iterable[int]) -> None:
        """Forget the ids of messages that are deleted."""
        self._conn.executemany(
            "DELETE FROM messages WHERE chat_id = ? AND message_id = ?",
            [(chat_id, message_id) for message_id in message_ids],
        )

    def prune(self, now: datetime) -> None:
        """Forget ids that can no longer be used."""
        self._conn.execute("DELETE FROM messages WHERE sent_at < ?", (to_seconds(now - DELETABLE),))

    def drop_chat(self, chat_id: int) -> None:
        """Forget every id of a chat."""
        self._conn.execute("DELETE FROM messages WHERE chat_id = ?", (chat_id,))

"""Messages that are to be sent: they commit with the effects they speak of."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any

from storage.connection import Connection
from storage.instants import from_seconds, to_seconds

LONGEST_WAIT = timedelta(minutes=2)
"""No message is put off for longer; one that seems to be was put off before the clock stepped back.
"""

PATIENT_FOR = 10
"""After so many attempts what follows in a chat no longer waits for a message."""

AT_ONCE = 0


class Priority(IntEnum):
    """What goes first when more is waiting than may be sent."""

    GRAVE = 0
    ANSWER = 1
    SCHEDULED = 2


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One request to the Bot API, as a handler returns it.

    ``payload`` holds the method's parameters without ``chat_id``. ``subject`` names what the sent
    message is about ("asked:12"), so that it can be found again; ``target`` names the subject
    whose message this request edits or replaces, because that message may not have been sent yet
    when the request is made. After ``expires_at`` it is no longer worth sending.
    """

    chat_id: int
    method: str
    payload: dict[str, Any] = field(default_factory=dict)
    priority: Priority = Priority.ANSWER
    subject: str | None = None
    target: str | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Queued:
    """A message as it stands in the outbox. ``doubted``: sent once, with unknown outcome."""

    id: int
    chat_id: int
    method: str
    payload: dict[str, Any]
    priority: Priority
    subject: str | None
    target: str | None
    doubted: bool
    attempts: int
    expires_at: datetime | None


class Outbox:
    """The repository of messages to be sent."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def add(self, messages: Iterable[Outgoing]) -> None:
        """Queue messages in their order."""
        self._conn.executemany(
            "INSERT INTO outbox (chat_id, method, payload, priority, subject, target, send_at,"
            " expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    message.chat_id,
                    message.method,
                    json.dumps(message.payload, ensure_ascii=False, separators=(",", ":")),
                    int(message.priority),
                    message.subject,
                    message.target,
                    AT_ONCE,
                    None if message.expires_at is None else to_seconds(message.expires_at),
                )
                for message in messages
            ],
        )

    def next(self, now: datetime, limit: int, busy: Sequence[int] = ()) -> list[Queued]:
        """The next messages that may go, at most one a chat and none of ``busy`` chats.

        Within a chat the order of the rows is kept among equals in priority, also where one of them
        is put off.
        """
        soon, at_last = to_seconds(now), to_seconds(now + LONGEST_WAIT)
        taken: dict[int, int] = {}
        while len(taken) < limit:
            # Whoever has much waiting fills one round only. All of this stands in the index.
            asked = limit - len(taken)
            rows = self._conn.execute(
                "SELECT id, chat_id FROM outbox AS one WHERE state = 'queued'"
                " AND (send_at <= :soon OR send_at > :at_last)"
                " AND chat_id NOT IN (SELECT value FROM json_each(:busy))"
                " AND NOT EXISTS (SELECT 1 FROM outbox AS former"
                " WHERE former.state = 'queued' AND former.send_at > 0"
                " AND former.chat_id = one.chat_id AND former.priority = one.priority"
                " AND former.id < one.id AND former.send_at > :soon"
                " AND former.send_at <= :at_last AND former.attempts < :patient)"
                " ORDER BY priority, id LIMIT :asked",
                {
                    "soon": soon,
                    "at_last": at_last,
                    "busy": json.dumps([*busy, *taken]),
                    "patient": PATIENT_FOR,
                    "asked": asked,
                },
            ).fetchall()
            for message_id, chat_id in rows:
                taken.setdefault(chat_id, message_id)
            if len(rows) < asked:
                break
        found = self._conn.execute(
            "SELECT * FROM outbox WHERE id IN (SELECT value FROM json_each(?))"
            " ORDER BY priority, id",
            (json.dumps(list(taken.values())),),
        )
        return [_queued(row) for row in found]

    def leave(self, *message_ids: int) -> frozenset[int]:
        """Note that messages go on the wire now; give those that are still to be sent.

        This is noted as late as can be: what a kill finds like this may have been delivered.
        """
        rows = self._conn.execute(
            "UPDATE outbox SET state = 'sending', attempts = attempts + 1"
            " WHERE id IN (SELECT value FROM json_each(?)) AND state = 'queued' RETURNING id",
            (json.dumps(message_ids),),
        ).fetchall()
        return frozenset(row[0] for row in rows)

    def sent(self, *message_ids: int) -> None:
        """The messages have reached Telegram: nothing of them is kept here."""
        self._conn.execute(
            "DELETE FROM outbox WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(message_ids),),
        )

    def retry(self, message_id: int, send_at: datetime, *, doubted: bool = False) -> None:
        """Queue it again. ``doubted``: it may have been delivered, so this is the last time."""
        self._conn.execute(
            "UPDATE outbox SET state = 'queued', send_at = ?, doubted = max(doubted, ?)"
            " WHERE id = ?",
            (to_seconds(send_at), int(doubted), message_id),
        )

    def hurry(self) -> None:
        """Let everything that was put off go now."""
        self._conn.execute(
            "UPDATE outbox SET send_at = ? WHERE state = 'queued' AND send_at > 0", (AT_ONCE,)
        )

    def fail(self, message_id: int, error: str) -> None:
        """Set a message aside that Telegram refuses; its text is forgotten, the reason kept."""
        self._conn.execute(
            "UPDATE outbox SET state = 'failed', error = ?, payload = '{}' WHERE id = ?",
            (error, message_id),
        )

    def interrupted(self) -> list[Queued]:
        """After a start: the messages that were being sent when the last run ended."""
        found = self._conn.execute("SELECT * FROM outbox WHERE state = 'sending' ORDER BY id")
        return [_queued(row) for row in found]

    def recover(self) -> int:
        """Queue what was being sent anew, each message in doubt; give how many there are.

        Edits, reactions and the like are in no doubt: nobody sees whether they are repeated.
        """
        cursor = self._conn.execute(
            "UPDATE outbox SET state = 'queued', doubted = max(doubted, method LIKE 'send%')"
            " WHERE state = 'sending'"
        )
        return int(cursor.rowcount)

    def doubt(self) -> None:
        """After a restore: whatever waited may have been sent since, so it is sent once at most."""
        self._conn.execute(
            "UPDATE outbox SET doubted = 1 WHERE state = 'queued' AND method LIKE 'send%'"
        )

    def drop_chat(self, chat_id: int) -> None:
        """Forget everything that waits for a chat."""
        self._conn.execute("DELETE FROM outbox WHERE chat_id = ?", (chat_id,))

    def drop_until(self, message: Queued) -> bool:
        """Forget a message and all that is older in its chat; give whether that was all."""
        self._conn.execute(
            "DELETE FROM outbox WHERE chat_id = ? AND id <= ?", (message.chat_id, message.id)
        )
        left = self._conn.execute(
            "SELECT 1 FROM outbox WHERE chat_id = ? AND state != 'failed' LIMIT 1",
            (message.chat_id,),
        ).fetchone()
        return left is None

    def drop_answers(self, chat_id: int) -> None:
        """Forget answers for a chat; what is grave and what is scheduled still comes.

        One that is on its way may arrive, but is not sent again.
        """
        self._conn.execute(
            "DELETE FROM outbox WHERE chat_id = ? AND state != 'failed' AND priority = ?",
            (chat_id, int(Priority.ANSWER)),
        )

    def in_flight(self, chat_id: int) -> bool:
        """Whether something is on its way to a chat just now."""
        row = self._conn.execute(
            "SELECT 1 FROM outbox WHERE chat_id = ? AND state = 'sending' LIMIT 1", (chat_id,)
        ).fetchone()
        return row is not None

    def holds(self, chat_id: int, subject: str) -> bool:
        """Whether a message about this subject is still to arrive in a chat."""
        row = self._conn.execute(
            "SELECT 1 FROM outbox WHERE chat_id = ? AND subject = ?"
            " AND method LIKE 'send%' AND state IN ('queued', 'sending') LIMIT 1",
            (chat_id, subject),
        ).fetchone()
        return row is not None

    def waiting(self) -> int:
        """How many messages wait to be sent."""
        row = self._conn.execute("SELECT count(*) FROM outbox WHERE state = 'queued'").fetchone()
        return int(row[0])

    def sizes(self) -> dict[str, int]:
        """How many messages stand in each state."""
        rows = self._conn.execute("SELECT state, count(*) FROM outbox GROUP BY state")
        return {row[0]: row[1] for row in rows}


def _queued(row: Any) -> Queued:
    return Queued(
        id=row["id"],
        chat_id=row["chat_id"],
        method=row["method"],
        payload=json.loads(row["payload"]),
        priority=Priority(row["priority"]),
        subject=row["subject"],
        target=row["target"],
        doubted=bool(row["doubted"]),
        attempts=row["attempts"],
        expires_at=None if row["expires_at"] is None else from_seconds(row["expires_at"]),
    )

"""Conversations without a network: updates go in, what would be sent comes out."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from bot.chat.conversations import Conversations
from bot.chat.turn import Content
from bot.clock import MovedClock
from storage.connection import Connection
from storage.database import Database
from storage.outbox import Outgoing, Queued
from storage.store import Store

T = TypeVar("T")


class Direct:
    """Conversations over a database, with a clock that stands still until it is moved.

    Nothing is sent: bot messages get an id at once, as if Telegram had taken them.
    """

    def __init__(self, path: Path, content: Content, start: datetime) -> None:
        self.clock = StandingClock(start)
        self.content = content
        self.database = Database(path).open()
        self.conversations = Conversations(content, self.clock)
        self._next_id = 1000

    def close(self) -> None:
        self.database.close()

    def store(self, work: Callable[[Store], T]) -> T:
        """Do something with the database, in one transaction."""
        return self.database.submit(lambda conn: work(Store(conn))).result()

    def write(self, work: Callable[[Connection], T]) -> T:
        """The same, for what works on the connection."""
        return self.database.submit(work).result()

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        return self.database.submit(
            lambda conn: [tuple(row) for row in conn.execute(query, values)]
        ).result()

    def give(self, update: dict[str, Any]) -> list[Outgoing]:
        """Let one update have its effect, and note what is sent because of it."""
        raw = json.dumps(update)
        return self.store(lambda store: self._sent(store, self.conversations.answer(store, raw)))

    def say(self, chat_id: int, text: str, message_id: int | None = None) -> list[Outgoing]:
        """A text in a private chat."""
        return self.give({"update_id": 1, "message": self.message(chat_id, text, message_id)})

    def edit(self, chat_id: int, text: str, message_id: int) -> list[Outgoing]:
        """A text in a private chat is changed."""
        edited = self.message(chat_id, text, message_id)
        return self.give({"update_id": 2, "edited_message": edited | {"edit_date": edited["date"]}})

    def press(self, chat_id: int, data: str, message_id: int = 1) -> list[Outgoing]:
        """A button in a private chat."""
        query = {
            "id": "1",
            "from": _user(chat_id),
            "chat_instance": "1",
            "data": data,
            "message": self.message(chat_id, "", message_id),
        }
        return self.give({"update_id": 1, "callback_query": query})

    def membership(self, chat_id: int, status: str) -> list[Outgoing]:
        """A person blocks the bot ("kicked") or lets it in again ("member")."""
        bot = {"id": 999, "is_bot": True, "first_name": "B", "username": "b_bot"}
        change = {
            "chat": {"id": chat_id, "type": "private", "first_name": "A"},
            "from": _user(chat_id),
            "date": int(self.clock.now().timestamp()),
            "old_chat_member": {"user": bot, "status": "member"},
            "new_chat_member": {"user": bot, "status": status, "until_date": 0},
        }
        return self.give({"update_id": 3, "my_chat_member": change})

    def message(self, chat_id: int, text: str, message_id: int | None = None) -> dict[str, Any]:
        """A message as the Bot API describes it."""
        if message_id is None:
            self._next_id += 1
            message_id = self._next_id
        return {
            "message_id": message_id,
            "date": int(self.clock.now().timestamp()),
            "chat": {"id": chat_id, "type": "private", "first_name": "A"},
            "from": _user(chat_id),
            "text": text,
        }

    def welcome(self, chat_id: int, keep: int = 365) -> None:
        """Lead a person through onboarding."""
        self.say(chat_id, "/start")
        self.press(chat_id, "consent:yes")
        self.press(chat_id, f"keep:{keep}")
        self.press(chat_id, "push:text")
        self.say(chat_id, "/timezone Europe/Berlin")
        self.say(chat_id, "20:00")

    def pass_time(self, **step: float) -> list[Outgoing]:
        """Move the clock, and have all that falls due meanwhile, in its order."""
        target = self.clock.now() + timedelta(**step)
        sent: list[Outgoing] = []
        while True:
            due = self.store(lambda store: store.schedule.next_at())
            if due is None or due > target:
                break
            self.clock.move_to(max(due, self.clock.now()))
            sent += self.store(self._fall_due)
        self.clock.move_to(target)
        return sent

    def night(self) -> list[Outgoing]:
        """Have everybody looked after, once."""
        sent: list[Outgoing] = []
        more = True
        while more:
            messages, more = self.store(self._look_after)
            sent += messages
        return sent

    def _fall_due(self, store: Store) -> list[Outgoing]:
        sent: list[Outgoing] = []
        for due in store.schedule.due(self.clock.now(), 500):
            sent += self._sent(store, self.conversations.fall_due(store, due))
        return sent

    def _look_after(self, store: Store) -> tuple[list[Outgoing], bool]:
        messages, more = self.conversations.nightly(store)
        return self._sent(store, messages), more

    def _sent(self, store: Store, messages: list[Outgoing]) -> list[Outgoing]:
        for message in messages:
            known = store.people.in_chat(message.chat_id) is not None
            if message.method.startswith("send") and known:
                self._next_id += 1
                arrive(store, message, self._next_id, self.clock.now())
        return messages


def arrive(store: Store, message: Outgoing | Queued, message_id: int, at: datetime) -> None:
    """Note what the sender notes of a message that has arrived."""
    store.messages.add(message.chat_id, message_id, at, mine=True, subject=message.subject)
    kind, _, number = (message.subject or "").partition(":")
    if kind == "asked":
        store.asked.set_message(int(number), message_id)


class StandingClock(MovedClock):
    """A clock that moves only when it is told to."""

    def __init__(self, start: datetime) -> None:
        super().__init__(start)
        self._now = start

    def now(self) -> datetime:
        """The instant at which it was put."""
        return self._now

    def move(self, step: timedelta) -> None:
        """Move by ``step``, forward or back."""
        self._now += step

    def move_to(self, instant: datetime) -> None:
        """Let it be ``instant`` now."""
        self._now = instant


def texts(messages: list[Outgoing]) -> list[str]:
    """What can be read of messages: texts, edits and toasts."""
    return [str(message.payload["text"]) for message in messages if "text" in message.payload]


def data_of(messages: list[Outgoing]) -> list[str]:
    """The data of all buttons."""
    return [
        str(button["callback_data"])
        for message in messages
        for row in message.payload.get("reply_markup", {}).get("inline_keyboard", [])
        for button in row
        if "callback_data" in button
    ]


def _user(chat_id: int) -> dict[str, Any]:
    return {"id": chat_id, "is_bot": False, "first_name": "A"}

"""Many updates against all conversations, and what has to hold after each of them."""

import json
import re
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from bot.chat.conversations import Conversations
from bot.chat.incoming import UnreadableError
from bot.chat.turn import Content
from bot.demo.limits import check_commands, check_keyboard, check_text, formatted
from bot.demo.refusals import Refusal
from storage.connection import Connection
from storage.database import Database
from storage.outbox import Outgoing
from storage.store import Store
from tests.direct import StandingClock, arrive, data_of
from tests.updates import Json, Updates

PEOPLE = tuple(range(1, 13))
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
BATCH = 250
LIFE = 5000
WELCOMED = 9
LONGEST_TOAST = 200

_SECRET = re.compile(r"canary(-?\d+)q")
_INNER = re.compile(
    r"Traceback|\b\w+(?:Error|Exception)\b|object at 0x|\bNone\b|\{\{|\{%|Undefined"
)


class BrokenPromiseError(AssertionError):
    """Something that has to hold did not; says by which update."""


class Fuzz:
    """All conversations over one database, and the rules they are held to.

    Args:
        path: where the database is made.
        content: everything from ``prompts/``.
        dice: where chance comes from.
    """

    def __init__(self, path: Path, content: Content, dice: Random) -> None:
        self.database = Database(path).open()
        self.clock = StandingClock(START)
        self.conversations = Conversations(content, self.clock)
        self.updates = Updates(dice, PEOPLE, int(START.timestamp()))
        self.dice = dice
        self.given = 0
        self.unreadable = 0
        self.answered = 0
        self._size = 0
        self._next_id = 1_000_000

    def close(self) -> None:
        self.database.close()

    def run(self, count: int) -> None:
        """Give so many updates to people who are mostly here, with time passing between them.

        Raises:
            BrokenPromiseError: one of the rules was broken.
        """
        for start in range(0, count, BATCH):
            self.database.submit(self._welcome).result()
            self._size = min(BATCH, count - start)
            self.database.submit(self._batch).result()

    def _welcome(self, conn: Connection) -> None:
        store = Store(conn)
        for chat_id in PEOPLE[:WELCOMED]:
            person = store.people.in_chat(chat_id)
            if person is not None and person.ready:
                continue
            for update in self.updates.welcome(chat_id):
                self._update(conn, store, update)
            if self.dice.random() < 0.2:
                # as if they had agreed before the words were changed
                conn.execute("UPDATE people SET consent = 'old' WHERE chat_id = ?", (chat_id,))

    def _batch(self, conn: Connection) -> None:
        store = Store(conn)
        for _ in range(self._size):
            update = self.updates.draw()
            self.given += 1
            self._update(conn, store, update)
            if self.dice.random() < 0.1:
                self._time(conn, store)
        self._everybody_has_only_their_own(conn)

    def _update(self, conn: Connection, store: Store, update: Json) -> None:
        raw = json.dumps(update)
        conn.execute("SAVEPOINT piece")
        try:
            messages = self.conversations.answer(store, raw)
        except UnreadableError:
            conn.execute("ROLLBACK TO piece")
            self.unreadable += 1
            messages = self.conversations.apologise(store, raw)
            if messages:
                raise BrokenPromiseError(f"an unreadable update was answered: {raw}") from None
        except Exception as error:
            raise BrokenPromiseError(f"{raw}\n{_told(error)}") from error
        conn.execute("RELEASE piece")
        self.answered += bool(messages)
        chat_id = _chat_of(update)
        for message in messages:
            if message.chat_id != chat_id:
                raise BrokenPromiseError(f"an answer to chat {message.chat_id}: {raw}")
            self._hold(message, raw)
        self._note(store, messages)

    def _time(self, conn: Connection, store: Store) -> None:
        """Seconds to days pass, and what falls due meanwhile happens."""
        self.clock.move(timedelta(seconds=self.dice.choice((1, 30, 600, 4000, 30_000, 90_000))))
        self.updates.now = int(self.clock.now().timestamp())
        for due in store.schedule.due(self.clock.now(), 500):
            conn.execute("SAVEPOINT due")
            try:
                messages = self.conversations.fall_due(store, due)
            except Exception as error:
                raise BrokenPromiseError(f"{due.kind} fell due\n{_told(error)}") from error
            conn.execute("RELEASE due")
            person = store.people.get(due.person_id)
            for message in messages:
                if person is None or message.chat_id != person.chat_id:
                    raise BrokenPromiseError(f"a {due.kind} went to another chat")
                self._hold(message, due.kind)
            self._note(store, messages)
        store.messages.prune(self.clock.now())
        messages, _ = self.conversations.nightly(store)
        for message in messages:
            self._hold(message, "retention")
        self._note(store, messages)

    def _hold(self, message: Outgoing, because: str) -> None:
        """What is sent speaks of nobody else, quotes no error, and Telegram takes it."""
        payload = message.payload
        # what a maker puts in later is held to its own tests
        said = json.dumps(payload, ensure_ascii=False)
        for owner in _SECRET.findall(said):
            if int(owner) != message.chat_id:
                raise BrokenPromiseError(f"words of {owner} for {message.chat_id}: {because}")
        inner = _INNER.search(_without_own_words(said))
        if inner:
            raise BrokenPromiseError(f"{inner[0]!r} in an answer: {because}\n{said}")
        try:
            _check(message.method, payload)
        except (Refusal, UnicodeEncodeError) as error:
            raise BrokenPromiseError(f"Telegram refuses {said}: {error}: {because}") from error

    def _note(self, store: Store, messages: list[Outgoing]) -> None:
        """Have messages arrive: their buttons can be pressed from now on."""
        for message in messages:
            buttons = self.updates.shown.setdefault(message.chat_id, [])
            buttons += data_of([message])
            del buttons[:-60]
            if message.method.startswith("send") and store.people.in_chat(message.chat_id):
                self._next_id += 1
                arrive(store, message, self._next_id, self.clock.now())

    def _everybody_has_only_their_own(self, conn: Connection) -> None:
        rows = conn.execute(
            "SELECT p.chat_id, a.text FROM answers a JOIN people p ON p.id = a.person_id"
            " UNION ALL SELECT chat_id, card FROM people WHERE card IS NOT NULL"
            " UNION ALL SELECT p.chat_id, c.payload FROM covered c JOIN people p"
            " ON p.id = c.person_id"
        )
        for chat_id, text in rows:
            for owner in _SECRET.findall(text):
                if int(owner) != chat_id:
                    raise BrokenPromiseError(f"words of {owner} are kept with {chat_id}")


@dataclass(slots=True)
class Tally:
    """How many updates were given, answered and found unreadable."""

    given: int = 0
    answered: int = 0
    unreadable: int = 0


def run(folder: Path, content: Content, seed: int, count: int) -> Iterator[Tally]:
    """Give so many updates, a fresh database after every 5,000, and tell how far it has come.

    Raises:
        BrokenPromiseError: one of the rules was broken.
    """
    tally = Tally()
    dice = Random(seed)  # noqa: S311 - what can be repeated is wanted
    while tally.given < count:
        fuzz = Fuzz(folder / f"fuzz-{tally.given}.db", content, dice)
        try:
            fuzz.run(min(LIFE, count - tally.given))
        finally:
            fuzz.close()
        tally.given += fuzz.given
        tally.answered += fuzz.answered
        tally.unreadable += fuzz.unreadable
        yield tally


def _chat_of(update: Json) -> int | None:
    """The chat that an update comes from."""
    for content in update.values():
        if isinstance(content, dict):
            inner = content.get("message", content)
            chat = inner.get("chat") if isinstance(inner, dict) else None
            if isinstance(chat, dict):
                found: int | None = chat.get("id")
                return found
    return None


def _without_own_words(said: str) -> str:
    """Answers without what templates and people may rightly say."""
    return said.replace("{{ 7 * 7 }} {% raw %}", "")


def _check(method: str, payload: dict[str, Any]) -> None:
    """Refuse what Telegram would refuse.

    Raises:
        Refusal: as the Bot API does.
    """
    json.dumps(payload, ensure_ascii=False).encode()
    if method in {"sendMessage", "editMessageText"}:
        check_text(formatted(payload["text"], payload.get("parse_mode", ""), None, {})[0])
    if "reply_markup" in payload:
        check_keyboard(payload["reply_markup"])
    if method == "answerCallbackQuery" and len(payload.get("text", "")) > LONGEST_TOAST:
        raise BrokenPromiseError("a toast that is too long")
    if method == "deleteMessages" and not 1 <= len(payload["message_ids"]) <= 100:
        raise BrokenPromiseError("Telegram deletes 1 to 100 messages at once")
    if method == "setMyCommands":
        check_commands(payload["commands"])
    if "otherwise" in payload:
        _check("sendMessage", payload["otherwise"])


def _told(error: BaseException) -> str:
    return "".join(traceback.format_exception(error))

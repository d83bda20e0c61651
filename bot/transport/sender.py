"""From the outbox to Telegram: paced, in order within a chat, retried only where that is safe."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, TypeVar

from telegram import Bot
from telegram.error import (
    BadRequest,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.clock import Clock
from bot.logs import where
from bot.transport.making import Maker, with_file
from bot.transport.pace import UNPACED, Pacer
from bot.transport.request import NotSentError, UnavailableError, pause_asked, token_refused
from storage.connection import Connection
from storage.database import Database
from storage.errors import StorageError, StorageFullError
from storage.outbox import Queued
from storage.store import Store

log = logging.getLogger(__name__)

T = TypeVar("T")

IN_FLIGHT = 8
"""How many messages may be on their way at 30 a second; grows with the rate."""

BACKOFF_MAX = 60.0
"""The longest pause between two attempts while Telegram cannot be reached, in seconds."""

REFUSALS_MEANING_GONE = ("chat not found", "user is deactivated")
ABOUT_NO_CHAT = frozenset({"answerCallbackQuery", "setMyCommands", "deleteMyCommands"})
"""Methods that take no ``chat_id``."""

HARMLESS_REFUSALS = (
    "message is not modified",
    "query is too old",
    "message to edit not found",
    "message to delete not found",
    "message can't be edited",
    "message can't be deleted",
    "message to react not found",
    "message to be replied not found",
)


class Sender:
    """The loop that empties the outbox."""

    def __init__(
        self,
        bot: Bot,
        database: Database,
        clock: Clock,
        pacer: Pacer,
        makers: Mapping[str, Maker] | None = None,
    ) -> None:
        self._bot = bot
        self._db = database
        self._clock = clock
        self._pacer = pacer
        self._makers = makers or {}
        self._limit = max(IN_FLIGHT, int(pacer.rate / 4))
        self._wake = asyncio.Event()
        self._tasks: dict[asyncio.Task[None], int] = {}
        self._failures = 0
        self._stopping = False

    def wake(self) -> None:
        """Something may be waiting: look now."""
        self._wake.set()

    async def run(self) -> None:
        """Send until ``stop`` is called; what is on its way then is waited for."""
        doubted = await self._noted(lambda conn: Store(conn).outbox.recover())
        if doubted:
            log.warning("%d messages were in flight when the last run ended", doubted)
        while not self._stopping:
            self._wake.clear()
            try:
                await self._step()
            except StorageError as error:
                log.error("the outbox cannot be read: %s", where(error))
                await self._pause(1.0)
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def stop(self) -> None:
        """Take nothing more from the outbox."""
        self._stopping = True
        self._wake.set()

    @property
    def idle(self) -> bool:
        """Whether nothing is on its way."""
        return not self._tasks

    async def _step(self) -> None:
        free = self._limit - len(self._tasks)
        resting = self._pacer.resting()
        busy = [*self._tasks.values(), *resting]
        now = self._clock.now()
        found: list[Queued] = []
        if free > 0:
            found = await self._db.read(lambda conn: Store(conn).outbox.next(now, free, busy))
        for message in found:
            if message.method not in UNPACED:
                self._pacer.spend(message.chat_id)
            task = asyncio.create_task(self._deliver(message))
            self._tasks[task] = message.chat_id
            task.add_done_callback(self._landed)
        if not found:
            waits = [min(resting.values())] if resting else []
            later = await self._db.read(lambda conn: Store(conn).outbox.next_at(now))
            if later is not None:
                waits.append((later - now).total_seconds())
            await self._pause(min([*waits, 1.0]))

    def _landed(self, task: asyncio.Task[None]) -> None:
        del self._tasks[task]
        self._wake.set()

    async def _pause(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._wake.wait(), max(0.01, seconds))
        except TimeoutError:
            return

    async def _deliver(self, message: Queued) -> None:
        try:
            await self._send(message)
        except StorageError as error:
            # The row stays as it is; one that has gone out is in doubt at the next start.
            log.error("could not note what became of a message: %s", where(error))
            await asyncio.sleep(1.0)
        except Exception as error:
            reason = where(error)
            log.error("a %s could not be made: %s", message.method, reason)
            await self._noted(lambda conn: Store(conn).outbox.fail(message.id, reason))

    async def _noted(self, work: Callable[[Connection], T]) -> T:
        """Write what is known by now, however long the disk is full: it must not be forgotten."""
        while True:
            try:
                return await self._db.write(work)
            except StorageFullError as error:
                log.error("what became of a message cannot be noted yet: %s", where(error))
                await asyncio.sleep(1.0)

    async def _send(self, message: Queued) -> None:
        filed = await with_file(self._db, self._makers, message)
        payload = None if filed is None else await self._prepared(filed)
        if filed is None or payload is None:
            await self._noted(lambda conn: Store(conn).outbox.sent(message.id))
            return
        message = filed
        if message.method not in UNPACED:
            await self._pacer.turn()
        if not await self._db.write(lambda conn: Store(conn).outbox.leave(message.id)):
            return
        try:
            result = await self._bot.do_api_request(message.method, api_kwargs=payload)
        except TelegramError as error:
            await self._failed(message, error)
        else:
            self._failures = 0
            await self._noted(lambda conn: self._note_sent(conn, message, result))

    async def _failed(self, message: Queued, error: TelegramError) -> None:
        match error:
            case RetryAfter():
                await self._told_to_wait(message, error)
            case Forbidden():
                await self._gone(message)
            case NotSentError() | UnavailableError():
                await self._again(message, doubted=False)
            case EndPointNotFound() | InvalidToken() if token_refused(error):
                # Polling sees to it that the bot ends; the message waits for the next start.
                await self._again(message, doubted=False)
            case NetworkError() if not isinstance(error, BadRequest):
                await self._in_doubt(message)
            case _:
                await self._refused(message, error)

    async def _prepared(self, message: Queued) -> dict[str, Any] | None:
        """The method's parameters, or None when there is nothing left to do."""
        if message.expires_at is not None and self._clock.now() >= message.expires_at:
            return None
        payload = dict(message.payload)
        if message.method not in ABOUT_NO_CHAT:
            payload["chat_id"] = message.chat_id
        if message.target is not None:
            target = message.target
            message_id = await self._db.read(
                lambda conn: Store(conn).messages.of_subject(message.chat_id, target)
            )
            if message_id is None:
                return None
            payload["message_id"] = message_id
        return payload

    def _note_sent(self, conn: Connection, message: Queued, result: object) -> None:
        store = Store(conn)
        store.outbox.sent(message.id)
        # Of strangers, and of people who have just had everything removed, nothing is kept.
        known = store.people.in_chat(message.chat_id) is not None
        if known and isinstance(result, dict) and message.method.startswith("send"):
            message_id = int(result["message_id"])
            store.messages.add(
                message.chat_id,
                message_id,
                self._clock.now(),
                mine=True,
                subject=message.subject,
            )
            kind, _, number = (message.subject or "").partition(":")
            if kind == "asked":
                store.asked.set_message(int(number), message_id)

    async def _told_to_wait(self, message: Queued, error: RetryAfter) -> None:
        seconds = pause_asked(error)
        log.warning("Telegram asks for a pause of %g s", seconds)
        self._pacer.halt(seconds)
        await self._retry(message, seconds, doubted=False)

    async def _again(self, message: Queued, *, doubted: bool) -> None:
        self._failures += 1
        pause = min(BACKOFF_MAX, 2 ** min(self._failures, 6) / 2)
        if self._failures in {1, 10, 100, 1000}:
            log.warning("Telegram cannot be reached (%d in a row)", self._failures)
        self._pacer.halt(min(pause, 5.0))
        await self._retry(message, pause, doubted=doubted)

    async def _in_doubt(self, message: Queued) -> None:
        if message.method in UNPACED:
            # Twice the same edit or reaction is one.
            await self._again(message, doubted=False)
        elif message.doubted:
            log.warning("a %s stays in doubt after its second sending", message.method)
            await self._noted(lambda conn: Store(conn).outbox.sent(message.id))
        else:
            await self._again(message, doubted=True)

    async def _retry(self, message: Queued, pause: float, *, doubted: bool) -> None:
        at = self._clock.now() + timedelta(seconds=min(pause, BACKOFF_MAX))
        await self._noted(lambda conn: Store(conn).outbox.retry(message.id, at, doubted=doubted))

    async def _gone(self, message: Queued) -> None:
        def work(conn: Connection) -> None:
            store = Store(conn)
            store.outbox.drop_chat(message.chat_id)
            person = store.people.in_chat(message.chat_id)
            if person is not None and person.state == "active":
                store.people.update(person, state="gone")
                store.schedule.clear(person.id)

        await self._noted(work)
        log.info("a person cannot be reached any more; nothing is sent until they write again")

    async def _refused(self, message: Queued, error: TelegramError) -> None:
        # Telegram's words up to the first colon hold no part of what was sent.
        reason = str(error).partition(":")[0].lower()
        if any(known in reason for known in REFUSALS_MEANING_GONE):
            await self._gone(message)
        elif any(known in reason for known in HARMLESS_REFUSALS):
            await self._noted(lambda conn: Store(conn).outbox.sent(message.id))
        else:
            log.error("Telegram refuses a %s: %s", message.method, reason)
            await self._noted(lambda conn: Store(conn).outbox.fail(message.id, reason))

"""From the outbox to Telegram: paced, in order within a chat, retried only where that is safe."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

from telegram import Bot
from telegram.error import RetryAfter, TelegramError

from bot.clock import Clock
from bot.logs import where
from bot.transport.gathering import Gathering, until_kept
from bot.transport.making import Maker, with_file
from bot.transport.outcomes import (
    Doubts,
    Outcome,
    arrival_of,
    is_over,
    note_given_up,
    note_gone,
    note_leaving,
    note_over,
    note_refused,
    note_sent,
    outcome_of,
    reason_of,
)
from bot.transport.pace import UNPACED, Pacer
from bot.transport.request import pause_asked
from storage.connection import Connection
from storage.database import Database
from storage.errors import StorageError
from storage.outbox import Priority, Queued
from storage.store import Store

log = logging.getLogger(__name__)

IN_FLIGHT = 8
"""How many messages may be on their way at 30 a second; grows with the rate."""

BACKOFF_MAX = 60.0
"""The longest pause between two attempts for one message, in seconds."""

HALT_MAX = 5.0
"""So many seconds at most nothing leaves after a failure; then one message tries."""

PROBING_AFTER = 3
"""After so many failures in a row only one message at a time tries whether Telegram is back."""

LOOKED_AT = 1000
"""How far into the outbox is looked for what is over, or in doubt."""

TOLD_AT = frozenset({1, 10, 100})
"""Failures in a row that are logged; after the last, one in a thousand."""

LONG_PAUSE = 60.0
"""Seconds. Telegram does not say whether a pause is meant for one chat or for the bot. A longer one
is taken to be about the chat: that chat waits for all of it, everybody else a few seconds. If it
was about the bot, each chat is told so in its turn, and nothing is lost."""

ABOUT_NO_CHAT = frozenset({"answerCallbackQuery", "setMyCommands", "deleteMyCommands"})
"""Methods that take no ``chat_id``."""


class Sender:
    """The loop that empties the outbox.

    Args:
        bot: the client of the Bot API.
        database: where the outbox is.
        clock: where the time comes from.
        pacer: how fast messages may leave.
        makers: what makes files, by name.
    """

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
        self._leaving = Gathering(database, note_leaving)
        self._arriving = Gathering(database, note_sent)
        self._limit = max(IN_FLIGHT, int(pacer.rate / 2))
        self._wake = asyncio.Event()
        self._tasks: dict[asyncio.Task[None], int] = {}
        self._failures = 0
        self._doubts = Doubts()
        self._stopping = False

    def wake(self) -> None:
        """Something may be waiting: look now."""
        self._wake.set()

    async def run(self) -> None:
        """Send until ``stop`` is called; what is on its way then is waited for."""
        step = self._settle_doubt
        if interrupted := await self._noted(lambda conn: Store(conn).outbox.recover()):
            log.warning("%d messages were in flight when the last run ended", interrupted)
        while not self._stopping:
            self._wake.clear()
            try:
                if await step():
                    step = self._step
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

    async def _settle_doubt(self) -> bool:
        """Send one message that a kill has left in doubt, alone; give whether there is none left.

        If many were on their way when the bot is killed once more, those among them that had not
        left yet either time would never be sent, because a second doubt is the last.
        """
        now, resting = self._clock.now(), list(self._pacer.resting())
        found = await self._db.read(lambda conn: Store(conn).outbox.next(now, LOOKED_AT, resting))
        doubted = next((message for message in found if message.doubted), None)
        if doubted is None or self._failures:
            return True
        await self._launch(doubted)
        return False

    async def _step(self) -> bool:
        """Let as many messages go as may go now, and wait if there are no more."""
        probing = self._failures >= PROBING_AFTER
        most = 1 if probing else self._limit
        free = most - len(self._tasks)
        if free < max(1, most // 4):
            # Every look at the outbox costs the same, so it waits until several may go.
            await self._pause(1.0)
            return False
        resting = self._pacer.resting()
        busy = [*self._tasks.values(), *resting]
        now = self._clock.now()
        wanted = LOOKED_AT if probing else free
        found = await self._db.read(lambda conn: Store(conn).outbox.next(now, wanted, busy))
        over = [message for message in found if is_over(message, now)]
        if over:
            await self._db.write(lambda conn: note_over(conn, *over))
        for message in [message for message in found if not is_over(message, now)][:free]:
            self._launch(message)
        if len(found) < free:
            await self._pause(min([*resting.values(), 1.0]))
        return False

    def _launch(self, message: Queued) -> asyncio.Task[None]:
        if message.method not in UNPACED:
            self._pacer.spend(message.chat_id)
        task = asyncio.create_task(self._deliver(message))
        self._tasks[task] = message.chat_id
        task.add_done_callback(self._landed)
        return task

    def _landed(self, task: asyncio.Task[None]) -> None:
        del self._tasks[task]
        self._wake.set()

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), max(0.01, seconds))

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
            await self._noted(lambda conn: note_refused(conn, message, reason))

    async def _noted(self, work: Callable[[Connection], Any]) -> Any:
        return await until_kept(lambda: self._db.write(work))

    async def _send(self, message: Queued) -> None:
        filed = await with_file(self._db, self._makers, message)
        payload = None if filed is None else await self._prepared(filed)
        if filed is None or payload is None:
            await self._noted(lambda conn: Store(conn).outbox.sent(message.id))
            return
        message, paced = filed, filed.method not in UNPACED
        if paced:
            await self._pacer.turn()
        if is_over(message, self._clock.now()):
            # Telegram has asked for a pause meanwhile.
            await self._noted(lambda conn: note_over(conn, message))
            return
        if message.id not in await self._leaving.write(message.id):
            return
        if paced:
            await self._pacer.departure()
        try:
            result = await self._bot.do_api_request(message.method, api_kwargs=payload)
            arrival = arrival_of(message, result, self._clock.now())
        except TelegramError as error:
            await self._failed(message, error)
        else:
            await until_kept(lambda: self._arriving.write(arrival))
            await self._succeeded()

    async def _prepared(self, message: Queued) -> dict[str, Any] | None:
        """The method's parameters, or None when there is nothing left to do."""
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

    async def _succeeded(self) -> None:
        failures, self._failures = self._failures, 0
        if failures >= PROBING_AFTER:
            log.info("Telegram can be reached again")
            now = self._clock.now()
            await self._noted(lambda conn: Store(conn).outbox.hurry(now))

    async def _failed(self, message: Queued, error: TelegramError) -> None:
        match outcome_of(error):
            case Outcome.PAUSE if isinstance(error, RetryAfter):
                await self._told_to_wait(message, pause_asked(error))
            case Outcome.UNSENT:
                await self._again(message, doubted=False)
            case Outcome.DOUBTFUL:
                await self._in_doubt(message)
            case Outcome.GONE:
                await self._noted(lambda conn: note_gone(conn, message.chat_id))
                log.info("a person cannot be reached any more; they have to write first")
            case Outcome.SETTLED:
                await self._noted(lambda conn: Store(conn).outbox.sent(message.id))
            case _:
                reason = reason_of(error)
                log.error("Telegram refuses a %s: %s", message.method, reason)
                await self._noted(lambda conn: note_refused(conn, message, reason))

    async def _told_to_wait(self, message: Queued, seconds: float) -> None:
        if seconds > LONG_PAUSE:
            log.warning("Telegram asks one chat for a pause of %g s", seconds)
            self._pacer.rest(message.chat_id, seconds)
            self._pacer.halt(HALT_MAX)
        else:
            log.warning("Telegram asks for a pause of %g s", seconds)
            self._pacer.halt(seconds)
        await self._retry(message, min(seconds, BACKOFF_MAX), doubted=False)

    async def _in_doubt(self, message: Queued) -> None:
        if message.method in UNPACED:
            # Twice the same edit or reaction is one.
            await self._again(message, doubted=False)
        elif self._doubts.are_final(message):
            self._failures += 1
            log.warning("a %s stays in doubt after its last sending", message.method)
            await self._noted(lambda conn: note_given_up(conn, message))
        else:
            await self._again(message, doubted=True)

    async def _again(self, message: Queued, *, doubted: bool) -> None:
        self._failures += 1
        if self._failures in TOLD_AT or self._failures % 1000 == 0:
            log.warning("Telegram cannot be reached (%d in a row)", self._failures)
        if self._failures > 1:
            # One alone can be the message's own fault, and others do not wait for it.
            self._pacer.halt(min(HALT_MAX, 2 ** min(self._failures, 6) / 4))
        soon = message.priority is Priority.GRAVE and not doubted
        pause = min(HALT_MAX if soon else BACKOFF_MAX, 2 ** min(message.attempts, 7) / 2)
        await self._retry(message, pause, doubted=doubted)

    async def _retry(self, message: Queued, pause: float, *, doubted: bool) -> None:
        # What follows in the chat waits with it, or it would come first; but not for long.
        self._pacer.rest(message.chat_id, min(pause, HALT_MAX))
        at = self._clock.now() + timedelta(seconds=pause)
        await self._noted(lambda conn: Store(conn).outbox.retry(message.id, at, doubted=doubted))

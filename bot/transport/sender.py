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
from bot.transport.addressing import Missing, addressed
from bot.transport.gathering import Gathering, until_kept
from bot.transport.making import Maker, with_file
from bot.transport.outcomes import (
    Doubts,
    Note,
    Outcome,
    arrival_of,
    is_last_time,
    is_over,
    may_go,
    note_each,
    note_given_up,
    note_gone,
    note_interrupted,
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
"""How far into the outbox is looked for what is over, or not in doubt."""

TARGET_SECONDS = 1.0
"""So long a change waits for the message that it is about, again and again."""

TOLD_AT = frozenset({1, 10, 100})
"""Failures in a row that are logged; after the last, one in a thousand."""

LONG_PAUSE = 60.0
"""Seconds. Telegram does not say whether a pause is meant for one chat or for the bot. A longer one
is taken to be about the chat: that chat waits for all of it, everybody else a few seconds. If it
was about the bot, each chat is told so in its turn, and nothing is lost."""


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
        self._tasks: dict[asyncio.Task[None], Queued] = {}
        self._failures = 0
        self._doubts = Doubts()
        self._stopping = False

    def wake(self) -> None:
        """Something may be waiting: look now."""
        self._wake.set()

    async def run(self) -> None:
        """Send until ``stop`` is called; what is on its way then is waited for, else cancelled."""
        if interrupted := await self._noted(note_interrupted):
            log.warning("%d messages were in flight when the last run ended", interrupted)
        try:
            while not self._stopping:
                self._wake.clear()
                try:
                    await self._step()
                except StorageError as error:
                    log.error("the outbox cannot be read: %s", where(error))
                    await self._pause(1.0)
            await asyncio.gather(*self._tasks, return_exceptions=True)
        finally:
            tasks = list(self._tasks)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def stop(self) -> None:
        """Take nothing more from the outbox."""
        self._stopping = True
        self._wake.set()

    @property
    def idle(self) -> bool:
        """Whether nothing is on its way."""
        return not self._tasks

    async def _step(self) -> None:
        """Let as many messages go as may go now, and wait if there are no more."""
        probing = self._failures >= PROBING_AFTER
        most = 1 if probing else self._limit
        free = most - len(self._tasks)
        if free < max(1, most // 4):
            # Every look at the outbox costs the same, so it waits until several may go.
            await self._pause(1.0)
            return
        resting = self._pacer.resting()
        leaving = list(self._tasks.values())
        busy = [*(message.chat_id for message in leaving), *resting]
        now = self._clock.now()
        wanted = LOOKED_AT if probing or any(map(is_last_time, leaving)) else free
        found = await self._db.read(lambda conn: Store(conn).outbox.next(now, wanted, busy))
        over = [message for message in found if is_over(message, now)]
        if over:
            await self._db.write(lambda conn: note_each(conn, over, note_over))
        due = [message for message in found if not is_over(message, now)]
        chosen = list(may_go(due, leaving, free))
        for message in chosen:
            self._launch(message)
        if len(found) < free or not (over or chosen):
            await self._pause(min([*resting.values(), 1.0]))

    def _launch(self, message: Queued) -> None:
        if message.method not in UNPACED:
            self._pacer.spend(message.chat_id)
        task = asyncio.create_task(self._deliver(message))
        self._tasks[task] = message
        task.add_done_callback(self._landed)

    def _landed(self, task: asyncio.Task[None]) -> None:
        del self._tasks[task]
        self._wake.set()

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            # Not wait_for, which forgets that it was cancelled if it is woken at the same time.
            async with asyncio.timeout(max(0.01, seconds)):
                await self._wake.wait()

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
            await self._refused(message, reason)

    async def _noted(self, work: Callable[[Connection], Any]) -> Any:
        return await until_kept(lambda: self._db.write(work))

    async def _note(self, message: Queued, note: Note) -> None:
        await self._noted(lambda conn: note_each(conn, [message], note))

    async def _refused(self, message: Queued, reason: str) -> None:
        await self._note(message, lambda conn, refused: note_refused(conn, refused, reason))

    async def _send(self, message: Queued) -> None:
        filed = await with_file(self._db, self._makers, message)
        payload = Missing.GONE if filed is None else await addressed(self._db, filed)
        if payload is Missing.YET:
            await self._put_off(message, TARGET_SECONDS)
            return
        if filed is None or payload is Missing.GONE:
            await self._noted(lambda conn: Store(conn).outbox.sent(message.id))
            return
        message, paced = filed, filed.method not in UNPACED
        if paced:
            await self._pacer.turn()
        if is_over(message, self._clock.now()):
            # Telegram has asked for a pause meanwhile.
            await self._note(message, note_over)
            return
        if not await self._leave(message, paced=paced):
            return
        try:
            result = await self._bot.do_api_request(message.method, api_kwargs=payload)
            arrival = arrival_of(message, result, self._clock.now())
        except TelegramError as error:
            await self._failed(message, error)
        else:
            await until_kept(lambda: self._arriving.write(arrival))
            self._doubts.settle(message)
            await self._succeeded()

    async def _leave(self, message: Queued, *, paced: bool) -> bool:
        """Note that a message leaves and wait until it may; False if it does not leave now."""
        noted = asyncio.ensure_future(self._leaving.write(message.id))
        try:
            if message.id not in await asyncio.shield(noted):
                return False
            if not paced or await self._pacer.departure():
                return True
        except asyncio.CancelledError:
            # It has not left, and the next start is to know that.
            await noted
            await self._put_off(message, 0.0)
            raise
        await self._put_off(message, 0.0)
        return False

    async def _succeeded(self) -> None:
        failures, self._failures = self._failures, 0
        if failures >= PROBING_AFTER:
            log.info("Telegram can be reached again")
            await self._noted(lambda conn: Store(conn).outbox.hurry())

    async def _failed(self, message: Queued, error: TelegramError) -> None:
        match outcome_of(error):
            case Outcome.PAUSE if isinstance(error, RetryAfter):
                await self._told_to_wait(message, pause_asked(error))
            case Outcome.UNSENT:
                await self._again(message, doubted=False)
            case Outcome.DOUBTFUL:
                await self._in_doubt(message)
            case Outcome.GONE:
                await self._noted(lambda conn: note_gone(conn, message))
                log.info("a person cannot be reached any more; they have to write first")
            case Outcome.SETTLED:
                await self._noted(lambda conn: Store(conn).outbox.sent(message.id))
            case _:
                reason = reason_of(error)
                log.error("Telegram refuses a %s: %s", message.method, reason)
                await self._refused(message, reason)

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
            # Twice the same edit or reaction is one. It alone does not say that nobody is there.
            await self._retry(message, _backoff(message), doubted=False)
        elif self._doubts.are_final(message):
            self._failures += 1
            log.warning("a %s stays in doubt after its last sending", message.method)
            await self._note(message, note_given_up)
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
        pause = min(HALT_MAX, _backoff(message)) if soon else _backoff(message)
        await self._retry(message, pause, doubted=doubted)

    async def _retry(self, message: Queued, pause: float, *, doubted: bool) -> None:
        # What follows in the chat waits with it, or it would come first; but not for long.
        self._pacer.rest(message.chat_id, min(pause, HALT_MAX))
        await self._put_off(message, pause, doubted=doubted)

    async def _put_off(self, message: Queued, pause: float, *, doubted: bool = False) -> None:
        at = self._clock.now() + timedelta(seconds=pause)
        await self._noted(lambda conn: Store(conn).outbox.retry(message.id, at, doubted=doubted))


def _backoff(message: Queued) -> float:
    """Seconds until a message is tried again."""
    return min(BACKOFF_MAX, (1 << min(message.attempts, 7)) / 2)

"""A running bot whose time passes when it is told to: behind the chat page and in tests."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TypeVar

from bot.app import Ampersand
from bot.clock import MovedClock
from bot.config import Settings
from bot.demo.server import BotApiServer
from bot.transport.nightly import latest
from bot.transport.pace import Pacer
from storage.store import Store

T = TypeVar("T")

STARTS_WITHIN = 60.0
"""Seconds in which a bot beside its own server polls, if it is ever going to."""

STOPS_WITHIN = 60.0
"""Seconds in which a bot has stopped, or never will."""

SETTLES_WITHIN = 60.0
"""Seconds after which something that is still on its way counts as stuck."""

_GLANCE = 0.002
_STUCK_AFTER = 100


class Clockwork:
    """The real bot, the local server it talks to, and the clock of both.

    Args:
        server: the Bot API server whose address the settings hold.
        clock: the clock that was given to the server; the bot gets the same.
        settings: the bot's.
        pacer: makes a pacer for each start of the bot; the bot's own pace without one.
    """

    def __init__(
        self,
        server: BotApiServer,
        clock: MovedClock,
        settings: Settings,
        pacer: Callable[[], Pacer] | None = None,
    ) -> None:
        self.server = server
        self.clock = clock
        self.settings = settings
        self._pacer = pacer
        self._app: Ampersand | None = None
        self._stop = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def app(self) -> Ampersand:
        """The running bot.

        Raises:
            RuntimeError: it has not been started.
        """
        if self._app is None:
            raise RuntimeError("the bot has not been started")
        return self._app

    async def start(self) -> None:
        """Start the bot and wait until it has fetched, or was brought, everything that waited.

        Raises:
            ContentError: a file of ``prompts/`` cannot be used.
            StorageError: the database cannot be opened.
            TimeoutError: it did not come as far as that.
        """
        self._stop = asyncio.Event()
        pacer = None if self._pacer is None else self._pacer()
        self._app = Ampersand.build(self.settings, self.clock, pacer)
        self._task = asyncio.create_task(self._app.run(self._stop), name="bot")
        ready = asyncio.create_task(self._caught_up(self._app))
        try:
            async with asyncio.timeout(STARTS_WITHIN):
                await asyncio.wait({ready, self._task}, return_when=asyncio.FIRST_COMPLETED)
        except TimeoutError:
            await self.stop()
            raise
        finally:
            ready.cancel()
            with suppress(asyncio.CancelledError):
                await ready
        self._check()

    async def stop(self) -> None:
        """Stop the bot in good order; may be called twice.

        Raises:
            TimeoutError: it did not stop, and was cancelled.
        """
        self._stop.set()
        if self._task is not None:
            task, self._task = self._task, None
            async with asyncio.timeout(STOPS_WITHIN):
                await task

    async def read(self, work: Callable[[Store], T]) -> T:
        """Look into the bot's database."""
        return await self.app.database.read(lambda conn: work(Store(conn)))

    async def settle(self) -> None:
        """Wait until everything sent to the bot has had its effect and its answer.

        Raises:
            RuntimeError: the bot has stopped.
            TimeoutError: something is stuck.
        """
        async with asyncio.timeout(SETTLES_WITHIN):
            while not await self._calm():  # noqa: ASYNC110 - looks into a database, which signals nothing
                await asyncio.sleep(_GLANCE)

    async def move_to(self, target: datetime) -> None:
        """Let time pass until ``target``; everything that falls due on the way happens in order.

        Every night on the way the house is tidied, as it is in a bot whose time passes by itself.

        Raises:
            RuntimeError: the bot has stopped, or something stays due for ever.
        """
        await self.settle()
        night = latest(self.settings.backup_at, self.clock.now())
        while (night := night + timedelta(days=1)) <= target:
            await self._pass_until(night)
            await self.app.tick.tidy()
            await self.settle()
        await self._pass_until(target)

    async def _pass_until(self, target: datetime) -> None:
        repeated = 0
        while True:
            due = await self.read(lambda store: store.schedule.next_at())
            if due is None or due > target:
                break
            repeated = repeated + 1 if due <= self.clock.now() else 0
            if repeated > _STUCK_AFTER:
                raise RuntimeError(f"something is due since {due} and does not go away")
            await self._happen_at(due)
        await self._happen_at(target)

    async def _happen_at(self, instant: datetime) -> None:
        if instant > self.clock.now():
            self.clock.move_to(instant)
        await self.app.tick.run_due()
        await self.settle()

    async def _calm(self) -> bool:
        # In the order in which things go through the bot: nothing slips past a glance.
        self._check()
        if self.server.pending:
            return False
        inbox, outbox = await self.read(lambda store: (store.inbox.sizes(), store.outbox.sizes()))
        waiting = inbox.get("new", 0) + outbox.get("queued", 0) + outbox.get("sending", 0)
        return waiting == 0 and self.app.sender.idle

    async def _caught_up(self, app: Ampersand) -> None:
        await app.receiver.caught_up.wait()
        if self.settings.webhook_url is None:
            await self.server.polled()

    def _check(self) -> None:
        if self._task is None:
            raise RuntimeError("the bot has been stopped")
        if self._task.done():
            self._task.result()
            raise RuntimeError("the bot has stopped by itself")

"""The whole bot beside a local Bot API server, with a clock that tests can move."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.app import Ampersand
from bot.clock import MovedClock
from bot.config import Settings
from bot.demo.messages import Message
from bot.demo.people import Person
from bot.demo.server import BotApiServer
from bot.transport import pace
from storage.store import Store

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""A Monday morning, four weeks before Europe's clocks go forward."""


class House:
    """A running bot, the server it talks to, and the clock of both."""

    def __init__(self, server: BotApiServer, clock: MovedClock, settings: Settings) -> None:
        self.server = server
        self.clock = clock
        self.settings = settings
        self.app: Ampersand | None = None
        self._stop = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Start the bot and wait until it polls."""
        self._stop = asyncio.Event()
        self.app = Ampersand.build(self.settings, self.clock)
        self._task = asyncio.create_task(self.app.run(self._stop))
        async with asyncio.timeout(10):
            polled = asyncio.create_task(self.server.polled())
            await asyncio.wait({polled, self._task}, return_when=asyncio.FIRST_COMPLETED)
        polled.cancel()
        if self._failed():
            self._task.result()

    async def close(self) -> None:
        """Stop the bot in good order."""
        self._stop.set()
        if self._task is not None:
            await self._task
            self._task = None

    async def restart(self) -> None:
        """Stop the bot and start it again on the same database."""
        await self.close()
        await self.open()

    async def until(self, condition: Any, timeout: float = 10.0) -> None:
        """Wait until a condition holds."""
        async with asyncio.timeout(timeout):
            while not condition():
                await asyncio.sleep(0.005)

    async def settle(self) -> None:
        """Wait until everything that was sent to the bot has had its effect and its answer."""
        async with asyncio.timeout(20):
            calm = 0
            while calm < 2:
                await asyncio.sleep(0.005)
                calm = calm + 1 if await self._calm() else 0

    async def move_to(self, target: datetime) -> None:
        """Let time pass until ``target``; everything that falls due on the way happens."""
        app = self._app()
        await self.settle()
        while True:
            due = await app.database.read(lambda conn: Store(conn).schedule.next_at())
            if due is None or due > target:
                break
            self.clock.move_to(max(due, self.clock.now()))
            await app.tick.run_due()
            await self.settle()
        self.clock.move_to(target)
        await app.tick.run_due()
        await self.settle()

    async def move(self, **step: float) -> None:
        """Let so much time pass: ``hours=3``, ``days=1``."""
        await self.move_to(self.clock.now() + timedelta(**step))

    async def move_to_local(self, zone: str, day: str, at: str) -> None:
        """Let time pass until a wall time somewhere."""
        local = datetime.fromisoformat(f"{day}T{at}").replace(tzinfo=ZoneInfo(zone))
        await self.move_to(local.astimezone(UTC))

    def store(self, work: Any) -> Any:
        """Look into the database: ``house.store(lambda s: s.people.count())``."""
        return self._app().database.submit(lambda conn: work(Store(conn))).result()

    def rows(self, query: str, *values: Any) -> list[Any]:
        """The rows of a query on the database."""
        return list(
            self._app()
            .database.submit(lambda conn: [tuple(r) for r in conn.execute(query, values)])
            .result()
        )

    async def say(self, person: Person, text: str, reply_to: int | None = None) -> Message:
        """The person writes; wait for everything that follows."""
        await self.settle()
        sent = await person.send_text(text, reply_to)
        await self.settle()
        return sent

    async def tap(self, person: Person, label: str) -> None:
        """The person presses the newest button with this label; wait for what follows."""
        await self.settle()
        await person.tap(label)
        await self.settle()

    async def tap_ending(self, person: Person, ending: str) -> None:
        """The person presses the newest button whose data ends so; wait for what follows."""
        data = next(
            button["callback_data"]
            for message in reversed(person.from_bot)
            for button in message.buttons
            if button.get("callback_data", "").endswith(ending)
        )
        await self.tap(person, data)

    async def welcome(
        self, person: Person, city: str = "Berlin, Germany", at: str = "20:00", push: str = "text"
    ) -> None:
        """Lead a person through onboarding."""
        await self.say(person, "/start")
        await self.tap(person, "consent:yes")
        await self.tap(person, "keep:365")
        await self.tap(person, f"push:{push}")
        await self.say(person, city)
        await self.say(person, at)

    def _app(self) -> Ampersand:
        if self.app is None:
            raise RuntimeError("the house is closed")
        return self.app

    def _failed(self) -> bool:
        return self._task is not None and self._task.done()

    async def _calm(self) -> bool:
        if self._task is not None and self._task.done():
            self._task.result()
            raise RuntimeError("the bot has stopped")
        if self.server.pending:
            return False
        app = self._app()
        inbox, outbox = await app.database.read(
            lambda conn: (Store(conn).inbox.sizes(), Store(conn).outbox.sizes())
        )
        waiting = inbox.get("new", 0) + outbox.get("queued", 0) + outbox.get("sending", 0)
        return waiting == 0 and app.sender.idle


@asynccontextmanager
async def open_house(database_path: Path, **settings: Any) -> AsyncIterator[House]:
    """A house on a database, closed again in the end."""
    clock = MovedClock(START)
    # Nobody waits for a test's messages as people would: only tests of the pace keep it.
    pace.CHAT_INTERVAL = 0.001
    async with BotApiServer(clock=clock.now) as server:
        made = Settings(
            _env_file=None,
            bot_token=server.token,
            telegram_api_base=server.base_url,
            database_path=database_path,
            **{"send_rate": 1000.0, "operator_name": "Olive", **settings},
        )
        house = House(server, clock, made)
        await house.open()
        try:
            yield house
        finally:
            await house.close()
    assert server.violations == []

"""The whole bot beside a local Bot API server, with a clock that tests can move."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from bot.clock import MovedClock
from bot.config import Settings
from bot.demo.clockwork import Clockwork
from bot.demo.messages import Message
from bot.demo.people import Person
from bot.demo.server import BotApiServer
from bot.transport.pace import Pacer
from storage.store import Store

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""A Monday morning, four weeks before Europe's clocks go forward."""


class House(Clockwork):
    """A running bot, the server it talks to, and the clock of both."""

    async def restart(self) -> None:
        """Stop the bot and start it again on the same database."""
        await self.stop()
        await self.start()

    async def move(self, **step: float) -> None:
        """Let so much time pass: ``hours=3``, ``days=1``."""
        await self.move_to(self.clock.now() + timedelta(**step))

    async def move_to_local(self, zone: str, day: str, at: str) -> None:
        """Let time pass until a wall time somewhere."""
        local = datetime.fromisoformat(f"{day}T{at}").replace(tzinfo=ZoneInfo(zone))
        await self.move_to(local.astimezone(UTC))

    def store(self, work: Any) -> Any:
        """Look into the database: ``house.store(lambda s: s.people.count())``."""
        return self.app.database.submit(lambda conn: work(Store(conn))).result(30)

    def rows(self, query: str, *values: Any) -> list[Any]:
        """The rows of a query on the database."""
        return list(
            self.app.database.submit(
                lambda conn: [tuple(r) for r in conn.execute(query, values)]
            ).result(30)
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


@asynccontextmanager
async def open_house(database_path: Path, **settings: Any) -> AsyncIterator[House]:
    """A house on a database, closed again in the end."""
    clock = MovedClock(START)
    async with BotApiServer(clock=clock.now) as server:
        made = Settings(
            _env_file=None,  # type: ignore[call-arg]  # pydantic-settings takes it
            bot_token=SecretStr(server.token),
            telegram_api_base=server.base_url,
            database_path=database_path,
            **{"send_rate": 1000.0, "operator_name": "Olive", **settings},
        )
        # Nobody waits for a test's messages as people would: only tests of the pace keep it.
        house = House(server, clock, made, lambda: Pacer(made.send_rate, chat_interval=0.001))
        await house.start()
        try:
            yield house
        finally:
            await house.stop()
    assert server.violations == []

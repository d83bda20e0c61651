"""The clock of the whole process, moved from outside: seasons, days off, steps back.

Debian's libfaketime gives the process another wall clock and leaves the monotonic one alone. A
question has to come within two seconds of its moment, in real time and never before it.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pydantic import SecretStr

from bot.clock import MovedClock
from bot.config import Settings
from bot.demo.messages import Message
from bot.demo.people import Person
from bot.demo.server import BotApiServer
from bot.demo.world import Change
from bot.transport.pace import Pacer
from tests.house import House
from tests.leaks import Overheard
from tests.patience import PATIENCE
from tests.processes import BotProcess

LIBRARY = next(iter(sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))), None)
if LIBRARY is None and os.environ.get("AMPERSAND_REQUIRE_PACKAGES") != "1":
    pytest.skip("needs libfaketime (Debian's package faketime)", allow_module_level=True)

BEFORE_THE_CHANGES = datetime(2026, 3, 7, 20, 0, tzinfo=UTC)
"""A Saturday. Clocks go forward in New York on 8 March and in Berlin on 29 March, and half an hour
back on Lord Howe Island on 5 April."""

A_MONDAY = datetime(2026, 3, 9, 20, 0, tzinfo=UTC)

SOON = timedelta(seconds=2)
LEAD = timedelta(seconds=0.3)
"""The clock is moved to so long before each moment, so that a question that is early is seen."""


class FileClock(MovedClock):
    """A clock that other processes see as well, through libfaketime."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file
        self._write()

    def move_to(self, instant: datetime) -> None:
        super().move_to(instant)
        self._write()

    def variables(self) -> dict[str, str]:
        """What has to stand in the environment of a process that is to see it."""
        return {
            "TZ": "UTC",
            "LD_PRELOAD": str(LIBRARY),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            # Or waiting for a lock with a time limit ends at once, and threads only spin.
            "FAKETIME_FORCE_MONOTONIC_FIX": "0",
        }

    def _write(self) -> None:
        beside = self._file.with_suffix(".new")
        beside.write_text(f"{(self.now() - datetime.now(UTC)).total_seconds():+.3f}\n")
        beside.replace(self._file)


@dataclass(frozen=True, slots=True)
class Someone:
    """Who is asked where and when, every day or on Sundays."""

    person: Person
    zone: ZoneInfo
    at: str
    sundays: bool = False

    def moments(self, first: datetime, last: datetime) -> list[datetime]:
        """When questions are due from one instant to another, told by the calendar alone."""
        found = []
        day = first.astimezone(self.zone).date()
        while (moment := self._moment(day)) <= last:
            if moment > first and (day.isoweekday() == 7 or not self.sundays):
                found.append(moment)
            day += timedelta(days=1)
        return found

    def _moment(self, day: date) -> datetime:
        if self.sundays and day == date(2026, 3, 29):
            # There is no 02:30 in Berlin on this day: after 01:59 comes 03:00.
            return datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
        wall = datetime.fromisoformat(f"{day}T{self.at}").replace(tzinfo=self.zone)
        return wall.astimezone(UTC)


class Arrivals:
    """What arrived on the phones and when, by the clock that everybody here has."""

    def __init__(self, server: BotApiServer, clock: FileClock) -> None:
        self._clock = clock
        self._seen: list[tuple[datetime, Message]] = []
        server.subscribe(self._note)

    def _note(self, change: Change) -> None:
        if change.kind == "sent" and change.message is not None:
            self._seen.append((self._clock.now(), change.message))

    def of(self, person: Person, kind: str = "tap") -> list[tuple[datetime, Message]]:
        """Messages to one person with buttons of a kind: questions, unless told otherwise."""
        return [
            (at, message)
            for at, message in self._seen
            if message.chat["id"] == person.id
            and any(b.get("callback_data", "").startswith(f"{kind}:") for b in message.buttons)
        ]


@pytest.fixture
def clock(tmp_path: Path) -> FileClock:
    """A clock for the bot's process, for Telegram, and for this test."""
    if LIBRARY is None:
        pytest.fail("libfaketime is required here (Debian's package faketime)")
    return FileClock(tmp_path / "clock")


@pytest.fixture
async def server(clock: FileClock, overheard: Overheard) -> AsyncIterator[BotApiServer]:
    """Telegram's side, on that clock."""
    async with BotApiServer(clock=clock.now) as running:
        yield running
    assert running.violations == []


@pytest.fixture
async def bot(
    server: BotApiServer, clock: FileClock, database_path: Path, tmp_path: Path
) -> AsyncIterator[BotProcess]:
    """The bot as a process that sees that clock; not started yet."""
    process = BotProcess(tmp_path, server, database_path, SEND_RATE="100", **clock.variables())
    try:
        yield process
    finally:
        await process.close()


async def _welcomed(
    server: BotApiServer, clock: FileClock, database: Path, wishes: dict[str, tuple[str, str]]
) -> dict[str, Someone]:
    """Lead people through onboarding, quickly, in this process: name -> (zone, time)."""
    settings = Settings(
        bot_token=SecretStr(server.token),
        telegram_api_base=server.base_url,
        database_path=database,
    )
    house = House(server, clock, settings, lambda: Pacer(1000, chat_interval=0.001))
    await house.start()
    met = {}
    for number, (name, (zone, at)) in enumerate(wishes.items(), start=1):
        person = server.person(number, name)
        await house.welcome(person, zone, at)
        met[name] = Someone(person, ZoneInfo(zone), at)
    await house.stop()
    return met


async def _asked(someone: Someone, moment: datetime, arrivals: Arrivals, before: int) -> Message:
    """The question that was due at a moment, seen to arrive in time."""
    person = someone.person
    await person.until(lambda: len(arrivals.of(person)) > before, 20, what="question")
    at, card = arrivals.of(person)[-1]
    assert moment <= at < moment + SOON, f"{person.user['first_name']}: {at - moment}"
    return card


def _has(arrivals: Arrivals, person: Person, number: int, kind: str = "tap") -> bool:
    return len(arrivals.of(person, kind)) == number


async def _tap(person: Person, card: Message) -> None:
    answers = len(person.callback_answers)
    await person.press(card.message_id, "3")
    await person.until(lambda: len(person.callback_answers) > answers, 20, what="kept")


def _daily(bot: BotProcess, person: Person) -> list[date]:
    rows = bot.rows(
        "SELECT day FROM asked JOIN people ON people.id = person_id"
        " WHERE kind = 'daily' AND chat_id = ? ORDER BY asked.id",
        person.id,
    )
    return [date.fromisoformat(str(row[0])) for row in rows]


async def test_four_weeks_around_the_changes_of_the_clocks(
    bot: BotProcess, server: BotApiServer, clock: FileClock
) -> None:
    """Everybody gets one question on each of their days, when their own clock shows their time."""
    clock.move_to(BEFORE_THE_CHANGES)
    last = BEFORE_THE_CHANGES + timedelta(days=29)
    arrivals = Arrivals(server, clock)
    met = await _welcomed(
        server,
        clock,
        bot.database,
        {
            "Ada": ("Europe/Berlin", "15:45"),
            "Ben": ("America/New_York", "10:45"),
            # On 5 April this clock shows 01:45 twice; the first time counts.
            "Cleo": ("Australia/Lord_Howe", "01:45"),
            "Dan": ("Europe/Berlin", "02:30"),
        },
    )
    await bot.start()
    await met["Dan"].person.send_text("/days sunday")
    await met["Dan"].person.wait_for("on Sunday now", timeout=PATIENCE)
    everybody = [*list(met.values())[:3], replace(met["Dan"], sundays=True)]
    agenda: dict[datetime, list[Someone]] = {}
    for someone in everybody:
        for moment in someone.moments(BEFORE_THE_CHANGES, last):
            agenda.setdefault(moment, []).append(someone)
    for moment in sorted(agenda):
        before = {someone: len(arrivals.of(someone.person)) for someone in everybody}
        clock.move_to(moment - LEAD)
        for someone in agenda[moment]:
            card = await _asked(someone, moment, arrivals, before[someone])
            await _tap(someone.person, card)
    await bot.stop()
    for someone in everybody:
        moments = someone.moments(BEFORE_THE_CHANGES, last)
        days = [moment.astimezone(someone.zone).date() for moment in moments]
        assert _daily(bot, someone.person)[1:] == days
        assert len(arrivals.of(someone.person)) == 1 + len(days)
    assert len(_daily(bot, met["Ada"].person)) == 30
    assert len(_daily(bot, met["Dan"].person)) == 6


async def test_days_off_and_steps_back_repeat_nothing_and_stall_nothing(
    bot: BotProcess, server: BotApiServer, clock: FileClock
) -> None:
    """Three days without the bot, then its clock steps back by an hour, and by a day."""
    clock.move_to(A_MONDAY)
    arrivals = Arrivals(server, clock)
    met = await _welcomed(
        server,
        clock,
        bot.database,
        {
            "Ada": ("Europe/Berlin", "15:45"),
            "Ben": ("America/New_York", "10:45"),
            "Cleo": ("Australia/Lord_Howe", "01:45"),
        },
    )

    def counts() -> list[int]:
        return [len(arrivals.of(someone.person)) for someone in met.values()]

    # One question for all three days, not three.
    clock.move_to(datetime(2026, 3, 12, 16, 0, tzinfo=UTC))
    await bot.start()
    for someone in met.values():
        person = someone.person
        await person.until(partial(_has, arrivals, person, 2), 20)
    await asyncio.sleep(1.5)
    assert counts() == [2, 2, 2]
    assert _daily(bot, met["Ada"].person) == [date(2026, 3, 9), date(2026, 3, 12)]

    # An hour back, and a day: what falls due meanwhile comes in time.
    for name, wish, moment in (
        ("Ada", "/weekly thursday 16:01", datetime(2026, 3, 12, 15, 1, tzinfo=UTC)),
        ("Ben", "/weekly wednesday 11:01", datetime(2026, 3, 11, 15, 1, tzinfo=UTC)),
    ):
        person = met[name].person
        clock.move_to(moment - timedelta(seconds=7))
        await person.send_text(wish)
        await person.wait_for("come on", timeout=PATIENCE)
        await person.until(partial(_has, arrivals, person, 1, "checkin"), 20)
        at, _ = arrivals.of(person, "checkin")[0]
        assert moment <= at < moment + SOON
    assert bot.log.read_text(encoding="utf-8").count("the clock stepped back") == 2
    assert counts() == [2, 2, 2]

    # Through the same hours once more, up to the next question.
    clock.move_to(datetime(2026, 3, 12, 16, 5, tzinfo=UTC))
    await asyncio.sleep(1.5)
    assert counts() == [2, 2, 2]
    moment = datetime(2026, 3, 13, 14, 45, tzinfo=UTC)
    clock.move_to(moment - LEAD)
    for someone in met.values():
        await _asked(someone, moment, arrivals, 2)
    await bot.stop()
    assert _daily(bot, met["Ada"].person)[2:] == [date(2026, 3, 13)]

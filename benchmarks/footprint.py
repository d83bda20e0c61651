"""How little it takes: `python -m benchmarks.footprint`.

The time from the start of the process to its first poll, the memory it holds when idle and after it
has read and answered many texts, the same with a million people in the file, and the bytes that a
day of one person takes in the file, with everything that is kept about it. Linux only.
"""

import asyncio
import itertools
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import NamedTuple

from pydantic import SecretStr

from benchmarks.crowd import make
from benchmarks.evaluate import DATA
from benchmarks.isolation import in_fresh_process, memory
from benchmarks.results import Result, at_most, table
from bot.clock import MovedClock
from bot.config import Settings
from bot.demo.clockwork import Clockwork
from bot.demo.people import Person
from bot.demo.server import BotApiServer
from bot.transport.pace import Pacer
from storage.connection import Connection, connect

ROOT = Path(__file__).resolve().parents[1]
AS_INSTALLED = (
    "import sys; sys.modules.update(dict.fromkeys(('numpy', 'pandas', 'rich', 'pygments')));"
    " sys.argv[1:] = ['run']; from bot.__main__ import main; main()"
)
"""The bot as whoever runs it has it: libraries try to import what only developers have."""

STARTS = 7
IDLE_AFTER = 8.0
"""Seconds after the first poll; the reader of texts is made by then."""

PATIENCE = 120.0
"""Seconds after which what has not come by then never will."""

TEXTS = 400
LARGE = 1_000_000
PEOPLE, WEEKS = 25, 6
WELCOME = {
    "/start": "clear yes",
    "=consent:yes": "How long may I keep",
    "=keep:365": "notification on your phone",
    "=push:text": "Which city",
    "Berlin, Germany": "At what time",
    "20:00": "Here is the first question",
}
"""What a person writes or taps (=) in onboarding, and what the bot says to it."""

MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Process(NamedTuple):
    """A start: seconds until the first poll, megabytes when idle and after many texts."""

    seconds: float
    idle: float
    busy: float


@asynccontextmanager
async def _running(server: BotApiServer, database: Path) -> AsyncIterator[tuple[int, float]]:
    """The real process, until it polls; gives its number and the seconds that took."""
    before = perf_counter()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", AS_INSTALLED),
        cwd=database.parent,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "BOT_TOKEN": server.token,
            "TELEGRAM_API_BASE": server.base_url,
            "DATABASE_PATH": str(database),
            "LOG_LEVEL": "ERROR",
        },
    )
    try:
        async with asyncio.timeout(PATIENCE):
            await server.polled()
        yield process.pid, perf_counter() - before
    finally:
        process.terminate()
        await process.wait()


def start(database: Path, texts: int) -> Process:
    """Start the bot once, wait until it is idle, and let it read and keep somebody's texts.

    Args:
        database: the database, with the list of places in it.
        texts: how many.
    """

    async def measure() -> Process:
        async with BotApiServer(strict=False) as server, _running(server, database) as (pid, took):
            await asyncio.sleep(IDLE_AFTER)
            idle = memory(pid)
            writer = server.person(77, "Wren")
            for step, said in WELCOME.items():
                await _do(writer, step)
                await writer.wait_for(said, PATIENCE)
            for text in itertools.islice(_texts(), texts):
                await writer.send_text(text)
            async with asyncio.timeout(PATIENCE):
                while _waits(database, writer.id, texts):  # noqa: ASYNC110 - another process works
                    await asyncio.sleep(0.1)
            return Process(took, idle, memory(pid))

    return asyncio.run(measure())


def seconds_to_poll(database: Path) -> float:
    """How long one start takes until the first poll."""

    async def measure() -> float:
        async with BotApiServer() as server, _running(server, database) as (_, took):
            return took

    return asyncio.run(measure())


async def _do(person: Person, step: str) -> None:
    await (person.tap(step[1:]) if step.startswith("=") else person.send_text(step))


def _waits(database: Path, chat_id: int, texts: int) -> bool:
    """Whether a text is not kept yet, or something is still to be said to who wrote them."""
    conn = connect(database, read_only=True)
    try:
        kept, said = conn.execute(
            "SELECT (SELECT count(*) FROM answers), count(*) FROM outbox WHERE chat_id = ?",
            (chat_id,),
        ).fetchone()
    finally:
        conn.close()
    return bool(kept < texts or said)


def _texts() -> "itertools.cycle[str]":
    files = sorted(DATA.glob("*-replies.jsonl"))
    lines = [line for file in files for line in file.read_text("utf-8").splitlines()]
    return itertools.cycle(str(json.loads(line)["text"]) for line in lines)


class _Weeks:
    """People who answer every day in words and with a tap, and take every check-in."""

    def __init__(self, clockwork: Clockwork, people: list[Person]) -> None:
        self._clockwork = clockwork
        self._people = people
        self._texts = _texts()

    async def meet(self) -> None:
        """Lead everybody through onboarding."""
        for step in WELCOME:
            for person in self._people:
                await _do(person, step)
            await self._clockwork.settle()

    async def live(self, days: int) -> int:
        """Live so many days; give how many were answered."""
        for _ in range(days):
            await self._answer()
            await self._clockwork.move_to(self._clockwork.clock.now() + timedelta(days=1))
            await self._check_in()
        return self._clockwork.app.database.submit(_days_answered).result()

    async def _answer(self) -> None:
        for person in self._people:
            await self._press(person, "tap:", ":3")
            await person.send_text(next(self._texts))
        await self._clockwork.settle()

    async def _check_in(self) -> None:
        for page in range(20):
            ending = ":o" if page == 0 else f":{1 + page % 5}"
            pressed = [await self._press(person, "checkin:", ending) for person in self._people]
            await self._clockwork.settle()
            if page and not any(pressed):
                return

    async def _press(self, person: Person, beginning: str, ending: str) -> bool:
        for message in reversed(person.from_bot[-3:]):
            for button in message.buttons:
                data = button.get("callback_data", "")
                if data.startswith(beginning) and data.endswith(ending):
                    await person.press(message.message_id, data)
                    return True
        return False


def _days_answered(conn: Connection) -> int:
    query = "SELECT count(*) FROM (SELECT DISTINCT person_id, day FROM answers)"
    return int(conn.execute(query).fetchone()[0])


def bytes_of_a_day(people: int, weeks: int) -> tuple[float, int, float]:
    """Bytes a day answered, how many there were, and how long their texts were on average."""

    async def measure(folder: Path) -> tuple[float, int, float]:
        path = folder / "days.db"
        clock = MovedClock(MORNING)
        async with BotApiServer(clock=clock.now, strict=False) as server:
            settings = Settings.model_construct(
                bot_token=SecretStr(server.token),
                telegram_api_base=server.base_url,
                database_path=path,
                send_rate=5000.0,
                backup_folder=None,
            )
            clockwork = Clockwork(
                server, clock, settings, lambda: Pacer(5000.0, chat_interval=0.001)
            )
            await clockwork.start()
            weeks_lived = _Weeks(
                clockwork, [server.person(number, f"P{number}") for number in range(1, people + 1)]
            )
            await weeks_lived.meet()
            empty = await _size(clockwork, path)
            days = await weeks_lived.live(weeks * 7)
            full = await _size(clockwork, path)
            length = clockwork.app.database.submit(
                lambda conn: float(
                    conn.execute("SELECT avg(length(text)) FROM answers").fetchone()[0]
                )
            ).result()
            await clockwork.stop()
            return (full - empty) / days, days, length

    with TemporaryDirectory(prefix="ampersand-bench-") as folder:
        # nobody yet, but the list of places
        make(Path(folder) / "days.db", 0)
        return asyncio.run(measure(Path(folder)))


async def _size(clockwork: Clockwork, path: Path) -> int:
    """Bytes of the file when its log is empty, free pages included."""
    await clockwork.app.database.scrub()
    return await asyncio.to_thread(lambda: path.stat().st_size)


def run(large: int = LARGE, people: int = PEOPLE, weeks: int = WEEKS) -> list[Result]:
    """Measure everything.

    Args:
        large: how many people are in the large file.
        people: how many answer every day, for the bytes of a day.
        weeks: for how long.
    """
    with TemporaryDirectory(prefix="ampersand-bench-") as folder:
        new, small, crowded = (Path(folder) / f"{name}.db" for name in ("new", "small", "crowd"))
        first = seconds_to_poll(new)
        # As after a first start that went on: nobody yet, but the list of places.
        in_fresh_process(make, small, 0)
        usual = start(small, TEXTS)
        starts = median(seconds_to_poll(small) for _ in range(STARTS))
        in_fresh_process(make, crowded, large, now=datetime.now(UTC))
        many = start(crowded, TEXTS)
    size, days, length = bytes_of_a_day(people, weeks)
    return [
        Result("start to first poll, the very first start", f"{first:.2f} s"),
        at_most(f"start to first poll, median of {STARTS}", starts, 1.0, "s"),
        at_most("memory when idle", usual.idle, 110, "MB"),
        Result(f"memory after {TEXTS} texts were read and kept", f"{usual.busy:.0f} MB"),
        at_most(f"start to first poll, {large:,} people", many.seconds, 2.0, "s"),
        at_most(f"memory {IDLE_AFTER:.0f} s later, {large:,} people", many.idle, 150, "MB"),
        Result(f"the same after {TEXTS} texts", f"{many.busy:.0f} MB"),
        at_most(
            f"bytes a day answered ({days} days, texts of {length:.0f} characters)",
            size,
            1000,
            "bytes",
        ),
    ]


def main() -> None:
    """Print the table; the exit status says whether every budget holds."""
    results = run(*(int(number) for number in sys.argv[1:4]))
    print(table(results))
    sys.exit(any(result.holds is False for result in results))


if __name__ == "__main__":
    main()

"""The schedule of many people: `python -m benchmarks.scheduling`.

Measured against python-telegram-bot's JobQueue with one daily job a person, which is what its
documentation shows: the time until a bot that has just started serves everybody, the memory for it,
and what becomes of 20,000 people who are asked in the same minute. A tick is measured against
itself, with a hundred times as many people in the file.
"""

import asyncio
import gc
import logging
import sys
from collections import Counter
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import NamedTuple

from apscheduler.events import EVENT_JOB_EXECUTED, EVENT_JOB_MISSED, JobExecutionEvent
from telegram.ext import Application, CallbackContext

from benchmarks.crowd import NOW, let_fall_due, make
from benchmarks.isolation import in_fresh_process, memory
from benchmarks.results import Result, at_most, table
from bot.chat.conversations import Conversations
from bot.chat.turn import Content, Operator
from bot.clock import MovedClock
from bot.content import load_content
from bot.transport.nightly import Nightly
from bot.transport.tick import Tick
from storage.database import Database
from storage.store import Store

SMALL, MIDDLE, LARGE = 10_000, 100_000, 1_000_000
BURST = 20_000
DUE, ROUNDS = 100, 15
PATIENCE = 300.0
"""Seconds after which whatever the JobQueue has not run by then counts as not run."""


class Start(NamedTuple):
    """What it takes until everybody is served: seconds, and megabytes that are added."""

    seconds: float
    added: float


class Burst(NamedTuple):
    """What became of people who were due in one minute."""

    served: int
    doubled: int
    seconds: float
    longest_wait: float


class Bench:
    """The tick over a database, as the bot has it, with a clock that is moved."""

    def __init__(self, path: Path, content: Content | None = None) -> None:
        self.clock = MovedClock(NOW)
        content = content or load_content(Operator("", "", None))
        self.database = Database(path).open()
        conversations = Conversations(content, self.clock)
        nightly = Nightly(self.database, self.clock, time(3), None, 1)
        self.tick = Tick(self.database, self.clock, conversations, lambda: None, nightly)

    def let_fall_due(self, number: int, after: int = 0) -> None:
        """Let so many people be due now, and nobody else."""
        now = self.clock.now()
        self.database.submit(lambda conn: let_fall_due(conn, number, now, after)).result()


def ours_ready(path: Path, *, with_texts: bool) -> Start:
    """Open the file and look for what is due.

    Args:
        path: the database.
        with_texts: load all that is said within the time, too; a bot with a JobQueue has texts to
            load as well, so they are left out where the two are compared.
    """
    content = None if with_texts else load_content(Operator("", "", None))
    gc.collect()
    empty, before = memory(), perf_counter()
    bench = Bench(path, content)
    asyncio.run(bench.tick.run_due())
    seconds = perf_counter() - before
    added = memory() - empty
    bench.database.close()
    return Start(seconds, added)


def job_queue_ready(people: int) -> Start:
    """Make one daily job a person and start the scheduler, with texts loaded as in ours."""

    async def measure() -> Start:
        texts = load_content(Operator("", "", None))
        gc.collect()
        empty, before = memory(), perf_counter()
        application = Application.builder().token("1:a").build()
        queue = application.job_queue
        assert queue is not None
        for number in range(people):
            # nobody is due while this is measured
            at = (datetime.now(UTC) + timedelta(hours=2 + number % 1200 / 60)).timetz()
            queue.run_daily(_nothing, at, chat_id=number)
        await queue.start()
        start = Start(perf_counter() - before, memory() - empty)
        await queue.stop(wait=False)
        # Held until now, as by a bot: what is let go makes room for jobs.
        del texts
        return start

    return asyncio.run(measure())


async def _nothing(_: CallbackContext) -> None:  # type: ignore[type-arg]  # only its type is generic
    """What the baseline's jobs do."""


def ours_burst(path: Path, people: int) -> Burst:
    """Let so many be due in one minute; each gets a question chosen, stored and queued."""
    bench = Bench(path)
    bench.let_fall_due(people)

    async def measure() -> tuple[float, float]:
        waits = asyncio.create_task(_longest_wait())
        before = perf_counter()
        await bench.tick.run_due()
        seconds = perf_counter() - before
        waits.cancel()
        return seconds, await waits

    seconds, longest = asyncio.run(measure())
    asked = bench.database.submit(
        lambda conn: Counter(
            row[0]
            for row in conn.execute("SELECT chat_id FROM outbox WHERE subject LIKE 'asked:%'")
        )
    ).result()
    questions = bench.database.submit(
        lambda conn: int(conn.execute("SELECT count(*) FROM asked").fetchone()[0])
    ).result()
    bench.database.close()
    doubled = sum(count - 1 for count in asked.values()) + max(0, questions - len(asked))
    return Burst(len(asked), doubled, seconds, longest)


async def _longest_wait() -> float:
    longest = 0.0
    try:
        while True:
            before = perf_counter()
            await asyncio.sleep(0.002)
            longest = max(longest, perf_counter() - before - 0.002)
    except asyncio.CancelledError:
        return longest


def job_queue_burst(people: int) -> Burst:
    """Let so many daily jobs, which do nothing, be due in one minute."""

    async def measure() -> Burst:
        # it logs a line for each job that it skips
        logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
        application = Application.builder().token("1:a").build()
        queue = application.job_queue
        assert queue is not None
        ran: Counter[str] = Counter()
        missed: Counter[str] = Counter()

        def note(event: JobExecutionEvent) -> None:
            (missed if event.code == EVENT_JOB_MISSED else ran)[event.job_id] += 1

        queue.scheduler.add_listener(note, EVENT_JOB_EXECUTED | EVENT_JOB_MISSED)
        await queue.start()
        queue.scheduler.pause()
        # Far enough ahead that all of them are there before the first is due.
        begins = datetime.now(UTC) + timedelta(seconds=5 + people / 1000)
        for number in range(people):
            at = begins + timedelta(seconds=number % 60)
            queue.run_daily(_nothing, at.timetz(), chat_id=number)
        queue.scheduler.resume()
        waits = asyncio.create_task(_longest_wait())
        await asyncio.sleep(max(0.0, (begins - datetime.now(UTC)).total_seconds()))
        before = perf_counter()
        while ran.total() + missed.total() < people and perf_counter() - before < PATIENCE:  # noqa: ASYNC110 - a listener is called in between
            await asyncio.sleep(0.05)
        seconds = perf_counter() - before
        waits.cancel()
        longest = await waits
        await queue.stop(wait=False)
        return Burst(len(ran), ran.total() - len(ran), seconds, longest)

    return asyncio.run(measure())


def tick_cost(path: Path) -> float:
    """Milliseconds of a tick with 100 due, as a median; each time for others of the crowd."""
    bench = Bench(path)
    people = bench.database.submit(lambda conn: Store(conn).people.count()).result()
    step = people // (ROUNDS + 1)
    times = []
    for number in range(ROUNDS):
        bench.let_fall_due(DUE, after=number * step)
        before = perf_counter()
        worked = asyncio.run(bench.tick.run_due())
        times.append(perf_counter() - before)
        assert worked == DUE, worked
    bench.database.close()
    return median(times) * 1000


def run(small: int = SMALL, middle: int = MIDDLE, large: int = LARGE) -> list[Result]:
    """Measure everything; the numbers are how many people there are."""
    with TemporaryDirectory(prefix="ampersand-bench-") as folder:
        files = {number: Path(folder) / f"{number}.db" for number in (small, middle, large)}
        for number, path in files.items():
            in_fresh_process(make, path, number)
        ours = in_fresh_process(ours_ready, files[middle], with_texts=False)
        theirs = in_fresh_process(job_queue_ready, middle)
        most = in_fresh_process(ours_ready, files[large], with_texts=True)
        ticks = {n: in_fresh_process(tick_cost, files[n]) for n in (small, large)}
        burst = in_fresh_process(ours_burst, files[middle], BURST)
        their_burst = in_fresh_process(job_queue_burst, BURST)
    faster, smaller = theirs.seconds / ours.seconds, theirs.added / max(ours.added, 1.0)
    return [
        Result(
            f"ready after a start, {middle:,} people: time; JobQueue / ours",
            f"{theirs.seconds:.1f} s / {ours.seconds:.2f} s = {faster:.0f} x",
            ">= 100 x",
            faster >= 100,
        ),
        Result(
            f"ready after a start, {middle:,} people: memory; JobQueue / ours",
            f"{theirs.added:.0f} / {ours.added:.0f} MB = {smaller:.0f} x",
            ">= 10 x",
            smaller >= 10,
        ),
        at_most(
            f"ready to serve, {large:,} people (opened, loaded, first look)", most.seconds, 2, "s"
        ),
        Result(
            f"{BURST:,} due in one minute, ours: missed, doubled",
            f"{BURST - burst.served}, {burst.doubled} (in {burst.seconds:.0f} s; the loop waits"
            f" {burst.longest_wait * 1000:.0f} ms at most)",
            "0, 0",
            burst.served == BURST and burst.doubled == 0,
        ),
        Result(
            f"{BURST:,} due in one minute, JobQueue with jobs that do nothing: missed, doubled",
            f"{BURST - their_burst.served}, {their_burst.doubled} (the loop waits"
            f" {their_burst.longest_wait * 1000:.0f} ms at most)",
        ),
        Result(f"a tick with {DUE} due, {small:,} people", f"{ticks[small]:.1f} ms"),
        Result(f"a tick with {DUE} due, {large:,} people", f"{ticks[large]:.1f} ms"),
        at_most(f"the same: {large:,} / {small:,} people", ticks[large] / ticks[small], 1.5, "x"),
    ]


def main() -> None:
    """Print the table; the exit status says whether every budget holds."""
    results = run(*(int(number) for number in sys.argv[1:4]))
    print(table(results))
    sys.exit(any(result.holds is False for result in results))


if __name__ == "__main__":
    main()

"""Messages sent: `python -m benchmarks.sending [messages]`.

A server in a process of its own answers each message after 50 ms, as Telegram about does. Ours is
the bot's own sender over a full outbox: today's question for everybody of a crowd, each message
noted before it leaves and when it has arrived. The baseline is python-telegram-bot's default back
end, which stores nothing, at its best of several concurrencies.
"""

import asyncio
import sys
import time
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from telegram import Bot
from telegram.request import BaseRequest, HTTPXRequest

from benchmarks.asked import ask, emptied
from benchmarks.crowd import FIRST_CHAT, NOW
from benchmarks.fake_api import TOKEN, Journal, journal_of, serving
from benchmarks.isolation import in_fresh_process
from benchmarks.results import Result, at_least, at_most, table
from bot.clock import MovedClock
from bot.transport.client import make_bot
from bot.transport.pace import Pacer
from bot.transport.request import AiohttpRequest
from bot.transport.sender import Sender
from storage.database import Database

MESSAGES = 15_000
LATENCY = 0.05
PAID, FREE = 1000.0, 30.0
"""Messages a second that Telegram takes from a bot that pays, and from one that does not."""

FREE_SECONDS = 12.0
LEAST, TIMES_DEFAULT = 980.0, 5.0
DEFAULT_AT, OURS_AT = (10, 20, 30, 50, 100, 200), (50, 100, 200)
ALIKE = 50
"""So many in flight both back ends are compared at as well."""

WARMING, COUNTED = 1.0, 4.0
STALLS_EVERY, STALL = 3.0, 0.5
TEXT = "How did today leave you room for yourself, and for the two of you? " * 3


class Sent(NamedTuple):
    """What the server saw of the sender, and when the sender began by the monotonic clock."""

    began: float
    journal: Journal

    @property
    def rate(self) -> float:
        """Messages a second, from the sender's start until the last is answered."""
        arrivals = self.journal.arrivals
        return len(arrivals) / (arrivals[-1] + LATENCY - self.began)


def ours(path: Path, base: str, rate: float, seconds: float = 0.0, *, stalls: bool = False) -> Sent:
    """Let the bot's sender empty the outbox, or send for so many seconds.

    With ``stalls`` the event loop does nothing for half a second again and again, as on a machine
    that has other things to do.
    """
    clock = MovedClock(NOW)
    database = Database(path).open()

    async def send() -> float:
        bot = make_bot(TOKEN, base)
        await bot.initialize()
        sender = Sender(bot, database, clock, Pacer(rate))
        stalling = asyncio.create_task(_stall()) if stalls else None
        began = time.monotonic()
        running = asyncio.create_task(sender.run())
        await (asyncio.sleep(seconds) if seconds else emptied(sender, database))
        sender.stop()
        await running
        if stalling is not None:
            stalling.cancel()
        await bot.shutdown()
        return began

    try:
        return Sent(asyncio.run(send()), journal_of(base))
    finally:
        database.close()


async def _stall() -> None:
    while True:
        await asyncio.sleep(STALLS_EVERY)
        time.sleep(STALL)  # noqa: ASYNC251 - the loop is to be kept waiting


def back_end(base: str, in_flight: int, *, default: bool) -> float:
    """Messages a second through one back end with so many in flight, paced by nothing."""
    request: BaseRequest
    request = HTTPXRequest(connection_pool_size=in_flight) if default else AiohttpRequest()
    chats = count(FIRST_CHAT)
    sent = 0

    async def send(bot: Bot) -> None:
        nonlocal sent
        while True:
            await bot.send_message(next(chats), TEXT)
            sent += 1

    async def measure() -> float:
        async with Bot(TOKEN, base_url=f"{base}/bot", request=request) as bot:
            senders = [asyncio.create_task(send(bot)) for _ in range(in_flight)]
            await asyncio.sleep(WARMING)
            before, began = sent, time.monotonic()
            ended, _ = await asyncio.wait(senders, timeout=COUNTED)
            rate = (sent - before) / (time.monotonic() - began)
            for task in ended:
                task.result()
            for task in senders:
                task.cancel()
            await asyncio.gather(*senders, return_exceptions=True)
            return rate

    return asyncio.run(measure())


def _rates(concurrencies: tuple[int, ...], *, default: bool) -> dict[int, float]:
    rates = {}
    for in_flight in concurrencies:
        with serving(LATENCY) as base:
            rates[in_flight] = in_fresh_process(back_end, base, in_flight, default=default)
    return rates


def _sent(people: int, rate: float, seconds: float = 0.0, *, stalls: bool = False) -> Sent:
    """What the sender does with the questions of so many people."""
    with TemporaryDirectory(prefix="ampersand-bench-") as folder, serving(LATENCY) as base:
        path = Path(folder) / "asked.db"
        in_fresh_process(ask, path, people, delivered=False)
        sent = in_fresh_process(ours, path, base, rate, seconds, stalls=stalls)
    twice = sum(number - 1 for number in sent.journal.chats.values())
    if twice or (not seconds and len(sent.journal.arrivals) != people):
        raise AssertionError(f"{len(sent.journal.arrivals)} of {people} came, {twice} twice")
    return sent


def run(messages: int = MESSAGES) -> list[Result]:
    """Measure everything; the rate at 1,000 a second over so many messages."""
    theirs, unpaced = _rates(DEFAULT_AT, default=True), _rates(OURS_AT, default=False)
    best, our_best = max(theirs, key=theirs.__getitem__), max(unpaced, key=unpaced.__getitem__)
    paid = _sent(messages, PAID)
    few = partial(_sent, int(FREE * (FREE_SECONDS + 1)), FREE, FREE_SECONDS)
    free, stalled = few(), few(stalls=True)
    seconds = paid.journal.arrivals[-1] - paid.began
    return [
        at_least(
            f"ours at {PAID:,.0f}/s, {messages:,} questions from the outbox, each noted",
            paid.rate,
            LEAST,
            "/s",
        ),
        Result(
            f"the same: most in any second; processor time of the server in {seconds:.0f} s",
            f"{paid.journal.most_in_a_second():,}; {paid.journal.busy:.1f} s",
        ),
        *(
            Result(f"default back end, nothing stored, {number} in flight", f"{rate:,.0f} /s")
            for number, rate in theirs.items()
        ),
        *(
            Result(f"our back end alike, {number} in flight", f"{rate:,.0f} /s")
            for number, rate in unpaced.items()
        ),
        at_least(
            f"back ends at their best: ours ({our_best} in flight) / default ({best})",
            unpaced[our_best] / theirs[best],
            TIMES_DEFAULT,
            "x",
        ),
        Result(
            f"back ends at {ALIKE} in flight: ours / default",
            f"{unpaced[ALIKE] / theirs[ALIKE]:.1f} x",
        ),
        Result(
            f"our sender, paced and with its outbox / default back end at its best ({best})",
            f"{paid.rate / theirs[best]:.1f} x",
        ),
        at_most(
            f"at {FREE:.0f}/s: most that came in any second of {FREE_SECONDS:.0f}",
            free.journal.most_in_a_second(),
            FREE,
            "",
        ),
        at_most(
            f"the same, the loop stalled for {STALL} s every {STALLS_EVERY:.0f} s",
            stalled.journal.most_in_a_second(),
            FREE,
            "",
        ),
    ]


def main() -> None:
    """Print the table; the exit status says whether every budget holds."""
    results = run(*(int(number) for number in sys.argv[1:2]))
    print(table(results))
    sys.exit(any(result.holds is False for result in results))


if __name__ == "__main__":
    main()

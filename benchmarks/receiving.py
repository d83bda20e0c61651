"""Updates received, kept and answered: `python -m benchmarks.receiving [updates]`.

Everybody of a crowd answers today's question with some 200 characters, and a server in a process
of its own gives these updates out, a hundred at a time. Ours is what runs in the bot: the update
is stored before it is acknowledged, read, kept with what it counts for, and answered; all of that
is committed. The same updates go through python-telegram-bot's own polling, once with a handler
that does nothing and once with one that commits the text and does nothing else.
"""

import asyncio
import json
import random
import shutil
import sqlite3
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters

from benchmarks.asked import ask, chat_of, emptied
from benchmarks.crowd import NOW
from benchmarks.fake_api import TOKEN, journal_of, serving
from benchmarks.isolation import in_fresh_process
from benchmarks.results import Result, at_least, table
from bot.chat.conversations import Conversations
from bot.chat.turn import Operator
from bot.clock import MovedClock
from bot.content import load_content
from bot.transport.client import make_bot
from bot.transport.contact import Contact
from bot.transport.pace import Pacer
from bot.transport.polling import Poller
from bot.transport.sender import Sender
from bot.transport.worker import Worker
from storage.connection import Connection
from storage.database import Database

UPDATES = 5_000
DAYS_BEFORE = 14
SEND_RATE = 1000.0
FIRST_UPDATE, FIRST_MESSAGE = 700_000_000, 1_000_000
LENGTHS = range(170, 231)
REPLIES = Path(__file__).parent.parent / "tests" / "data" / "reading"

Handler = Callable[[Update, ContextTypes.DEFAULT_TYPE], Awaitable[None]]


class Rates(NamedTuple):
    """Updates a second, from the first request for updates on.

    Attributes:
        received: until the last was received and, if at all, kept.
        answered: until the last was answered: its effects and messages are committed.
        sent: until the last answer was sent.
        cost: microseconds of processor time that an update has taken.
    """

    received: float
    answered: float
    sent: float
    cost: float


def replies(number: int, seed: int = 1) -> list[str]:
    """Texts of about 200 characters, put together from the replies that the reader is tested on."""
    dice = random.Random(seed)
    lines = [
        json.loads(line)["text"]
        for path in sorted(REPLIES.glob("h*-replies.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    texts: list[str] = []
    while len(texts) < number:
        text = dice.choice(lines)
        while len(text) < LENGTHS.start:
            text = f"{text}\n{dice.choice(lines)}"
        if len(text) in LENGTHS:
            texts.append(text)
    return texts


def updates(number: int) -> list[dict[str, Any]]:
    """One answer from each person of the crowd, in any order."""
    people = random.Random(2).sample(range(1, number + 1), number)
    return [
        {
            "update_id": FIRST_UPDATE + at,
            "message": {
                "message_id": FIRST_MESSAGE + at,
                "from": {
                    "id": chat_of(person),
                    "is_bot": False,
                    "first_name": "Somebody",
                    "language_code": "en",
                },
                "chat": {"id": chat_of(person), "first_name": "Somebody", "type": "private"},
                "date": int(NOW.timestamp()),
                "text": text,
            },
        }
        for at, (person, text) in enumerate(zip(people, replies(number), strict=True))
    ]


def ours(path: Path, base: str, number: int, *, answering: bool, sending: bool) -> Rates:
    """What runs in the bot, over a database in which everybody has today's question."""
    clock = MovedClock(NOW)
    content = load_content(Operator("", "", None))
    content.reader.prepare()
    conversations = Conversations(content, clock)
    database = Database(path).open()

    async def measure() -> Rates:
        bot = make_bot(TOKEN, base)
        await bot.initialize()
        sender = Sender(bot, database, clock, Pacer(SEND_RATE))
        worker = Worker(database, clock, conversations, sender.wake)
        contact = Contact(database, clock, conversations.back_again)
        poller = Poller(bot, database, clock, contact, worker.wake)
        busy = time.process_time()
        polling = asyncio.create_task(poller.run())
        working = [asyncio.create_task(worker.run())] if answering else []
        working += [asyncio.create_task(sender.run())] if sending else []
        await poller.caught_up.wait()
        received = time.monotonic()
        if answering:
            await worker.idle()
        answered = time.monotonic()
        if sending:
            await emptied(sender, database)
        ends = received, answered, time.monotonic()
        cost = (time.process_time() - busy) / number * 1e6
        polling.cancel()
        worker.stop()
        sender.stop()
        await asyncio.gather(polling, *working, return_exceptions=True)
        await bot.shutdown()
        begun = journal_of(base).first_poll
        assert begun is not None
        received, answered, sent = (number / (end - begun) for end in ends)
        return Rates(received, answered, sent, cost)

    try:
        rates = asyncio.run(measure())
        _check(database, number, answering=answering, sending=sending)
        return rates
    finally:
        database.close()


def _check(database: Database, number: int, *, answering: bool, sending: bool) -> None:
    """See that nothing was left out."""

    def count(conn: Connection) -> list[int]:
        return [
            int(conn.execute(f"SELECT count(*) FROM {source}").fetchone()[0])  # noqa: S608 - ours
            for source in (
                f"inbox WHERE state = '{'done' if answering else 'new'}'",
                f"answers WHERE message_id >= {FIRST_MESSAGE}",
                "asked WHERE state = 'open'",
                "outbox WHERE method = 'setMessageReaction'",
                "outbox WHERE method = 'editMessageText'",
            )
        ]

    waiting = 0 if sending else number
    wanted = [number, number, 0, waiting, waiting] if answering else [number, 0, number, 0, 0]
    if (counted := database.submit(count).result()) != wanted:
        raise AssertionError(f"not every update had its effect: {counted}")


def doing_nothing(base: str, number: int) -> Rates:
    """The library's own polling; what it brings is dropped."""

    async def handle(_: Update, __: ContextTypes.DEFAULT_TYPE) -> None:
        return

    return asyncio.run(_theirs(base, number, handle))


def committing(path: Path, base: str, number: int) -> Rates:
    """The library's own polling, and a handler that commits each text where it stands.

    In a thread it would take longer for each, because one is handled after the other.
    """
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE texts (chat_id INTEGER, sent_at INTEGER, text TEXT)")
    connection.execute("CREATE INDEX texts_of_chat ON texts (chat_id, sent_at)")

    async def handle(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        message = update.message
        assert message is not None
        row = message.chat_id, int(message.date.timestamp()), message.text
        connection.execute("INSERT INTO texts VALUES (?, ?, ?)", row)
        connection.commit()

    rates = asyncio.run(_theirs(base, number, handle))
    kept = connection.execute("SELECT count(*) FROM texts").fetchone()[0]
    connection.close()
    if kept != number:
        raise AssertionError(f"{kept} of {number} were kept")
    return rates


async def _theirs(base: str, number: int, handle: Handler) -> Rates:
    """Poll with the library's defaults until the last update has been handled."""
    left = number
    done = asyncio.Event()

    async def counted(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        nonlocal left
        await handle(update, context)
        left -= 1
        if not left:
            done.set()

    application = Application.builder().token(TOKEN).base_url(f"{base}/bot").build()
    application.add_handler(MessageHandler(filters.TEXT & ~filters.COMMAND, counted))
    assert application.updater is not None
    async with application:
        await application.start()
        busy = time.process_time()
        await application.updater.start_polling()
        await done.wait()
        ended = time.monotonic()
        cost = (time.process_time() - busy) / number * 1e6
        await application.updater.stop()
        await application.stop()
    begun = journal_of(base).first_poll
    assert begun is not None
    rate = number / (ended - begun)
    return Rates(rate, rate, rate, cost)


def run(number: int = UPDATES) -> list[Result]:
    """Measure everything, with so many updates each time."""
    given = updates(number)
    with TemporaryDirectory(prefix="ampersand-bench-") as folder:
        made = Path(folder) / "asked.db"
        in_fresh_process(ask, made, number, before=DAYS_BEFORE, delivered=True)
        rates: list[Rates] = []
        for answering, sending in ((False, False), (True, False), (True, True)):
            path = Path(shutil.copy(made, Path(folder) / f"{len(rates)}.db"))
            with serving(updates=given) as base:
                rates.append(
                    in_fresh_process(ours, path, base, number, answering=answering, sending=sending)
                )
        with serving(updates=given) as base:
            plain = in_fresh_process(doing_nothing, base, number)
        with serving(updates=given) as base:
            kept = in_fresh_process(committing, Path(folder) / "theirs.db", base, number)
    storing, answering_, all_ = rates
    return [
        _line("polling with a handler that does nothing", plain.received, plain),
        _line("polling with a handler that commits each text", kept.received, kept),
        _line("ours: kept before it is acknowledged, not worked on", storing.received, storing),
        _line(
            "ours: kept, read, worked on and answered, all of it committed",
            answering_.answered,
            answering_,
        ),
        _line(
            f"ours: the same, and every answer sent ({SEND_RATE:,.0f} messages a second)",
            all_.sent,
            all_,
        ),
        at_least("answered: ours / doing nothing", answering_.answered / plain.received, 0.3, "x"),
        at_least("answered: ours / committing", answering_.answered / kept.received, 3, "x"),
        Result(
            "kept: ours / committing",
            f"{storing.received / kept.received:.1f} x",
        ),
    ]


def _line(what: str, rate: float, rates: Rates) -> Result:
    return Result(what, f"{rate:,.0f} /s; {rates.cost:,.0f} us of processor time each")


def main() -> None:
    """Print the table; the exit status says whether every budget holds."""
    results = run(*(int(number) for number in sys.argv[1:2]))
    print(table(results))
    sys.exit(any(result.holds is False for result in results))


if __name__ == "__main__":
    main()

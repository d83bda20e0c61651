"""A crowd that is asked today's question, and has perhaps used the bot for some time.

What is asked is what the bot asks: its own tick chooses the questions and queues the messages.
"""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

from benchmarks.crowd import FIRST_CHAT, NOW, let_fall_due, make
from bot.chat.conversations import Conversations
from bot.chat.turn import Operator
from bot.clock import Clock, MovedClock
from bot.content import load_content
from bot.transport.nightly import Nightly
from bot.transport.outcomes import Arrival, note_sent
from bot.transport.sender import Sender
from bot.transport.tick import Tick
from storage.connection import Connection
from storage.database import Database
from storage.store import Store

FIRST_MESSAGE = 5_000
LOOKED_EVERY = 0.05


def ask(path: Path, people: int, *, before: int = 0, delivered: bool) -> None:
    """Make the crowd and ask everybody.

    Args:
        path: the database file; it must not be there.
        people: how many people.
        before: on how many days each was asked and has answered before.
        delivered: whether the questions have reached them, or still wait in the outbox.
    """
    make(path, people)
    clock = MovedClock(NOW)
    database = Database(path).open()
    content = load_content(Operator("", "", None))
    nightly = Nightly(database, clock, clock.now().time(), None, 1)
    tick = Tick(database, clock, Conversations(content, clock), lambda: None, nightly)
    try:
        questions = sorted(content.library.by_id)
        database.submit(partial(_live, people, before, questions)).result()
        database.submit(lambda conn: let_fall_due(conn, people, NOW)).result()
        asked = asyncio.run(tick.run_due())
        if asked != people:
            raise AssertionError(f"{asked} of {people} were asked")
        if delivered:
            database.submit(lambda conn: _deliver(conn, clock)).result()
        database.submit(lambda conn: conn.execute("ANALYZE") and None).result()
    finally:
        database.close()


def _live(people: int, before: int, questions: list[str], conn: Connection) -> None:
    conn.executemany(
        "INSERT INTO asked (person_id, day, kind, question, text, tap, asked_at, state)"
        " VALUES (?, ?, 'daily', ?, 'What was a good hour?', NULL, ?, 'answered')",
        _past(people, before, questions),
    )
    conn.execute(
        "INSERT INTO answers (person_id, asked_id, day, text, words, answered_at, message_id)"
        " SELECT person_id, id, day, 'An hour in the garden.', 5, asked_at + 60, id FROM asked"
    )


def _past(people: int, before: int, questions: list[str]) -> Iterator[tuple[int, str, str, int]]:
    for days in range(before, 0, -1):
        at = NOW - timedelta(days=days)
        for person in range(1, people + 1):
            question = questions[(person + days) % len(questions)]
            yield person, at.date().isoformat(), question, int(at.timestamp())


def _deliver(conn: Connection, clock: Clock) -> None:
    """Do what the sender does when each message has reached its person."""
    store = Store(conn)
    now = clock.now()
    waiting = store.outbox.next(now, store.outbox.waiting())
    note_sent(conn, [Arrival(one, FIRST_MESSAGE + nth, now) for nth, one in enumerate(waiting)])
    if store.outbox.waiting():
        raise AssertionError("not all questions have reached their people")


def chat_of(person: int) -> int:
    """The chat of a person of the crowd, counted from 1."""
    return FIRST_CHAT + person


async def emptied(sender: Sender, database: Database) -> None:
    """Wait until the outbox is empty and nothing is on its way."""
    waiting = 1
    while waiting or not sender.idle:
        await asyncio.sleep(LOOKED_EVERY)
        waiting = await database.read(lambda conn: Store(conn).outbox.waiting())

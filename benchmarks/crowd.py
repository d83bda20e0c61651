"""A database full of people who use the bot, made from a seed: `python -m benchmarks.crowd FILE`.

Each has finished onboarding, lives in some zone, is asked at some time of the day and has the next
question and the next check-in on the schedule. Nobody has written anything yet.
"""

import argparse
import asyncio
import random
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from functools import cache, partial
from itertools import islice
from pathlib import Path
from typing import Any

from bot.chat.agenda import CHECK_IN, QUESTION
from bot.chat.turn import Operator
from bot.content import load_content
from bot.places import fill_places
from bot.rhythm.due import Schedule, next_due, weekly_due
from bot.rhythm.zones import zone_named
from storage.connection import Connection
from storage.database import Database

NOW = datetime(2026, 3, 2, 9, 0, 30, tzinfo=UTC)
"""When the crowd is made, if nothing else is asked for."""

FIRST_CHAT = 1_000_000_000
AT_ONCE = 20_000
"""So many people are written in one transaction."""

ZONES = (
    *("Europe/Berlin", "Europe/London", "Europe/Madrid", "Europe/Kyiv", "Europe/Istanbul"),
    *("America/New_York", "America/Chicago", "America/Los_Angeles", "America/Sao_Paulo"),
    *("Asia/Kolkata", "Asia/Manila", "Asia/Jakarta", "Asia/Tehran", "Asia/Tokyo"),
    *("Africa/Lagos", "Africa/Nairobi", "Australia/Sydney", "Pacific/Auckland"),
)

Row = tuple[Any, ...]


def make(path: Path, people: int, seed: int = 1, now: datetime = NOW) -> None:
    """Make a database with so many people; the file must not be there.

    Args:
        path: the database file.
        people: how many people.
        seed: the same seed makes the same people.
        now: nobody is due before this instant.
    """
    database = Database(path).open()
    try:
        asyncio.run(fill_places(database))
        dice = random.Random(seed)
        consent = load_content(Operator("", "", None)).consent
        numbers = iter(range(1, people + 1))
        while some := list(islice(numbers, AT_ONCE)):
            rows = [_person(dice, number, consent, now) for number in some]
            database.submit(partial(_write, rows)).result()
        database.submit(lambda conn: conn.execute("ANALYZE") and None).result()
    finally:
        database.close()


def let_fall_due(conn: Connection, number: int, at: datetime, after: int = 0) -> None:
    """Let the question of so many people fall due at an instant.

    Args:
        conn: a connection inside a transaction.
        number: how many people.
        at: when.
        after: those up to this id are left alone.
    """
    conn.execute(
        "UPDATE schedule SET due_at = ? WHERE kind = ? AND person_id > ? AND person_id <= ?",
        (int(at.timestamp()), QUESTION, after, after + number),
    )


def _person(
    dice: random.Random, number: int, consent: str, now: datetime
) -> tuple[Row, tuple[Row, Row]]:
    zone = dice.choice(ZONES)
    # Most people choose the evening, and full and half hours.
    hour = dice.choice((7, 8, 12, 13, 18, 19, 20, 20, 20, 21, 21, 22))
    ask_at = f"{hour:02}:{dice.choice((0, 0, 0, 30, 30, 15)):02}"
    question, check_in = _due(zone, ask_at, now)
    started = (now - timedelta(days=dice.randrange(1, 300))).date().isoformat()
    person = (number, FIRST_CHAT + number, zone, ask_at, started, int(now.timestamp()), consent)
    return person, ((number, QUESTION, question), (number, CHECK_IN, check_in))


@cache
def _due(zone: str, ask_at: str, now: datetime) -> tuple[int, int]:
    place = zone_named(zone)
    question = next_due(now, Schedule(time.fromisoformat(ask_at), place))
    check_in = weekly_due(now, Schedule(time(18), place, frozenset({6})))
    return int(question.at.timestamp()), int(check_in.at.timestamp())


def _write(made: Sequence[tuple[Row, tuple[Row, Row]]], conn: Connection) -> None:
    conn.executemany(
        "INSERT INTO people (id, chat_id, state, created_at, consent, consented_at, keep_days,"
        " push, zone, place, ask_at, started_on, heard_at) VALUES"
        " (?1, ?2, 'active', ?6, ?7, ?6, 365, 'text', ?3, 'Somewhere', ?4, ?5, ?6)",
        [person for person, _ in made],
    )
    conn.executemany(
        "INSERT INTO schedule (person_id, kind, due_at) VALUES (?, ?, ?)", _schedules(made)
    )


def _schedules(made: Sequence[tuple[Row, tuple[Row, Row]]]) -> Iterator[Row]:
    for _, rows in made:
        yield from rows


def main(arguments: Sequence[str] | None = None) -> None:
    """Make a crowd as the command line says."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.crowd")
    parser.add_argument("file", type=Path)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args(arguments)
    make(wanted.file, wanted.people, wanted.seed)
    sys.stdout.write(f"{wanted.people:,} people in {wanted.file}\n")


if __name__ == "__main__":
    main()

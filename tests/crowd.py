"""A database full of people whose every word can be found again in raw bytes."""

import random
import re
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

from storage.connection import Connection, connect
from storage.database import Database
from storage.hits import Hit
from storage.outbox import Outgoing
from storage.store import Store

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
KEY = "x'" + "5a" * 32 + "'"
"""A raw key: without a passphrase to stretch, opening takes no time."""

OTHER_KEY = "x'" + "c3" * 32 + "'"
FIRST = 730_000_000


def name_of(number: int) -> str:
    """What all texts of a person begin with."""
    return f"Zq{number:04d}wv"


def fill(database: Database, people: int, each: int = 3, seed: int = 1) -> None:
    """Let people live: write, edit, delete, change their card; interleaved, in many commits."""
    dice = random.Random(seed)  # noqa: S311 - no secrets are made of it
    database.submit(lambda conn: _meet(conn, people)).result()
    for turn in range(each):
        order = dice.sample(range(1, people + 1), people)
        for start in range(0, people, 50):
            some = order[start : start + 50]
            database.submit(partial(_write, dice, turn, some)).result()


def _meet(conn: Connection, people: int) -> None:
    store = Store(conn)
    for number in range(1, people + 1):
        person = store.people.add(FIRST + number, NOW)
        store.people.update(person, state="active", consent="seen", card=f"{name_of(number)} card")


def _write(dice: random.Random, turn: int, numbers: list[int], conn: Connection) -> None:
    store = Store(conn)
    for number in numbers:
        chat_id, person = FIRST + number, store.people.in_chat(FIRST + number)
        assert person is not None
        text = _text(dice, number)
        message_id = number * 1000 + turn
        store.inbox.store([{"update_id": message_id, "message": {"text": text}}], NOW)
        day = date(2026, 3, 2) + timedelta(days=dice.randrange(300))
        kept = store.answers.add(person.id, None, day, text, message_id, NOW, late=False)
        assert kept is not None
        store.hits.add(kept.id, [Hit("own-time", "M6", text[:40], None)])
        if dice.random() < 0.4:
            store.answers.edit(kept.id, _text(dice, number), NOW)
        if dice.random() < 0.15:
            store.answers.delete(kept.id)
        store.people.update(person, card=_text(dice, number), step_data={"city": text[:100]})
        store.outbox.add([Outgoing(chat_id, "sendMessage", {"text": text})])
        store.messages.add(chat_id, message_id, NOW, mine=False, subject=None)
        store.inbox.done(message_id, NOW)


def _text(dice: random.Random, number: int) -> str:
    length = dice.choice([5, 50, 200, 800, 5000])
    return f"{name_of(number)} " + "".join(dice.choices("abcdefghij ", k=length))


def forget(database: Database, *numbers: int) -> None:
    """Delete people as /delete does, and wait for what the writer does afterwards."""

    def work(conn: Connection) -> None:
        store = Store(conn)
        for number in numbers:
            person = store.people.in_chat(FIRST + number)
            assert person is not None
            store.outbox.drop_chat(person.chat_id)
            store.messages.drop_chat(person.chat_id)
            store.people.delete(person)

    database.submit(work).result()
    cleaned(database)


def cleaned(database: Database) -> None:
    """Wait until the writer has cleaned up after what it did last."""
    for _ in range(2):
        # The second piece of work begins only when that is over.
        database.submit(lambda _: None).result()


def traces(path: Path, *numbers: int) -> dict[str, int]:
    """How often these people's words and chats stand in the bytes of each file beside ``path``."""
    words = b"|".join(name_of(n).encode() for n in numbers)
    chats = b"|".join(
        pattern for n in numbers for pattern in (_big_endian(FIRST + n), str(FIRST + n).encode())
    )
    found = {}
    for file in sorted(path.parent.glob(f"{path.name}*")):
        # Journals come and go while the bot runs.
        with suppress(FileNotFoundError):
            count = len(re.findall(words + b"|" + chats, file.read_bytes()))
            if count:
                found[file.name] = count
    return found


def _big_endian(chat_id: int) -> bytes:
    """A chat's number as SQLite writes it in a row."""
    return re.escape(chat_id.to_bytes(4, "big"))


def people_in(path: Path, key: str | None = None) -> int:
    """How many people a file holds; it is sound."""
    conn = connect(path, key, read_only=True)
    assert conn.execute("PRAGMA quick_check").fetchone()[0] == "ok"
    count = int(conn.execute("SELECT count(*) FROM people").fetchone()[0])
    conn.close()
    return count


def contents(path: Path, key: str | None = None) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    conn = connect(path, key, read_only=True)
    found = conn.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    rows = {}
    for (table,) in found.fetchall():
        query = f"SELECT * FROM {table}"  # noqa: S608 - from the schema
        rows[table] = sorted((tuple(row) for row in conn.execute(query)), key=repr)
    conn.close()
    return rows

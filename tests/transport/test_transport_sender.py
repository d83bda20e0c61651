"""The loop that empties the outbox: what leaves together, what waits, what a stop leaves."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.transport import gathering
from bot.transport.pace import Pacer
from storage.connection import Connection
from storage.database import Database
from storage.errors import StorageError
from storage.outbox import Outgoing, Priority
from storage.store import Store
from tests.patience import PATIENCE, until
from tests.transport.phone import Phone, queue, rows, sending, text


async def test_only_what_is_in_doubt_goes_one_by_one(database: Database, phone: Phone) -> None:
    """After a restore everything that waited is in doubt, and nobody new waits behind it."""
    queue(database, [text(chat, f"old {chat}") for chat in range(1, 41)], doubted=True)
    queue(database, [text(chat, f"new {chat}") for chat in range(31, 46)])
    phone.answers.clear()
    async with sending(database, phone):
        await until(lambda: len(phone.asked) == 6)
        await asyncio.sleep(0.1)
        # In a chat the order is kept.
        assert sorted(phone.texts) == sorted(["old 1", *(f"new {chat}" for chat in range(41, 46))])
        phone.answers.set()
        await until(lambda: len(phone.answered) == 55)
    old = [words for words in phone.texts if words.startswith("old")]
    assert old == [f"old {chat}" for chat in range(1, 41)]


async def test_what_stands_first_goes_first_even_in_doubt(database: Database, phone: Phone) -> None:
    queue(
        database,
        [text(1, "later", priority=Priority.SCHEDULED), text(2, "grave", priority=Priority.GRAVE)],
        doubted=True,
    )
    queue(database, [text(3, "answer")])
    async with sending(database, phone):
        await until(lambda: len(phone.answered) == 3)
    assert phone.texts[0] == "grave"


async def test_whatever_ends_the_loop_ends_what_is_on_its_way(
    database: Database, phone: Phone
) -> None:
    queue(database, [text(1, "one"), text(2, "two")])
    phone.answers.clear()
    async with sending(database, phone) as running:
        await until(lambda: len(phone.asked) == 2)
    assert running.idle
    assert rows(database, "state") == [("sending",), ("sending",)]


async def test_a_stop_is_not_held_up_by_what_cannot_be_noted(
    database: Database, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message has gone out, and another program holds the database."""

    def locked(*_: object) -> None:
        raise StorageError("database is locked")

    tried = asyncio.Event()
    loop = asyncio.get_running_loop()
    monkeypatch.setattr(gathering, "PAUSE", 0.01)
    queue(database, [text(1, "one")])
    async with sending(database, phone) as running:
        monkeypatch.setattr(running._arriving, "_work", locked)
        await until(lambda: len(phone.answered) == 1)
        loop.call_later(0.1, tried.set)
        async with asyncio.timeout(PATIENCE):
            await tried.wait()
        assert rows(database, "state") == [("sending",)]
    assert running.idle


async def test_what_could_not_be_noted_is_noted_when_the_lock_is_gone(
    database: Database, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts = 0
    monkeypatch.setattr(gathering, "PAUSE", 0.01)
    queue(database, [text(1, "one")])
    async with sending(database, phone) as running:
        note = running._arriving._work

        def locked_twice(conn: Connection, items: Any) -> None:
            nonlocal attempts
            attempts += 1
            if attempts < 3:
                raise StorageError("database is locked")
            note(conn, items)

        monkeypatch.setattr(running._arriving, "_work", locked_twice)
        await until(lambda: attempts == 3 and running.idle)
    assert rows(database, "state") == []
    assert phone.texts == ["one"]


async def test_a_change_waits_for_the_message_that_it_is_about(
    database: Database, phone: Phone
) -> None:
    """The question is of less priority than the edit, which would find nothing to change."""
    queue(
        database,
        [
            text(1, "how was it?", priority=Priority.SCHEDULED, subject="asked:7"),
            Outgoing(1, "editMessageText", {"text": "kept"}, target="asked:7"),
            Outgoing(1, "editMessageText", {"text": "of nothing"}, target="asked:8"),
        ],
    )

    def met(conn: Connection) -> None:
        Store(conn).people.add(1, datetime.now(UTC))

    database.submit(met).result(30)
    async with sending(database, phone):
        await until(lambda: len(phone.answered) == 2)
        await until(lambda: rows(database, "id") == [])
    assert phone.texts == ["how was it?", "kept"]


async def test_a_row_that_is_over_and_broken_ends_nothing(database: Database, phone: Phone) -> None:
    def work(conn: Connection) -> None:
        store = Store(conn)
        now = datetime.now(UTC)
        person = store.people.add(1, now)
        cover = store.covers.add(person.id, {}, now)
        conn.execute("UPDATE covered SET payload = 'no JSON'")
        store.outbox.add([text(1, "covered", subject=f"cover:{cover}", expires_at=now)])
        store.outbox.add([text(2, "over", expires_at=now), text(3, "meant for now")])

    database.submit(work).result(30)
    async with sending(database, phone):
        await until(lambda: len(phone.answered) == 1)
        await until(lambda: rows(database, "state, payload") == [("failed", "{}")])
    assert phone.texts == ["meant for now"]


async def test_what_a_halt_finds_at_the_door_goes_back(
    database: Database, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Telegram has asked for a pause while the message was being noted as leaving."""
    queue(database, [text(1, "one")])
    left: list[bool] = []
    really = Pacer.departure

    async def departure(pacer: Pacer) -> bool:
        if not left:
            pacer.halt(0.1)
        left.append(await really(pacer))
        return left[-1]

    monkeypatch.setattr(Pacer, "departure", departure)
    async with sending(database, phone):
        await until(lambda: len(phone.answered) == 1)
    assert left == [False, True]

"""Within a chat what was said first arrives first, whatever delays it; and nobody else waits."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from telegram.error import Forbidden, RetryAfter, TimedOut

from bot.transport.outcomes import note_interrupted
from bot.transport.pace import Pacer
from bot.transport.request import NotSentError
from storage.connection import Connection
from storage.database import Database
from storage.outbox import Outgoing, Priority
from storage.store import Store
from tests.patience import until
from tests.transport.phone import Phone, queue, rows, sending, text

# The library warns of what becomes of an attribute, and the bot does not listen either.
pytestmark = pytest.mark.filterwarnings("ignore:.*attribute .retry_after")


def _pause() -> Exception:
    return RetryAfter(6)


def _no_way() -> Exception:
    return NotSentError("no way there")


class Troubled(Phone):
    """A phone at which requests fail."""

    def __init__(self, trouble: Callable[[str, int], Exception | None]) -> None:
        """``trouble`` is told the text and how often it was asked to send it."""
        super().__init__()
        self._trouble = trouble
        self.troubled = asyncio.Event()
        self.troubled.set()

    async def do_api_request(self, method: str, api_kwargs: dict[str, Any]) -> dict[str, int]:
        """Take a request, or fail."""
        words = api_kwargs["text"]
        if (error := self._trouble(words, self.texts.count(words))) is not None:
            self.asked.append((method, api_kwargs["chat_id"], words))
            await self.troubled.wait()
            raise error
        return await super().do_api_request(method, api_kwargs)

    @property
    def arrived(self) -> list[str]:
        """The texts that have come, in their order."""
        return [words for _, _, words in self.answered]


def edit(words: str, **more: Any) -> Outgoing:
    """A change of a message in chat 1."""
    return Outgoing(1, "editMessageText", {"text": words, "message_id": 4}, **more)


def known(database: Database) -> None:
    """Let chat 1 be somebody who uses the bot."""

    def work(conn: Connection) -> None:
        people = Store(conn).people
        person = people.add(1, datetime.now(UTC))
        people.update(person, state="active")

    database.submit(work).result(30)


@pytest.mark.parametrize(("error", "times"), [(_pause, 1), (_no_way, 5)])
async def test_what_is_put_off_keeps_its_place(
    database: Database, error: Callable[[], Exception], times: int
) -> None:
    """Also where it is put off for longer than its chat rests."""
    phone = Troubled(lambda words, asked: error() if words == "A" and asked < times else None)
    queue(database, [text(1, "A"), text(1, "B"), text(1, "C")])
    async with sending(database, phone):
        await until(lambda: rows(database, "id") == [])
    assert phone.arrived == ["A", "B", "C"]


async def test_an_older_change_never_comes_over_a_newer_one(database: Database) -> None:
    phone = Troubled(lambda words, asked: _pause() if words == "2" and not asked else None)
    queue(database, [edit("2")])
    async with sending(database, phone) as running:
        await until(lambda: phone.asked)
        queue(database, [edit("5")])
        running.wake()
        await until(lambda: rows(database, "id") == [])
    assert phone.arrived == ["2", "5"]


async def test_many_changes_keep_nobody_from_the_message_that_they_wait_for(
    database: Database, phone: Phone
) -> None:
    known(database)
    question = text(1, "how was it?", priority=Priority.SCHEDULED, subject="asked:7")
    queue(database, [question, *(edit(f"{n}", target="asked:7") for n in range(1500))])
    async with sending(database, phone):
        await until(lambda: phone.asked)
    assert phone.texts[0] == "how was it?"


async def test_one_change_that_always_times_out_makes_nobody_wait(database: Database) -> None:
    phone = Troubled(lambda words, _: TimedOut() if words == "stuck" else None)
    queue(database, [edit("stuck")])
    async with sending(database, phone) as running:
        await until(lambda: phone.texts.count("stuck") >= 3)
        assert running._failures == 0
        queue(database, [text(2, "help", priority=Priority.GRAVE)])
        running.wake()
        async with asyncio.timeout(1):
            await until(lambda: "help" in phone.texts)


async def test_whoever_has_come_back_gets_what_was_queued_since(database: Database) -> None:
    """Telegram says only now that an older message found the bot blocked."""
    known(database)
    phone = Troubled(lambda words, _: Forbidden("blocked") if words == "old" else None)
    phone.troubled.clear()
    queue(database, [text(1, "old")])
    async with sending(database, phone) as running:
        await until(lambda: phone.asked)
        queue(database, [text(1, "help", priority=Priority.GRAVE)])
        phone.troubled.set()
        running.wake()
        await until(lambda: "help" in phone.arrived)
    assert database.submit(_state).result(30) == "active"


async def test_a_stop_at_the_door_leaves_a_message_that_was_not_sent(
    database: Database, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was in doubt before, so it would not be sent a third time; but it has not left."""

    async def departure(_: Pacer) -> bool:
        await asyncio.Event().wait()
        return True

    monkeypatch.setattr(Pacer, "departure", departure)
    queue(database, [text(1, "one")], doubted=True)
    async with sending(database, phone):
        await until(lambda: rows(database, "state") == [("sending",)])
    database.submit(note_interrupted).result(30)
    assert rows(database, "state") == [("queued",)]


def _state(conn: Connection) -> str:
    return str(conn.execute("SELECT state FROM people").fetchone()[0])

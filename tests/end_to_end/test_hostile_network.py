"""A network that is no friend: long pauses, lost answers, no names, rivals, refusals for good."""

import asyncio
import socket
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import aiohttp
import pytest

from bot import app
from bot.app import Ampersand
from bot.demo.faults import Fault, Trouble
from bot.demo.people import Person
from bot.demo.refusals import Refusal
from bot.transport import backoff, client, sender
from bot.transport.pace import Pacer
from bot.transport.request import AiohttpRequest
from tests.end_to_end.cards import card_of, unknowns
from tests.house import House
from tests.leaks import Overheard
from tests.patience import PATIENCE, until

HOUR = 3600


class Patience:
    """A monotonic clock that can be moved ahead, and the clock of a house with it."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._ahead = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self._ahead

    def wait(self, seconds: float) -> None:
        """Let so much time pass."""
        self._ahead += seconds
        self._house.clock.move(timedelta(seconds=seconds))


@pytest.fixture
async def patience(house: House, monkeypatch: pytest.MonkeyPatch) -> Patience:
    """The time by which the pace of this house is measured."""
    made = Patience(house)
    monkeypatch.setattr(sender, "HALT_MAX", 0.05)
    monkeypatch.setattr(house, "_pacer", lambda: Pacer(1000, chat_interval=0.001, monotonic=made))
    await house.restart()
    return made


async def test_one_chat_that_has_to_wait_an_hour_holds_up_nobody(
    house: House, ada: Person, patience: Patience
) -> None:
    bob = house.server.person(12, "Bob")
    house.server.faults.too_many(HOUR, method="sendMessage", chat_id=ada.id)
    await ada.send_text("/unheard_of")
    await ada.send_text("/unheard_of")
    await until(lambda: house.server.requests[-1].status == 429)
    for _ in range(3):
        await bob.send_text("Hello, I am new here.")
    await until(lambda: len(bob.from_bot) == 3)
    assert unknowns(ada) == 0
    patience.wait(HOUR - 30)
    await bob.send_text("Hello, I am new here.")
    await until(lambda: len(bob.from_bot) == 4)
    assert unknowns(ada) == 0
    patience.wait(31)
    await house.settle()
    assert unknowns(ada) == 2
    assert [call.status for call in house.server.calls("sendMessage")].count(429) == 1


async def test_a_bot_that_forgot_whom_to_spare_is_told_again_and_loses_nothing(
    house: House, ada: Person, patience: Patience
) -> None:
    house.server.faults.too_many(HOUR, method="sendMessage", chat_id=ada.id, times=2)
    await ada.send_text("/unheard_of")
    await until(lambda: house.server.requests[-1].status == 429)
    await house.restart()
    patience.wait(61)
    await until(lambda: house.rows("SELECT attempts, state FROM outbox") == [(2, "queued")])
    patience.wait(HOUR)
    await house.settle()
    assert unknowns(ada) == 1


async def test_an_answer_that_comes_too_late_repeats_the_message_once(
    house: House, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Telegram has delivered it each time, and the bot never hears so."""
    monkeypatch.setattr(client, "AiohttpRequest", partial(AiohttpRequest, read_timeout=0.3))
    await house.restart()
    late = house.server.faults.hold(method="sendMessage", after=True, times=-1)
    await house.say(ada, "/unheard_of")
    assert late.met == 2
    assert unknowns(ada) == 2
    house.server.faults.clear()
    await house.say(ada, "/help")
    assert "What you can do" in ada.last.text
    assert unknowns(ada) == 2


async def test_one_chat_where_nothing_works_holds_up_nobody(house: House, ada: Person) -> None:
    bob = house.server.person(12, "Bob")
    broken = Refusal(500, "Internal Server Error")
    house.server.faults.add(
        Fault(Trouble.REFUSE, "sendMessage", chat_id=ada.id, times=-1, refusal=broken)
    )
    await ada.send_text("/unheard_of")
    for number in range(1, 6):
        await bob.send_text("Hello, I am new here.")
        await until(partial(_has, bob, number))
    house.server.faults.clear()
    await house.settle()
    assert unknowns(ada) == 1


def _has(person: Person, number: int) -> bool:
    return len(person.from_bot) == number


async def test_what_cannot_be_sent_is_not_overtaken(house: House) -> None:
    """Several messages greet a person; the first one meets a broken server, twice."""
    ada, bob = house.server.person(11, "Ada"), house.server.person(12, "Bob")
    await house.say(bob, "/start")
    house.server.faults.server_error(method="sendMessage", times=2)
    await house.say(ada, "/start")
    assert len(ada.from_bot) > 2
    assert [message.text for message in ada.from_bot] == [message.text for message in bob.from_bot]


async def test_what_a_kill_has_left_in_doubt_is_sent_one_by_one(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another kill then meets one message in flight, not all of them: a second doubt is final."""
    monkeypatch.setattr(app, "DRAIN_SECONDS", 0.05)
    crowd = [house.server.person(number, f"P{number}") for number in range(11, 19)]
    held = house.server.faults.hold(method="sendMessage", times=-1)
    for person in crowd:
        await person.send_text("Hello, I am new here.")
    await until(lambda: held.met == len(crowd))
    await house.stop()
    house.server.faults.clear()
    held = house.server.faults.hold(method="sendMessage", times=-1)
    await house.start()
    async with asyncio.timeout(PATIENCE):
        await held.reached.wait()
    await asyncio.sleep(0.3)
    assert held.met == 1
    await house.stop()
    house.server.faults.clear()
    await house.start()
    await house.settle()
    assert [len(person.from_bot) for person in crowd] == [2] * len(crowd)


async def test_a_stop_waits_for_nobody_for_ever(
    house: House, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Telegram does not answer at all, and the bot is stopped."""
    monkeypatch.setattr(app, "DRAIN_SECONDS", 0.1)
    held = house.server.faults.hold(times=-1)
    await ada.send_text("/unheard_of")
    async with asyncio.timeout(PATIENCE):
        await held.reached.wait()
    async with asyncio.timeout(PATIENCE):
        await house.stop()
    house.server.faults.clear()
    await house.start()
    await house.settle()
    assert 1 <= unknowns(ada) <= 2


async def test_a_stop_does_not_wait_for_the_first_contact(house: House) -> None:
    """The network swallows everything, and the bot is stopped before it has ever got through."""
    await house.stop()
    held = house.server.faults.hold(method="getMe")
    built = Ampersand.build(house.settings, house.clock)
    stop = asyncio.Event()
    running = asyncio.create_task(built.run(stop))
    async with asyncio.timeout(PATIENCE):
        await held.reached.wait()
    stop.set()
    async with asyncio.timeout(PATIENCE):
        await running


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses of seconds last milliseconds."""
    monkeypatch.setattr(backoff, "PAUSES", (0.004, 0.008))
    monkeypatch.setattr(sender, "HALT_MAX", 0.008)
    monkeypatch.setattr(sender, "BACKOFF_MAX", 0.02)


class Names:
    """Looking up names, which can fail."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.failed = 0
        self.works = True
        self._really = socket.getaddrinfo
        monkeypatch.setattr(socket, "getaddrinfo", self._look_up)
        # Every request looks the name up, as if none of the last ones had been answered.
        connector = partial(aiohttp.TCPConnector, use_dns_cache=False, force_close=True)
        monkeypatch.setattr("bot.transport.request.aiohttp.TCPConnector", connector)

    def _look_up(self, host: Any, *args: Any, **kwargs: Any) -> Any:
        if host != "telegram.test":
            return self._really(host, *args, **kwargs)
        if self.works:
            return self._really("127.0.0.1", *args, **kwargs)
        self.failed += 1
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")


@pytest.mark.usefixtures("hurried")
async def test_an_hour_without_names_loses_nothing_and_floods_no_log(
    house: House, ada: Person, monkeypatch: pytest.MonkeyPatch, overheard: Overheard
) -> None:
    """As many attempts as in an hour: one every five seconds by what sends, and by what polls."""
    bob = house.server.person(12, "Bob")
    await house.welcome(bob)
    names = Names(monkeypatch)
    port = house.server.base_url.rpartition(":")[2]
    base = {"telegram_api_base": f"http://telegram.test:{port}"}
    house.settings = house.settings.model_copy(update=base)
    await house.restart()
    await house.move_to(datetime(2026, 3, 3, 18, 59, tzinfo=UTC))
    before = len(ada.from_bot), len(bob.from_bot)
    overheard.forget()
    names.works = False
    await ada.send_text("/unheard_of")
    await bob.send_text("Written when the names were gone.")
    house.clock.move_to(datetime(2026, 3, 3, 19, 0, tzinfo=UTC))
    await house.app.tick.run_due()
    await until(lambda: names.failed >= 2 * HOUR / 5)
    logged = [line for line in overheard.logged().splitlines() if " DEBUG " not in line]
    assert len(logged) <= names.failed / backoff.TOLD_EVERY + 5
    names.works = True
    await house.settle()
    assert unknowns(ada) == 1
    assert house.rows("SELECT text FROM answers") == [("Written when the names were gone.",)]
    assert (len(ada.from_bot), len(bob.from_bot)) == (before[0] + 2, before[1] + 1)
    assert [card_of(person).sent_at.day for person in (ada, bob)] == [3, 3]
    assert "works again" in overheard.logged()


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            "Conflict: terminated by other getUpdates request; make sure that only one bot"
            " instance is running",
            "another program polls with this token",
        ),
        (
            "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to"
            " delete the webhook first",
            "another program has set a webhook for this token",
        ),
    ],
)
async def test_a_rival_is_named_now_and_then_and_outlived(
    house: House, ada: Person, overheard: Overheard, words: str, said: str
) -> None:
    attempts = 3 * backoff.TOLD_EVERY
    house.server.faults.refuse(409, words, method="getUpdates", times=attempts)
    await house.say(ada, "First of two lines.")
    await house.say(ada, "Second of two lines.")
    assert house.rows("SELECT count(*), count(DISTINCT text) FROM answers") == [(2, 2)]
    calls = house.server.calls("getUpdates")
    assert [call.status for call in calls].count(409) == attempts
    assert overheard.logged().count(said) == 3
    assert "polling works again" in overheard.logged()

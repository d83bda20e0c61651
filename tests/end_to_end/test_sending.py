"""From the outbox to Telegram while things go wrong: what is sent once, what twice, what never."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from pydantic import SecretStr

from bot.app import StartError
from bot.clock import MovedClock
from bot.config import Settings
from bot.demo.journal import busiest
from bot.demo.people import Person
from bot.demo.server import BotApiServer
from bot.transport.pace import Pacer
from storage.store import Store
from tests.end_to_end.cards import card_of, unknowns
from tests.house import START, House
from tests.patience import PATIENCE, until


async def test_a_pause_that_telegram_asks_for_halts_everything(house: House, ada: Person) -> None:
    bob = house.server.person(12, "Bob")
    house.server.faults.too_many(1, method="sendMessage")
    await ada.send_text("/unheard_of")
    await until(lambda: house.server.requests[-1].status == 429)
    refused = house.server.requests[-1].seconds
    await bob.send_text("Hello, I am new here.")
    await house.settle()
    assert unknowns(ada) == 1
    assert len(bob.from_bot) == 1
    sent = [call for call in house.server.calls("sendMessage") if call.seconds > refused]
    assert len(sent) == 2
    assert all(call.seconds - refused >= 1.0 for call in sent)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_what_a_broken_server_refuses_is_sent_once(
    house: House, ada: Person, status: int
) -> None:
    house.server.faults.server_error(status, method="sendMessage")
    await house.say(ada, "/unheard_of")
    assert unknowns(ada) == 1


async def test_a_server_that_stays_broken_for_a_while_loses_nothing(
    house: House, ada: Person
) -> None:
    house.server.faults.server_error(503, method="sendMessage", times=2)
    for _ in range(3):
        await ada.send_text("/unheard_of")
    await house.settle()
    assert unknowns(ada) == 3


async def test_a_connection_cut_before_is_sent_once(house: House, ada: Person) -> None:
    house.server.faults.drop_before(method="sendMessage")
    await house.say(ada, "/unheard_of")
    assert unknowns(ada) == 1


async def test_a_connection_cut_after_is_sent_twice_and_no_more(house: House, ada: Person) -> None:
    """Nobody can know whether Telegram has it, so it is repeated, once."""
    house.server.faults.drop_after(method="sendMessage", times=-1)
    await house.say(ada, "/unheard_of")
    assert unknowns(ada) == 2
    house.server.faults.clear()
    await house.say(ada, "/help")
    assert "What you can do" in ada.last.text


async def test_reactions_and_edits_are_repeated_until_they_are_known_to_be_there(
    house: House, ada: Person
) -> None:
    house.server.faults.drop_after(method="setMessageReaction", times=2)
    sent = await house.say(ada, "This was a good day.")
    assert sent.reactions == ["✍"]
    assert len(house.server.calls("setMessageReaction")) == 3
    assert "kept" in card_of(ada).text
    assert house.rows("SELECT count(*) FROM answers") == [(1,)]


async def test_a_slow_answer_holds_up_nobody_else(house: House, ada: Person) -> None:
    bob = house.server.person(12, "Bob")
    slow = house.server.faults.hold(method="sendMessage", chat_id=ada.id, after=True)
    await ada.send_text("/unheard_of")
    async with asyncio.timeout(PATIENCE):
        await slow.reached.wait()
    await bob.send_text("Hello, I am new here.")
    await bob.wait_for("Send /start")
    slow.release()
    await house.settle()
    assert unknowns(ada) == 1


async def test_what_telegram_refuses_for_good_holds_up_nothing(house: House, ada: Person) -> None:
    house.server.faults.refuse(400, "Bad Request: BUTTON_DATA_INVALID", method="sendMessage")
    await ada.send_text("/unheard_of")
    await ada.send_text("/unheard_of")
    await house.settle()
    assert unknowns(ada) == 1
    assert house.rows("SELECT state, payload FROM outbox") == [("failed", "{}")]


async def test_a_method_that_the_server_does_not_know_holds_up_nothing(
    house: House, ada: Person
) -> None:
    """As with a Bot API server of one's own that is older than the bot."""
    house.server.faults.refuse(
        404, "Not Found: method not found", method="setMessageReaction", times=-1
    )
    await house.say(ada, "There was sun today.")
    assert "kept" in card_of(ada).text
    assert house.rows("SELECT state, method FROM outbox") == [("failed", "setMessageReaction")]


async def test_what_was_only_meant_for_a_day_does_not_come_after_it(
    house: House, ada: Person
) -> None:
    """Telegram cannot be reached in the evening, and can be the next morning."""
    house.server.faults.server_error(502, method="sendMessage", times=-1)
    house.clock.move_to(datetime(2026, 3, 3, 19, 0, tzinfo=UTC))
    await house.app.tick.run_due()
    await until(lambda: house.server.requests[-1].status == 502)
    before = len(ada.from_bot)
    house.clock.move_to(datetime(2026, 3, 4, 7, 0, tzinfo=UTC))
    house.server.faults.clear()
    await house.settle()
    assert len(ada.from_bot) == before
    await house.move_to(datetime(2026, 3, 4, 20, 0, tzinfo=UTC))
    assert len(ada.from_bot) == before + 1


async def test_a_second_poller_is_noticed_and_the_first_recovers(house: House, ada: Person) -> None:
    url = f"{house.server.base_url}/bot{house.server.token}/getUpdates"
    async with aiohttp.ClientSession() as session:
        async with session.post(url, json={"timeout": 20}) as answer:
            # The bot polls again after a second, and this one is sent away in its turn.
            assert answer.status == 409
        assert any(call.status == 409 for call in house.server.calls("getUpdates"))
    await house.say(ada, "Did you get this?")
    assert house.rows("SELECT text FROM answers") == [("Did you get this?",)]


@pytest.mark.parametrize("fault", ["server_error", "drop_before", "drop_after", "too_many"])
async def test_polling_goes_on_after_whatever_went_wrong(
    house: House, ada: Person, fault: str
) -> None:
    faults = house.server.faults
    if fault == "too_many":
        faults.too_many(1, method="getUpdates")
    else:
        getattr(faults, fault)(method="getUpdates")
    await house.say(ada, "First of two lines.")
    await house.say(ada, "Second of two lines.")
    assert house.rows("SELECT count(*), count(DISTINCT text) FROM answers") == [(2, 2)]


async def test_a_token_that_is_taken_back_ends_the_bot_and_loses_nothing(
    house: House, ada: Person
) -> None:
    """401 for everything: the bot ends with one clear line, and what waited is sent later."""
    house.server.faults.refuse(401, "Unauthorized", method="sendMessage", times=-1)
    await ada.send_text("/unheard_of")
    await until(lambda: house.server.requests[-1].status == 401)
    house.server.faults.refuse(401, "Unauthorized", method="getUpdates")
    await ada.send_text("Are you still there?")
    with pytest.raises(StartError, match="does not accept this token any more"):
        await house.settle()
    with pytest.raises(StartError):
        await house.stop()
    house.server.faults.clear()
    await house.start()
    await house.settle()
    assert unknowns(ada) == 1
    assert house.rows("SELECT text FROM answers") == [("Are you still there?",)]


class Paced:
    """Houses at the pace that people meet."""

    def __init__(self, server: BotApiServer, clock: MovedClock, database: Path) -> None:
        self._server, self._clock, self._database = server, clock, database
        self._open: list[House] = []

    async def start(self, pacer: Pacer) -> House:
        """A house with this pace."""
        settings = Settings(
            bot_token=SecretStr(self._server.token),
            telegram_api_base=self._server.base_url,
            database_path=self._database,
        )
        house = House(self._server, self._clock, settings, lambda: pacer)
        self._open.append(house)
        await house.start()
        return house

    async def stop(self) -> None:
        """Close all of them."""
        for house in self._open:
            await house.stop()


@pytest.fixture
async def paced(database_path: Path) -> AsyncIterator[Paced]:
    clock = MovedClock(START)
    async with BotApiServer(clock=clock.now) as server:
        houses = Paced(server, clock, database_path)
        yield houses
        await houses.stop()
    assert server.violations == []


async def test_no_second_ever_sees_more_than_the_rate(paced: Paced) -> None:
    """A hundred people are due in the same second, at 30 messages a second."""
    house = await paced.start(Pacer(30))

    def meet(conn: Any) -> None:
        store = Store(conn)
        for chat_id in range(1, 101):
            person = store.people.update(
                store.people.add(chat_id, START),
                state="active",
                consent="seen",
                keep_days=0,
                push="text",
                zone="Europe/Berlin",
                started_on=date(2026, 3, 1),
            )
            store.schedule.set(person.id, "question", datetime(2026, 3, 2, 19, 0, tzinfo=UTC))

    house.app.database.submit(meet).result()
    for chat_id in range(1, 101):
        house.server.world.known_chat(house.server.person(chat_id).id).opened = True
    await house.move_to(datetime(2026, 3, 2, 19, 0, 0, tzinfo=UTC))
    sent = house.server.calls("sendMessage")
    assert len(sent) == 100
    assert {call.chat_id for call in sent} == set(range(1, 101))
    # The journal tells when answers were ready, and a busy machine is late by some milliseconds:
    # a tenth of a second is left for that.
    assert busiest(sent, window=0.9) <= 30


async def test_one_chat_gets_five_at_once_and_the_rest_one_by_one(paced: Paced) -> None:
    house = await paced.start(Pacer(1000, chat_interval=0.2))
    ada = house.server.person(11, "Ada")
    for _ in range(12):
        await ada.send_text("Hello, is anybody there?")
    await house.settle()
    times = [call.seconds for call in house.server.calls("sendMessage")]
    assert len(times) == 12
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert sum(gap < 0.1 for gap in gaps) <= 5
    for position, at in enumerate(times[5:], start=1):
        assert at - times[0] >= position * 0.2 - 0.1


async def test_messages_wait_in_the_outbox_while_the_bot_is_off(house: House, ada: Person) -> None:
    held = house.server.faults.hold(method="sendMessage", times=-1)
    await ada.send_text("/unheard_of")
    await ada.send_text("/help")
    async with asyncio.timeout(PATIENCE):
        await held.reached.wait()
    stopping = asyncio.create_task(house.stop())
    await asyncio.sleep(0.1)
    house.server.faults.clear()
    await stopping
    await house.start()
    await house.settle()
    assert unknowns(ada) == 1
    assert "What you can do" in ada.last.text

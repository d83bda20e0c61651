"""SIGKILL, SIGTERM twice, updates that nobody can read: nothing is lost and nothing is doubled."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.demo.faults import Fault
from bot.demo.people import Person
from bot.demo.server import BotApiServer
from bot.demo.world import Change
from storage.database import Database
from storage.store import Store
from tests.leaks import Overheard
from tests.processes import PATIENCE, BotProcess, WatchedServer
from tests.sendings import Sendings

CROWD = 50
KILLS = (
    ("reaction", 1),
    ("sent", 1),
    ("sent", 1),
    ("sent", 2),
    ("reaction", 40),
    ("sent", 1),
    ("sent", 12),
    ("sent", 1),
    ("sent", 30),
    ("sent", 45),
)
"""What Telegram has just done when the bot is killed, and how often in that run."""

IN_FLIGHT = 25
"""At 100 messages a second, as in these tests, so many may be on their way at once."""


@pytest.fixture
async def server(overheard: Overheard) -> AsyncIterator[WatchedServer]:
    """Telegram's side, which tells whether the bot polls."""
    running = WatchedServer()
    async with running:
        yield running
    assert running.violations == []


def _meet(server: BotApiServer, database_path: Path, number: int) -> list[Person]:
    """People who use the bot already, with no question open, so that what they write is a note."""

    def work(conn: Any) -> None:
        people = Store(conn).people
        for chat_id in range(1, number + 1):
            people.update(
                people.add(chat_id, datetime.now(UTC)),
                state="active",
                consent="seen",
                keep_days=0,
                push="text",
                zone="Europe/Berlin",
                started_on=date(2026, 3, 2),
            )

    database = Database(database_path).open()
    database.submit(work).result()
    database.close()
    met = [server.person(chat_id, f"P{chat_id}") for chat_id in range(1, number + 1)]
    for person in met:
        server.world.known_chat(person.id).opened = True
    return met


def _reactions(server: BotApiServer) -> Counter[tuple[int | None, int]]:
    return Counter(
        (call.chat_id, int(call.params["message_id"]))
        for call in server.calls("setMessageReaction")
        if call.status == 200
    )


def _notes(server: BotApiServer) -> Counter[int | None]:
    return Counter(
        call.chat_id
        for call in server.calls("sendMessage")
        if call.status == 200 and "note of the day" in call.params["text"]
    )


async def test_ten_kills_lose_no_answer_and_double_none(
    bot: BotProcess, server: BotApiServer
) -> None:
    """Ten times 50 messages wait, and the bot is killed at another point of its work each time."""
    people = _meet(server, bot.database, CROWD)
    sendings = Sendings(bot, server)
    typed: set[str] = set()
    kind, left = "", 0

    def killing(change: Change) -> None:
        # In the middle of a request: Telegram has done it, the bot has not heard so.
        nonlocal kind, left
        if change.kind == kind and change.message is not None:
            left -= change.message.from_bot or kind == "reaction"
            if left == 0:
                # What has arrived by now but is not answered yet belongs to this run, too.
                kind = ""
                bot.kill()

    server.subscribe(killing)
    for turn, moment in enumerate(KILLS):
        for person in people:
            typed.add((await person.send_text(f"Note {turn} about the day, by {person.id}.")).text)
        kind, left = moment
        await bot.start()
        assert await bot.ended() == -9
        sendings.note_kill()
    await bot.start()
    await bot.settled()
    await bot.stop()

    log = bot.log.read_text(encoding="utf-8")
    assert "is set aside" not in log, "an update could not be worked on"
    kept = Counter(str(row[0]) for row in bot.rows("SELECT text FROM answers"))
    assert kept == Counter(typed), f"{typed - set(kept)} lost, {kept - Counter(typed)} doubled"
    reactions = _reactions(server)
    assert len(reactions) == CROWD * len(KILLS)
    # A message that was under way at a kill may have been sent twice; nothing else may.
    assert sendings.wrong() == [], sendings.summary()
    notes = _notes(server)
    rare = {person.id: notes[person.id] for person in people if notes[person.id] < len(KILLS)}
    twice = sum(doubts > 1 for doubts in sendings.doubts.values())
    assert sum(len(KILLS) - number for number in rare.values()) <= twice, f"{rare}, {twice} twice"
    assert bot.rows("SELECT count(*) FROM inbox WHERE raw IS NOT NULL") == [(0,)]


async def test_many_on_their_way_at_two_kills_all_arrive_but_the_one_that_was_tried_twice(
    bot: BotProcess, server: BotApiServer
) -> None:
    """What never left is sent, however often the bot is killed, unless two kills found it leaving.

    So at a start what is in doubt goes one by one: a second kill then finds only one.
    """
    people = _meet(server, bot.database, CROWD)
    for person in people:
        await person.send_text(f"A word from person {person.id}.")
    sendings = Sendings(bot, server)
    written = 0
    for least in (IN_FLIGHT // 2, 1):
        # Requests that come in are not done, and never will be.
        held = server.faults.hold(method="sendMessage", times=-1)
        await bot.start()
        await _until(partial(_met, held, least))
        for _ in range(20):
            # Time for more to leave, if more would.
            await people[written].send_text(f"Word number {written} meanwhile.")
            written += 1
            await _until(partial(_kept, bot, CROWD + written))
        bot.kill()
        assert await bot.ended() == -9
        held.times = 0
        sendings.note_kill()
    assert held.met == 1
    assert sum(sendings.doubts.values()) > IN_FLIGHT // 2
    assert max(sendings.doubts.values()) == 2
    await bot.start()
    await bot.settled()
    await bot.stop()
    assert sendings.wrong() == [], sendings.summary()
    missing = sendings.queued - set(sendings.arrived())
    assert len(missing) == 1
    assert {sendings.doubts[name] for name in missing} == {2}


async def test_a_kill_while_the_batch_is_fetched_loses_nothing(
    bot: BotProcess, server: BotApiServer
) -> None:
    """Telegram has given the batch and the bot dies before it is stored."""
    people = _meet(server, bot.database, CROWD)
    for person in people:
        await person.send_text(f"A thought of person {person.id}.")
    fetched = server.faults.hold(method="getUpdates", after=True)
    await bot.start()
    await fetched.reached.wait()
    bot.kill()
    assert await bot.ended() == -9
    fetched.release()
    assert len(server.pending) == CROWD
    await bot.start()
    await bot.settled()
    await bot.stop()
    assert bot.rows("SELECT count(*), count(DISTINCT text) FROM answers") == [(CROWD, CROWD)]
    assert set(_reactions(server).values()) == {1}


async def test_a_kill_between_storing_and_confirming_a_batch_doubles_nothing(
    bot: BotProcess, server: BotApiServer
) -> None:
    """The batch is stored and worked on, and Telegram gives all of it once more."""
    people = _meet(server, bot.database, CROWD)
    for person in people:
        await person.send_text(f"An idea of person {person.id}.")
    confirming = server.faults.hold(method="getUpdates", skip=1)
    await bot.start()
    await confirming.reached.wait()
    await _until(partial(_kept, bot, CROWD))
    bot.kill()
    assert await bot.ended() == -9
    assert len(server.pending) == CROWD
    sendings = Sendings(bot, server)
    sendings.note_kill()
    await bot.start()
    await bot.settled()
    await bot.stop()
    assert bot.rows("SELECT count(*), count(DISTINCT text) FROM answers") == [(CROWD, CROWD)]
    assert bot.rows("SELECT state, count(*) FROM inbox GROUP BY state") == [("done", CROWD)]
    assert len(_reactions(server)) == CROWD
    assert sendings.wrong() == [], sendings.summary()


async def test_a_second_sigterm_in_the_drain_loses_nothing(
    bot: BotProcess, server: WatchedServer
) -> None:
    people = _meet(server, bot.database, CROWD)
    for person in people:
        await person.send_text(f"A line from person {person.id}.")
    held = server.faults.hold(method="sendMessage", times=-1)
    await bot.start()
    await held.reached.wait()
    await bot.ready()
    assert server.polls
    bot.terminate()
    await _until(lambda: not server.polls)
    assert bot.runs
    bot.terminate()
    server.faults.clear()
    assert await bot.ended() == 0
    await bot.start()
    await bot.settled()
    await bot.stop()
    assert bot.rows("SELECT count(*), count(DISTINCT text) FROM answers") == [(CROWD, CROWD)]
    # In the drain nothing was in doubt, so everything has come once.
    assert _notes(server) == Counter(person.id for person in people)
    assert set(_reactions(server).values()) == {1}


async def test_a_message_that_hangs_does_not_hold_up_the_stop_and_comes_after_the_next_start(
    bot: BotProcess, server: BotApiServer
) -> None:
    """Telegram has a message and does not answer; the stop waits a few seconds, not for ever."""
    first, second = _meet(server, bot.database, 2)
    hanging = server.faults.hold(method="sendMessage", chat_id=first.id, times=-1)
    await first.send_text("Something that is answered late.")
    await second.send_text("Something that is answered at once.")
    await bot.start()
    await hanging.reached.wait()
    await _until(lambda: bot.rows("SELECT DISTINCT chat_id FROM outbox") == [(first.id,)])
    await bot.stop()
    assert not hanging.released.is_set()
    assert _notes(server) == Counter({second.id: 1})
    # It stands there as one that may have arrived, and whatever follows in its chat waits behind.
    assert bot.rows("SELECT count(*) FROM outbox WHERE state = 'sending'") == [(1,)]
    hanging.times = 0
    await bot.start()
    await bot.settled()
    await bot.stop()
    assert _notes(server) == Counter({first.id: 1, second.id: 1})
    assert bot.rows("SELECT count(*), count(DISTINCT text) FROM answers") == [(2, 2)]


async def test_onboarding_and_an_open_question_survive_kills(
    bot: BotProcess, server: BotApiServer
) -> None:
    """The bot is killed between steps and started again; the person notices nothing."""
    ada = server.person(11, "Ada")

    async def killed() -> None:
        await bot.settled()
        bot.kill()
        await bot.ended()
        await bot.start()

    await bot.start()
    await ada.send_text("/start")
    await ada.wait_for("clear yes")
    await killed()
    await ada.tap("consent:yes")
    await ada.wait_for("How long may I keep")
    await killed()
    await ada.tap("keep:90")
    await ada.wait_for("notification on your phone")
    await ada.tap("push:text")
    await ada.wait_for("Which city")
    await killed()
    await ada.send_text("Berlin, Germany")
    await ada.wait_for("At what time")
    await ada.send_text("20:00")
    card = await ada.wait_for(lambda message: "another" in message.labels)
    await killed()
    await ada.send_text("I went for a walk on my own.")
    await ada.wait_for(lambda message: message is card and "kept" in message.text)
    await killed()
    await ada.press(card.message_id, "4")
    await ada.wait_for(lambda message: message is card and "· 4 ·" in message.labels)
    await bot.settled()
    await bot.stop()
    assert bot.rows("SELECT state, keep_days, push, zone, ask_at FROM people") == [
        ("active", 90, "text", "Europe/Berlin", "20:00")
    ]
    assert bot.rows("SELECT asked_id, text FROM answers") == [(1, "I went for a walk on my own.")]
    assert bot.rows("SELECT asked_id, value FROM taps") == [(1, 4)]
    questions = [m for m in ada.from_bot if any(":1:" in b["callback_data"] for b in m.buttons)]
    assert questions == [card]


async def test_an_update_that_cannot_be_read_stops_nobody(
    bot: BotProcess, server: BotApiServer
) -> None:
    """Broken updates before, between and after good ones of the same batch."""
    first, second, third = _meet(server, bot.database, 3)
    server.push_update({"callback_query": {"id": "1", "data": "a whispered secret"}})
    await first.send_text("The first of three notes.")
    half = json.loads('"half of a smile \\ud83d"')
    chat = {"id": second.id, "type": "private"}
    server.push_update(
        {"message": {"message_id": 900, "date": 1_772_445_600, "chat": chat, "text": half}}
    )
    await second.send_text("The second of three notes.")
    server.push_update({"message": "no message at all"})
    await third.send_text("The third of three notes.")
    server.push_update({"something_new": {"of": "a later Bot API"}})
    await bot.start()
    await bot.settled()
    await bot.stop()
    assert {str(row[0]) for row in bot.rows("SELECT text FROM answers")} == {
        "The first of three notes.",
        "half of a smile \ufffd",
        "The second of three notes.",
        "The third of three notes.",
    }
    assert bot.rows("SELECT state, count(*) FROM inbox GROUP BY state ORDER BY state") == [
        ("done", 5),
        ("quarantined", 2),
    ]
    assert "a whispered secret" not in bot.log.read_text(encoding="utf-8")


async def test_updates_out_of_order_and_twice_have_their_effect_once(
    bot: BotProcess, server: BotApiServer
) -> None:
    """The same updates again with others between, before and after they are worked on."""
    (ada,) = _meet(server, bot.database, 1)
    for number in (3, 1, 2):
        server.push_update(_typed(ada, number))
    server.push_update(_typed(ada, 3))
    await bot.start()
    await bot.settled()
    for number in (2, 5, 1, 4, 5):
        server.push_update(_typed(ada, number))
    await bot.settled()
    bot.kill()
    await bot.ended()
    for number in (4, 6, 2):
        server.push_update(_typed(ada, number))
    await bot.start()
    await bot.settled()
    await bot.stop()
    assert sorted(bot.rows("SELECT text FROM answers")) == [
        (f"Thought number {number}.",) for number in range(1, 7)
    ]
    assert bot.rows("SELECT state, count(*) FROM inbox GROUP BY state") == [("done", 6)]
    assert _notes(server) == Counter({ada.id: 6})


def _typed(person: Person, number: int) -> dict[str, Any]:
    """An update as Telegram gives it, with a fixed id, so that it can come again."""
    return {
        "update_id": 700_000_100 + number,
        "message": {
            "message_id": 100 + number,
            "date": int(datetime.now(UTC).timestamp()),
            "chat": {"id": person.id, "type": "private"},
            "from": person.user,
            "text": f"Thought number {number}.",
        },
    }


def _kept(bot: BotProcess, number: int) -> bool:
    return bot.rows("SELECT count(*) FROM answers") == [(number,)]


def _met(fault: Fault, times: int) -> bool:
    return fault.met >= times


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - another process does it, and sets no event here
            await asyncio.sleep(0.02)

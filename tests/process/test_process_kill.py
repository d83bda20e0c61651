"""SIGKILL, SIGTERM twice, updates that nobody can read: nothing is lost and nothing is doubled."""

import asyncio
import json
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from bot.demo.journal import Request
from bot.demo.people import Person
from bot.demo.server import BotApiServer
from bot.demo.world import Change
from storage.database import Database
from storage.store import Store
from tests.processes import BotProcess

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


async def _settled(bot: BotProcess, server: BotApiServer) -> None:
    """Wait until everything was fetched, worked on and sent."""
    async with asyncio.timeout(40):
        while True:
            await bot.ready()
            waiting = bot.rows(
                "SELECT (SELECT count(*) FROM inbox WHERE state = 'new') + (SELECT count(*) FROM"
                " outbox WHERE state <> 'failed')"
            )
            if not server.pending and waiting == [(0,)]:
                return
            await asyncio.sleep(0.02)


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
    return [server.person(chat_id, f"P{chat_id}") for chat_id in range(1, number + 1)]


def _reactions(server: BotApiServer) -> Counter[tuple[int | None, int]]:
    return Counter(
        (call.chat_id, int(call.params["message_id"]))
        for call in server.calls("setMessageReaction")
        if call.status == 200
    )


def _notes(calls: list[Request]) -> Counter[int | None]:
    return Counter(call.chat_id for call in calls if "note of the day" in call.params["text"])


async def test_ten_kills_lose_no_answer_and_double_none(
    bot: BotProcess, server: BotApiServer
) -> None:
    """Ten times 50 messages wait, and the bot is killed at another point of its work each time."""
    people = _meet(server, bot.database, CROWD)
    typed: set[str] = set()
    kind, left = "", 0

    def killing(change: Change) -> None:
        # In the middle of a request: Telegram has done it, the bot has not heard so.
        nonlocal left
        if change.kind == kind and change.message is not None:
            left -= change.message.from_bot or kind == "reaction"
            if left == 0:
                bot.kill()

    server.subscribe(killing)
    for turn, moment in enumerate(KILLS):
        kind, left = moment
        for person in people:
            typed.add((await person.send_text(f"Note {turn} about the day, by {person.id}.")).text)
        await bot.start()
        assert await bot.ended() == -9
    kind = ""
    await bot.start()
    await _settled(bot, server)
    await bot.stop()

    kept = [row[0] for row in bot.rows("SELECT text FROM answers")]
    assert len(kept) == CROWD * len(KILLS)
    assert set(kept) == typed
    assert len(_reactions(server)) == CROWD * len(KILLS)
    # A message that was under way at a kill may have been sent twice; nothing else may.
    notes = _notes(server.calls("sendMessage"))
    assert all(len(KILLS) <= notes[person.id] <= 2 * len(KILLS) for person in people)
    assert sum(notes.values()) <= CROWD * len(KILLS) + len(KILLS) * IN_FLIGHT
    assert bot.rows("SELECT count(*) FROM inbox WHERE raw IS NOT NULL") == [(0,)]


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
    await _settled(bot, server)
    await bot.stop()
    assert bot.rows("SELECT count(*), count(DISTINCT text) FROM answers") == [(CROWD, CROWD)]
    assert set(_reactions(server).values()) == {1}


async def test_a_second_sigterm_in_the_drain_loses_nothing(
    bot: BotProcess, server: BotApiServer
) -> None:
    people = _meet(server, bot.database, CROWD)
    for person in people:
        await person.send_text(f"A line from person {person.id}.")
    held = server.faults.hold(method="sendMessage", times=-1)
    await bot.start()
    await held.reached.wait()
    bot.terminate()
    await asyncio.sleep(0.5)
    assert bot.runs
    bot.terminate()
    server.faults.clear()
    assert await bot.ended() == 0
    await bot.start()
    await _settled(bot, server)
    await bot.stop()
    assert bot.rows("SELECT count(*), count(DISTINCT text) FROM answers") == [(CROWD, CROWD)]
    notes = _notes([call for call in server.calls("sendMessage") if call.status == 200])
    assert set(notes) == {person.id for person in people}
    assert set(_reactions(server).values()) == {1}


async def test_onboarding_and_an_open_question_survive_kills(
    bot: BotProcess, server: BotApiServer
) -> None:
    """The bot is killed between steps and started again; the person notices nothing."""
    ada = server.person(11, "Ada")

    async def killed() -> None:
        await _settled(bot, server)
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
    await _settled(bot, server)
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
    await _settled(bot, server)
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

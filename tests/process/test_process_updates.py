"""Updates that nobody can read, out of order and twice: each has its effect once."""

import json
from collections import Counter
from datetime import UTC, datetime
from typing import Any

from bot.demo.people import Person
from bot.demo.server import BotApiServer
from tests.meeting import meet
from tests.processes import BotProcess
from tests.sendings import notes


async def test_an_update_that_cannot_be_read_stops_nobody(
    bot: BotProcess, server: BotApiServer
) -> None:
    """Broken updates before, between and after good ones of the same batch."""
    first, second, third = meet(server, bot.database, 3)
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
    (ada,) = meet(server, bot.database, 1)
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
    assert notes(server) == Counter({ada.id: 6})


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

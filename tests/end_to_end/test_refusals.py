"""What Telegram refuses for good: a person who is gone, a message that it will never take."""

import pytest

from bot.demo.people import Person
from tests.end_to_end.cards import card_of
from tests.house import House
from tests.leaks import Overheard


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (403, "Forbidden: bot was blocked by the user"),
        (403, "Forbidden: user is deactivated"),
        (400, "Bad Request: chat not found"),
        (400, "Bad Request: PEER_ID_INVALID"),
    ],
)
async def test_who_cannot_be_reached_is_left_alone_until_they_start_again(
    house: House, ada: Person, status: int, words: str
) -> None:
    house.server.faults.refuse(status, words, method="sendMessage", chat_id=ada.id, times=-1)
    await house.move_to_local("Europe/Berlin", "2026-03-03", "21:00")
    assert house.rows("SELECT state FROM people") == [("gone",)]
    tried = len(house.server.calls("sendMessage"))
    await house.move_to_local("Europe/Berlin", "2026-03-09", "21:00")
    assert len(house.server.calls("sendMessage")) == tried
    assert house.rows("SELECT count(*) FROM outbox") == [(0,)]
    house.server.faults.clear()
    await house.say(ada, "/start")
    assert "I ask at 20:00, your time." in ada.last.text
    await house.move_to_local("Europe/Berlin", "2026-03-10", "21:00")
    assert card_of(ada).sent_at.day == 10


async def test_a_message_that_telegram_refuses_is_set_aside_without_its_text(
    house: House, ada: Person, overheard: Overheard
) -> None:
    """Telegram's reason quotes what was sent; the log and the database do not."""
    words = 'Bad Request: can\'t parse entities: Unsupported start tag "hush" at byte offset 3'
    house.server.faults.refuse(400, words, method="sendMessage")
    await house.say(ada, "/unheard_of")
    tried = len(house.server.calls("sendMessage"))
    refused = "SELECT state, payload, error FROM outbox"
    assert house.rows(refused) == [("failed", "{}", "can't parse entities")]
    assert "Telegram refuses a sendMessage: can't parse entities" in overheard.logged()
    assert "hush" not in overheard.logged()
    await house.restart()
    await house.move(hours=3)
    assert len(house.server.calls("sendMessage")) == tried

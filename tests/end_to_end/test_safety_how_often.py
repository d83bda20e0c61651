"""Help comes once in a while and for what belongs together; so does a word about languages."""

import pytest

from bot.demo.people import Person
from tests.end_to_end.situations import (
    AGREED,
    HEAVY,
    QUIET,
    flags,
    is_help,
    news,
)
from tests.house import House


async def test_an_edit_that_changes_nothing_opens_nothing_again(house: House, ada: Person) -> None:
    sent = await house.say(ada, HEAVY)
    await house.tap(ada, "that is not what I meant")
    await house.move(minutes=10)
    newest = ada.last
    await ada.edit_text(sent.message_id, HEAVY)
    await house.settle()
    assert news(ada, newest) == []
    assert house.rows("SELECT count(*) FROM flags WHERE closed_at IS NULL") == [(0,)]


@pytest.mark.parametrize("agreed", [False, True])
async def test_a_flood_gets_the_reply_once_in_a_few_minutes(house: House, agreed: bool) -> None:
    ada = house.server.person(11, "Ada")
    if agreed:
        await house.welcome(ada)
    for _ in range(8):
        await house.say(ada, HEAVY)
    assert sum(map(is_help, ada.from_bot)) == 1
    await house.move(minutes=4)
    await house.say(ada, HEAVY)
    assert sum(map(is_help, ada.from_bot)) == 2


async def test_a_reply_that_is_held_back_leaves_the_button(house: House, ada: Person) -> None:
    await house.say(ada, HEAVY)
    sent = await house.say(ada, "I want to die")
    assert [message.labels for message in news(ada, sent)] == [[QUIET]]


@pytest.mark.parametrize("agreed", [False, True])
async def test_something_graver_is_answered_within_the_flood(house: House, agreed: bool) -> None:
    ada = house.server.person(11, "Ada")
    if agreed:
        await house.welcome(ada)
    await house.say(ada, HEAVY)
    sent = await house.say(ada, "he's outside with a knife")
    assert is_help(news(ada, sent)[0])


async def test_two_halves_within_two_minutes_are_one(house: House, ada: Person) -> None:
    await house.say(ada, "I want to kill")
    assert flags(house) == []
    sent = await house.say(ada, "myself")
    assert is_help(news(ada, sent)[0])
    assert flags(house) == [("B", 1)]


async def test_two_halves_hours_apart_are_none(house: House, ada: Person) -> None:
    await house.say(ada, "I want to kill")
    await house.move(hours=1)
    await house.say(ada, "myself")
    assert flags(house) == []


async def test_lines_that_are_sentences_are_not_joined(house: House, ada: Person) -> None:
    await house.say(ada, "What I could kill.\nMyself? No idea.")
    assert all(not sure for _, sure in flags(house))


async def test_another_language_is_told_once_where_help_is(house: House, ada: Person) -> None:
    german = "Er hat mich geschlagen und ich habe Angst, dass er mich umbringt."
    sent = await house.say(ada, german)
    lines = [m.text for m in news(ada, sent) if "English only" in m.text]
    assert len(lines) == 1
    assert "/safety" in lines[0]
    for _ in range(2):
        await house.move(days=8)
        sent = await house.say(ada, german)
        assert not any("English only" in message.text for message in news(ada, sent))


async def test_another_language_before_consent_is_told_once_a_day(house: House) -> None:
    ada = house.server.person(11, "Ada")
    sent = await house.say(ada, "Er hat mich geschlagen und ich habe Angst.")
    assert "English only; /safety" in news(ada, sent)[0].text
    await house.say(ada, "/start")
    for _ in range(3):
        await house.say(ada, "Er hat mich geschlagen und ich habe Angst.")
    assert sum("I read English only." in message.text for message in ada.from_bot) == 1
    assert house.rows("SELECT count(*) FROM uses") == [(0,)]


async def test_a_city_in_its_own_language_is_not_told_so(house: House) -> None:
    ada = house.server.person(11, "Ada")
    await AGREED["which city"](house, ada)
    sent = await house.say(ada, "Ich wohne in der Nähe von Köln")
    assert not any("English only" in message.text for message in news(ada, sent))

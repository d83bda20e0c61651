"""The first conversation: by button, in words, interrupted, refused."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.demo.people import Person
from tests.house import House, open_house


@pytest.fixture
async def private_house(database_path: Path) -> AsyncIterator[House]:
    """A bot that lets in whoever has the code."""
    async with open_house(database_path, invite_code="sesame", operator_contact="@olive") as opened:
        yield opened


@pytest.fixture
async def bea(house: House) -> Person:
    """Somebody who has sent /start and read what this is."""
    person = house.server.person(12, "Bea")
    await house.say(person, "/start")
    return person


def nothing_is_kept(house: House) -> bool:
    """Whether no person, no answer and no message is known."""
    tables = ("people", "answers", "messages", "schedule", "outbox")
    return all(house.rows(f"SELECT * FROM {table}") == [] for table in tables)  # noqa: S608 - constants


async def test_a_stranger_without_the_code_is_not_let_in(private_house: House) -> None:
    house = private_house
    bea = house.server.person(12, "Bea")
    for attempt in ("/start", "/start sesam", "/start@ampersand_demo_bot Sesame"):
        await house.say(bea, attempt)
        assert "by invitation" in bea.last.text
        assert "@olive" in bea.last.text
    assert len(bea.from_bot) == 3
    assert nothing_is_kept(house)


async def test_the_code_lets_in_and_is_needed_once(private_house: House) -> None:
    house = private_house
    bea = house.server.person(12, "Bea")
    await house.say(bea, "/start sesame")
    assert "clear yes" in bea.last.text
    await house.say(bea, "/start")
    assert "clear yes" in bea.last.text
    await house.tap(bea, "consent:yes")
    await house.say(bea, "/start")
    assert "How long may I keep" in bea.last.text


async def test_without_a_code_everybody_is_let_in(house: House, bea: Person) -> None:
    assert len(bea.from_bot) == 3
    assert bea.last.labels == ["I am 18 or over, and I agree", "No, thank you"]
    assert all(message.silent for message in bea.from_bot)


async def test_declining_by_button_keeps_nothing(house: House, bea: Person) -> None:
    await house.tap(bea, "No, thank you")
    assert "Nothing you wrote was kept" in bea.last.text
    assert bea.last.labels == []
    assert nothing_is_kept(house)


@pytest.mark.parametrize("words", ["No, thank you", "no.", "I don't agree", "I do not agree"])
async def test_declining_in_words_keeps_nothing(house: House, bea: Person, words: str) -> None:
    await house.say(bea, words)
    assert "Nothing you wrote was kept" in bea.last.text
    assert nothing_is_kept(house)


@pytest.mark.parametrize(
    "words",
    ["I agree", "Yes, I agree.", "I am 18 or over, and I agree", "agreed", "I’m over 18 and agree"],
)
async def test_consent_can_be_typed(house: House, bea: Person, words: str) -> None:
    await house.say(bea, words)
    assert "How long may I keep" in bea.last.text
    assert house.rows("SELECT consent IS NOT NULL, consented_at IS NOT NULL FROM people") == [
        (1, 1)
    ]


@pytest.mark.parametrize(
    "words",
    ["yes", "What do I agree to?", "I disagree", "I cannot say that I agree", "ok whatever"],
)
async def test_anything_less_than_a_clear_yes_is_asked_again(
    house: House, bea: Person, words: str
) -> None:
    await house.say(bea, words)
    assert "clear yes" in bea.last.text
    assert house.rows("SELECT consent FROM people") == [(None,)]
    assert house.rows("SELECT count(*) FROM answers") == [(0,)]


@pytest.mark.parametrize("words", ["I'm 16", "i am 15 and I agree", "I’m only 17"])
async def test_somebody_too_young_is_pointed_elsewhere(
    house: House, bea: Person, words: str
) -> None:
    await house.say(bea, words)
    assert "18 or over" in bea.last.text
    assert "findahelpline.com" in bea.last.text
    assert nothing_is_kept(house)


async def test_every_step_can_be_typed(house: House, bea: Person) -> None:
    for words in ("I agree", "A year", "no", "Berlin, Germany", "9:15 pm"):
        await house.say(bea, words)
    assert house.rows("SELECT keep_days, push, zone, ask_at, state FROM people") == [
        (365, "quiet", "Europe/Berlin", "21:15", "active")
    ]
    assert "another" in bea.last.labels


async def test_what_is_not_understood_is_asked_again(house: House, bea: Person) -> None:
    steps = (
        ("consent:yes", "hm", "How long may I keep"),
        ("keep:0", "what?", "notification on your phone"),
        ("push:text", "Nowhereville", "I do not know that place"),
    )
    for data, words, again in steps:
        await house.tap(bea, data)
        await house.say(bea, words)
        assert again in bea.last.text
    await house.say(bea, "Europe/Berlin")
    await house.say(bea, "when the moon is full")
    assert "I did not understand that as a time" in bea.last.text
    await house.say(bea, "noon")
    assert house.rows("SELECT ask_at, state FROM people") == [("12:00", "active")]
    assert house.rows("SELECT count(*) FROM answers") == [(0,)]


async def test_a_button_pressed_twice_asks_the_next_thing_once(house: House, bea: Person) -> None:
    consent = bea.last
    await bea.press(consent.message_id, "consent:yes")
    await bea.press_raw("consent:yes", consent.message_id)
    await house.settle()
    keep = bea.last
    await bea.press(keep.message_id, "keep:90")
    await bea.press_raw("keep:365", keep.message_id)
    await house.settle()
    push = bea.last
    await bea.press(push.message_id, "push:text")
    await bea.press_raw("push:text", push.message_id)
    await house.settle()
    texts = [message.text for message in bea.from_bot]
    assert sum("Which city" in text for text in texts) == 1
    assert len(texts) == 6
    assert house.rows("SELECT keep_days FROM people") == [(365,)]
    assert len(bea.callback_answers) == 6


async def test_a_command_interrupts_and_it_goes_on_afterwards(house: House, bea: Person) -> None:
    for command in ("/help", "/privacy", "/safety", "/how"):
        await house.say(bea, command)
        assert "clear yes" not in bea.last.text
    for command in ("/report", "/timezone Europe/Berlin", "/settings", "/pause"):
        await house.say(bea, command)
        assert "clear yes" in bea.last.text
    await house.say(bea, "I agree")
    # The place may be told early; it is not asked for again.
    await house.say(bea, "/timezone Europe/Berlin")
    assert "How long may I keep" in bea.last.text
    await house.tap(bea, "keep:90")
    await house.tap(bea, "push:text")
    assert "At what time" in bea.last.text


async def test_buttons_that_nobody_could_have_do_nothing(house: House, bea: Person) -> None:
    """Forged before any consent."""
    for data in ("begin:quiz", "keep:90", "push:text", "time:20:00", "place:1", "set:push",
                 "chapter:yes", "day:1", "weekly:1", "tap:1:3", "undo:1"):  # fmt: skip
        await bea.press_raw(data)
    await house.settle()
    assert len(bea.callback_answers) == 11
    assert len(bea.from_bot) == 3
    rows = house.rows("SELECT keep_days, push, zone, started_on FROM people")
    assert rows == [(None, None, None, None)]
    assert house.rows("SELECT count(*) FROM quizzes") == [(0,)]


async def test_nothing_of_a_stranger_is_kept(house: House) -> None:
    bea = house.server.person(12, "Bea")
    await house.say(bea, "We fought again last night.")
    assert "Nothing you wrote was kept yet" in bea.last.text
    await bea.send_sticker()
    await house.settle()
    assert len(bea.from_bot) == 2
    assert nothing_is_kept(house)


async def test_coming_back_later_goes_on_where_it_was_left(house: House, bea: Person) -> None:
    await house.tap(bea, "consent:yes")
    await house.move(days=3)
    await house.restart()
    await house.tap(bea, "keep:90")
    await house.say(bea, "/start")
    assert "notification on your phone" in bea.last.text
    await bea.block()
    await bea.unblock()
    await house.tap(bea, "push:text")
    await house.say(bea, "Berlin, Germany")
    assert "At what time" in bea.last.text

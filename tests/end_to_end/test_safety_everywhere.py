"""Grave words get help wherever they are written, and nothing more is kept for it than agreed."""

from collections.abc import Awaitable, Callable

import pytest

from bot.demo.messages import Message
from bot.demo.people import Person
from tests.end_to_end.situations import (
    AGREED,
    CALM,
    HARMED,
    HEAVY,
    POSSIBLE,
    QUIET,
    STRANGERS,
    WRITTEN,
    flags,
    is_help,
    news,
    stored,
    words_kept_nowhere,
)
from tests.house import House


@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize("situation", STRANGERS)
async def test_before_consent_help_comes_first_and_nothing_is_stored(
    house: House, situation: str, written: str
) -> None:
    ada = house.server.person(11, "Ada")
    await STRANGERS[situation](house, ada)
    before = stored(house)
    sent = await house.say(ada, WRITTEN[written])
    first, *others = news(ada, sent)
    assert is_help(first)
    assert not any(is_help(message) for message in others)
    assert "findahelpline.com" in first.text
    assert first.labels == ["findahelpline.com"]
    assert stored(house) == before
    assert house.rows("SELECT help_until FROM people WHERE help_until IS NOT NULL") == []
    assert words_kept_nowhere(house, WRITTEN[written])


@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize("situation", AGREED)
async def test_after_consent_help_comes_first_and_the_flag_is_kept(
    house: House, situation: str, written: str
) -> None:
    ada = house.server.person(11, "Ada")
    await AGREED[situation](house, ada)
    sent = await house.say(ada, WRITTEN[written])
    first, *others = news(ada, sent)
    assert is_help(first)
    assert not any(is_help(message) for message in others)
    assert any(sure for _, sure in flags(house))
    for message in (first, *others):
        assert HARMED not in message.text
        assert HEAVY not in message.text


@pytest.mark.parametrize(
    ("situation", "step"),
    [
        ("how long", "keep"),
        ("how quietly", "push"),
        ("which city", "city"),
        ("at what time", "time"),
    ],
)
async def test_a_step_of_the_welcome_keeps_no_words_and_still_waits(
    house: House, situation: str, step: str
) -> None:
    ada = house.server.person(11, "Ada")
    await AGREED[situation](house, ada)
    await house.say(ada, HARMED)
    assert house.rows("SELECT step FROM people") == [(step,)]
    assert house.rows("SELECT count(*) FROM answers") == [(0,)]
    assert words_kept_nowhere(house, HARMED)


async def test_a_grave_card_is_kept_and_answered(house: House) -> None:
    ada = house.server.person(11, "Ada")
    await AGREED["writing a card"](house, ada)
    sent = await house.say(ada, HARMED)
    assert house.rows("SELECT card FROM people") == [(HARMED,)]
    reply, kept = news(ada, sent)
    assert is_help(reply)
    assert kept.text.startswith("Kept.")
    assert "delete this" not in reply.labels


async def test_a_card_that_becomes_grave_is_kept_and_answered(house: House) -> None:
    ada = house.server.person(11, "Ada")
    await AGREED["writing a card"](house, ada)
    sent = await house.say(ada, "Warm tea and the blue blanket.")
    newest = ada.last
    await ada.edit_text(sent.message_id, HEAVY)
    await house.settle()
    assert [is_help(message) for message in news(ada, newest)] == [True]
    assert "delete this" not in ada.last.labels
    assert house.rows("SELECT card FROM people") == [(HEAVY,)]


async def test_a_calm_card_is_only_kept(house: House) -> None:
    ada = house.server.person(11, "Ada")
    await AGREED["writing a card"](house, ada)
    sent = await house.say(ada, "Warm tea and the blue blanket.")
    assert [message.text for message in news(ada, sent)] == ["Kept. /safety shows it."]
    assert ada.last.labels == []


async def _photo(house: House, person: Person) -> Message:
    return await person.send_photo(caption=HARMED)


async def _document(house: House, person: Person) -> Message:
    return await person.send_document(caption=HARMED)


async def _voice(house: House, person: Person) -> Message:
    sent = await person.send_voice()
    await house.settle()
    voice = {"file_id": "v", "file_unique_id": "v", "duration": 2}
    raw = sent.as_api() | {"voice": voice, "caption": HARMED}
    house.server.push_update({"message": raw})
    return sent


async def _changed_caption(house: House, person: Person) -> Message:
    sent = await person.send_photo(caption="look")
    await house.settle()
    house.server.push_update({"edited_message": sent.as_api() | {"caption": HARMED}})
    return sent


@pytest.mark.parametrize("captioned", [_photo, _document, _voice, _changed_caption])
@pytest.mark.parametrize("agreed", [False, True])
async def test_what_stands_under_a_picture_is_read(
    house: House, captioned: Callable[[House, Person], Awaitable[Message]], agreed: bool
) -> None:
    ada = house.server.person(11, "Ada")
    if agreed:
        await house.welcome(ada)
    sent = await captioned(house, ada)
    await house.settle()
    replies = [message for message in news(ada, sent) if is_help(message)]
    assert len(replies) == 1
    assert bool(flags(house)) == agreed
    assert words_kept_nowhere(house, HARMED)


async def test_pictures_without_words_are_answered_as_ever(house: House, ada: Person) -> None:
    sent = await ada.send_photo(caption="our dog at the sea")
    await house.settle()
    assert [message.text for message in news(ada, sent)] == [
        "I can only keep words. If you like, put it into a sentence."
    ]
    assert flags(house) == []


@pytest.mark.parametrize("before", ["/help", "/nonsense", CALM])
async def test_an_edit_into_something_grave_is_answered(
    house: House, ada: Person, before: str
) -> None:
    sent = await house.say(ada, before)
    newest = ada.last
    await ada.edit_text(sent.message_id, HEAVY)
    await house.settle()
    assert [is_help(message) for message in news(ada, newest)] == [True]
    assert flags(house) == [("B", 1)]
    kept = [(HEAVY,)] if before == CALM else []
    assert house.rows("SELECT text FROM answers") == kept


async def test_a_strangers_edit_is_answered(house: House) -> None:
    ada = house.server.person(11, "Ada")
    sent = await house.say(ada, "hello")
    newest = ada.last
    await ada.edit_text(sent.message_id, HEAVY)
    await house.settle()
    assert is_help(news(ada, newest)[0])
    assert house.rows("SELECT count(*) FROM people") == [(0,)]


async def test_whoever_is_under_18_gets_help_before_the_farewell(house: House) -> None:
    ada = house.server.person(11, "Ada")
    await house.say(ada, "/start")
    sent = await house.say(ada, f"I'm 16. {HARMED}")
    assert is_help(news(ada, sent)[0])
    assert flags(house) == []


async def test_hiding_puts_no_help_into_the_empty_chat(house: House, ada: Person) -> None:
    """Whoever has to hide now is not helped by a reply that anybody sees."""
    sent = await house.say(ada, f"/hide {HARMED}")
    assert not any(is_help(message) for message in news(ada, sent))
    assert ("C", 1) in flags(house)


@pytest.mark.parametrize("situation", ["how long", "another time", "stopped", "ready"])
async def test_what_is_possible_gets_the_button_under_what_is_said(
    house: House, situation: str
) -> None:
    ada = house.server.person(11, "Ada")
    await AGREED[situation](house, ada)
    sent = await house.say(ada, POSSIBLE)
    assert [sure for _, sure in flags(house)] == [0]
    assert not any(is_help(message) for message in news(ada, sent))
    assert sum(QUIET in message.labels for message in ada.from_bot) == 1


async def test_a_stranger_can_press_the_quiet_button(house: House) -> None:
    ada = house.server.person(11, "Ada")
    sent = await house.say(ada, POSSIBLE)
    (answer,) = news(ada, sent)
    assert answer.text.startswith("Hello.")
    assert answer.labels == [QUIET]
    await house.tap(ada, QUIET)
    assert is_help(ada.last)
    assert house.rows("SELECT count(*) FROM people") == [(0,)]


async def test_what_is_possible_in_an_edit_gets_a_quiet_line(house: House, ada: Person) -> None:
    sent = await house.say(ada, "/help")
    newest = ada.last
    await ada.edit_text(sent.message_id, POSSIBLE)
    await house.settle()
    (line,) = news(ada, newest)
    assert line.labels == [QUIET]


async def test_what_was_not_kept_can_be_deleted_from_the_chat(house: House, ada: Person) -> None:
    sent = await house.say(ada, f"/pause {HARMED}")
    await house.tap(ada, "delete this")
    assert sent.deleted
    assert ada.last.text == "It is deleted here, and I had not kept it."
    await ada.press_raw("flag:erase:999999", ada.last.message_id)
    await house.settle()
    assert ada.callback_answers[-1]["text"] == "That button no longer works."


async def test_help_comes_first_even_if_everything_else_fails(
    house: House, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("bot.chat.answer.typed", broken)
    sent = await house.say(ada, HARMED)
    first, then = news(ada, sent)
    assert is_help(first)
    assert "was not kept" in then.text


async def test_a_discreet_chat_shows_nothing_of_what_is_only_possible(
    house: House, ada: Person
) -> None:
    """Whoever tries a word on a discreet chat is not told that it was read."""
    await house.say(ada, "/discreet on")
    await ada.send_text(POSSIBLE)
    await house.settle()
    newest = ada.last
    edited = await house.say(ada, "/nonsense")
    await ada.edit_text(edited.message_id, POSSIBLE)
    await house.settle()
    assert not any(QUIET in message.labels for message in news(ada, newest))
    assert [sure for _, sure in flags(house)] == [0, 0]

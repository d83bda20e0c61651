"""Grave words get help wherever they are written, and nothing more is kept for it than agreed."""

from collections.abc import Awaitable, Callable

import pytest

from bot.demo.messages import Message
from bot.demo.people import Person
from tests.house import House

HARMED = "He hit me again last night and I am scared he will kill me"
HEAVY = "I want to kill myself"
QUIET = "someone to talk to"
CALM = "We had tea together."

Situation = Callable[[House, Person], Awaitable[object]]


async def _nothing(house: House, person: Person) -> None:
    pass


def _typed(*texts: str) -> Situation:
    async def lead(house: House, person: Person) -> None:
        for text in texts:
            await house.say(person, text)

    return lead


def _onboarding(steps: int) -> Situation:
    async def lead(house: House, person: Person) -> None:
        await house.say(person, "/start")
        for button in ("consent:yes", "keep:365", "push:text")[:steps]:
            await house.tap(person, button)
        if steps > 3:
            await house.say(person, "Berlin, Germany")

    return lead


def _welcomed(*texts: str, taps: tuple[str, ...] = ()) -> Situation:
    async def lead(house: House, person: Person) -> None:
        await house.welcome(person)
        for text in texts:
            await house.say(person, text)
        for button in taps:
            await house.tap(person, button)

    return lead


STRANGERS: dict[str, Situation] = {
    "a stranger": _nothing,
    "a stranger who goes on": _typed("hello"),
    "asked for consent": _onboarding(0),
    "consent taken back": _welcomed("/withdraw", taps=("withdraw:stop",)),
}
AGREED: dict[str, Situation] = {
    "how long": _onboarding(1),
    "how quietly": _onboarding(2),
    "which city": _onboarding(3),
    "at what time": _onboarding(4),
    "ready": _welcomed(),
    "another zone": _welcomed("/timezone"),
    "another time": _welcomed("/time"),
    "asked before deleting": _welcomed("/delete"),
    "writing a card": _welcomed("/safety", taps=("card:show",)),
    "paused": _welcomed("/pause 3"),
    "stopped": _welcomed("/stop"),
    "discreet": _welcomed("/discreet on"),
}
WRITTEN = {
    "words": HARMED,
    "no command": f"/{HARMED}",
    "a command": f"/pause {HARMED}",
    "a command about help": f"/help {HARMED}",
    "a broken line": "I want to kill\nmyself",
}


def _news(person: Person, since: Message) -> list[Message]:
    return [m for m in person.from_bot if m.message_id > since.message_id]


def _is_help(message: Message) -> bool:
    """The reply of help: the emergency line comes with it, wherever the person lives."""
    return "automatic note-keeper" in message.text and "If you are in danger" in message.text


def _flags(house: House) -> list[tuple[str, int]]:
    return house.rows("SELECT kind, sure FROM flags ORDER BY id")


def _stored(house: House) -> list[tuple[str, int]]:
    tables = house.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
    about = {"answers", "flags", "uses", "beads", "hits", "people", "messages", "covers"}
    return [
        (name, house.rows(f"SELECT count(*) FROM {name}")[0][0])  # noqa: S608 - names of tables
        for (name,) in tables
        if name in about
    ]


def _words_kept_nowhere(house: House, text: str) -> bool:
    """Whether no text of any table holds these words."""
    places = house.rows(
        "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c"
        " WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%'"
    )
    assert ("inbox", "raw") in places
    return all(
        house.rows(f'SELECT count(*) FROM "{table}" WHERE instr("{column}", ?)', text) == [(0,)]  # noqa: S608 - names of columns
        for table, column in places
        if table not in {"places", "place_names"}
    )


@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize("situation", STRANGERS)
async def test_before_consent_help_comes_first_and_nothing_is_stored(
    house: House, situation: str, written: str
) -> None:
    ada = house.server.person(11, "Ada")
    await STRANGERS[situation](house, ada)
    before = [row for row in _stored(house) if row[0] != "messages"]
    sent = await house.say(ada, WRITTEN[written])
    first, *others = _news(ada, sent)
    assert _is_help(first)
    assert not any(_is_help(message) for message in others)
    assert "findahelpline.com" in first.text
    assert first.labels == ["findahelpline.com"]
    assert [row for row in _stored(house) if row[0] != "messages"] == before
    assert house.rows("SELECT help_until FROM people WHERE help_until IS NOT NULL") == []
    assert _words_kept_nowhere(house, WRITTEN[written])


@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize("situation", AGREED)
async def test_after_consent_help_comes_first_and_the_flag_is_kept(
    house: House, situation: str, written: str
) -> None:
    ada = house.server.person(11, "Ada")
    await AGREED[situation](house, ada)
    sent = await house.say(ada, WRITTEN[written])
    news = _news(ada, sent)
    assert _is_help(news[0])
    assert not any(_is_help(message) for message in news[1:])
    assert any(sure for _, sure in _flags(house))
    assert all(HARMED not in message.text and HEAVY not in message.text for message in news)


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
    assert _words_kept_nowhere(house, HARMED)


async def test_a_grave_card_is_kept_and_answered(house: House) -> None:
    ada = house.server.person(11, "Ada")
    await AGREED["writing a card"](house, ada)
    sent = await house.say(ada, HARMED)
    assert house.rows("SELECT card FROM people") == [(HARMED,)]
    reply, kept = _news(ada, sent)
    assert _is_help(reply)
    assert kept.text.startswith("Kept.")
    assert "delete this" not in reply.labels


async def test_a_card_that_becomes_grave_is_kept_and_answered(house: House) -> None:
    ada = house.server.person(11, "Ada")
    await AGREED["writing a card"](house, ada)
    sent = await house.say(ada, "Warm tea and the blue blanket.")
    newest = ada.last
    await ada.edit_text(sent.message_id, HEAVY)
    await house.settle()
    assert [_is_help(message) for message in _news(ada, newest)] == [True]
    assert "delete this" not in ada.last.labels
    assert house.rows("SELECT card FROM people") == [(HEAVY,)]


async def test_a_calm_card_is_only_kept(house: House) -> None:
    ada = house.server.person(11, "Ada")
    await AGREED["writing a card"](house, ada)
    sent = await house.say(ada, "Warm tea and the blue blanket.")
    assert [message.text for message in _news(ada, sent)] == ["Kept. /safety shows it."]
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
    replies = [message for message in _news(ada, sent) if _is_help(message)]
    assert len(replies) == 1
    assert bool(_flags(house)) == agreed
    assert _words_kept_nowhere(house, HARMED)


async def test_pictures_without_words_are_answered_as_ever(house: House, ada: Person) -> None:
    sent = await ada.send_photo(caption="our dog at the sea")
    await house.settle()
    assert [message.text for message in _news(ada, sent)] == [
        "I can only keep words. If you like, put it into a sentence."
    ]
    assert _flags(house) == []


@pytest.mark.parametrize("before", ["/help", "/nonsense", CALM])
async def test_an_edit_into_something_grave_is_answered(
    house: House, ada: Person, before: str
) -> None:
    sent = await house.say(ada, before)
    newest = ada.last
    await ada.edit_text(sent.message_id, HEAVY)
    await house.settle()
    assert [_is_help(message) for message in _news(ada, newest)] == [True]
    assert _flags(house) == [("B", 1)]
    kept = [(HEAVY,)] if before == CALM else []
    assert house.rows("SELECT text FROM answers") == kept


async def test_a_strangers_edit_is_answered(house: House) -> None:
    ada = house.server.person(11, "Ada")
    sent = await house.say(ada, "hello")
    newest = ada.last
    await ada.edit_text(sent.message_id, HEAVY)
    await house.settle()
    assert _is_help(_news(ada, newest)[0])
    assert house.rows("SELECT count(*) FROM people") == [(0,)]


async def test_an_edit_that_changes_nothing_opens_nothing_again(house: House, ada: Person) -> None:
    sent = await house.say(ada, HEAVY)
    await house.tap(ada, "that is not what I meant")
    await house.move(minutes=10)
    newest = ada.last
    await ada.edit_text(sent.message_id, HEAVY)
    await house.settle()
    assert _news(ada, newest) == []
    assert house.rows("SELECT count(*) FROM flags WHERE closed_at IS NULL") == [(0,)]


async def test_whoever_is_under_18_gets_help_before_the_farewell(house: House) -> None:
    ada = house.server.person(11, "Ada")
    await house.say(ada, "/start")
    sent = await house.say(ada, f"I'm 16. {HARMED}")
    assert _is_help(_news(ada, sent)[0])
    assert _flags(house) == []


async def test_hiding_puts_no_help_into_the_empty_chat(house: House, ada: Person) -> None:
    """Whoever has to hide now is not helped by a reply that anybody sees."""
    sent = await house.say(ada, f"/hide {HARMED}")
    assert not any(_is_help(message) for message in _news(ada, sent))
    assert ("C", 1) in _flags(house)


@pytest.mark.parametrize("agreed", [False, True])
async def test_a_flood_gets_the_reply_once_in_a_few_minutes(house: House, agreed: bool) -> None:
    ada = house.server.person(11, "Ada")
    if agreed:
        await house.welcome(ada)
    for _ in range(8):
        await house.say(ada, HEAVY)
    assert sum(map(_is_help, ada.from_bot)) == 1
    await house.move(minutes=4)
    await house.say(ada, HEAVY)
    assert sum(map(_is_help, ada.from_bot)) == 2


async def test_a_reply_that_is_held_back_leaves_the_button(house: House, ada: Person) -> None:
    await house.say(ada, HEAVY)
    sent = await house.say(ada, "I want to die")
    assert [message.labels for message in _news(ada, sent)] == [[QUIET]]


@pytest.mark.parametrize("agreed", [False, True])
async def test_something_graver_is_answered_within_the_flood(house: House, agreed: bool) -> None:
    ada = house.server.person(11, "Ada")
    if agreed:
        await house.welcome(ada)
    await house.say(ada, HEAVY)
    sent = await house.say(ada, "he's outside with a knife")
    assert _is_help(_news(ada, sent)[0])


POSSIBLE = "I can't go on like this"


@pytest.mark.parametrize("situation", ["how long", "another time", "stopped", "ready"])
async def test_what_is_possible_gets_the_button_under_what_is_said(
    house: House, situation: str
) -> None:
    ada = house.server.person(11, "Ada")
    await AGREED[situation](house, ada)
    sent = await house.say(ada, POSSIBLE)
    assert [sure for _, sure in _flags(house)] == [0]
    assert not any(_is_help(message) for message in _news(ada, sent))
    assert sum(QUIET in message.labels for message in ada.from_bot) == 1


async def test_a_stranger_can_press_the_quiet_button(house: House) -> None:
    ada = house.server.person(11, "Ada")
    sent = await house.say(ada, POSSIBLE)
    (answer,) = _news(ada, sent)
    assert answer.text.startswith("Hello.")
    assert answer.labels == [QUIET]
    await house.tap(ada, QUIET)
    assert _is_help(ada.last)
    assert house.rows("SELECT count(*) FROM people") == [(0,)]


async def test_what_is_possible_in_an_edit_gets_a_quiet_line(house: House, ada: Person) -> None:
    sent = await house.say(ada, "/help")
    newest = ada.last
    await ada.edit_text(sent.message_id, POSSIBLE)
    await house.settle()
    (line,) = _news(ada, newest)
    assert line.labels == [QUIET]


async def test_two_halves_within_two_minutes_are_one(house: House, ada: Person) -> None:
    await house.say(ada, "I want to kill")
    assert _flags(house) == []
    sent = await house.say(ada, "myself")
    assert _is_help(_news(ada, sent)[0])
    assert _flags(house) == [("B", 1)]


async def test_two_halves_hours_apart_are_none(house: House, ada: Person) -> None:
    await house.say(ada, "I want to kill")
    await house.move(hours=1)
    await house.say(ada, "myself")
    assert _flags(house) == []


async def test_lines_that_are_sentences_are_not_joined(house: House, ada: Person) -> None:
    await house.say(ada, "What I could kill.\nMyself? No idea.")
    assert all(not sure for _, sure in _flags(house))


async def test_what_was_not_kept_can_be_deleted_from_the_chat(house: House, ada: Person) -> None:
    sent = await house.say(ada, f"/pause {HARMED}")
    await house.tap(ada, "delete this")
    assert sent.deleted
    assert ada.last.text == "It is deleted here, and I had not kept it."
    await ada.press_raw("flag:erase:999999", ada.last.message_id)
    await house.settle()
    assert ada.callback_answers[-1]["text"] == "That button no longer works."


async def test_another_language_is_told_once_where_help_is(house: House, ada: Person) -> None:
    german = "Er hat mich geschlagen und ich habe Angst, dass er mich umbringt."
    sent = await house.say(ada, german)
    lines = [m.text for m in _news(ada, sent) if "English only" in m.text]
    assert len(lines) == 1
    assert "/safety" in lines[0]
    for _ in range(2):
        await house.move(days=8)
        sent = await house.say(ada, german)
        assert not any("English only" in message.text for message in _news(ada, sent))


async def test_another_language_before_consent_is_told_once_a_day(house: House) -> None:
    ada = house.server.person(11, "Ada")
    sent = await house.say(ada, "Er hat mich geschlagen und ich habe Angst.")
    assert "English only; /safety" in _news(ada, sent)[0].text
    await house.say(ada, "/start")
    for _ in range(3):
        await house.say(ada, "Er hat mich geschlagen und ich habe Angst.")
    assert sum("I read English only." in message.text for message in ada.from_bot) == 1
    assert house.rows("SELECT count(*) FROM uses") == [(0,)]


async def test_a_city_in_its_own_language_is_not_told_so(house: House) -> None:
    ada = house.server.person(11, "Ada")
    await AGREED["which city"](house, ada)
    sent = await house.say(ada, "Ich wohne in der Nähe von Köln")
    assert not any("English only" in message.text for message in _news(ada, sent))


async def test_help_comes_first_even_if_everything_else_fails(
    house: House, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("bot.chat.answer.typed", broken)
    sent = await house.say(ada, HARMED)
    first, then = _news(ada, sent)
    assert _is_help(first)
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
    assert not any(QUIET in message.labels for message in _news(ada, newest))
    assert [sure for _, sure in _flags(house)] == [0, 0]

"""What people send that nobody planned for: a fitting reply each time, and nothing is lost."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import NoReturn

import pytest

from bot.chat import routes
from bot.chat.turn import Turn
from bot.demo.messages import Message
from bot.demo.people import Person
from tests.end_to_end.cards import card_of
from tests.house import House

ONLY_WORDS = "I can only keep words. If you like, put it into a sentence."


def kept(house: House) -> list[str]:
    """Everything that was written and kept."""
    return [row[0] for row in house.rows("SELECT text FROM answers ORDER BY id")]


@pytest.mark.parametrize(
    "what",
    [
        Person.send_sticker,
        Person.send_voice,
        Person.send_photo,
        Person.send_document,
        Person.send_location,
    ],
)
async def test_what_is_no_words_gets_a_kind_line(
    house: House, ada: Person, what: Callable[[Person], Awaitable[Message]]
) -> None:
    before = len(ada.from_bot)
    await what(ada)
    await house.settle()
    assert [message.text for message in ada.from_bot[before:]] == [ONLY_WORDS]
    assert "another" in card_of(ada).labels
    await house.say(ada, "Then in words: it was fine.")
    assert kept(house) == ["Then in words: it was fine."]


async def test_a_sticker_during_onboarding_loses_no_step(house: House) -> None:
    bea = house.server.person(12, "Bea")
    await house.say(bea, "/start")
    await bea.send_sticker()
    await house.settle()
    await house.tap(bea, "consent:yes")
    await bea.send_voice()
    await house.settle()
    await house.say(bea, "90 days")
    assert "notification on your phone" in bea.last.text


async def test_an_unknown_command_is_named_as_such(house: House, ada: Person) -> None:
    for text in ("/dance", "/Prompt_now", "/tap 3"):
        await house.say(ada, text)
        assert ada.last.text == "I do not know that command. /help lists what I can do."
    await house.say(ada, "/ is a slash and this is an answer")
    assert kept(house) == ["/ is a slash and this is an answer"]


async def test_a_button_pressed_twice_counts_once(house: House, ada: Person) -> None:
    card = card_of(ada)
    await ada.press(card.message_id, "4")
    await ada.press(card.message_id, "4")
    await house.settle()
    assert [answer["text"] for answer in ada.callback_answers[-2:]] == ["kept", "kept"]
    assert house.rows("SELECT value FROM taps") == [(4,)]
    assert house.rows("SELECT count(*) FROM beads") == [(1,)]
    assert sum(message.labels == ["take the quiz"] for message in ada.from_bot) == 1
    await house.move_to_local("Europe/Berlin", "2026-03-03", "20:00")
    card = card_of(ada)
    await ada.press(card.message_id, "skip")
    await ada.press(card.message_id, "skip")
    await house.settle()
    assert house.rows("SELECT state FROM asked") == [("open",), ("skipped",)]


async def test_buttons_of_an_old_message(house: House, ada: Person) -> None:
    old = card_of(ada)
    await house.move_to_local("Europe/Berlin", "2026-03-05", "21:00")
    for label in ("another", "later", "2"):
        await ada.press(old.message_id, label)
        await house.settle()
        assert ada.callback_answers[-1]["text"] == "That day is past. Today's question counts."
    await ada.delete(old.message_id)
    await ada.press_raw("tap:1:3", old.message_id)
    await ada.press_raw("skip:1", old.message_id)
    await house.settle()
    assert house.rows("SELECT count(*) FROM taps") == [(0,)]
    assert card_of(ada).labels[-1] == "skip"


async def test_somebody_elses_buttons_do_nothing(house: House, ada: Person) -> None:
    await house.tap(ada, "3")
    await house.say(ada, "My own words, for nobody else.")
    eve = house.server.person(12, "Eve")
    await house.welcome(eve)
    before = house.rows("SELECT * FROM asked WHERE person_id = 1")
    for data in ("tap:1:5", "undo:1", "unnote:1", "skip:1", "later:1", "another:1", "open:1",
                 "checkin:1:0:5", "quiz:1:0:5", "histsure:1", "flag:delete:1"):  # fmt: skip
        await eve.press_raw(data)
        await house.settle()
        assert ada.last.message_id == max(m.message_id for m in ada.from_bot)
    assert house.rows("SELECT value FROM taps") == [(3,)]
    assert kept(house) == ["My own words, for nobody else."]
    assert house.rows("SELECT * FROM asked WHERE person_id = 1") == before
    assert len(eve.callback_answers) == 3 + 11
    assert not any("My own words" in message.text for message in eve.from_bot)


@pytest.mark.parametrize(
    "data",
    ["", ":", "tap", "tap:1", "tap:1:9", "tap:x:3", "tap:1:3:5",
     "undo:-1", "place:1e9", "time:25:61", "day:8", "unusual:2026-13-40", "unusual:0001-01-01",
     "checkin:1:99:5", "quiz:0:0:0", "set:everything", "delete:second", "💥" * 16],
)  # fmt: skip
async def test_data_that_no_button_has_is_answered(house: House, ada: Person, data: str) -> None:
    await ada.press_raw(data)
    await house.settle()
    assert len(ada.callback_answers) == 4
    assert house.rows("SELECT count(*) FROM inbox WHERE state <> 'done'") == [(0,)]
    assert house.rows("SELECT count(*) FROM taps") == [(0,)]


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert('x')</script> and </b> and <b>bold & proud",
        "{{ operator }} {% raw %} ${x} %s %(name)s",
        "'; DROP TABLE people; --",
        "\u202eright to left\u202c, \u0645\u0631\u062d\u0628\u0627, \u05e9\u05dc\u05d5\u05dd",
        "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466 e\u0301 \U0001f1e9\U0001f1ea",
        "\x00nul\x07bell",
        "one\n\n\ntwo",
        "\U0001f600" * 4096,
        "x" * 4096,
    ],
    ids=["html", "template", "sql", "rtl", "joined", "control", "lines", "emoji", "long"],
)
async def test_any_text_is_kept_as_it_is_and_shown_as_it_is(
    house: House, ada: Person, text: str
) -> None:
    sent = await house.say(ada, text)
    assert sent.reactions == ["✍"]
    assert kept(house) == [sent.text]
    assert "kept" in card_of(ada).text
    await house.say(ada, "/history")
    assert sent.text[:20].split("\n")[0] in ada.last.text
    assert house.rows("SELECT count(*) FROM outbox") == [(0,)]


@pytest.mark.parametrize("text", ["\u2800", "\u3164\u3164", "\u200d\u2060", "\U000e0020\u115f"])
async def test_an_empty_looking_message_is_no_answer(house: House, ada: Person, text: str) -> None:
    chat = {"id": ada.id, "type": "private"}
    house.server.push_update(
        {"message": {"message_id": 4000, "date": 1_772_445_600, "chat": chat, "text": text}}
    )
    await house.settle()
    assert ada.last.text == ONLY_WORDS
    assert kept(house) == []


@pytest.mark.parametrize(
    ("date", "day"), [(0, "2026-03-01"), (2_000_000_000, "2026-03-02"), (1, "2026-03-01")]
)
async def test_a_date_that_cannot_be_is_held_to_the_last_day(
    house: House, ada: Person, date: int, day: str
) -> None:
    """1970, or years ahead: the text is kept, for yesterday at the earliest."""
    chat = {"id": ada.id, "type": "private"}
    house.server.push_update(
        {"message": {"message_id": 4000, "date": date, "chat": chat, "text": "Out of time."}}
    )
    await house.settle()
    assert house.rows("SELECT text, day FROM answers") == [("Out of time.", day)]


async def test_odd_updates_stop_nobody(house: House, ada: Person) -> None:
    """In one batch with good ones, and in batches of their own."""
    chat = {"id": ada.id, "type": "private"}
    await house.settle()
    odd: list[dict[str, object]] = [
        {},
        {"message": None},
        {"message": {"chat": chat}},
        {"message": {"message_id": "x", "date": "y", "chat": {"id": "z"}}},
        {"callback_query": {"id": "1"}},
        {"callback_query": {"id": "1", "from": ada.user, "chat_instance": "1", "data": "tap:1:3"}},
        {"edited_message": {"message_id": 1, "date": 0, "chat": chat, "text": "never was"}},
        {"my_chat_member": {"chat": chat}},
        {"poll": {"id": "1"}},
        {"message": {"message_id": 5000, "date": 0, "chat": {"id": 2**70, "type": "private"},
                     "text": "/start"}},
    ]  # fmt: skip
    for number, update in enumerate(odd):
        house.server.push_update(update)
        await ada.send_text(f"Good message number {number}.")
    await house.settle()
    assert kept(house) == [f"Good message number {number}." for number in range(len(odd))]
    states = dict(house.rows("SELECT state, count(*) FROM inbox GROUP BY state"))
    assert states.get("new", 0) == 0
    assert states["quarantined"] >= 4


def a_mistake(*_: object) -> NoReturn:
    """A conversation that fails."""
    raise ValueError("a mistake in a conversation")


def a_misfit(turn: Turn, *_: object) -> NoReturn:
    """A conversation that wants to store what the schema does not take."""
    turn.update(state="somewhere else")
    raise AssertionError("the database has taken it")


@pytest.mark.parametrize("broken", [a_mistake, a_misfit])
async def test_what_breaks_an_answer_is_told_and_set_aside(
    house: House,
    ada: Person,
    monkeypatch: pytest.MonkeyPatch,
    broken: Callable[..., NoReturn],
) -> None:
    bob = house.server.person(12, "Bob")
    with monkeypatch.context() as patched:
        patched.setitem(routes.PRESSES, "tap", (broken, 2))
        await ada.press_raw("tap:1:3")
        await bob.send_text("Hello, is anybody there?")
        # Nobody waits for what has gone wrong with somebody else.
        await bob.wait_for("Send /start")
        await house.settle()
    assert "Something in me failed" in ada.callback_answers[-1]["text"]
    assert ada.callback_answers[-1]["show_alert"]
    await house.tap(ada, "3")
    assert house.rows("SELECT value FROM taps") == [(3,)]


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
async def test_in_groups_and_channels_it_says_its_line_and_leaves_once(
    house: House, ada: Person, kind: str
) -> None:
    group = house.server.group(-1_000_123, "Friends", kind)
    await group.add_bot(ada)
    await group.person_says(ada, "/start")
    await group.person_says(ada, "@ampersand_demo_bot are you there?")
    await house.settle()
    said = [message.text for message in group.messages if message.from_bot]
    assert said == ["I only talk in private. Goodbye."]
    assert group.bot_status == "left"
    assert len(house.server.calls("leaveChat")) == 1
    assert kept(house) == []
    # Invited again, it says so again.
    await group.add_bot(ada)
    await house.settle()
    assert sum(message.from_bot for message in group.messages) == 2
    assert group.bot_status == "left"


async def test_it_leaves_where_it_may_not_write(house: House, ada: Person) -> None:
    group = house.server.group(-1_000_124)
    house.server.faults.refuse(
        400, "Bad Request: not enough rights to send text messages", method="sendMessage"
    )
    await group.add_bot(ada)
    await house.settle()
    assert group.bot_status == "left"


async def test_the_clock_of_the_machine_may_step_back(house: House, ada: Person) -> None:
    """By a day, right after a question: nothing is asked twice, and answers come at once."""
    await house.move_to_local("Europe/Berlin", "2026-03-03", "20:00")
    house.clock.move(-timedelta(days=1))
    asked = len(house.rows("SELECT * FROM asked"))
    await house.say(ada, "Is it Monday again?")
    assert kept(house) == ["Is it Monday again?"]
    assert "kept" in card_of(ada).text
    await house.move_to(datetime(2026, 3, 3, 21, 0, tzinfo=UTC))
    assert len(house.rows("SELECT * FROM asked")) == asked
    await house.move_to_local("Europe/Berlin", "2026-03-04", "20:00")
    assert len(house.rows("SELECT * FROM asked")) == asked + 1

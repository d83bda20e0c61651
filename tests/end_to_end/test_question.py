"""The question of the day: its tap, another one, later, skip, reminder, quiet push, /prompt."""

import pytest

from bot.demo.messages import Message
from bot.demo.people import Person
from tests.end_to_end.cards import card_of
from tests.house import House

ZONE = "Europe/Berlin"


def questions(house: House) -> list[tuple[str, str, str]]:
    """Day, kind and state of all questions."""
    return [tuple(row) for row in house.rows("SELECT day, kind, state FROM asked ORDER BY id")]


async def test_a_tap_is_kept_and_can_be_changed(house: House, ada: Person) -> None:
    card = card_of(ada)
    assert card.labels == ["1", "2", "3", "4", "5", "another", "later", "skip"]
    await house.tap(ada, "2")
    assert card.labels[:5] == ["1", "· 2 ·", "3", "4", "5"]
    assert ada.callback_answers[-1]["text"] == "kept"
    before = house.rows("SELECT rule, plus, minus FROM beads")
    await ada.press(card.message_id, "5")
    await house.settle()
    assert card.labels[:5] == ["1", "2", "3", "4", "· 5 ·"]
    assert house.rows("SELECT value, late FROM taps") == [(5, 0)]
    after = house.rows("SELECT rule, plus, minus FROM beads")
    assert len(after) == 1
    assert after != before
    assert sum(after[0][1:]) == 2.0


async def test_another_question_takes_its_place_and_the_tap_stays(
    house: House, ada: Person
) -> None:
    card = card_of(ada)
    first, tap = card.text.splitlines()[0], card.text.splitlines()[2]
    seen = {first}
    for _ in range(3):
        await house.tap(ada, "another")
        assert card.text.splitlines()[0] not in seen
        assert card.text.splitlines()[2] == tap
        seen.add(card.text.splitlines()[0])
    assert len(questions(house)) == 1


async def test_skipping_by_button_or_command_is_no_silence(house: House, ada: Person) -> None:
    await house.tap(ada, "skip")
    assert "skipped, which is fine" in card_of(ada).text
    assert ada.callback_answers[-1]["text"] == "skipped"
    await house.say(ada, "/skip")
    assert "There is no open question right now" in ada.last.text
    await house.move_to_local(ZONE, "2026-03-03", "20:00")
    await house.say(ada, "/skip")
    assert "Skipped, which is fine." in ada.last.text
    await house.move_to_local(ZONE, "2026-03-04", "20:00")
    assert [state for _, _, state in questions(house)] == ["skipped", "skipped", "open"]
    assert house.rows("SELECT silence FROM people") == [(None,)]


async def test_later_by_button_asks_again_after_three_hours(house: House, ada: Person) -> None:
    await house.move_to_local(ZONE, "2026-03-02", "12:10")
    card = card_of(ada)
    await house.tap(ada, "later")
    assert ada.callback_answers[-1]["text"] == "I will ask again at 15:10."
    assert "put off until later" in card.text
    await house.move_to_local(ZONE, "2026-03-02", "15:09")
    assert card_of(ada) is card
    await house.move_to_local(ZONE, "2026-03-02", "15:10")
    again = card_of(ada)
    assert again is not card
    assert not again.silent
    assert again.text.splitlines()[0] == card.text.splitlines()[0]
    assert "skip" in again.labels
    assert questions(house) == [("2026-03-02", "daily", "open")]


async def test_later_in_hours_stays_within_the_day(house: House, ada: Person) -> None:
    await house.say(ada, "/later 13")
    assert "by 1 to 12 hours" in ada.last.text
    await house.say(ada, "/later soon")
    assert "by 1 to 12 hours" in ada.last.text
    await house.move_to_local(ZONE, "2026-03-02", "21:00")
    await house.say(ada, "/later 4")
    assert ada.last.text == "I will ask again at 23:30, before the day is over."
    await house.move_to_local(ZONE, "2026-03-02", "23:30")
    assert "another" in ada.last.labels
    await house.say(ada, "/later")
    assert "The day is nearly over" in ada.last.text
    await house.move_to_local(ZONE, "2026-03-03", "08:00")
    # Yesterday's question can be answered or skipped, but not asked again.
    await house.say(ada, "/later")
    assert "There is no open question right now" in ada.last.text
    assert questions(house) == [("2026-03-02", "daily", "open")]


async def test_the_bot_was_off_when_later_came(house: House, ada: Person) -> None:
    await house.say(ada, "/later 2")
    await house.stop()
    house.clock.move_to(house.clock.now().replace(hour=23))
    await house.start()
    await house.move_to_local(ZONE, "2026-03-03", "19:00")
    assert sum("another" in message.labels for message in ada.from_bot) == 0


@pytest.fixture
async def noon(house: House) -> Person:
    """Somebody who is asked at 12:30, so that a reminder falls into their waking hours."""
    person = house.server.person(15, "Noa")
    await house.welcome(person, at="12:30")
    await house.tap(person, "3")
    await house.move_to_local(ZONE, "2026-03-03", "12:30")
    return person


def reminders(person: Person) -> list[Message]:
    """Messages that remind of a question."""
    return [m for m in person.from_bot if "still there if you like" in m.text]


async def test_one_quiet_reminder_after_three_hours(house: House, noon: Person) -> None:
    await house.move_to_local(ZONE, "2026-03-03", "15:29")
    assert reminders(noon) == []
    await house.move_to_local(ZONE, "2026-03-03", "15:31")
    assert len(reminders(noon)) == 1
    assert reminders(noon)[0].silent
    assert reminders(noon)[0].reply_to is card_of(noon)
    await house.move_to_local(ZONE, "2026-03-04", "12:00")
    assert len(reminders(noon)) == 1


@pytest.mark.parametrize("what", ["tap", "words", "skip", "later"])
async def test_no_reminder_of_what_was_answered(house: House, noon: Person, what: str) -> None:
    if what == "words":
        await house.say(noon, "It was a good day.")
    else:
        await house.tap(noon, {"tap": "4"}.get(what, what))
    await house.move_to_local(ZONE, "2026-03-03", "17:00")
    assert reminders(noon) == []


async def test_no_reminder_at_night(house: House, ada: Person) -> None:
    """The question of 20:00 would be reminded of at 23:00."""
    await house.move_to_local(ZONE, "2026-03-04", "19:00")
    assert reminders(ada) == []


async def test_a_tap_on_yesterdays_question_leaves_todays_reminder(
    house: House, noon: Person
) -> None:
    yesterday = next(m for m in noon.from_bot if "· 3 ·" in m.labels)
    await noon.press(yesterday.message_id, "4")
    await house.settle()
    await house.move_to_local(ZONE, "2026-03-03", "15:31")
    assert len(reminders(noon)) == 1


async def test_prompt_brings_one_more_or_todays_own(house: House, ada: Person) -> None:
    await house.say(ada, "/prompt")
    assert ada.last.labels == ["another", "later", "skip"]
    assert [kind for _, kind, _ in questions(house)] == ["daily", "extra"]
    await house.move_to_local(ZONE, "2026-03-03", "09:00")
    await house.say(ada, "/prompt")
    assert ada.last.labels[:5] == ["1", "2", "3", "4", "5"]
    assert ada.last.silent
    # Today's question has been asked: none comes at 20:00.
    await house.move_to_local(ZONE, "2026-03-03", "23:59")
    assert questions(house)[2:] == [("2026-03-03", "daily", "open")]
    await house.move_to_local(ZONE, "2026-03-04", "20:00")
    assert questions(house)[3:] == [("2026-03-04", "daily", "open")]


async def test_a_quiet_push_shows_no_question(house: House) -> None:
    cleo = house.server.person(16, "Cleo")
    await house.welcome(cleo, push="quiet")
    # The first one stands in the chat that is being read right now.
    assert cleo.last.labels[-1] == "skip"
    await house.tap(cleo, "3")
    await house.move_to_local(ZONE, "2026-03-03", "20:00")
    hidden = cleo.last
    assert hidden.text == "Your note for today is ready."
    assert hidden.labels == ["open"]
    await house.tap(cleo, "open")
    assert hidden.labels == ["1", "2", "3", "4", "5", "another", "later", "skip"]
    asked = house.rows("SELECT text FROM asked ORDER BY id DESC LIMIT 1")[0][0]
    assert asked in hidden.text


async def test_a_hidden_question_can_be_answered_unopened(house: House) -> None:
    cleo = house.server.person(16, "Cleo")
    await house.welcome(cleo, push="quiet")
    await house.tap(cleo, "3")
    await house.move_to_local(ZONE, "2026-03-03", "20:00")
    await house.say(cleo, "Whatever you ask: it was a good day.")
    assert "kept" in cleo.last.text
    assert house.rows("SELECT asked_id FROM answers") == [(2,)]

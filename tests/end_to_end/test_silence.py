"""Silence, pauses, stopping, blocking: nobody is chased, and whoever comes back is welcome."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.demo.people import Person
from tests.end_to_end.cards import card_of
from tests.house import House

ZONE = "Europe/Berlin"


def days(house: House) -> list[str]:
    """The days of March 2026 that had a question."""
    rows = house.rows("SELECT day FROM asked WHERE kind = 'daily' ORDER BY id")
    return [row[0].removeprefix("2026-03-") for row in rows]


def state(house: House) -> str:
    """What the only person here does."""
    return str(house.rows("SELECT state FROM people")[0][0])


async def to(house: House, day: int, at: str = "21:00") -> None:
    """Let time pass until a day of March."""
    await house.move_to_local(ZONE, f"2026-03-{day:02}", at)


async def test_three_missed_days_slow_it_down(house: House, ada: Person) -> None:
    """Monday, Tuesday and Wednesday go unanswered; from then on Monday, Wednesday, Friday."""
    await to(house, 15)
    assert days(house) == ["02", "03", "04", "06", "09", "11", "13"]
    # Nothing but questions and weekly things came, and no word about the silence.
    assert not any("miss" in message.text.lower() for message in ada.from_bot)


@pytest.mark.parametrize("sign", ["tap", "words", "skip", "note"])
async def test_any_sign_of_life_brings_the_daily_rhythm_back(
    house: House, ada: Person, sign: str
) -> None:
    await to(house, 11)
    assert days(house) == ["02", "03", "04", "06", "09", "11"]
    if sign == "tap":
        await house.tap(ada, "3")
    elif sign == "words":
        await house.say(ada, "Here I am again, hello.")
    else:
        await house.tap(ada, "skip")
    if sign == "note":
        await house.say(ada, "Here I am again, hello.")
    await to(house, 14)
    assert days(house)[-3:] == ["12", "13", "14"]


async def test_after_fourteen_days_it_rests(house: House, ada: Person) -> None:
    await to(house, 30)
    assert days(house) == ["02", "03", "04", "06", "09", "11", "13"]
    assert "I will be quiet now" in ada.last.text
    assert sum("I will be quiet now" in message.text for message in ada.from_bot) == 1
    assert house.rows("SELECT count(*) FROM schedule") == [(0,)]


@pytest.mark.parametrize("sign", ["/resume", "/start", "I am back, it was a long month."])
async def test_whoever_comes_back_from_rest_is_asked_daily(
    house: House, ada: Person, sign: str
) -> None:
    await to(house, 20)
    assert state(house) == "paused"
    await house.say(ada, sign)
    assert state(house) == "active"
    await to(house, 23)
    assert days(house)[-3:] == ["21", "22", "23"]


async def test_at_rest_other_commands_change_nothing(house: House, ada: Person) -> None:
    await to(house, 20)
    await house.say(ada, "/help")
    await house.say(ada, "/settings")
    await to(house, 25)
    assert days(house)[-1] == "13"


async def test_a_pause_of_some_days_is_over_by_itself(house: House, ada: Person) -> None:
    await house.say(ada, "/pause 3")
    assert "I will be quiet until 5 March." in ada.last.text
    assert "Everything you wrote stays as it is." in ada.last.text
    before = len(ada.from_bot)
    await to(house, 5, "11:00")
    assert len(ada.from_bot) == before
    await to(house, 5, "13:00")
    assert "Your pause is over. The next question comes today at 20:00." in ada.last.text
    await to(house, 6)
    assert days(house) == ["02", "05", "06"]


@pytest.mark.parametrize("at", ["06:30", "00:01", "00:00", "12:00"])
async def test_whoever_is_asked_early_misses_no_day_after_a_pause(
    house: House, ada: Person, at: str
) -> None:
    await house.say(ada, f"/time {at}")
    await house.say(ada, "/pause 3")
    await to(house, 6, "12:30")
    asked = ["02", "06"] if at == "00:00" else ["02", "05", "06"]
    assert days(house) == asked
    assert sum("pause is over" in message.text for message in ada.from_bot) == 1


async def test_an_open_pause_waits_for_resume(house: House, ada: Person) -> None:
    await house.say(ada, "/pause")
    assert "until you send /resume" in ada.last.text
    before = len(ada.from_bot)
    await to(house, 29)
    assert len(ada.from_bot) == before
    await house.say(ada, "Only a note, I am still on leave.")
    assert state(house) == "paused"
    await house.say(ada, "/resume")
    assert "The next question comes tomorrow at 20:00" in ada.last.text
    await to(house, 30)
    assert days(house) == ["02", "30"]


@pytest.mark.parametrize("wish", ["/pause 0", "/pause 91", "/pause a while", "/pause -3"])
async def test_a_pause_that_cannot_be_is_refused(house: House, ada: Person, wish: str) -> None:
    await house.say(ada, wish)
    assert "1 to 90 days" in ada.last.text
    assert state(house) == "active"


async def test_resume_ends_a_pause_early(house: House, ada: Person) -> None:
    await house.say(ada, "/pause 30")
    await house.say(ada, "/resume")
    await to(house, 4)
    assert days(house) == ["02", "03", "04"]
    assert not any("pause is over" in message.text for message in ada.from_bot)


async def test_stopping_is_for_good_until_start(house: House, ada: Person) -> None:
    await house.say(ada, "A line that stays.")
    await house.say(ada, "/stop")
    assert "will not write again" in ada.last.text
    before = len(ada.from_bot)
    await to(house, 20)
    assert len(ada.from_bot) == before
    assert house.rows("SELECT text FROM answers") == [("A line that stays.",)]
    await house.say(ada, "/start")
    assert "Good to have you here again. I ask at 20:00, your time." in ada.last.text
    await to(house, 21)
    assert days(house) == ["02", "21"]


async def test_who_stopped_and_blocked_is_not_started_by_a_note(house: House, ada: Person) -> None:
    """Coming back undoes the block, not the wish."""
    await house.say(ada, "/stop")
    await ada.block()
    await ada.unblock()
    await house.say(ada, "Just a note for myself.")
    await to(house, 6)
    assert state(house) == "stopped"
    assert days(house) == ["02"]


async def test_who_rested_and_stopped_is_not_started_by_a_note(house: House, ada: Person) -> None:
    await to(house, 20)
    await house.say(ada, "/stop")
    await house.say(ada, "Just a note for myself.")
    assert state(house) == "stopped"


async def test_nothing_is_sent_to_somebody_who_has_blocked(house: House, ada: Person) -> None:
    """Telegram tells so at once."""
    await ada.block()
    await house.settle()
    assert state(house) == "gone"
    before = len(house.server.calls("sendMessage"))
    await to(house, 6)
    assert len(house.server.calls("sendMessage")) == before
    await ada.unblock()
    await house.settle()
    await to(house, 7)
    assert len(house.server.calls("sendMessage")) == before
    await house.say(ada, "I am here again, sorry.")
    assert state(house) == "active"
    await to(house, 8)
    assert days(house) == ["02", "08"]


async def test_a_refusal_is_as_good_as_being_told(house: House, ada: Person) -> None:
    """403 for the question, as with an account that was deleted; later things are not tried."""
    await ada.leave_telegram()
    await to(house, 3)
    assert state(house) == "gone"
    refused = len(house.server.calls("sendMessage"))
    await to(house, 8)
    assert len(house.server.calls("sendMessage")) == refused
    assert house.rows("SELECT count(*) FROM outbox") == [(0,)]


async def test_a_week_without_updates_makes_new_ids(house: House, ada: Person) -> None:
    """Telegram counts updates from another number then; the bot must not miss them."""
    await to(house, 11)
    house.server.jump_update_ids(5)
    await house.say(ada, "Hello after a quiet week.")
    await ada.press(card_of(ada).message_id, "3")
    await house.settle()
    assert house.rows("SELECT text FROM answers") == [("Hello after a quiet week.",)]
    assert house.rows("SELECT count(*) FROM taps") == [(1,)]


async def test_days_without_the_bot_bring_one_question(house: House, ada: Person) -> None:
    """Off from Monday to Thursday evening: Thursday's question comes, and only that."""
    await house.stop()
    house.clock.move_to(datetime(2026, 3, 5, 21, 0, tzinfo=UTC))
    await house.start()
    await house.move_to(house.clock.now() + timedelta(seconds=2))
    assert days(house) == ["02", "05"]
    await to(house, 6)
    assert days(house) == ["02", "05", "06"]

"""The week: the check-in at its time, the report after it, both once."""

from bot.demo.people import Person
from tests.house import House

BERLIN = "Europe/Berlin"


async def test_the_check_in_comes_at_the_weekly_time_and_the_report_an_hour_later(
    house: House, ada: Person
) -> None:
    await house.move_to_local(BERLIN, "2026-03-08", "17:59")
    assert house.rows("SELECT count(*) FROM check_ins") == [(0,)]
    await house.move_to_local(BERLIN, "2026-03-08", "18:00")
    assert "Your week, 1 of 12" in ada.last.text
    assert ada.last.silent
    await house.move_to_local(BERLIN, "2026-03-08", "18:59")
    assert "Your week, 1 of 12" in ada.last.text
    await house.move_to_local(BERLIN, "2026-03-08", "19:00")
    assert ada.last.text.startswith("Your week\n")
    assert ada.last.protected
    assert house.rows("SELECT kind, day FROM reports") == [("weekly", "2026-03-08")]


async def test_after_the_last_tap_the_report_comes_at_once(house: House, ada: Person) -> None:
    await house.move_to_local(BERLIN, "2026-03-08", "18:10")
    for at in range(12):
        await house.tap_ending(ada, f":{at}:3")
    await house.move(seconds=2)
    assert ada.last.text.startswith("Your week\n")
    assert "12 from the check-in" in ada.last.text
    await house.move_to_local(BERLIN, "2026-03-08", "19:30")
    assert house.rows("SELECT count(*) FROM reports") == [(1,)]
    assert house.rows("SELECT count(*) FROM beads WHERE source = 'check_in'") == [(12,)]


async def test_it_may_be_left_half_done(house: House, ada: Person) -> None:
    await house.move_to_local(BERLIN, "2026-03-08", "18:10")
    await house.tap_ending(ada, ":0:5")
    await house.tap(ada, "that is enough")
    await house.move(seconds=2)
    assert "1 from the check-in" in ada.last.text


async def test_both_come_once_whatever_restarts_in_between(house: House, ada: Person) -> None:
    await house.move_to_local(BERLIN, "2026-03-08", "18:00")
    await house.restart()
    await house.move_to_local(BERLIN, "2026-03-08", "18:30")
    await house.restart()
    await house.move_to_local(BERLIN, "2026-03-08", "19:00")
    await house.restart()
    await house.move_to_local(BERLIN, "2026-03-08", "23:00")
    texts = [message.text for message in ada.from_bot]
    assert sum("Your week, 1 of 12" in text for text in texts) == 1
    assert sum(text.startswith("Your week\n") for text in texts) == 1


async def test_weekly_moves_both(house: House, ada: Person) -> None:
    await house.say(ada, "/weekly wednesday 7:30")
    assert "Wednesday at 07:30" in ada.last.text
    await house.move_to_local(BERLIN, "2026-03-04", "07:30")
    assert "Your week, 1 of 12" in ada.last.text


async def test_a_check_in_of_last_week_says_that_it_is_over(house: House, ada: Person) -> None:
    await house.move_to_local(BERLIN, "2026-03-08", "18:10")
    old = ada.last
    await house.move_to_local(BERLIN, "2026-03-12", "12:00")
    await ada.press(old.message_id, next(b["callback_data"] for b in old.buttons))
    await house.settle()
    assert "That week is over" in old.text
    assert house.rows("SELECT count(*) FROM check_in_answers") == [(0,)]


async def test_an_unusual_week_is_left_out_and_counted_again(house: House, ada: Person) -> None:
    await house.tap(ada, "4")
    await house.move_to_local(BERLIN, "2026-03-08", "19:00")
    await house.tap(ada, "an unusual week")
    assert house.rows("SELECT day, mark FROM marked_days") == [("2026-03-02", "unusual")]
    assert "count this week after all" in ada.last.labels
    await house.tap(ada, "count this week after all")
    assert house.rows("SELECT count(*) FROM marked_days") == [(0,)]

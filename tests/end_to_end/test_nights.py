"""Nights on the way: what was kept long enough goes also when the clock is moved by weeks."""

from bot.demo.people import Person
from tests.house import House

ZONE = "Europe/Berlin"


async def kept_for_90_days(house: House) -> Person:
    """A person who wants to be forgotten after three months, and has written on the first day."""
    person = house.server.person(11, "Ada")
    await house.say(person, "/start")
    await house.tap(person, "consent:yes")
    await house.tap(person, "keep:90")
    await house.tap(person, "push:text")
    await house.say(person, "Berlin, Germany")
    await house.say(person, "20:00")
    await house.say(person, "Only for some months, please.")
    return person


async def test_texts_go_after_their_time_and_not_untold(house: House) -> None:
    ada = await kept_for_90_days(house)
    await house.move_to_local(ZONE, "2026-05-31", "12:00")
    assert house.rows("SELECT text FROM answers") == [("Only for some months, please.",)]
    notices = [m.sent_at.date().isoformat() for m in ada.from_bot if "for 90 days" in m.text]
    await house.move_to_local(ZONE, "2026-06-10", "12:00")
    assert house.rows("SELECT text FROM answers") == [("",)]
    assert notices == ["2026-05-25"]


async def test_finished_updates_are_forgotten(house: House) -> None:
    await kept_for_90_days(house)
    await house.move(days=4)
    assert house.rows("SELECT count(*) FROM inbox") == [(0,)]

"""A day: being asked, answering, reading what was counted."""

from bot.demo.people import Person
from tests.house import House


async def test_onboarding_leads_to_the_first_question_at_once(house: House) -> None:
    ada = house.server.person(11, "Ada")
    await house.say(ada, "/start")
    assert "&amp;" in ada.from_bot[0].html
    assert "Olive" in ada.from_bot[1].text
    assert ada.last.labels == ["I am 18 or over, and I agree", "No, thank you"]
    await house.tap(ada, "consent:yes")
    await house.tap(ada, "keep:90")
    await house.tap(ada, "push:text")
    await house.say(ada, "Berlin, Germany")
    assert "10:00" in ada.last.text
    await house.tap(ada, "time:20:00")
    assert house.rows("SELECT state, zone, ask_at, keep_days FROM people") == [
        ("active", "Europe/Berlin", "20:00", 90)
    ]
    asked = house.rows("SELECT day, kind, text, tap FROM asked")
    assert len(asked) == 1
    assert asked[0][2] in ada.last.text
    assert ada.last.labels == ["1", "2", "3", "4", "5", "another", "later", "skip"]


async def test_the_next_question_comes_at_the_local_time(house: House, ada: Person) -> None:
    before = len(ada.from_bot)
    await house.move_to_local("Europe/Berlin", "2026-03-03", "19:59")
    assert len(ada.from_bot) == before
    await house.move_to_local("Europe/Berlin", "2026-03-03", "20:00")
    assert len(ada.from_bot) == before + 1
    assert not ada.last.silent

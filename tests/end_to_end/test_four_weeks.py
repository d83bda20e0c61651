"""Four weeks of somebody who only taps, day by day."""

import re
from datetime import date, timedelta

from bot.demo.people import Person
from prompts.loading import load_rules
from tests.end_to_end.cards import card_of
from tests.house import House

RULES = load_rules()
START = date(2026, 3, 2)
NAMES = ("merging", "deferring", "directing", "distance", "Both ran low", "Not clear yet")


async def live(house: House, person: Person, days: range, level: dict[str, int]) -> None:
    """One tap a day, at the evening's question; the check-in is left alone."""
    for number in days:
        day = (START + timedelta(days=number)).isoformat()
        await house.move_to_local("Europe/Berlin", day, "20:00")
        card = card_of(person)
        rule = RULES[house.rows("SELECT tap FROM asked ORDER BY id DESC LIMIT 1")[0][0]]
        value = level[rule.axis.value]
        await person.press(card.message_id, str(6 - value if rule.reversed else value))
        await house.settle()


async def test_a_life_in_taps(house: House, ada: Person) -> None:
    """One question a day; first "too early", and after four weeks a name."""
    level = {"self": 1, "together": 5, "say": 3}
    await house.say(ada, "/report")
    assert "This is the first day that I count" in ada.last.text
    await live(house, ada, range(1, 4), level)
    await house.say(ada, "/report")
    assert "Counted: 3 replies, 3 taps." in ada.last.text
    assert "That takes two weeks (11 more days) and enough answers." in ada.last.text
    assert not any(name in ada.last.text for name in NAMES)

    await live(house, ada, range(4, 29), level)
    await house.say(ada, "/report 4")
    report = ada.last
    assert "Your last four weeks" in report.text
    assert re.search(r"Counted: 2\d replies, 2\d taps\.", report.text)
    assert "leaned toward merging" in report.text
    assert report.protected

    asked = house.rows("SELECT day, count(*) FROM asked GROUP BY day ORDER BY day")
    assert asked == [((START + timedelta(days=n)).isoformat(), 1) for n in range(29)]
    pushed = [m for m in ada.from_bot if not m.silent]
    assert len(pushed) == 28
    weekly = [m for m in ada.from_bot if m.text.startswith("Your week\n")]
    assert len(weekly) == 4
    assert len(house.rows("SELECT * FROM taps")) == 28


async def test_a_life_that_leans_nowhere_gets_no_name(house: House, ada: Person) -> None:
    await live(house, ada, range(1, 29), {"self": 3, "together": 3, "say": 3})
    await house.say(ada, "/report 4")
    assert "Not clear yet is a normal answer" in ada.last.text
    assert not any(name in ada.last.text for name in NAMES[:-1])

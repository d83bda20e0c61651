"""A whole life over HTTP: quiz, taps, check-ins and the weekly report, on a moved clock."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bot.demo.people import Person
from bot.drift.rules import Rule
from prompts.loading import load_rules
from tests.house import House
from tests.report import people

RULES = load_rules()
ZONE = "Europe/London"
SUNDAY = 6
HALF_WAY = 4
Levels = Callable[[int], people.Levels]


async def _take_quiz(house: House, person: Person, level: people.Levels, *, restart: bool) -> None:
    await house.say(person, "/quiz")
    for at, rule in enumerate(RULES.rules):
        if restart and at == 12:
            await house.restart()
            await house.say(person, "/quiz")
            assert "13 of 24" in person.last.text
        await house.tap_ending(person, f":{at}:{_answer(rule, level, at)}")
    await house.tap_ending(person, ":24:3")
    await house.tap_ending(person, ":25:5")


async def _check_in(house: House, person: Person, level: people.Levels, week: int) -> None:
    by_text = {rule.check_in: rule for rule in RULES.anchors}
    for at in range(len(RULES.anchors)):
        rule = next(r for text, r in by_text.items() if text and text in person.last.text)
        await house.tap_ending(person, f":{at}:{_answer(rule, level, week * 12 + at)}")


async def _live(house: House, person: Person, weeks: int, level: Levels) -> list[str]:
    """Tap every day and every week; give the weekly reports as they came."""
    reports: list[str] = []
    start = house.clock.now().date()
    for day in range(1, weeks * 7 + 1):
        local, week = start + timedelta(days=day), (day - 1) // 7
        if local.weekday() == SUNDAY:
            await house.move_to_local(ZONE, local.isoformat(), "18:05")
            await _check_in(house, person, level(week), week)
            await house.move_to_local(ZONE, local.isoformat(), "18:06")
            assert "Your week" in person.last.text
            reports.append(person.last.text)
            if week == HALF_WAY:
                await house.say(person, "/report")
                assert person.last.text.startswith("So far\n")
        await house.move_to_local(ZONE, local.isoformat(), "20:30")
        asked = house.rows("SELECT id, tap FROM asked ORDER BY id DESC LIMIT 1")[0]
        value = _answer(RULES[asked[1]], level(week), day)
        await house.tap(person, f"tap:{asked[0]}:{value}")
    return reports


def _answer(rule: Rule, level: people.Levels, index: int) -> int:
    return people.answer(rule, level, index)


async def test_a_life_that_drifts_is_told_so_once(house: House) -> None:
    """Twelve weeks of a person whose self drops after the sixth."""
    house.clock.move_to(datetime(2026, 3, 2, 9, tzinfo=UTC))
    ada = house.server.person(11, "Ada")
    await house.welcome(ada, "London, United Kingdom")
    await _take_quiz(house, ada, (0.75, 0.65, 0.0), restart=True)
    assert any("From your quiz" in message.text for message in ada.from_bot)
    assert house.rows("SELECT count(*) FROM quiz_answers") == [(24,)]
    assert house.rows("SELECT closeness_now, closeness_wished FROM quizzes") == [(3, 5)]

    def drifting(week: int) -> people.Levels:
        return (0.75, 0.65, 0.0) if week < 6 else (0.3, 0.65, 0.0)

    reports = await _live(house, ada, 12, drifting)
    assert len(reports) == 12
    told = [text for text in reports if "moved since about" in text]
    assert len(told) == 1
    assert "less room for what is yours" in told[0]
    assert reports.index(told[0]) >= 7
    weekly = house.rows("SELECT day, count(*) FROM reports WHERE kind = 'weekly' GROUP BY day")
    assert [count for _, count in weekly] == [1] * 12
    assert house.rows("SELECT count(*), count(DISTINCT day) FROM asked") == [(85, 85)]


async def test_a_steady_life_hears_of_no_shift(house: House) -> None:
    """Ten weeks of a person who stays as they are."""
    ada = house.server.person(11, "Ada")
    await house.welcome(ada, "London, United Kingdom")
    reports = await _live(house, ada, 10, lambda _: (0.65, 0.65, 0.0))
    assert len(reports) == 10
    assert not any("moved since about" in text for text in reports)
    assert any("No clear change" in text for text in reports)
    assert house.rows("SELECT count(*) FROM told") == [(0,)]

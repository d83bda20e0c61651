"""`ampersand replay` reads people as the bot would have, and a bad line stops nobody."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.commands.replay import command
from bot.drift.rules import Axis, RuleSet
from prompts.loading import load_rules

START = date(2026, 1, 5)


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules()


def day(number: int) -> str:
    return (START + timedelta(number)).isoformat()


def answers(rules: RuleSet, level: dict[str, int], *, quiz: bool = False) -> dict[str, int]:
    """Answers that say a level of 1 to 5 toward plus on each axis; 3 where none is given."""
    asked = rules.rules if quiz else rules.anchors
    return {
        rule.id: 6 - value if rule.reversed else value
        for rule in asked
        for value in [level.get(rule.axis, 3)]
    }


def person(rules: RuleSet, levels: list[dict[str, int]], **more: object) -> dict[str, Any]:
    """Somebody who taps every day and does every check-in, one level for each week."""
    turns = [rules.by_axis(axis) for axis in Axis]
    anchors = [[rule for rule in axis if rule.anchor][n] for n in range(4) for axis in turns]
    days = []
    for number in range(7 * len(levels)):
        rule = anchors[number % 12]
        value = answers(rules, levels[number // 7])[rule.id]
        days.append({"date": day(number), "tap": {"rule": rule.id, "value": value}})
    check_ins = [
        {"date": day(7 * week + 6), "answers": answers(rules, level)}
        for week, level in enumerate(levels)
    ]
    start = {"id": "p1", "start": day(0), "zone": "Europe/Berlin"}
    return {**start, "quizzes": [], "days": days, "check_ins": check_ins, **more}


def run(*people: object) -> Result:
    lines = [one if isinstance(one, str) else json.dumps(one) for one in people]
    return CliRunner().invoke(command, input="\n".join(lines))


def weeks(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_every_week_gives_one_line_with_its_number(rules: RuleSet) -> None:
    result = run(person(rules, [{}] * 3))
    assert result.exit_code == 0
    assert [(week["id"], week["week"]) for week in weeks(result)] == [("p1", n) for n in (1, 2, 3)]
    assert set(weeks(result)[0]) == {
        *("id", "week", "self", "together", "say", "pattern", "drift", "valid"),
    }


def test_a_week_begun_is_a_week(rules: RuleSet) -> None:
    someone = person(rules, [{}] * 2)
    someone["days"].append({"date": day(14), "text": "one two three"})
    assert [week["valid"] for week in weeks(run(someone))] == [True, True, False]


def test_positions_have_a_mean_within_a_band(rules: RuleSet) -> None:
    for week in weeks(run(person(rules, [{"self": 5, "say": 1}] * 2))):
        for axis in Axis:
            mean, low, high = week[axis]
            assert low <= mean <= high
        assert week["self"][0] > 0.7
        assert week["together"][0] == 0.5
        assert week["say"][0] < -0.4


@pytest.mark.parametrize(
    ("level", "pattern"),
    [
        ({"self": 1, "together": 5}, "merging"),
        ({"self": 5, "together": 1}, "distance"),
        ({"self": 5, "together": 5}, "interdependent"),
        ({"self": 1, "together": 1}, "both_low"),
        ({"say": 1}, "deferring"),
        ({"say": 5}, "directing"),
        ({}, "not_clear"),
    ],
)
def test_patterns_are_named_from_the_third_week_on(
    rules: RuleSet, level: dict[str, int], pattern: str
) -> None:
    found = [week["pattern"] for week in weeks(run(person(rules, [level] * 4)))]
    assert found == ["not_clear", "not_clear", pattern, pattern]


def test_a_shift_stands_in_the_week_in_which_it_is_told(rules: RuleSet) -> None:
    found = weeks(run(person(rules, [{"say": 4}] * 10 + [{"say": 3}] * 10)))
    told = [(week["week"], week["drift"]["say"]) for week in found if week["drift"]["say"]]
    assert len(told) == 1
    ((number, shift),) = told
    assert 11 < number <= 18
    assert shift["direction"] == "down"
    assert isinstance(shift["clear"], bool)
    assert abs((date.fromisoformat(shift["since"]) - (START + timedelta(70))).days) <= 14
    assert all(not week["drift"]["self"] and not week["drift"]["together"] for week in found)


def test_a_quiz_is_in_the_picture(rules: RuleSet) -> None:
    quiz = {"date": day(0), "answers": answers(rules, {"self": 5}, quiz=True)}
    with_quiz, without = (
        weeks(run(person(rules, [{}], quizzes=quizzes)))[0]["self"][0] for quizzes in ([quiz], [])
    )
    assert with_quiz > without == 0.5


def test_texts_of_three_words_are_replies(rules: RuleSet) -> None:
    quiet = person(rules, [{}], days=[])
    assert [week["valid"] for week in weeks(run(quiet))] == [False]
    for text, valid in (("talked a lot", True), ("not much", False)):
        quiet["days"] = [{"date": day(number), "text": text} for number in range(4)]
        assert [week["valid"] for week in weeks(run(quiet))] == [valid]


def test_somebody_who_never_answers_has_one_week_in_the_middle(rules: RuleSet) -> None:
    (week,) = weeks(run({"id": 7, "start": day(0)}))
    assert week["self"][0] == 0.5
    assert (week["id"], week["pattern"], week["valid"]) == (7, "not_clear", False)


SECRET = "the secret of the house"


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        ("{", "JSON"),
        ("[]", "object"),
        (b"\xff\xfe".decode("latin-1"), "JSON"),
        ({"id": "x"}, "start"),
        ({"id": "x", "start": "yesterday"}, "start"),
        ({"id": "x", "start": "2026-01-05", "zone": "Mars/Base"}, "time zone"),
        ({"days": [{"date": "2026-01-05", "tap": {"rule": "own-time", "value": 6}}]}, "tap.value"),
        ({"days": [{"date": "2026-01-05", "tap": {"rule": "own-time", "value": True}}]}, "value"),
        ({"days": [{"date": "2026-01-05", "tap": {"rule": "own-tim", "value": 3}}]}, "own-tim"),
        ({"days": [{"date": "2026-01-05", "text": [SECRET]}]}, "days.0.text"),
        ({"days": [{"date": "2026-01-04", "text": SECRET}]}, "before the start"),
        ({"start": "9999-12-30"}, "calendar"),
        ({"check_ins": [{"date": "2026-01-05", "answers": {"own-time": 0}}]}, "own-time"),
    ],
)
def test_a_bad_line_is_named_and_the_others_are_read(
    rules: RuleSet, bad: dict[str, object] | str, says: str
) -> None:
    good = person(rules, [{}])
    line = bad if isinstance(bad, str) else {"id": "x", "start": "2026-01-05", **bad}
    if isinstance(bad, dict) and "id" in bad:
        line = bad
    result = run({**good, "id": "a"}, "", line, {**good, "id": "b"})
    assert result.exit_code == 2
    assert [week["id"] for week in weeks(result)] == ["a", "b"]
    (error,) = result.stderr.splitlines()
    assert error.startswith("line 3: ")
    assert says in error
    assert SECRET not in error


def test_a_file_can_be_named(rules: RuleSet, tmp_path: Path) -> None:
    path = tmp_path / "people.jsonl"
    path.write_text("\ufeff" + json.dumps(person(rules, [{}] * 2)) + "\n", encoding="utf-8")
    result = CliRunner().invoke(command, [str(path)])
    assert result.exit_code == 0
    assert len(weeks(result)) == 2

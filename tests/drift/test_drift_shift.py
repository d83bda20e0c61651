"""The shift detector agrees with an independent one, and keeps quiet when it has to."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.drift.rules import Axis
from bot.drift.shift import Answer, Answers, Direction, Finding
from tests.drift import oracle
from tests.drift.histories import dice

WEEKS = 34


def random_answers(thrown: Random) -> list[Answer]:
    """Answers of somebody who moves, or not, answers a lot, or little, and skips some weeks."""
    rate = thrown.choice((0.5, 2.0, 4.0))
    level = {axis: thrown.uniform(0.2, 0.8) for axis in Axis}
    turn, amount = thrown.randrange(WEEKS), thrown.choice((0.0, 0.0, -0.3, 0.3))
    noise = thrown.choice((0.0, 0.1, 0.25))
    answers = []
    for week in range(WEEKS):
        if thrown.random() < 0.15:
            continue
        for axis in Axis:
            for number in range(4):
                for _ in range(int(thrown.random() * rate)):
                    value = level[axis] + (amount if week >= turn else 0) + thrown.gauss(0, noise)
                    answers.append(Answer(week, axis, f"{axis}-{number}", "", round(4 * value) / 4))
    return answers


@pytest.mark.parametrize("seed", range(300))
def test_agrees_with_the_independent_detector(seed: int) -> None:
    thrown = dice(seed)
    answers = random_answers(thrown)
    taps = [oracle.Tap(week, axis, rule, value) for week, axis, rule, _, value in answers]
    ours = Answers(answers)
    for _ in range(4):
        week, axis = thrown.randrange(WEEKS + 3), thrown.choice(tuple(Axis))
        start = thrown.choice((0, 0, thrown.randrange(WEEKS)))
        finding, verdict = (
            ours.evidence(axis, week, start),
            oracle.evidence(taps, axis, week, start),
        )
        assert ours.scatter(week) == pytest.approx(oracle.own_variance(taps, week), rel=1e-9)
        if finding is None:
            assert verdict.split is None
            continue
        assert finding.ratio == pytest.approx(verdict.ratio, rel=1e-7)
        assert finding.split == verdict.split
        assert finding.size == pytest.approx(verdict.size, abs=1e-9)
        assert (finding.direction is Direction.UP) == (verdict.direction > 0)


def steady(weeks: range, value: float, each: int = 1) -> list[Answer]:
    return [
        Answer(week, Axis.SELF, f"self-{number}", "", value)
        for week in weeks
        for number in range(4)
        for _ in range(each)
    ]


def test_the_first_statement_is_possible_in_week_8() -> None:
    answers = Answers(steady(range(4), 0.75) + steady(range(4, 20), 0.25))
    first = next(week for week in range(20) if answers.evidence(Axis.SELF, week))
    assert first + 1 == 8
    finding = answers.evidence(Axis.SELF, first)
    assert finding is not None
    assert finding.speaks
    assert (finding.split, finding.direction) == (4, Direction.DOWN)


def test_no_turning_point_without_six_answers_on_each_side() -> None:
    few = [answer for answer in steady(range(12), 0.5) if answer.rule == "self-0"]
    assert Answers(few[:5]).evidence(Axis.SELF, 11) is None
    assert Answers(few).evidence(Axis.SELF, 11) is not None


def test_an_axis_without_answers_says_nothing() -> None:
    assert Answers([]).evidence(Axis.SAY, 30) is None
    assert Answers(steady(range(30), 0.5)).evidence(Axis.SAY, 30) is None


def test_a_restart_forgets_what_came_before_it() -> None:
    answers = Answers(steady(range(10), 0.75) + steady(range(10, 30), 0.25))
    before, after = answers.evidence(Axis.SELF, 15), answers.evidence(Axis.SELF, 19, start=10)
    assert before is not None
    assert before.speaks
    assert after is not None
    assert not after.speaks
    assert answers.evidence(Axis.SELF, 16, start=10) is None


def test_a_new_wording_is_noted_in_its_week_and_its_old_answers_are_dropped_there() -> None:
    old = steady(range(6), 1.0)
    new = [answer._replace(version="new") for answer in steady(range(5, 9), 0.0)]
    answers = Answers([*old, *new])
    assert [answers.reworded(week) for week in (4, 5, 8)] == [0, 5, 5]
    assert Answers([*steady(range(5), 1.0), *new]).evidence(Axis.SELF, 8, 5) == answers.evidence(
        Axis.SELF, 8, 5
    )


def test_a_jumpy_person_needs_more_to_be_told() -> None:
    calm = [a for week in range(16) for a in steady(range(week, week + 1), 0.5)]
    jumpy = [a._replace(value=float((a.week + int(a.rule[-1])) % 2)) for a in calm]
    assert Answers(jumpy).scatter(15) > 2 * 0.055 > 0.055 > Answers(calm).scatter(15)


@pytest.mark.parametrize(
    ("memory", "ratio", "speaks", "clear"),
    [
        (16, 39.9, False, False),
        (16, 40.0, True, False),
        (16, 139.0, True, True),
        (17, 78.9, False, False),
        (17, 79.0, True, False),
        (24, 290.0, True, True),
    ],
)
def test_the_limits_depend_on_the_memory(
    memory: int, ratio: float, speaks: bool, clear: bool
) -> None:
    finding = Finding(ratio, Direction.UP, 4, 0.2, memory)
    assert (finding.speaks, finding.clear) == (speaks, clear)


@given(st.integers(0, 10_000))
def test_turning_all_answers_round_turns_the_shift_round(seed: int) -> None:
    answers = random_answers(dice(seed))
    turned = [answer._replace(value=1 - answer.value) for answer in answers]
    there = Answers(answers).evidence(Axis.SELF, WEEKS - 1)
    back = Answers(turned).evidence(Axis.SELF, WEEKS - 1)
    assert (there is None) == (back is None)
    if there is not None and back is not None:
        assert back.ratio == pytest.approx(there.ratio, rel=1e-6)
        assert back.size == pytest.approx(-there.size, abs=1e-9)


@given(st.integers(0, 10_000))
def test_the_order_of_answers_makes_no_difference(seed: int) -> None:
    thrown = dice(seed)
    answers = random_answers(thrown)
    shuffled = list(answers)
    thrown.shuffle(shuffled)
    there, back = (Answers(a).evidence(Axis.SAY, WEEKS - 1) for a in (answers, shuffled))
    assert (there is None) == (back is None)
    if there is not None and back is not None:
        assert back.ratio == pytest.approx(there.ratio, rel=1e-9)
        assert back.split == there.split


def test_a_large_change_starts_afresh_at_its_new_level_although_it_was_told_early() -> None:
    answers = Answers(steady(range(12), 1.0) + steady(range(12, 30), 0.0))
    told = next(week for week in range(30) if (f := answers.evidence(Axis.SELF, week)) and f.speaks)
    finding = answers.evidence(Axis.SELF, told)
    assert finding is not None
    assert told < 12 + 3
    assert finding.split < 12
    assert answers.restart(Axis.SELF, told, finding.split) == 12


def test_a_restart_is_where_the_shift_was_told_if_its_answers_are_gone() -> None:
    assert Answers([]).restart(Axis.SELF, 15, 9) == 9

"""A quiz is read by itself, and a retake is compared item by item."""

from dataclasses import replace

import pytest

from bot.drift.beads import Bead, answer_bead
from bot.drift.quizzes import Closeness, quiz_sittings, read_quiz, retake_change
from bot.drift.rules import Axis, Source
from bot.drift.shift import Direction
from tests.drift.histories import RULES, day, levels, quiz, taps, toward

DOWN, UP = Direction.DOWN, Direction.UP


def by_rule(beads: list[Bead]) -> dict[str, Bead]:
    return {bead.rule: bead for bead in beads}


def test_a_quiz_is_read_from_its_items() -> None:
    reading = read_quiz(day(0), quiz(0, levels(self_=5, together=3, say=1)))
    means = {axis: place.mean for axis, place in reading.positions.items() if place}
    # 16 beads and four neutral ones
    assert means == pytest.approx({Axis.SELF: 0.9, Axis.TOGETHER: 0.5, Axis.SAY: -0.8})


def test_an_axis_with_fewer_than_six_items_is_not_described() -> None:
    beads = [bead for bead in quiz(0, levels()) if bead.rule not in {"say-0", "say-1"}]
    assert read_quiz(day(0), beads).positions[Axis.SAY] is not None
    fewer = [bead for bead in beads if bead.rule != "say-2"]
    reading = read_quiz(day(0), fewer)
    assert reading.positions[Axis.SAY] is None
    assert reading.answered == {Axis.SELF: 8, Axis.TOGETHER: 8, Axis.SAY: 5}


def test_quizzes_are_told_apart_by_their_day() -> None:
    beads = [*quiz(28, levels()), *taps(range(5), levels()), *quiz(0, levels())]
    assert list(quiz_sittings(beads)) == [day(0), day(28)]


@pytest.mark.parametrize(
    ("steps", "change"), [(8, DOWN), (7, None), (0, None), (-8, UP), (-7, None)]
)
def test_a_retake_changed_if_it_moved_one_step_on_every_item(
    steps: int, change: Direction | None
) -> None:
    first = quiz(0, levels())
    moved = [
        answer_bead(rule, toward(rule, 3 - (steps > n) + (-steps > n)), day(28), Source.QUIZ)
        for n, rule in enumerate(RULES.by_axis(Axis.SELF))
    ]
    others = [bead for bead in quiz(28, levels()) if bead.axis is not Axis.SELF]
    changes = retake_change(by_rule(first), by_rule([*moved, *others]))
    assert changes == {Axis.SELF: change, Axis.TOGETHER: None, Axis.SAY: None}


def test_only_items_in_the_same_wording_are_compared() -> None:
    first, second = by_rule(quiz(0, levels(say=5))), by_rule(quiz(28, levels(say=1)))
    assert retake_change(first, second)[Axis.SAY] is DOWN
    for rule in ("say-0", "say-1", "say-2"):
        second[rule] = replace(second[rule], version="other words")
    assert retake_change(first, second)[Axis.SAY] is None


def test_the_gap_is_from_now_to_wished() -> None:
    assert Closeness(now=3, wished=5).gap == 2
    assert Closeness(now=6, wished=4).gap == -2

"""The calibration runs, and on a small crowd comes near what a large one measures."""

import re

import pytest
from click.testing import CliRunner

from benchmarks.calibrate.__main__ import main
from benchmarks.calibrate.baselines import Alarm
from benchmarks.calibrate.conditions import DEFAULT, STEP, of_type
from benchmarks.calibrate.measuring import (
    Method,
    Told,
    false_alarms,
    found,
    name_at,
    recovered,
    told_twice,
)
from benchmarks.calibrate.people import Move, person
from bot.drift.patterns import Pattern
from bot.drift.rules import Axis
from bot.drift.shift import Direction


def test_the_same_seed_gives_the_same_person() -> None:
    assert person(DEFAULT, "a") == person(DEFAULT, "a")
    assert person(DEFAULT, "a") != person(DEFAULT, "b")


@pytest.mark.parametrize(
    ("move", "week", "offset"),
    [
        (STEP, 8, 0.0),
        (STEP, 9, -0.25),
        (STEP, 50, -0.25),
        (Move(0.65, -0.25, 9, 9, back=13), 13, 0.0),
        (Move(0.65, -0.30, 5, 16), 10, -0.15),
    ],
)
def test_a_move_goes_as_far_as_it_says(move: Move, week: int, offset: float) -> None:
    assert move.offset(week) == pytest.approx(offset)


def test_a_quick_run_measures_what_a_long_one_does() -> None:
    """300 people: the bounds are wide, five standard errors or so."""
    result = CliRunner().invoke(main, ["--quick", "--processes", "2", "--seed", "3"])
    assert result.exit_code == 0, result.output
    (row,) = re.findall(r"^\| default \|.*$", result.stdout, re.MULTILINE)
    quiet, smoothed, weekly, step, week, smoothed_step, weekly_step = (
        float(cell) for cell in row.split("|")[2:-1]
    )
    assert quiet < 12
    assert smoothed < 17
    assert weekly < 22
    assert step > 68
    assert 3 <= week <= 5
    assert weekly_step < smoothed_step < step


def heard(*alarms: tuple[int, Axis, Direction], clear: bool = False) -> Told:
    """Somebody whose self moved, and what the engine told them."""
    said = [Alarm(*alarm) for alarm in alarms]
    return Told({Method.ENGINE: said}, said if clear else [], Axis.SELF)


RIGHT = (12, Axis.SELF, Direction.DOWN)
CROWD = [
    heard(RIGHT, clear=True),
    heard(RIGHT, (20, Axis.SELF, Direction.DOWN)),
    heard(RIGHT, (28, Axis.SELF, Direction.UP)),
    heard((11, Axis.SAY, Direction.UP), (16, Axis.SELF, Direction.DOWN)),
    heard((8, Axis.SELF, Direction.DOWN), RIGHT),  # told before anything had moved
    heard((12, Axis.SELF, Direction.UP)),  # the wrong way
    heard((17, Axis.SELF, Direction.DOWN)),  # too late
    heard(),
]


def test_what_a_crowd_heard_is_counted() -> None:
    assert false_alarms(CROWD, Method.ENGINE, 5, 16) == pytest.approx(100 * 6 / 8)
    assert false_alarms(CROWD, Method.ENGINE, 5, 11) == pytest.approx(100 * 2 / 8)
    assert false_alarms(CROWD, Method.ENGINE, clear=True) == pytest.approx(100 / 8)
    assert found(CROWD, Method.ENGINE, STEP) == pytest.approx((100 * 4 / 8, 4.0, 100 / 8))
    assert told_twice(CROWD, STEP, 26) == pytest.approx(100 / 4)
    assert told_twice(CROWD, STEP, 19) == 0
    assert recovered(CROWD, STEP, 27) == pytest.approx(100 / 4)


def test_most_people_of_a_type_are_named_so() -> None:
    names = [name_at(of_type(Pattern.INTERDEPENDENT), str(number)) for number in range(60)]
    assert names.count(Pattern.INTERDEPENDENT) > 36

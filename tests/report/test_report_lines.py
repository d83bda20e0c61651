"""The weeks as lines: gaps, bands, and months below them."""

import re
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.drift.positions import Position
from bot.drift.rules import Axis
from bot.report.figure import Pair, Place, Slot, Standing
from bot.report.lines import LEFT, MONTH_APART, PADDING, RIGHT, Lines, Point, lines, smooth

MONDAY = date(2026, 3, 2)
TOP, HEIGHT, GAP = 100.0, 60.0, 10.0
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def slots(*means: float | None, unusual: int | None = None) -> list[Slot]:
    """Weeks with the same mean on self and togetherness, and its like on say."""
    made = []
    for week, mean in enumerate(means):
        if mean is None:
            gone = Place(Position(0.0, 0.0, 0.0, 0.0), Standing.UNKNOWN)
            pair = Pair(gone, gone, gone)
        else:
            own = Place(
                Position(mean, max(0.0, mean - 0.1), min(1.0, mean + 0.1), 9.0), Standing.CLEAR
            )
            say = Place(
                Position(2 * mean - 1, 2 * own.at.low - 1, 2 * own.at.high - 1, 9.0),
                Standing.CLEAR,
            )
            pair = Pair(own, own, say)
        made.append(Slot(MONDAY + timedelta(weeks=week), pair, unusual=week == unusual))
    return made


def of(*means: float | None, most: int = 12, unusual: int | None = None) -> Lines:
    """Their lines."""
    return lines(slots(*means, unusual=unusual), most, TOP, HEIGHT, GAP)


def points(path: str) -> list[tuple[float, float]]:
    """All points of a path, those that pull at the curve too."""
    numbers = [float(number) for number in NUMBER.findall(path)]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def test_a_week_without_enough_is_a_gap_and_a_week_alone_is_a_dot() -> None:
    strip = of(0.5, 0.6, None, 0.4, None, None, 0.5, 0.5, 0.5).strips[0]
    assert len(strip.runs) == 2
    assert len(strip.alone) == 1
    step = (RIGHT - LEFT) / 8
    assert strip.alone[0].x == pytest.approx(LEFT + 3 * step)
    assert points(strip.runs[0].line)[-1][0] == pytest.approx(LEFT + step, abs=0.1)
    assert points(strip.runs[1].line)[0][0] == pytest.approx(LEFT + 6 * step, abs=0.1)


def test_the_strips_stand_in_the_order_of_the_axes_and_all_say_the_same_of_like_weeks() -> None:
    strips = of(0.2, 0.9, 0.4).strips
    assert [strip.axis for strip in strips] == [Axis.SELF, Axis.TOGETHER, Axis.SAY]
    heights = [[y - strip.top for _, y in points(strip.runs[0].line)] for strip in strips]
    assert heights[0] == pytest.approx(heights[1], abs=0.11)
    assert heights[0] == pytest.approx(heights[2], abs=0.11)


def test_more_stands_higher() -> None:
    line = points(of(0.1, 0.9).strips[0].runs[0].line)
    assert line[-1][1] < line[0][1]


@given(means=st.lists(st.none() | st.floats(0, 1), min_size=1, max_size=60))
def test_whatever_the_weeks_are_like_lines_and_bands_stay_in_their_strip(
    means: list[float | None],
) -> None:
    made = of(*means, most=52) if len(means) <= 52 else of(*means[-52:], most=52)
    for strip in made.strips:
        top, bottom = strip.top + PADDING - 0.06, strip.top + HEIGHT - PADDING + 0.06
        for run in strip.runs:
            for x, y in points(run.line) + points(run.band):
                assert LEFT - 0.06 <= x <= RIGHT + 0.06
                assert top <= y <= bottom
        for week in strip.alone:
            assert top <= week.top <= week.y <= week.bottom <= bottom
        drawn = sum(run.line.count("C") + 1 for run in strip.runs) + len(strip.alone)
        assert drawn == sum(mean is not None for mean in means[-52:])


@given(heights=st.lists(st.floats(0, 100), min_size=2, max_size=30))
def test_a_curve_never_swings_past_what_it_joins(heights: list[float]) -> None:
    path = smooth([Point(10.0 * index, y) for index, y in enumerate(heights)])
    start, *rest = points(path)
    for index in range(0, len(rest), 3):
        leaving, arriving, end = rest[index : index + 3]
        low, high = sorted((start[1], end[1]))
        for _, y in (leaving, arriving):
            assert low - 0.11 <= y <= high + 0.11
        start = end


def test_now_is_marked_where_the_latest_week_has_enough() -> None:
    marked = of(0.5, 0.6).strips[0].now
    assert marked is not None
    assert marked.x == pytest.approx(points(of(0.5, 0.6).strips[0].runs[0].line)[-1][0], abs=0.06)
    assert of(0.5, None).strips[0].now is None


def test_every_week_has_its_tick_and_says_whether_it_counted() -> None:
    ticks = of(0.5, None, 0.5, 0.4, unusual=2).ticks
    assert [tick.strength.value for tick in ticks] == ["counted", "silent", "unusual", "counted"]


def test_a_month_is_named_once_where_most_of_its_first_week_lies() -> None:
    ticks = of(*[0.5] * 12).ticks
    assert [tick.month for tick in ticks if tick.month] == [3, 4, 5]
    assert [week for week, tick in enumerate(ticks) if tick.month] == [0, 4, 9]


@given(weeks=st.integers(1, 52))
def test_names_of_months_never_run_into_each_other(weeks: int) -> None:
    named = [tick.x for tick in of(*[0.5] * weeks, most=52).ticks if tick.month]
    assert named[0] == LEFT
    assert all(after - before >= MONTH_APART for before, after in pairwise(named))


def test_a_first_week_leaves_room_for_those_to_come() -> None:
    assert of(0.5).strips[0].alone[0].x == LEFT
    assert of(0.5, 0.5).ticks[-1].x < LEFT + (RIGHT - LEFT) / 4
    assert of(*[0.5] * 12).ticks[-1].x == pytest.approx(RIGHT)
    assert of(*[0.5] * 52, most=52).ticks[-1].x == pytest.approx(RIGHT)

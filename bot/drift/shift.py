"""Shift: has an axis moved, compared only with the person's own earlier answers?

Two stories are compared every week: "nothing has moved" and "something moved some weeks ago". Each
of the recent weeks is tried as the turning point, allowing for which questions happened to be
asked, for months-long natural wander and for how much this person's answers usually jump about.
Only taps and check-ins take part. The method and its limits were chosen by simulation for one tap
a day and a weekly check-in of twelve; `python -m benchmarks.calibrate` measures them again.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate
from math import exp, sqrt
from typing import NamedTuple, TypeAlias

from bot.drift.rules import Axis

SCATTER = 0.055  # the variance of an answer that a person starts with: noise .2, days .12
SCATTER_WEIGHT = 30.0
QUESTION_VARIANCE = 0.08**2
WANDER_VARIANCE = 0.03**2
WANDER_WEEKS = 5.7  # an AR(1) of .7 a week averages out like independent spells of 5.7 weeks
SHIFT_VARIANCE = 0.2**2
WEEKS_BEFORE = 4
WEEKS_AFTER = 4
MOST_WEEKS_AFTER = 8
MEMORY_WEEKS = 24
FEWEST_ANSWERS = 6
SHORT_MEMORY_WEEKS = 16


_Counts: TypeAlias = dict[str, tuple[int, float]]
"""By question: how many answers, and their sum."""

_NONE = (0, 0.0)


class Direction(StrEnum):
    """Toward the plus pole of the axis, or toward its minus pole."""

    UP = "up"
    DOWN = "down"


class Answer(NamedTuple):
    """One tap or one point of a check-in: the week from 0, the question, its value 0..1."""

    week: int
    axis: Axis
    rule: str
    version: str
    value: float


@dataclass(frozen=True, slots=True)
class Finding:
    """How much better the story of a shift fits, and what it says.

    Attributes:
        ratio: How many times better it fits than "nothing has moved", summed over turning points.
        direction: The direction that the turning points together speak for.
        split: The likeliest turning point, as a week from 0.
        size: The move at that point, on the 0..1 scale; never shown as a number.
        memory: How many weeks were remembered, at most 24.
    """

    ratio: float
    direction: Direction
    split: int
    size: float
    memory: int

    @property
    def speaks(self) -> bool:
        """Whether to say "looks like a shift": about 5 in 100 quiet people hear it in 12 weeks."""
        return self.ratio >= (40 if self.memory <= SHORT_MEMORY_WEEKS else 79)

    @property
    def clear(self) -> bool:
        """Whether to say "a clear shift": about 1 in 100 quiet people hear it in 12 weeks."""
        return self.ratio >= (139 if self.memory <= SHORT_MEMORY_WEEKS else 290)


class Answers:
    """One person's taps and check-ins, counted by week and question.

    Args:
        answers: In the order of their days.
    """

    def __init__(self, answers: Iterable[Answer]) -> None:
        weeks: dict[Axis, defaultdict[int, _Counts]] = {axis: defaultdict(dict) for axis in Axis}
        series: defaultdict[tuple[Axis, str, str], dict[int, tuple[int, float]]]
        series = defaultdict(dict)
        versions: dict[str, str] = {}
        last_week = 0
        self._reworded: list[int] = []
        for week, axis, rule, version, value in answers:
            last_week = max(last_week, week)
            counts = weeks[axis][week]
            if versions.setdefault(rule, version) != version:
                versions[rule] = version
                self._reworded.append(week)
                counts.pop(rule, None)
            count, total = counts.get(rule, _NONE)
            counts[rule] = series[axis, rule, version][week] = (count + 1, total + value)
        self._scatter = _scatter_by_week(series.values(), last_week)
        self._before = {axis: _running(weeks[axis], last_week) for axis in Axis}

    def scatter(self, week: int) -> float:
        """The variance of this person's answers to one and the same question, up to a week.

        Successive answers to the same question are compared, on all axes, and drawn toward what is
        usual while there are few of them. People whose answers jump about need more to be told of
        a shift; without this they are told of three to five times as many that never happened.
        """
        return self._scatter[min(week, len(self._scatter) - 1)]

    def reworded(self, week: int) -> int:
        """The latest week, up to this one, in which a question came with a new wording; else 0."""
        return max((found for found in self._reworded if found <= week), default=0)

    def evidence(self, axis: Axis, week: int, start: int = 0) -> Finding | None:
        """Compare the two stories on one axis.

        Args:
            axis: The axis in question.
            week: The last whole week, from 0.
            start: The first week that counts for this axis: the last restart.

        Returns:
            What the comparison says; None where no turning point has four weeks before it, four
            to eight after it and six answers on each side.
        """
        first = max(start, week + 1 - MEMORY_WEEKS)
        earliest = max(first + WEEKS_BEFORE, week + 1 - MOST_WEEKS_AFTER)
        splits = range(earliest, week + 2 - WEEKS_AFTER)
        stories = list(self._stories(axis, first, splits, week, FEWEST_ANSWERS))
        if not stories:
            return None
        best = max(stories, key=lambda story: story.fit)
        lean = sum(story.fit * story.size for story in stories)
        return Finding(
            ratio=sum(story.fit for story in stories),
            direction=Direction.UP if lean > 0 else Direction.DOWN,
            split=best.split,
            size=best.size,
            memory=week + 1 - first,
        )

    def restart(self, axis: Axis, week: int, split: int, start: int = 0) -> int:
        """Where an axis starts afresh after a shift was told: the likeliest week from its split on.

        A large change is told before four weeks have passed, and then its split, which has to lie
        four weeks back, comes too early. An axis that started afresh there would begin at the old
        level and soon tell the same change again: of changes by half the scale a third, of those
        by a quarter one in forty. So the last weeks, too few to speak of a shift, are tried as
        well when it comes to where the new level begins.

        Args:
            axis: The axis that was told to have moved.
            week: The last whole week when it was told, from 0.
            split: The turning point that was told.
            start: The first week that counted for the axis then.
        """
        first = max(start, week + 1 - MEMORY_WEEKS)
        stories = self._stories(axis, first, range(split, week + 1), week, 1)
        best = max(stories, key=lambda story: story.fit, default=None)
        return split if best is None else best.split

    def _stories(
        self, axis: Axis, first: int, splits: range, week: int, fewest_after: int
    ) -> Iterator["_Story"]:
        """Each turning point that has enough answers, and how well a shift there fits."""
        scatter = self.scatter(week)
        for split in splits:
            sides = self._sides(axis, first, split, week + 1)
            if sides.before < FEWEST_ANSWERS or sides.after < fewest_after:
                continue
            variance = (
                scatter * (1 / sides.before + 1 / sides.after)
                + QUESTION_VARIANCE * sides.imbalance
                + WANDER_VARIANCE * (_wander(week + 1 - split) + _wander(split - first))
            )
            yield _Story(split, sides.size, _fit(sides.size, variance))

    def _sides(self, axis: Axis, first: int, split: int, end: int) -> "_Sides":
        """The answers from first to split beside those from split to end."""
        running = self._before[axis]
        last = len(running) - 1
        start, middle = running[min(first, last)], running[min(split, last)]
        before = after = 0
        before_total = after_total = 0.0
        counts = []
        for rule, (count, total) in running[min(end, last)].items():
            start_count, start_total = start.get(rule, _NONE)
            middle_count, middle_total = middle.get(rule, _NONE)
            counts.append((middle_count - start_count, count - middle_count))
            before += middle_count - start_count
            after += count - middle_count
            before_total += middle_total - start_total
            after_total += total - middle_total
        if not before or not after:
            return _Sides(before, after, 0.0, 0.0)
        size = after_total / after - before_total / before
        imbalance = sum((late / after - early / before) ** 2 for early, late in counts)
        return _Sides(before, after, size, imbalance)


class _Story(NamedTuple):
    """That something moved by a size at a turning point, and how well that fits."""

    split: int
    size: float
    fit: float


class _Sides(NamedTuple):
    """The two sides of a turning point.

    Attributes:
        before: How many answers lie before it.
        after: How many come after.
        size: How much higher their mean is after it.
        imbalance: How differently the questions are spread over the sides; 0 for alike.
    """

    before: int
    after: int
    size: float
    imbalance: float


def _running(weeks: Mapping[int, _Counts], last_week: int) -> list[_Counts]:
    """For each week the counts of all weeks before it; at the end, of all weeks."""
    running: list[_Counts] = [{}]
    for week in range(last_week + 1):
        upto = dict(running[-1])
        for rule, (count, total) in weeks.get(week, {}).items():
            earlier_count, earlier_total = upto.get(rule, _NONE)
            upto[rule] = (earlier_count + count, earlier_total + total)
        running.append(upto)
    return running


def _wander(weeks: int) -> float:
    """The part of a natural wander that is left in the mean of so many weeks."""
    return min(1.0, WANDER_WEEKS / weeks)


def _fit(size: float, variance: float) -> float:
    """How many times better a shift of unknown size explains what was seen than chance does."""
    with_shift = variance + SHIFT_VARIANCE
    return sqrt(variance / with_shift) * exp(
        size * size / (2 * variance) * SHIFT_VARIANCE / with_shift
    )


def _scatter_by_week(series: Iterable[dict[int, tuple[int, float]]], last_week: int) -> list[float]:
    squares = [0.0] * (last_week + 1)
    pairs = [0] * (last_week + 1)
    for question in series:
        earlier: tuple[int, float] | None = None
        for week in sorted(question):
            count, total = question[week]
            mean = total / count
            if earlier is not None:
                squares[week] += (mean - earlier[1]) ** 2 / (1 / count + 1 / earlier[0])
                pairs[week] += 1
            earlier = (count, mean)
    scatter = []
    for square, number in zip(accumulate(squares), accumulate(pairs), strict=True):
        # neighbouring differences share an answer, so three pairs tell about as much as two
        freedom = number * 2 / 3
        seen = square / number * freedom if number else 0.0
        scatter.append((SCATTER_WEIGHT * SCATTER + seen) / (SCATTER_WEIGHT + freedom))
    return scatter

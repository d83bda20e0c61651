"""Baselines: two simpler ways to tell a shift, on the same weeks that the engine shows.

They never start afresh after a shift; only the first thing each says is measured.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import sqrt
from typing import NamedTuple

from bot.drift.positions import PRIOR
from bot.drift.rules import Axis
from bot.drift.shift import Direction
from bot.drift.weeks import Week

RELIABLE = 1.96
SMOOTHING = 0.3
BASELINE_WEEKS = 4


class Alarm(NamedTuple):
    """That an axis moved, said in a week (from 1)."""

    week: int
    axis: Axis
    direction: Direction


class _Share(NamedTuple):
    week: int
    mean: float
    variance: float
    plus: float
    minus: float


def _shares(weeks: Sequence[Week], axis: Axis) -> list[_Share]:
    """The valid weeks of an axis as shares of plus beads on 0..1, with their variance."""
    shares = []
    for week in weeks:
        place = week.positions[axis]
        if place is None:
            continue
        mean = (place.mean + 1) / 2 if axis is Axis.SAY else place.mean
        total = place.beads + 2 * PRIOR
        variance = mean * (1 - mean) / (total + 1)
        plus = mean * total - PRIOR
        shares.append(_Share(week.number, mean, variance, plus, place.beads - plus))
    return shares


def _direction(move: float) -> Direction:
    return Direction.UP if move > 0 else Direction.DOWN


def reliable_change(weeks: Sequence[Week]) -> Iterator[Alarm]:
    """Week on week: each valid week against the valid one before it, beyond 1.96 standard errors.

    The reliable change of Jacobson and Truax (1991).
    """
    for axis in Axis:
        shares = _shares(weeks, axis)
        for before, after in pairwise(shares):
            move = (after.mean - before.mean) / sqrt(before.variance + after.variance)
            if abs(move) >= RELIABLE:
                yield Alarm(after.week, axis, _direction(move))


def smoothed_change(weeks: Sequence[Week]) -> Iterator[Alarm]:
    """A smoothed weekly line (EWMA, .3) against the first four valid weeks, beyond 1.96."""
    for axis in Axis:
        shares = _shares(weeks, axis)
        baseline, later = shares[:BASELINE_WEEKS], shares[BASELINE_WEEKS:]
        if len(baseline) < BASELINE_WEEKS:
            continue
        a = PRIOR + sum(share.plus for share in baseline)
        b = PRIOR + sum(share.minus for share in baseline)
        level, level_variance = a / (a + b), a * b / ((a + b) ** 2 * (a + b + 1))
        smooth, variance = level, 0.0
        for share in later:
            smooth = SMOOTHING * share.mean + (1 - SMOOTHING) * smooth
            variance = SMOOTHING**2 * share.variance + (1 - SMOOTHING) ** 2 * variance
            move = (smooth - level) / sqrt(variance + level_variance)
            if abs(move) >= RELIABLE:
                yield Alarm(share.week, axis, _direction(move))

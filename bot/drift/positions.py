"""Positions: where the beads lean, and how sure that is."""

from dataclasses import dataclass
from datetime import date
from math import sqrt

from bot.drift.rules import Axis

PRIOR = 2.0
BAND = 1.28
PICTURE_DAYS = 28
QUIZ_HALF_LIFE_DAYS = 28


@dataclass(frozen=True, slots=True)
class Position:
    """A lean with its band, to be shown as such and never as a bare decimal.

    Attributes:
        mean: 0..1 for self and togetherness, -1 (gives way) .. 1 (decides) for say.
        low: The lower end of the 80% band, on the same scale.
        high: The upper end of the band.
        beads: How many beads it rests on, the neutral ones of the start left out.
    """

    mean: float
    low: float
    high: float
    beads: float


def proportion(plus: float, minus: float) -> tuple[float, float]:
    """Mean and variance of the share of plus beads, with two neutral beads put in each bowl.

    The neutral beads mean "in the middle until you tell me more"; mean and variance are those of a
    Beta distribution with the beads as its counts.
    """
    a, b = PRIOR + plus, PRIOR + minus
    total = a + b
    return a / total, a * b / (total * total * (total + 1))


def position(axis: Axis, plus: float, minus: float) -> Position:
    """The position on an axis from the beads in its two bowls, with an 80% band (1.28 sd)."""
    mean, variance = proportion(plus, minus)
    half = BAND * sqrt(variance)
    low, high = max(0.0, mean - half), min(1.0, mean + half)
    if axis is Axis.SAY:
        mean, low, high = 2 * mean - 1, 2 * low - 1, 2 * high - 1
    return Position(mean, low, high, plus + minus)


def quiz_weight(taken: date, as_of: date) -> float:
    """How much a quiz still counts, 0..1: half as much with every 28 days."""
    return float(0.5 ** ((as_of - taken).days / QUIZ_HALF_LIFE_DAYS))

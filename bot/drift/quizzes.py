"""Quizzes: what one quiz says by itself, and whether a retake differs from the one before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from bot.drift.beads import Bead
from bot.drift.positions import Position, position
from bot.drift.rules import Axis, Source
from bot.drift.shift import Direction

FEWEST_ITEMS = 6
RELIABLE_CHANGE = 0.25


@dataclass(frozen=True, slots=True)
class QuizReading:
    """One quiz, read by itself; to be shown as "from your quiz".

    Attributes:
        day: The day it was finished.
        answered: How many items were answered on each axis.
        positions: The position on each axis; None where fewer than six items were answered.
    """

    day: date
    answered: Mapping[Axis, int]
    positions: Mapping[Axis, Position | None]


@dataclass(frozen=True, slots=True)
class Closeness:
    """How close somebody feels and would like to feel, on one and the same scale.

    The gap between the two goes with well-being more than the closeness itself (Frost and
    Forrester 2013), so feedback is about the gap and takes no side.
    """

    now: int
    wished: int

    @property
    def gap(self) -> int:
        """Steps from now to wished: above 0 closer, below 0 more room, 0 as it is."""
        return self.wished - self.now


def quiz_sittings(beads: Iterable[Bead]) -> dict[date, dict[str, Bead]]:
    """The quizzes among somebody's beads by their day, oldest first; one bead per item."""
    sittings: dict[date, dict[str, Bead]] = {}
    for bead in sorted(
        (bead for bead in beads if bead.source is Source.QUIZ), key=lambda bead: bead.day
    ):
        sittings.setdefault(bead.day, {})[bead.rule] = bead
    return sittings


def read_quiz(day: date, items: Iterable[Bead]) -> QuizReading:
    """Read one quiz; an axis is described only if six of its eight items were answered."""
    plus, minus = dict.fromkeys(Axis, 0.0), dict.fromkeys(Axis, 0.0)
    answered = dict.fromkeys(Axis, 0)
    for bead in items:
        plus[bead.axis] += bead.plus
        minus[bead.axis] += bead.minus
        answered[bead.axis] += 1
    return QuizReading(
        day,
        answered,
        {
            axis: position(axis, plus[axis], minus[axis])
            if answered[axis] >= FEWEST_ITEMS
            else None
            for axis in Axis
        },
    )


def retake_change(
    earlier: Mapping[str, Bead], later: Mapping[str, Bead]
) -> dict[Axis, Direction | None]:
    """Which axes a retaken quiz calls changed: those that moved by a quarter of the scale or more.

    A quarter is one whole answer step on every item, the reliable change (Jacobson and Truax 1991)
    for an assumed sd of .18 and retest reliability of .75. Only items answered both times in the
    same wording are compared, six of an axis at least.
    """
    moves: dict[Axis, list[float]] = {axis: [] for axis in Axis}
    for rule in earlier.keys() & later.keys():
        before, after = earlier[rule], later[rule]
        if before.version == after.version and before.axis is after.axis:
            moves[after.axis].append(after.value - before.value)
    changes: dict[Axis, Direction | None] = dict.fromkeys(Axis)
    for axis, steps in moves.items():
        if len(steps) < FEWEST_ITEMS:
            continue
        move = sum(steps) / len(steps)
        if abs(move) >= RELIABLE_CHANGE - 1e-9:
            changes[axis] = Direction.UP if move > 0 else Direction.DOWN
    return changes

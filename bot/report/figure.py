"""Figure: what a picture shows, as numbers. Nothing that a person typed can get in: there are no
texts here at all, only positions, days and yes or no.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.drift.patterns import Missing
from bot.drift.positions import Position
from bot.drift.quizzes import QuizReading
from bot.drift.rules import Axis
from bot.drift.weeks import Reading, Week

WEEKS_OF_THE_WEEKLY = 12
WEEKS_OF_A_MONTH = 4
WEEKS_OF_A_YEAR = 52


class Standing(StrEnum):
    """How much a position rests on."""

    CLEAR = "clear"
    SKETCH = "sketch"
    """There are answers, and too few yet to say where they lean."""
    UNKNOWN = "unknown"
    """There are none; what is drawn in its place is only where something will be."""


@dataclass(frozen=True, slots=True)
class Place:
    """One axis in a picture.

    Attributes:
        at: The position with its 80% band; in the middle and without one if it is unknown.
        standing: How much it rests on.
    """

    at: Position
    standing: Standing


@dataclass(frozen=True, slots=True)
class Pair:
    """The two circles and their tilt."""

    own: Place
    together: Place
    say: Place

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return all(
            place.standing is Standing.UNKNOWN for place in (self.own, self.together, self.say)
        )


@dataclass(frozen=True, slots=True)
class Slot:
    """One week of the lines: a gap on each axis that had too little evidence in it.

    Attributes:
        first: Its first day.
        pair: The week by itself.
        unusual: True if it is left out of what is compared.
    """

    first: date
    pair: Pair
    unusual: bool


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture's numbers: the pair of the last 28 days, and the weeks one by one, oldest first."""

    pair: Pair
    slots: tuple[Slot, ...]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw, neither now nor in any of the weeks."""
        return self.pair.empty and all(slot.pair.empty for slot in self.slots)


def figure(reading: Reading, weeks: int) -> Figure:
    """What to show of a reading with its last weeks.

    Args:
        reading: The reading of a day.
        weeks: How many weeks to look back, the current one included; 1 or more.
    """
    unsettled = _unsettled(reading.naming.missing)
    return Figure(
        pair=_pair(
            {axis: place if place.beads > 0 else None for axis, place in reading.positions.items()},
            unsettled,
        ),
        slots=tuple(_slot(week, unsettled) for week in reading.weeks[-weeks:]),
    )


def quiz_figure(reading: QuizReading) -> Figure:
    """What to show of a quiz by itself."""
    return Figure(_pair(reading.positions), ())


def _unsettled(missing: Sequence[Missing]) -> frozenset[Axis]:
    """The axes that a report would not speak of yet: what is missing of no axis is of all."""
    if any(need.axis is None for need in missing):
        return frozenset(Axis)
    return frozenset(need.axis for need in missing if need.axis is not None)


def _slot(week: Week, unsettled: frozenset[Axis]) -> Slot:
    return Slot(week.first, _pair(week.positions, unsettled), week.unusual)


def _pair(
    positions: Mapping[Axis, Position | None], unsettled: frozenset[Axis] = frozenset()
) -> Pair:
    own, together, say = (
        _place(axis, positions[axis], unsettled=axis in unsettled)
        for axis in (Axis.SELF, Axis.TOGETHER, Axis.SAY)
    )
    return Pair(own, together, say)


def _place(axis: Axis, position: Position | None, *, unsettled: bool) -> Place:
    if position is None:
        middle = 0.0 if axis is Axis.SAY else 0.5
        return Place(Position(middle, middle, middle, 0.0), Standing.UNKNOWN)
    return Place(position, Standing.SKETCH if unsettled else Standing.CLEAR)

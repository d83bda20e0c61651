"""Lines: the geometry of the weeks, one strip an axis, with bands, and gaps where too little was
answered.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from itertools import groupby, pairwise
from typing import NamedTuple, NewType

from bot.drift.rules import Axis
from bot.report.figure import Place, Slot, Standing

LEFT, RIGHT = 124.0, 444.0
PADDING = 6.0
"""So much of a strip stays free above and below, so that a line is never cut."""

FEWEST_SLOTS = 8
"""A first week does not fill the whole width: there is room for those to come."""

MONTH_APART = 50.0
"""Names of months stand at least so far apart, in units of the picture."""

Path = NewType("Path", str)
"""Path data of SVG, made here from numbers and from nothing else."""


class Point(NamedTuple):
    """A point in units of the picture."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Run:
    """Two or more neighbouring weeks with evidence: a line and its band."""

    line: Path
    band: Path


@dataclass(frozen=True, slots=True)
class Alone:
    """A week with a gap on either side: a dot, and its band from top to bottom."""

    x: float
    y: float
    top: float
    bottom: float


class Strength(StrEnum):
    """What a week's dot on the time line says."""

    COUNTED = "counted"
    UNUSUAL = "unusual"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Strip:
    """The weeks of one axis."""

    axis: Axis
    top: float
    height: float
    runs: tuple[Run, ...]
    alone: tuple[Alone, ...]
    now: Point | None
    """Where the latest week stands, if it has enough to stand anywhere."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A week on the time line; ``month`` (1..12) where a name stands below it."""

    x: float
    strength: Strength
    month: int | None


@dataclass(frozen=True, slots=True)
class Lines:
    """The strips and the time line below them."""

    strips: tuple[Strip, ...]
    ticks: tuple[Tick, ...]


def lines(slots: Sequence[Slot], most: int, top: float, height: float, gap: float) -> Lines:
    """The strips of self, togetherness and say, one below the other.

    Args:
        slots: The weeks, oldest first.
        most: How many weeks fill the width.
        top: Where the first strip begins.
        height: The height of a strip.
        gap: What lies between two.
    """
    step = (RIGHT - LEFT) / (min(most, max(len(slots), FEWEST_SLOTS)) - 1)
    across = [LEFT + step * index for index in range(len(slots))]
    pick: dict[Axis, Callable[[Slot], Place]] = {
        Axis.SELF: lambda slot: slot.pair.own,
        Axis.TOGETHER: lambda slot: slot.pair.together,
        Axis.SAY: lambda slot: slot.pair.say,
    }
    strips = tuple(
        _strip(axis, across, [place(slot) for slot in slots], top + row * (height + gap), height)
        for row, (axis, place) in enumerate(pick.items())
    )
    return Lines(strips, _ticks(slots, across))


def _strip(
    axis: Axis, across: Sequence[float], places: Sequence[Place], top: float, height: float
) -> Strip:
    bottom, span = top + height - PADDING, height - 2 * PADDING

    def y(value: float) -> float:
        return bottom - span * ((value + 1) / 2 if axis is Axis.SAY else value)

    weeks = zip(across, places, strict=True)
    runs = [
        [(x, place) for x, place in run]
        for known, run in groupby(weeks, lambda week: week[1].standing is not Standing.UNKNOWN)
        if known
    ]
    latest = places[-1]
    now = None if latest.standing is Standing.UNKNOWN else Point(across[-1], y(latest.at.mean))
    return Strip(
        axis,
        top,
        height,
        tuple(_run(run, y) for run in runs if len(run) > 1),
        tuple(_alone(*run[0], y) for run in runs if len(run) == 1),
        now,
    )


def _run(weeks: Sequence[tuple[float, Place]], y: Callable[[float], float]) -> Run:
    middle = [Point(x, y(place.at.mean)) for x, place in weeks]
    upper = [Point(x, y(place.at.high)) for x, place in weeks]
    lower = [Point(x, y(place.at.low)) for x, place in reversed(weeks)]
    band = Path(f"{smooth(upper)}L{_at(lower[0])}{_curves(lower)}Z")
    return Run(smooth(middle), band)


def _alone(x: float, place: Place, y: Callable[[float], float]) -> Alone:
    return Alone(x, y(place.at.mean), y(place.at.high), y(place.at.low))


def smooth(points: Sequence[Point]) -> Path:
    """A curve through points that are ordered from left to right or from right to left.

    It keeps within what it joins: between two points it rises or falls and never swings past
    either (monotone cubic interpolation, Fritsch and Carlson 1980, with harmonic means).
    """
    return Path(f"M{_at(points[0])}{_curves(points)}")


def _curves(points: Sequence[Point]) -> str:
    slopes = [(after.y - before.y) / (after.x - before.x) for before, after in pairwise(points)]
    tangents = [
        slopes[0],
        *(
            2 * before * after / (before + after) if before * after > 0 else 0.0
            for before, after in pairwise(slopes)
        ),
        slopes[-1],
    ]
    parts = []
    for index, (here, there) in enumerate(pairwise(points)):
        third = (there.x - here.x) / 3
        leaving = Point(here.x + third, here.y + tangents[index] * third)
        arriving = Point(there.x - third, there.y - tangents[index + 1] * third)
        parts.append(f"C{_at(leaving)} {_at(arriving)} {_at(there)}")
    return "".join(parts)


def _ticks(slots: Sequence[Slot], across: Sequence[float]) -> tuple[Tick, ...]:
    ticks: list[Tick] = []
    month, last_name = None, float("-inf")
    for x, slot in zip(across, slots, strict=True):
        # a week belongs to the month that most of it lies in
        current = (slot.first + timedelta(days=3)).month
        named = None
        if current != month and x - last_name >= MONTH_APART:
            named, last_name = current, x
        if current != month:
            month = current
        ticks.append(Tick(x, _strength(slot), named))
    return tuple(ticks)


def _strength(slot: Slot) -> Strength:
    if slot.pair.empty:
        return Strength.SILENT
    return Strength.UNUSUAL if slot.unusual else Strength.COUNTED


def _at(point: Point) -> str:
    return f"{_number(point.x)} {_number(point.y)}"


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")

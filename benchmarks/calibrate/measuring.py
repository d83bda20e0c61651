"""Measuring: what one simulated person is told, and what many of them add up to."""

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from math import nan
from statistics import median
from typing import NamedTuple

from benchmarks.calibrate.baselines import Alarm, reliable_change, smoothed_change
from benchmarks.calibrate.people import DAYS_A_WEEK, START, Life, Move, person
from bot.drift.patterns import Pattern
from bot.drift.record import ToldShift
from bot.drift.rules import Axis
from bot.drift.shift import Direction
from bot.drift.weeks import Reader, follow

FIRST_MONITORED_WEEK = 5
FOUND_WITHIN_WEEKS = 8


class Method(StrEnum):
    """What tells a shift: the engine, and two baselines."""

    ENGINE = "engine"
    SMOOTHED = "bead EWMA"
    WEEK_ON_WEEK = "week on week"


class Told(NamedTuple):
    """All that one person was told.

    Attributes:
        alarms: What each method said, in the order of weeks.
        clear: The engine's alarms that it called clear.
        moving: The axis that truly moved.
    """

    alarms: dict[Method, list[Alarm]]
    clear: list[Alarm]
    moving: Axis | None


def _last_day(week: int) -> date:
    return START + timedelta(week * DAYS_A_WEEK - 1)


def _alarm(shift: ToldShift) -> Alarm:
    return Alarm((shift.told - START).days // DAYS_A_WEEK + 1, shift.axis, shift.direction)


def tell(life: Life, seed: str) -> Told:
    """Live one person's weeks and let every method speak from week 5 on."""
    someone = person(life, seed)
    reader = Reader(someone.record, START)
    told: list[ToldShift] = []
    for week in range(FIRST_MONITORED_WEEK, life.weeks + 1):
        told.extend(reader.drift(_last_day(week), told)[1])
    shown = reader.read(_last_day(life.weeks), told).weeks
    alarms = {
        Method.ENGINE: [_alarm(shift) for shift in told],
        Method.SMOOTHED: sorted(smoothed_change(shown)),
        Method.WEEK_ON_WEEK: sorted(
            alarm for alarm in reliable_change(shown) if alarm.week >= FIRST_MONITORED_WEEK
        ),
    }
    return Told(alarms, [_alarm(shift) for shift in told if shift.clear], someone.moving)


def name_at(life: Life, seed: str) -> Pattern:
    """The pattern that one person is shown at the end of the last week."""
    someone = person(life, seed)
    return Reader(someone.record, START).read(_last_day(life.weeks), ()).pattern


def ever_named(life: Life, seed: str) -> bool:
    """Whether one person is shown any pattern in any week."""
    readings = follow(person(life, seed).record, _last_day(life.weeks))
    return any(reading.pattern is not Pattern.NOT_CLEAR for reading in readings)


def _share(hits: Sequence[bool]) -> float:
    return 100 * sum(hits) / len(hits) if hits else nan


def false_alarms(
    people: Sequence[Told], method: Method, first: int = 5, last: int = 16, *, clear: bool = False
) -> float:
    """The % of people who were told of any shift from one week to another."""
    return _share(
        [
            any(
                first <= alarm.week <= last
                for alarm in (told.clear if clear else told.alarms[method])
            )
            for told in people
        ]
    )


def _direction(move: Move) -> Direction:
    return Direction.UP if move.amount > 0 else Direction.DOWN


def _first_right(told: Told, method: Method, move: Move) -> Alarm | None:
    """The first alarm on the axis that moved, if it has the right direction and comes in time.

    In time is within eight weeks of the change, or, for a slide, by its last week.
    """
    first = next((alarm for alarm in told.alarms[method] if alarm.axis is told.moving), None)
    if first is None or first.direction is not _direction(move):
        return None
    end = max(move.first + FOUND_WITHIN_WEEKS, move.last + 1)
    return first if move.first <= first.week < end else None


class Found(NamedTuple):
    """How many % were found within eight weeks, in the right direction, and how late.

    Attributes:
        share: The %, an alarm from before the change not counted.
        weeks: The median week of those found, the week of the change being 1.
        clear: The % that was called clear at once.
    """

    share: float
    weeks: float
    clear: float


def found(people: Sequence[Told], method: Method, move: Move) -> Found:
    """How many of those whose axis moved were told so."""
    hits = [(told, _first_right(told, method, move)) for told in people]
    delays = [hit.week - move.first + 1 for _, hit in hits if hit is not None]
    return Found(
        100 * len(delays) / len(people),
        median(delays) if delays else nan,
        _share([hit in told.clear for told, hit in hits]),
    )


def told_twice(people: Sequence[Told], move: Move, last: int) -> float:
    """The % of those told rightly who heard the same direction again, up to a week."""
    return _share(
        [
            any(
                alarm.axis is told.moving
                and alarm.direction is first.direction
                and first.week < alarm.week <= last
                for alarm in told.alarms[Method.ENGINE]
            )
            for told in people
            if (first := _first_right(told, Method.ENGINE, move)) is not None
        ]
    )


def recovered(people: Sequence[Told], move: Move, back: int) -> float:
    """The % of those told rightly who heard of the way back within eight weeks of a week."""
    return _share(
        [
            any(
                alarm.axis is told.moving
                and alarm.direction is not first.direction
                and back <= alarm.week < back + FOUND_WITHIN_WEEKS
                for alarm in told.alarms[Method.ENGINE]
            )
            for told in people
            if (first := _first_right(told, Method.ENGINE, move)) is not None
        ]
    )

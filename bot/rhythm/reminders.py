"""Silence, and what the bot makes of it: one quiet reminder, fewer questions, then rest.

Nobody is chased. A question without an answer gets one silent reminder; three days without one
slow the rhythm down, fourteen silent days stop it with one neutral note, and any answer, of any
kind, brings the daily rhythm back.

A day counts as missed when a question was sent for it and the day is over without an answer. Days
on which nothing was asked (a pause, a weekday not chosen, an outage) are nobody's silence.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import combinations
from typing import Final
from zoneinfo import ZoneInfo

from bot.rhythm.due import Schedule, day_ends, local_day, next_due

REMINDER_AFTER: Final = timedelta(hours=3)
WAKING: Final = (time(9, 0), time(21, 30))
MISSED_BEFORE_NO_REMINDER: Final = 2
MISSED_BEFORE_SLOWER: Final = 3
SILENT_DAYS_BEFORE_REST: Final = 14
LATER_HOURS: Final = 3
MAX_LATER_HOURS: Final = 12
TIME_TO_ANSWER: Final = timedelta(minutes=30)
MAX_PAUSE_DAYS: Final = 90
PAUSE_ENDS_BY: Final = time(12)


class Pace(StrEnum):
    """How often a person is asked."""

    DAILY = "daily"
    THREE_A_WEEK = "three_a_week"
    RESTING = "resting"


class Refusal(StrEnum):
    """Why a wish about time cannot be met."""

    OUT_OF_RANGE = "out_of_range"
    DAY_IS_OVER = "day_is_over"


@dataclass(frozen=True, slots=True)
class Silence:
    """How long a person has not answered, and the pace that follows from it.

    Attributes:
        pace: how often they are asked.
        missed: questions in a row whose day passed without an answer.
        since: the local date of the first of them.
        latest: the local date of the last of them.
    """

    pace: Pace = Pace.DAILY
    missed: int = 0
    since: date | None = None
    latest: date | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the machine: the new state, and whether the one neutral note is to be sent."""

    silence: Silence
    note: bool


@dataclass(frozen=True, slots=True)
class Later:
    """Where a question was moved to, and whether that is earlier than was asked for."""

    at: datetime
    shortened: bool


@dataclass(frozen=True, slots=True)
class Pause:
    """A pause the person chose; `until` is the first local date with questions, or open-ended."""

    until: date | None


def after_answer() -> Silence:
    """The state after any sign of life (answer, tap, quiz item, skip, /resume): daily again."""
    return Silence()


def after_missed(silence: Silence, day: date) -> Silence:
    """The state once the question of a local date is known to have gone unanswered.

    Telling it the same date again, or an earlier one, changes nothing.
    """
    if silence.latest is not None and day <= silence.latest:
        return silence
    missed = silence.missed + 1
    pace = silence.pace
    if pace is Pace.DAILY and missed >= MISSED_BEFORE_SLOWER:
        pace = Pace.THREE_A_WEEK
    return Silence(pace, missed, silence.since or day, day)


def before_asking(silence: Silence, today: date) -> Step:
    """The step to take when a question would be due: go on, or rest with one neutral note.

    Rest comes 14 days after the first missed one, and not before three were missed, so that a
    person who wants one question a week is not taken for silent after two. A person at rest is
    not asked and not noted again.
    """
    if silence.pace is Pace.RESTING:
        return Step(silence, note=False)
    silent_days = (today - silence.since).days if silence.since is not None else 0
    if silence.missed >= MISSED_BEFORE_SLOWER and silent_days >= SILENT_DAYS_BEFORE_REST:
        return Step(replace(silence, pace=Pace.RESTING), note=True)
    return Step(silence, note=False)


def days_at(pace: Pace, chosen: AbstractSet[int]) -> frozenset[int]:
    """The weekdays (0 Monday to 6) asked on at a pace; none at rest.

    At three a week these are Monday, Wednesday and Friday, or the three of the chosen days that
    lie furthest apart; whoever chose three days or fewer keeps them.
    """
    if pace is Pace.RESTING:
        return frozenset()
    if pace is Pace.DAILY or len(chosen) <= 3:
        return frozenset(chosen)
    # max keeps the first of equals, which for a whole week is Monday, Wednesday, Friday
    furthest_apart = max(combinations(sorted(chosen), 3), key=_spread)
    return frozenset(furthest_apart)


def reminder_at(asked_at: datetime, zone: ZoneInfo, silence: Silence) -> datetime | None:
    """When to remind of a question, or None: 3 h later, if that is 09:00 to 21:30 the same day.

    A person who has missed two days in a row is not reminded at all.
    """
    if silence.missed >= MISSED_BEFORE_NO_REMINDER or silence.pace is Pace.RESTING:
        return None
    moment = asked_at + REMINDER_AFTER
    return moment if reminder_open(asked_at, moment, zone) else None


def reminder_open(asked_at: datetime, now: datetime, zone: ZoneInfo) -> bool:
    """Whether a reminder of a question asked at an instant may go out now, perhaps late."""
    return local_day(now, zone) == local_day(asked_at, zone) and is_waking(now, zone)


def is_waking(instant: datetime, zone: ZoneInfo) -> bool:
    """Whether it is 09:00 to 21:30 for the person: the hours in which what is late may come."""
    earliest, latest = WAKING
    return earliest <= instant.astimezone(zone).time() <= latest


def later(now: datetime, zone: ZoneInfo, hours: int = LATER_HOURS) -> Later | Refusal:
    """The moment that "ask me later" means.

    It stays within the local date: a wish that reaches beyond is met half an hour before the
    date ends, so that there is time to answer, and refused when that moment is not ahead any more.

    Args:
        now: the instant of the wish.
        zone: where the person is.
        hours: 1 to 12.
    """
    if not 1 <= hours <= MAX_LATER_HOURS:
        return Refusal.OUT_OF_RANGE
    limit = day_ends(local_day(now, zone), zone) - TIME_TO_ANSWER
    if now >= limit:
        return Refusal.DAY_IS_OVER
    wished = now + timedelta(hours=hours)
    return Later(min(wished, limit), shortened=wished > limit)


def pause(today: date, days: int | None = None) -> Pause | Refusal:
    """A pause from today for 1 to 90 days, or until the person comes back when no number is given.

    Args:
        today: the person's local date.
        days: how many local dates go without a question, today's included.
    """
    if days is None:
        return Pause(None)
    if not 1 <= days <= MAX_PAUSE_DAYS:
        return Refusal.OUT_OF_RANGE
    return Pause(today + timedelta(days=days))


def pause_ends(until: date, ask_at: time, zone: ZoneInfo) -> datetime:
    """When a pause is over: by noon of the first date with questions.

    For whoever is asked before noon it is a minute before that, so that the day's question comes.

    Args:
        until: the first local date with questions.
        ask_at: when the person is asked, on their clock.
        zone: where the person is.
    """
    wakes = PAUSE_ENDS_BY
    if time(0) < ask_at <= PAUSE_ENDS_BY:
        wakes = (datetime.combine(until, ask_at) - timedelta(minutes=1)).time()
    midnight = datetime.combine(until, time(0), tzinfo=zone)
    return next_due(midnight - timedelta(seconds=1), Schedule(wakes, zone)).at


def is_paused(chosen: Pause, today: date) -> bool:
    """Whether a pause still lasts on a local date."""
    return chosen.until is None or today < chosen.until


def _spread(days: tuple[int, int, int]) -> tuple[int, int]:
    """How far apart three weekdays lie in the turning week: the least distance, then their sum."""
    gaps = [(after - before) % 7 for before, after in zip(days, days[1:] + days[:1], strict=True)]
    return min(gaps), -sum(gap * gap for gap in gaps)

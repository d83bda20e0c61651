"""When something is due: wall times of a person turned into instants, and back.

A person chooses a time of day, and it stays that time on their clock. Two nights a year a clock
does not run through every time once; the rules for these are:

- a time that the clock leaps over (spring) comes at the first moment after the leap;
- if that moment already belongs to the next date, as in Nuuk, where 23:00 is followed by 00:00,
  it comes one minute before the leap instead, so that no date goes without;
- a time that the clock shows twice (autumn) counts the first time only;
- a date that never was, as 30 December 2011 in Samoa, has no times.

Instants are aware datetimes, returned in UTC. Weekdays are 0 (Monday) to 6 (Sunday).
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

EVERY_DAY: Final = frozenset(range(7))
MIN_DAYS_BETWEEN_WEEKLY: Final = 3
# no due time computed here lies further ahead; one that does was stored under a wrong clock
FURTHEST_DUE: Final = timedelta(days=25)

_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(days=7)
_MINUTE: Final = timedelta(minutes=1)
_SECOND: Final = timedelta(seconds=1)
_MIDNIGHT: Final = time()
# clocks on earth are at most 26 hours apart, so a person who travels is at most two dates ahead
_FURTHEST_AHEAD: Final = timedelta(days=2)
# a weekday comes within 7 days, or within 14 if the calendar left its date out
_LOOK_AHEAD: Final = 15


@dataclass(frozen=True, slots=True)
class Schedule:
    """A time of day on some weekdays in a zone.

    Attributes:
        at: the time on the person's clock.
        zone: where the person is now; after a move there is a new schedule.
        days: the allowed weekdays, 0 (Monday) to 6.

    Raises:
        ValueError: if no weekday is allowed, or one is not a weekday.
    """

    at: time
    zone: ZoneInfo
    days: AbstractSet[int] = EVERY_DAY

    def __post_init__(self) -> None:
        if not self.days or not EVERY_DAY.issuperset(self.days):
            raise ValueError(f"weekdays are some of 0 to 6, not {sorted(self.days)}")


@dataclass(frozen=True, slots=True)
class Due:
    """The next time that something is due.

    Attributes:
        at: the instant, in UTC.
        day: the local date it belongs to, by which it is unique.
    """

    at: datetime
    day: date


@dataclass(frozen=True, slots=True)
class Turn:
    """What a stored due time that has come amounts to.

    Attributes:
        day: the local date to ask for now, or None if the time has expired.
        following: the next due time, to be stored in the same breath.
    """

    day: date | None
    following: Due


def local_day(instant: datetime, zone: ZoneInfo) -> date:
    """The date on the person's calendar at an instant.

    Raises:
        ValueError: if the instant is naive, which would silently mean the server's own zone.
    """
    if instant.tzinfo is None:
        raise ValueError("an instant needs a zone; this datetime has none")
    return instant.astimezone(zone).date()


def day_ends(day: date, zone: ZoneInfo) -> datetime:
    """The instant at which a local date is over for good.

    Where a clock goes back across midnight a date returns for a while; it ends the second time.
    """
    midnight = datetime.combine(day + _DAY, _MIDNIGHT, tzinfo=zone)
    first = midnight.astimezone(UTC)
    if first.astimezone(zone) != midnight:
        return _end_of_gap(midnight, zone)
    second = midnight.replace(fold=1).astimezone(UTC)
    if second != first and local_day(second - _SECOND, zone) == day:
        return second
    return first


def moment_on(day: date, at: time, zone: ZoneInfo) -> datetime | None:
    """The instant at which the person's clock shows a time on a date, or None without that date."""
    wall = datetime.combine(day, at.replace(fold=0) if at.fold else at, tzinfo=zone)
    moment = wall.astimezone(UTC)
    if moment.astimezone(zone) == wall:  # the same zone on both sides compares what clocks show
        return moment
    after_gap = _end_of_gap(wall, zone)
    for candidate in (after_gap, after_gap - _MINUTE):
        if local_day(candidate, zone) == day:
            return candidate
    return None


def next_due(now: datetime, schedule: Schedule, last_date: date | None = None) -> Due:
    """The next time the person's clock shows their time, strictly after `now`.

    Args:
        now: the instant to start from.
        schedule: the person's time, zone and weekdays.
        last_date: the last local date already asked. The answer is always on a later date, so a
            journey west skips what was already asked and a journey east never doubles a date. A
            date further ahead than any journey explains comes from a clock that was wrong, and
            is ignored.

    Raises:
        ValueError: if `now` is naive.
    """
    today = local_day(now, schedule.zone)
    if last_date is not None and _blocks(last_date, today):
        return _first_due(last_date + _DAY, now, schedule)
    return _first_due(today, now, schedule)


def weekly_due(now: datetime, schedule: Schedule, last_date: date | None = None) -> Due:
    """The next weekly moment: never twice in one calendar week, never within three days.

    Without the second limit a person who moves their day from Sunday to Monday would be asked
    about "this week" on two days running.

    Args:
        now: the instant to start from.
        schedule: the person's weekly time, with one weekday.
        last_date: the local date of the last weekly moment, treated as in `next_due`.

    Raises:
        ValueError: if `now` is naive.
    """
    first = local_day(now, schedule.zone)
    if last_date is not None and last_date <= first + _FURTHEST_AHEAD:
        rested = last_date + timedelta(days=MIN_DAYS_BETWEEN_WEEKLY)
        first = max(first, week_of(last_date) + _WEEK, rested)
    return _first_due(first, now, schedule)


def week_of(day: date, start: date | None = None) -> date:
    """The first day of the week that a date is in, by which weekly things are unique.

    Args:
        day: any date, also one before `start`.
        start: the person's own first day, for weeks counted from there; calendar weeks, which
            begin on Monday, without it.
    """
    if start is None:
        return day - timedelta(days=day.weekday())
    return day - timedelta(days=(day - start).days % 7)


def still_open(due_at: datetime, now: datetime, zone: ZoneInfo) -> bool:
    """Whether something due at `due_at` may still be sent: only while its local date lasts."""
    return now < day_ends(local_day(due_at, zone), zone)


def take_turn(
    due_at: datetime, now: datetime, schedule: Schedule, last_date: date | None = None
) -> Turn:
    """What to send when a stored due time has come, however late the bot is.

    After an outage of several days at most the current date's question is sent, once, and only
    if its time has passed; what belonged to earlier dates has expired.

    Args:
        due_at: the stored due time; it may have been moved within its date.
        now: the instant at which it is looked at; before `due_at`, as after a clock that went
            back, nothing is sent and the stored time stays, unless it cannot be right.
        schedule: the person's time, zone and weekdays.
        last_date: the last local date already asked, treated as in `next_due`.

    Raises:
        ValueError: if `now` or `due_at` is naive.
    """
    if now < due_at <= now + FURTHEST_DUE:
        return Turn(None, Due(due_at, local_day(due_at, schedule.zone)))
    today = local_day(now, schedule.zone)
    asked = last_date is not None and _blocks(last_date, today)
    if not asked and _is_owed(due_at, now, today, schedule):
        return Turn(today, next_due(now, schedule, today))
    return Turn(None, next_due(now, schedule, last_date))


def _is_owed(due_at: datetime, now: datetime, today: date, schedule: Schedule) -> bool:
    if due_at > now:
        return False
    if local_day(due_at, schedule.zone) == today:
        return True
    if today.weekday() not in schedule.days:
        return False
    moment = moment_on(today, schedule.at, schedule.zone)
    return moment is not None and moment <= now


def _blocks(last_date: date, today: date) -> bool:
    """Whether the last date asked is today or, after a journey west, still to come."""
    return today <= last_date <= today + _FURTHEST_AHEAD


def _first_due(first: date, now: datetime, schedule: Schedule) -> Due:
    day = first
    for _ in range(_LOOK_AHEAD):
        if day.weekday() in schedule.days:
            moment = moment_on(day, schedule.at, schedule.zone)
            if moment is not None and moment > now:
                return Due(moment, day)
        day += _DAY
    raise ValueError("no weekday of the schedule came round in two weeks")


def _end_of_gap(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first instant after the leap that a wall time falls into, to the second."""
    before = wall.replace(fold=0, tzinfo=zone).utcoffset() or timedelta()
    after = wall.replace(fold=1, tzinfo=zone).utcoffset() or timedelta()
    start = wall.replace(tzinfo=UTC, microsecond=0) - after
    still_before, leapt = 0, (after - before) // _SECOND
    while leapt - still_before > 1:
        middle = (still_before + leapt) // 2
        if (start + middle * _SECOND).astimezone(zone).utcoffset() == before:
            still_before = middle
        else:
            leapt = middle
    return start + leapt * _SECOND

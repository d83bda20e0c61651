"""The weekly check-in, the report that follows it, and when the quiz may be taken again.

The check-in comes at the person's weekly time. The report comes an hour later, or at once after
the last tap; without a check-in it comes at its time all the same. Both are unique by the week of
the check-in's local date (`week_of` in `bot.rhythm.due`).

A question of yesterday is of no use today, a week's report is: unlike questions, weekly things
still come up to two days late, though after the day itself only in waking hours.
"""

from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.rhythm.due import (
    MIN_DAYS_BETWEEN_WEEKLY,
    Due,
    Schedule,
    Turn,
    local_day,
    moment_on,
    next_due,
    week_of,
    weekly_due,
)
from bot.rhythm.reminders import WAKING, is_waking

REPORT_AFTER: Final = timedelta(hours=1)
DAYS_LATE: Final = 2
RETAKE_AFTER: Final = timedelta(days=28)


def take_weekly_turn(now: datetime, schedule: Schedule, last_date: date | None = None) -> Turn:
    """What to send when a stored weekly time has come, however late the bot is.

    Args:
        now: the instant at which it is looked at.
        schedule: the person's weekly time, with one weekday.
        last_date: the local date of the last check-in sent.

    Returns:
        The local date the check-in belongs to (not the one it is sent on), or None. If it has to
        wait for the morning, `following` is that morning, with the date it belongs to.

    Raises:
        ValueError: if `now` is naive.
    """
    today = local_day(now, schedule.zone)
    for days_late in range(DAYS_LATE + 1):
        day = today - timedelta(days=days_late)
        if not _was_due(day, now, schedule) or not _is_free(day, today, last_date):
            continue
        if day == today or is_waking(now, schedule.zone):
            return Turn(day, weekly_due(now, schedule, day))
        return Turn(None, Due(_morning(now, schedule.zone), day))
    return Turn(None, weekly_due(now, schedule, last_date))


def report_at(check_in_at: datetime, finished_at: datetime | None = None) -> datetime:
    """When the report is due: an hour after the check-in was sent, or when it was finished."""
    latest = check_in_at + REPORT_AFTER
    return latest if finished_at is None else min(latest, finished_at)


def report_may_come(due_at: datetime, now: datetime, zone: ZoneInfo) -> datetime:
    """The instant from which a due report may be sent: now, or the morning if it is late and night.

    A report is never dropped: it tells of the past four weeks and is as true a day later.
    """
    if local_day(due_at, zone) == local_day(now, zone) or is_waking(now, zone):
        return max(due_at, now)
    return max(due_at, _morning(now, zone))


def next_retake(taken: date) -> date:
    """The first local date on which the quiz may be taken again: 28 days after it was finished."""
    return taken + RETAKE_AFTER


def _was_due(day: date, now: datetime, schedule: Schedule) -> bool:
    if day.weekday() not in schedule.days:
        return False
    moment = moment_on(day, schedule.at, schedule.zone)
    return moment is not None and moment <= now


def _is_free(day: date, today: date, last_date: date | None) -> bool:
    """Whether no check-in was sent for the week of a date or close to it."""
    if last_date is None or last_date > today + timedelta(days=2):
        return True  # a date so far ahead was written by a wrong clock
    apart = (day - last_date).days
    return apart >= MIN_DAYS_BETWEEN_WEEKLY and week_of(day) != week_of(last_date)


def _morning(now: datetime, zone: ZoneInfo) -> datetime:
    return next_due(now, Schedule(WAKING[0], zone)).at

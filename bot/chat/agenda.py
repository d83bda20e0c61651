"""What a person has on the schedule, and when it comes next."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.chat import hiding
from bot.chat.turn import Turn
from bot.rhythm.due import FURTHEST_DUE, next_due, weekly_due
from bot.rhythm.reminders import MAX_PAUSE_DAYS, after_answer
from storage.messages import DELETABLE
from storage.people import Person
from storage.store import Store

QUESTION = "question"
REMINDER = "reminder"
LATER = "later"
RESUME = "resume"
CHECK_IN = "check_in"
REPORT = "report"

LONGEST_PAUSE = timedelta(days=MAX_PAUSE_DAYS + 2)
"""A pause is counted in local days and ends by noon."""


def plan_question(turn: Turn) -> datetime:
    """Put the next daily question on the schedule and give its instant."""
    last = turn.store.asked.last_day(turn.person.id)
    due = next_due(turn.now, turn.daily, last)
    turn.store.schedule.set(turn.person.id, QUESTION, due.at)
    return due.at


def plan_check_in(turn: Turn) -> datetime:
    """Put the next weekly check-in on the schedule and give its instant."""
    newest = turn.store.check_ins.newest(turn.person.id)
    due = weekly_due(turn.now, turn.weekly, None if newest is None else newest.day)
    turn.store.schedule.set(turn.person.id, CHECK_IN, due.at)
    return due.at


def activate(turn: Turn) -> datetime:
    """Make the person active again, whatever stopped them, and give the next question's instant."""
    turn.note_silence(after_answer())
    turn.update(state="active", paused_until=None)
    turn.store.schedule.clear(turn.person.id, RESUME)
    plan_check_in(turn)
    return plan_question(turn)


def rest(turn: Turn, state: str) -> None:
    """Take everything of the person off the schedule."""
    turn.update(state=state)
    turn.store.schedule.clear(turn.person.id)


def planned_anew(store: Store, now: datetime, turn_of: Callable[[Person], Turn]) -> int:
    """Plan anew what lies further ahead than anything can; give the number of rows.

    It was planned before the machine's clock was put right. A pause that was begun under a wrong
    clock ends: how much of it is left nobody knows, and the person is told so and can pause again.
    """
    wrong = store.schedule.beyond(now + FURTHEST_DUE, (QUESTION, CHECK_IN))
    for row in wrong:
        person = store.people.get(row.person_id)
        if person is None:
            continue
        turn = turn_of(person)
        plan = plan_question if row.kind == QUESTION else plan_check_in
        plan(turn)
    over = store.schedule.beyond(now + LONGEST_PAUSE, (RESUME,))
    over += store.schedule.beyond(now + DELETABLE, (hiding.CLEAN, hiding.SWEEP))
    for row in over:
        store.schedule.set(row.person_id, row.kind, now)
    return len(wrong) + len(over)

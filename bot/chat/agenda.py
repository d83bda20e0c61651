"""What a person has on the schedule, and when it comes next."""

from datetime import datetime

from bot.chat.turn import Turn
from bot.rhythm.due import next_due, weekly_due
from bot.rhythm.reminders import after_answer

QUESTION = "question"
REMINDER = "reminder"
LATER = "later"
RESUME = "resume"
CHECK_IN = "check_in"
REPORT = "report"


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

"""Pausing, coming back, stopping: without guilt, and without touching what was written."""

from datetime import time

from bot.chat.agenda import RESUME, activate, rest
from bot.chat.calendar_words import when
from bot.chat.incoming import Text
from bot.chat.messages import send
from bot.chat.turn import Turn
from bot.rhythm import reminders
from bot.rhythm.reminders import Refusal, after_answer
from storage.outbox import Outgoing, Priority
from storage.schedule import Due


def pause(turn: Turn, _: Text, argument: str) -> list[Outgoing]:
    """/pause [days]: be quiet for so many days, or until the person comes back."""
    days = int(argument) if argument.isdecimal() else None if not argument else 0
    chosen = reminders.pause(turn.today, days)
    if isinstance(chosen, Refusal):
        return [send(turn.chat_id, turn.say("breaks.out_of_range"))]
    turn.note_silence(after_answer())
    rest(turn, "paused")
    turn.update(paused_until=chosen.until)
    until = None
    if chosen.until is not None:
        ask_at = time.fromisoformat(turn.person.ask_at)
        over = reminders.pause_ends(chosen.until, ask_at, turn.zone)
        turn.store.schedule.set(turn.person.id, RESUME, over)
        until = turn.label("retention.date", day=chosen.until.day, month=chosen.until.month)
    return [send(turn.chat_id, turn.say("breaks.paused", until=until))]


def resume(turn: Turn, _: Text, __: str) -> list[Outgoing]:
    """/resume: go on, in the daily rhythm."""
    due = activate(turn)
    return [send(turn.chat_id, turn.say("breaks.resumed", next=when(turn, due)))]


def pause_over(turn: Turn, due: Due) -> list[Outgoing]:
    """The days of a pause are over."""
    upcoming = activate(turn)
    text = turn.say("breaks.pause_over", next=when(turn, upcoming))
    return [send(turn.chat_id, text, priority=Priority.SCHEDULED)]


def stop(turn: Turn, _: Text, __: str) -> list[Outgoing]:
    """/stop: no more questions; everything stays."""
    rest(turn, "stopped")
    turn.wait_for(None)
    return [send(turn.chat_id, turn.say("breaks.stopped"))]

"""The question: asked, shown, replaced, skipped, put off, and asked again."""

from datetime import timedelta

from bot.chat import question_card, safety
from bot.chat.agenda import LATER, QUESTION, REMINDER, activate, plan_question
from bot.chat.calendar_words import clock
from bot.chat.incoming import Press, Text
from bot.chat.messages import send, toast
from bot.chat.turn import Turn
from bot.drift.rules import Axis
from bot.rhythm import reminders
from bot.rhythm.choice import Asked as Shown
from bot.rhythm.choice import Asking, another, choose
from bot.rhythm.due import day_ends, take_turn
from bot.rhythm.questions import Question
from bot.rhythm.reminders import Refusal, after_answer, after_missed, before_asking
from bot.rhythm.taps import tap_for
from storage.asked import Asked
from storage.outbox import Outgoing, Priority
from storage.schedule import Due

_SETTLED = frozenset({"answered", "skipped", "expired"})
"""A question in one of these states has not been missed."""

REMEMBERED = timedelta(days=60)
"""A question does not come back within this time, so that much of the past is looked at."""


def ask_first(turn: Turn) -> list[Outgoing]:
    """The first question, at once, when onboarding is done; the next comes tomorrow."""
    messages = _ask(turn, "daily", loud=False)
    plan_question(turn)
    return messages


def prompt(turn: Turn, _: Text, __: str) -> list[Outgoing]:
    """/prompt: a question now; it is today's if today has had none."""
    today = turn.store.asked.of_day(turn.person.id, turn.today)
    messages = _ask(turn, "extra" if today is not None else "daily", loud=False)
    if turn.person.state == "active":
        plan_question(turn)
    return messages or [send(turn.chat_id, turn.say("question.none_left"))]


def question_due(turn: Turn, due: Due) -> list[Outgoing]:
    """The daily question has fallen due, perhaps long ago: ask it while its day lasts, once."""
    _count_missed(turn)
    if turn.today.weekday() not in turn.daily.days:
        # It has slowed down just now, and this day is none of those that remain.
        plan_question(turn)
        return []
    last = turn.store.asked.last_day(turn.person.id)
    came = take_turn(due.due_at, turn.now, turn.daily, last)
    if came.day is None:
        turn.store.schedule.set(turn.person.id, QUESTION, came.following.at)
        return []
    step = before_asking(turn.silence, turn.today)
    turn.note_silence(step.silence)
    if step.silence.pace is reminders.Pace.RESTING:
        turn.update(state="paused")
        turn.store.schedule.clear(turn.person.id)
        return [send(turn.chat_id, turn.say("question.resting"))] if step.note else []
    messages = _ask(turn, "daily", loud=True)
    plan_question(turn)
    remind_at = reminders.reminder_at(turn.now, turn.zone, turn.silence)
    if messages and remind_at is not None:
        turn.store.schedule.set(turn.person.id, REMINDER, remind_at)
    return messages


def reminder_due(turn: Turn, _: Due) -> list[Outgoing]:
    """Three hours without an answer: one quiet line, if it is still that day and not night."""
    turn.store.schedule.clear(turn.person.id, REMINDER)
    asked = turn.store.asked.newest(turn.person.id)
    if asked is None or asked.state != "open" or turn.store.taps.of_question(asked.id):
        return []
    if asked.message_id is None:
        # It has not reached the person yet, so there is nothing to remind of.
        return []
    if not reminders.reminder_open(asked.asked_at, turn.now, turn.zone):
        return []
    return [
        send(
            turn.chat_id,
            turn.say("question.reminder"),
            reply_to=asked.message_id,
            priority=Priority.SCHEDULED,
            expires_at=day_ends(turn.today, turn.zone),
        )
    ]


def later_due(turn: Turn, _: Due) -> list[Outgoing]:
    """A question that was put off comes again, if its day still lasts."""
    turn.store.schedule.clear(turn.person.id, LATER)
    asked = turn.store.asked.newest(turn.person.id)
    if asked is None or asked.state != "later" or asked.day != turn.today:
        return []
    asked = turn.store.asked.set_state(asked, "open")
    return [question_card.message(turn, asked, question_card.said(turn, asked), loud=True)]


def skip(turn: Turn, _: Text, __: str) -> list[Outgoing]:
    """/skip: let the open question go, without any reproach."""
    asked = _open(turn)
    if asked is None:
        return [send(turn.chat_id, turn.say("question.nothing_open"))]
    return [*_skip(turn, asked), send(turn.chat_id, turn.say("question.skipped"))]


def press_skip(turn: Turn, press: Press, number: str) -> list[Outgoing]:
    """The skip button under a question."""
    asked = mine(turn, number)
    if asked is None or asked.state == "answered":
        return [_too_late(turn, press, asked)]
    return [toast(press, turn.label("question.toast_skipped")), *_skip(turn, asked)]


def later(turn: Turn, _: Text, argument: str) -> list[Outgoing]:
    """/later [hours]: ask today's open question again in a while."""
    asked = _open(turn)
    if asked is None or asked.day != turn.today:
        return [send(turn.chat_id, turn.say("question.nothing_open"))]
    hours = int(argument) if argument.isdecimal() else reminders.LATER_HOURS if not argument else 0
    moved, text = _put_off(turn, asked, hours)
    return [*moved, send(turn.chat_id, text)]


def press_later(turn: Turn, press: Press, number: str) -> list[Outgoing]:
    """The later button under a question."""
    asked = mine(turn, number)
    if asked is None or asked.state == "answered" or asked.day != turn.today:
        return [_too_late(turn, press, asked)]
    moved, text = _put_off(turn, asked, reminders.LATER_HOURS)
    return [toast(press, text), *moved]


def press_another(turn: Turn, press: Press, number: str) -> list[Outgoing]:
    """The another button: a different question in the place of this one."""
    asked = mine(turn, number)
    if asked is None or asked.state == "answered" or asked.day != turn.today:
        return [_too_late(turn, press, asked)]
    found = another(turn.content.library, _asking(turn), turn.today)
    if found is None:
        return [toast(press, turn.label("question.toast_no_other"))]
    asked = turn.store.asked.replace(asked, found.id, found.text)
    return [toast(press), question_card.redraw(turn, asked)]


def press_open(turn: Turn, press: Press, number: str) -> list[Outgoing]:
    """The button behind which a quiet push keeps its question."""
    asked = mine(turn, number)
    if asked is None:
        return [toast(press, turn.label("question.toast_not_yours"))]
    return [toast(press), question_card.redraw(turn, turn.store.asked.open_up(asked))]


def mine(turn: Turn, number: str) -> Asked | None:
    """The person's own question with this number; None for a forged or foreign one."""
    asked = turn.store.asked.get(int(number)) if number.isdecimal() else None
    return asked if asked is not None and asked.person_id == turn.person.id else None


def _too_late(turn: Turn, press: Press, asked: Asked | None) -> Outgoing:
    """Why a button under a question does nothing any more."""
    if asked is None:
        return toast(press, turn.label("question.toast_not_yours"))
    if asked.state == "answered":
        return toast(press, turn.label("question.toast_answered"))
    return toast(press, turn.label("question.toast_old"))


def answered(turn: Turn, asked: Asked) -> Asked:
    """Note that a question has been answered: nothing reminds of it any more."""
    asked = turn.store.asked.settle(asked, "answered")
    if asked.day == turn.today:
        turn.store.schedule.clear(turn.person.id, REMINDER, LATER)
    heard(turn)
    return asked


def heard(turn: Turn) -> None:
    """Any sign of life brings the daily rhythm back."""
    pace = turn.silence.pace
    turn.note_silence(after_answer())
    if pace is reminders.Pace.RESTING and turn.person.state == "paused":
        activate(turn)
    elif pace is not reminders.Pace.DAILY and turn.person.state == "active":
        plan_question(turn)


def _ask(turn: Turn, kind: str, *, loud: bool) -> list[Outgoing]:
    chosen = choose(turn.content.library, _asking(turn), turn.today)
    if chosen is None:
        return []
    asked = _note(turn, kind, chosen)
    if asked is None:
        return []
    return [question_card.message(turn, asked, question_card.Said(), loud=loud)]


def _note(turn: Turn, kind: str, chosen: Question) -> Asked | None:
    tap = None
    if kind == "daily":
        sent = turn.store.asked.count_taps(turn.person.id)
        tap = tap_for(turn.content.taps, turn.person.id, sent).id
    # The first question stands in the chat that the person is reading right now.
    quiet = turn.person.push == "quiet" and not turn.person.discreet
    hidden = quiet and turn.store.asked.count(turn.person.id) > 0
    return turn.store.asked.add(
        turn.person.id, turn.today, kind, chosen.id, chosen.text, tap, turn.now, hidden=hidden
    )


def _asking(turn: Turn) -> Asking:
    person = turn.person
    recent = turn.store.asked.shown_since(person.id, turn.today - REMEMBERED)
    return Asking(
        seed=person.id,
        started=person.started_on or turn.today,
        sent=turn.store.asked.count(person.id),
        recent=[Shown(day, question) for day, question in recent],
        widths={Axis(person.widest): 1.0} if person.widest else {},
        discreet=turn.person.discreet,
        only_wellbeing=safety.guarded(turn),
    )


def _count_missed(turn: Turn) -> None:
    newest = turn.store.asked.newest_daily(turn.person.id)
    if newest is None or newest.day >= turn.today or newest.state in _SETTLED:
        return
    if turn.store.taps.of_question(newest.id) is None:
        turn.note_silence(after_missed(turn.silence, newest.day))
        if newest.state == "open":
            turn.store.asked.set_state(newest, "expired")


def _open(turn: Turn) -> Asked | None:
    asked = turn.store.asked.newest(turn.person.id)
    return asked if asked is not None and asked.state == "open" else None


def _skip(turn: Turn, asked: Asked) -> list[Outgoing]:
    asked = turn.store.asked.settle(asked, "skipped")
    turn.store.schedule.clear(turn.person.id, REMINDER, LATER)
    heard(turn)
    return [question_card.redraw(turn, asked)]


def _put_off(turn: Turn, asked: Asked, hours: int) -> tuple[list[Outgoing], str]:
    moment = reminders.later(turn.now, turn.zone, hours)
    if isinstance(moment, Refusal):
        return [], turn.say(f"question.later_{moment.value}")
    asked = turn.store.asked.set_state(asked, "later")
    turn.store.schedule.clear(turn.person.id, REMINDER)
    turn.store.schedule.set(turn.person.id, LATER, moment.at)
    text = turn.say("question.later", clock=clock(turn, moment.at), shortened=moment.shortened)
    return [question_card.redraw(turn, asked)], text

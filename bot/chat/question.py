"""The question: asked, shown, replaced, skipped, put off, and asked again."""

from dataclasses import dataclass
from datetime import timedelta

from bot.chat import safety
from bot.chat.agenda import LATER, QUESTION, REMINDER, activate, plan_question
from bot.chat.calendar_words import clock
from bot.chat.incoming import Press, Text
from bot.chat.messages import Button, Rows, edit_about, send, toast
from bot.chat.turn import Turn
from bot.drift.rules import Axis, Rule
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


@dataclass(frozen=True, slots=True)
class Said:
    """What a person has said to a question: so many messages, and the value of the tap."""

    kept: int = 0
    tap: int | None = None


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
    return [_card_message(turn, asked, said(turn, asked), loud=True)]


def skip(turn: Turn, _: Text, __: str) -> list[Outgoing]:
    """/skip: let the open question go, without any reproach."""
    asked = _open(turn)
    if asked is None:
        return [send(turn.chat_id, turn.say("question.nothing_open"))]
    return [*_skip(turn, asked), send(turn.chat_id, turn.say("question.skipped"))]


def press_skip(turn: Turn, press: Press, number: str) -> list[Outgoing]:
    """The skip button under a question."""
    asked = mine(turn, number)
    if asked is None:
        return [toast(press, turn.label("question.toast_not_yours"))]
    if asked.state == "answered":
        return [toast(press, turn.label("question.toast_answered"))]
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
    if asked is None:
        return [toast(press, turn.label("question.toast_not_yours"))]
    if asked.state == "answered":
        return [toast(press, turn.label("question.toast_answered"))]
    if asked.day != turn.today:
        return [toast(press, turn.label("question.toast_old"))]
    moved, text = _put_off(turn, asked, reminders.LATER_HOURS)
    return [toast(press, text), *moved]


def press_another(turn: Turn, press: Press, number: str) -> list[Outgoing]:
    """The another button: a different question in the place of this one."""
    asked = mine(turn, number)
    if asked is None:
        return [toast(press, turn.label("question.toast_not_yours"))]
    if asked.state == "answered":
        return [toast(press, turn.label("question.toast_answered"))]
    if asked.day != turn.today:
        return [toast(press, turn.label("question.toast_old"))]
    found = another(turn.content.library, _asking(turn), turn.today)
    if found is None:
        return [toast(press, turn.label("question.toast_no_other"))]
    return [toast(press), redraw(turn, turn.store.asked.replace(asked, found.id, found.text))]


def press_open(turn: Turn, press: Press, number: str) -> list[Outgoing]:
    """The button behind which a quiet push keeps its question."""
    asked = mine(turn, number)
    if asked is None:
        return [toast(press, turn.label("question.toast_not_yours"))]
    return [toast(press), redraw(turn, turn.store.asked.open_up(asked))]


def mine(turn: Turn, number: str) -> Asked | None:
    """The person's own question with this number; None for a forged or foreign one."""
    asked = turn.store.asked.get(int(number)) if number.isdecimal() else None
    return asked if asked is not None and asked.person_id == turn.person.id else None


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


def said(turn: Turn, asked: Asked) -> Said:
    """What has been said to a question so far."""
    tap = turn.store.taps.of_question(asked.id)
    kept = turn.store.answers.count_of_question(asked.id)
    return Said(kept, None if tap is None else tap.value)


def redraw(turn: Turn, asked: Asked, so_far: Said | None = None) -> Outgoing:
    """The question's message as it is now: tap, kept answers, what became of it.

    ``so_far`` is what has been said to it, if that is known.
    """
    so_far = so_far or said(turn, asked)
    text, rows = _card(turn, asked, so_far), _rows(turn, asked, so_far)
    return edit_about(turn.chat_id, f"asked:{asked.id}", text, rows)


def tap_rule(turn: Turn, asked: Asked) -> Rule | None:
    """The rule of the tap beside a question, or None if the rules no longer have it."""
    if asked.tap is None or asked.tap not in turn.content.rules:
        return None
    rule = turn.content.rules[asked.tap]
    return rule if rule.tap is not None else None


def _ask(turn: Turn, kind: str, *, loud: bool) -> list[Outgoing]:
    chosen = choose(turn.content.library, _asking(turn), turn.today)
    if chosen is None:
        return []
    asked = _note(turn, kind, chosen)
    return [] if asked is None else [_card_message(turn, asked, Said(), loud=loud)]


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


def _card_message(turn: Turn, asked: Asked, so_far: Said, *, loud: bool) -> Outgoing:
    return send(
        turn.chat_id,
        _card(turn, asked, so_far),
        _rows(turn, asked, so_far),
        loud=loud,
        subject=f"asked:{asked.id}",
        priority=Priority.SCHEDULED if loud else Priority.ANSWER,
        expires_at=day_ends(asked.day, turn.zone) if loud else None,
    )


def _card(turn: Turn, asked: Asked, so_far: Said) -> str:
    if asked.hidden:
        return turn.say("question.hidden")
    rule = tap_rule(turn, asked)
    return turn.say(
        "question.card",
        text=asked.text,
        tap=None if rule is None else rule.tap,
        kept=so_far.kept,
        state=asked.state,
    )


def _rows(turn: Turn, asked: Asked, so_far: Said) -> Rows:
    if asked.hidden:
        return [[Button(turn.label("question.button_open"), f"open:{asked.id}")]]
    rows: list[list[Button]] = []
    if tap_rule(turn, asked) is not None:
        rows.append(
            [
                Button(
                    turn.say("question.button_value", value=value, chosen=value == so_far.tap),
                    f"tap:{asked.id}:{value}",
                )
                for value in range(1, 6)
            ]
        )
    if asked.state == "open":
        row = [Button(turn.label("question.button_another"), f"another:{asked.id}")]
        if so_far.tap is None:
            row.append(Button(turn.label("question.button_later"), f"later:{asked.id}"))
            row.append(Button(turn.label("question.button_skip"), f"skip:{asked.id}"))
        rows.append(row)
    elif so_far.kept:
        rows.append([Button(turn.label("question.button_undo"), f"undo:{asked.id}")])
    return [*rows, safety.help_row(turn)]


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
    return [redraw(turn, asked)]


def _put_off(turn: Turn, asked: Asked, hours: int) -> tuple[list[Outgoing], str]:
    moment = reminders.later(turn.now, turn.zone, hours)
    if isinstance(moment, Refusal):
        return [], turn.say(f"question.later_{moment.value}")
    asked = turn.store.asked.set_state(asked, "later")
    turn.store.schedule.clear(turn.person.id, REMINDER)
    turn.store.schedule.set(turn.person.id, LATER, moment.at)
    text = turn.say("question.later", clock=clock(turn, moment.at), shortened=moment.shortened)
    return [redraw(turn, asked)], text

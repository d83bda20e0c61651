"""What the person writes and taps: kept, added up, changed, taken out again."""

from datetime import datetime, timedelta

from bot.chat import evidence, question, question_card, quiz, safety
from bot.chat.incoming import Press, Text, Wordless
from bot.chat.messages import CHANGED, Button, edit, react, send, toast
from bot.chat.turn import Turn
from bot.rhythm.due import day_ends, local_day
from storage.answers import Answer
from storage.asked import Asked
from storage.outbox import Outgoing

OLDEST = timedelta(hours=25)
"""Telegram keeps updates for a day; an answer that claims to be older has a wrong clock."""

LATE = timedelta(hours=24)
"""So long after its day an answer still counts for it, at half weight."""

DELAYED = timedelta(minutes=2)
"""What was written so long ago waited somewhere, and may be older than the newest question."""


def typed(turn: Turn, message: Text) -> list[Outgoing]:
    """Keep a text: for the question it replies to, else the newest open one, else as a note."""
    at = answered_at(turn, message)
    day = local_day(at, turn.zone)
    asked = _addressed(turn, message, day)
    late = False
    if asked is not None and day > asked.day:
        late = True
        if at < day_ends(asked.day, turn.zone) + LATE:
            day = asked.day
    answer = turn.store.answers.add(
        turn.person.id,
        None if asked is None else asked.id,
        day,
        message.text,
        message.message_id,
        at,
        late=late,
    )
    if answer is None:
        return []
    evidence.count_text(turn, answer, asked)
    if asked is None:
        question.heard(turn)
        rows = [
            [Button(turn.label("question.button_undo"), f"unnote:{answer.id}")],
            safety.help_row(turn),
        ]
        note = send(turn.chat_id, turn.say("question.note_kept"), rows)
        # whoever tries a word on a discreet chat does not learn that words are kept
        notes = [] if turn.person.discreet else [note]
        return [react(turn.chat_id, message.message_id), *notes]
    asked = question.answered(turn, asked)
    said = question_card.said(turn, asked)
    return [
        react(turn.chat_id, message.message_id),
        question_card.redraw(turn, asked, said),
        *([] if turn.grave else quiz.offer_once(turn, said)),
    ]


def edited(turn: Turn, message: Text) -> list[Outgoing]:
    """The person has changed a message: what is kept changes with it."""
    answer = turn.store.answers.by_message(turn.person.id, message.message_id)
    if answer is None or answer.text == message.text:
        return []
    turn.store.answers.edit(answer.id, message.text, turn.now)
    changed = turn.store.answers.get(answer.id)
    asked = None if answer.asked_id is None else turn.store.asked.get(answer.asked_id)
    if changed is not None:
        evidence.count_text(turn, changed, asked)
    return [react(turn.chat_id, message.message_id, CHANGED)]


def press_undo(turn: Turn, press: Press, number: str) -> list[Outgoing]:
    """The undo button under a question: takes out the newest message that answers it."""
    asked = question.mine(turn, number)
    if asked is None:
        return [toast(press, turn.label("question.toast_not_yours"))]
    answers = turn.store.answers.of_question(asked.id)
    if not answers:
        return [toast(press, turn.label("question.toast_nothing_to_undo"))]
    turn.store.answers.delete(answers[-1].id)
    if len(answers) == 1:
        asked = turn.store.asked.set_state(asked, "open" if asked.day == turn.today else "expired")
    return [
        toast(press, turn.label("question.toast_undone")),
        *_unreact(turn, answers[-1]),
        question_card.redraw(turn, asked),
    ]


def press_unnote(turn: Turn, press: Press, number: str) -> list[Outgoing]:
    """The undo button under a note of the day."""
    note = turn.store.answers.get(int(number)) if number.isdecimal() else None
    if note is None or note.person_id != turn.person.id:
        return [toast(press, turn.label("question.toast_nothing_to_undo"))]
    turn.store.answers.delete(note.id)
    return [
        toast(press, turn.label("question.toast_undone")),
        *_unreact(turn, note),
        edit(turn.chat_id, press.message_id, turn.say("question.note_undone")),
    ]


def press_tap(turn: Turn, press: Press, number: str, value: str) -> list[Outgoing]:
    """One of the five buttons of the tap; a second press changes the answer."""
    asked = question.mine(turn, number)
    if asked is None:
        return [toast(press, turn.label("question.toast_not_yours"))]
    rule = question_card.tap_rule(turn, asked)
    if rule is None or value not in {"1", "2", "3", "4", "5"}:
        return [toast(press, turn.label("question.toast_unknown"))]
    if turn.now >= day_ends(asked.day, turn.zone) + LATE:
        return [toast(press, turn.label("question.toast_old"))]
    late = turn.today > asked.day
    changed = turn.store.taps.of_question(asked.id) is not None
    tap_id = turn.store.taps.set(
        turn.person.id,
        asked.id,
        rule.id,
        rule.wording,
        int(value),
        asked.day,
        turn.now,
        late=late,
    )
    said = question_card.said(turn, asked)
    offer = [] if changed else quiz.offer_once(turn, said)
    evidence.count_tap(turn, tap_id, rule, int(value), asked.day, late=late)
    if not late:
        turn.store.schedule.clear(turn.person.id, "reminder")
    question.heard(turn)
    kept = toast(press, turn.label("question.toast_kept"))
    return [kept, question_card.redraw(turn, asked, said), *offer]


def answered_at(turn: Turn, message: Text | Wordless) -> datetime:
    """When the person wrote it, by Telegram's clock, held to the last 25 hours."""
    return min(max(message.at, turn.now - OLDEST), turn.now)


def _addressed(turn: Turn, message: Text, day: object) -> Asked | None:
    if message.reply_to is not None:
        asked = turn.store.asked.by_message(turn.person.id, message.reply_to)
        if asked is not None:
            return asked
    at = answered_at(turn, message)
    if turn.now - at > DELAYED:
        newest = turn.store.asked.newest_by(turn.person.id, at)
    else:
        newest = turn.store.asked.newest(turn.person.id)
    if newest is None:
        return None
    waits = newest.state in {"open", "later"}
    adds_up = newest.state == "answered" and newest.day == day
    return newest if waits or adds_up else None


def _unreact(turn: Turn, answer: Answer) -> list[Outgoing]:
    if answer.message_id is None:
        return []
    return [react(turn.chat_id, answer.message_id, None)]

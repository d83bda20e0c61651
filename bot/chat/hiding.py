"""Taking messages away again: /hide at once, and in discreet mode an hour after the last word."""

from collections.abc import Iterable
from datetime import timedelta
from itertools import groupby

from bot.chat.incoming import Press, Text
from bot.chat.messages import Button, delete, edit, send, toast
from bot.chat.turn import Turn
from storage.messages import DELETABLE, Noted
from storage.outbox import Outgoing
from storage.schedule import Due

CLEAN, SWEEP = "clean", "sweep"

CLEANED_AFTER = timedelta(hours=1)
"""So long after the person's last word the chat is cleaned in discreet mode."""

SWEPT_AT = timedelta(hours=46)
"""At this age a message goes in any case: two hours before Telegram no longer deletes it."""

STRAGGLERS_AFTER = timedelta(seconds=25)
"""What was on its way to the chat during /hide is deleted so much later: it arrives by then, or its
sending has timed out."""

COVER, WORD = "cover:", "word:"


def hide(turn: Turn, _: Text, __: str) -> list[Outgoing]:
    """/hide: delete what can be deleted and show a word of the day."""
    on_its_way = turn.store.outbox.in_flight(turn.chat_id)
    turn.store.outbox.drop_answers(turn.chat_id)
    gone = clear(turn)
    if on_its_way:
        turn.store.schedule.set(turn.person.id, CLEAN, turn.now + STRAGGLERS_AFTER)
    return [*gone, word(turn)]


def word(turn: Turn) -> Outgoing:
    """The dull screen: a word of the day."""
    text, row = _word(turn, turn.today.toordinal())
    return send(turn.chat_id, text, [row], subject=f"{WORD}{turn.today.toordinal()}")


def show_word(turn: Turn, _: Text, __: str) -> list[Outgoing]:
    """/word."""
    return [word(turn)]


def press_word(turn: Turn, press: Press, number: str) -> list[Outgoing]:
    """The button to another word."""
    if not number.isdecimal():
        return [toast(press, turn.label("question.toast_unknown"))]
    text, row = _word(turn, int(number))
    return [toast(press), edit(turn.chat_id, press.message_id, text, [row])]


def plan(turn: Turn, *, spoken: bool) -> None:
    """Put the cleaning of a discreet chat on the schedule, anew after each word of the person."""
    if spoken:
        turn.store.schedule.set(turn.person.id, CLEAN, turn.now + CLEANED_AFTER)
    known = turn.store.messages.of_chat(turn.chat_id)
    oldest = min((noted.sent_at for noted in known if not _is_dull(noted)), default=turn.now)
    turn.store.schedule.set(turn.person.id, SWEEP, oldest + SWEPT_AT)


def clean_due(turn: Turn, _: Due) -> list[Outgoing]:
    """An hour has passed since the person's last word: only what gives nothing away stays."""
    turn.store.schedule.clear(turn.person.id, CLEAN)
    known = turn.store.messages.of_chat(turn.chat_id)
    return _deleted(turn, [noted for noted in known if not (_is_dull(noted) or _is_cover(noted))])


def sweep_due(turn: Turn, _: Due) -> list[Outgoing]:
    """Something will soon be too old to be deleted: delete it, opened or not."""
    turn.store.schedule.clear(turn.person.id, SWEEP)
    turn.store.covers.drop_old(turn.person.id, turn.now - SWEPT_AT)
    known = [n for n in turn.store.messages.of_chat(turn.chat_id) if not _is_dull(n)]
    # what seems to come from tomorrow was noted by a wrong clock, and may be any age
    old = [
        noted
        for noted in known
        if turn.now - noted.sent_at >= SWEPT_AT or noted.sent_at > turn.now + CLEANED_AFTER
    ]
    young = [noted.sent_at for noted in known if noted not in old]
    if turn.person.discreet and young:
        turn.store.schedule.set(turn.person.id, SWEEP, min(young) + SWEPT_AT)
    return _deleted(turn, old)


def clear(turn: Turn) -> list[Outgoing]:
    """Delete everything that can be deleted, now."""
    turn.store.covers.drop(turn.person.id)
    return _deleted(turn, turn.store.messages.of_chat(turn.chat_id))


def _word(turn: Turn, number: int) -> tuple[str, list[Button]]:
    words = turn.content.dull_words
    chosen = words[number % len(words)]
    text = turn.say("discreet.word", word=chosen.word, meaning=chosen.meaning)
    return text, [Button(turn.label("discreet.button_next"), f"word:{number % len(words) + 1}")]


def _is_dull(noted: Noted) -> bool:
    return noted.subject is not None and noted.subject.startswith(WORD)


def _is_cover(noted: Noted) -> bool:
    return noted.subject is not None and noted.subject.startswith(COVER)


def _deleted(turn: Turn, noted: Iterable[Noted]) -> list[Outgoing]:
    """Have messages deleted, hour by hour of their age: one too old would spare all beside it."""
    young = [one for one in noted if turn.now - one.sent_at < DELETABLE]
    turn.store.messages.forget(turn.chat_id, (one.message_id for one in young))
    batches: list[Outgoing] = []
    for _, group in groupby(young, key=lambda one: int(one.sent_at.timestamp()) // 3600):
        ids = [one.message_id for one in group]
        batches += [
            delete(turn.chat_id, ids[start : start + 100]) for start in range(0, len(ids), 100)
        ]
    return batches

"""The message with a question: its text, tap and buttons, and what has been said to it so far."""

from dataclasses import dataclass

from bot.chat import safety
from bot.chat.messages import Button, Rows, edit_about, send
from bot.chat.turn import Turn
from bot.drift.rules import Rule
from bot.rhythm.due import day_ends
from storage.asked import Asked
from storage.outbox import Outgoing, Priority


@dataclass(frozen=True, slots=True)
class Said:
    """What a person has said to a question: so many messages, and the value of the tap."""

    kept: int = 0
    tap: int | None = None


def said(turn: Turn, asked: Asked) -> Said:
    """What has been said to a question so far."""
    tap = turn.store.taps.of_question(asked.id)
    kept = turn.store.answers.count_of_question(asked.id)
    return Said(kept, None if tap is None else tap.value)


def message(turn: Turn, asked: Asked, so_far: Said, *, loud: bool) -> Outgoing:
    """The message with a question; only one that comes by itself is ``loud``."""
    return send(
        turn.chat_id,
        _card(turn, asked, so_far),
        _rows(turn, asked, so_far),
        loud=loud,
        subject=f"asked:{asked.id}",
        priority=Priority.SCHEDULED if loud else Priority.ANSWER,
        expires_at=day_ends(asked.day, turn.zone) if loud else None,
    )


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

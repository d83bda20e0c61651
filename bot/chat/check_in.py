"""The weekly check-in: the twelve anchors about this week, in one message."""

from datetime import timedelta

from bot.chat import evidence, safety
from bot.chat.agenda import CHECK_IN, REPORT
from bot.chat.incoming import Press
from bot.chat.messages import Button, Rows, edit, send, toast
from bot.chat.turn import Turn
from bot.drift.beads import answer_bead
from bot.drift.rules import Rule, Source
from bot.rhythm.due import day_ends
from bot.rhythm.taps import tap_rotation
from bot.rhythm.weekly import report_at, take_weekly_turn
from storage.check_ins import CheckIn
from storage.outbox import Outgoing, Priority
from storage.schedule import Due

OPEN_FOR = timedelta(days=2)
"""So long after its day a check-in is still about that week."""


def check_in_due(turn: Turn, _: Due) -> list[Outgoing]:
    """The weekly time has come: the check-in now, the report an hour later."""
    newest = turn.store.check_ins.newest(turn.person.id)
    came = take_weekly_turn(turn.now, turn.weekly, None if newest is None else newest.day)
    turn.store.schedule.set(turn.person.id, CHECK_IN, came.following.at)
    if came.day is None or safety.guarded(turn):
        return [safety.week_saved(turn)] if came.day is not None else []
    check_in_id = turn.store.check_ins.add(turn.person.id, came.day, turn.now)
    if check_in_id is None:
        return []
    turn.store.schedule.set(turn.person.id, REPORT, report_at(turn.now))
    check_in = turn.store.check_ins.get(check_in_id)
    if check_in is None:
        raise LookupError("a check-in that was just made is gone")
    hidden = turn.person.push == "quiet" and not turn.person.discreet
    text, rows = _page(turn, check_in, 0)
    if hidden:
        text = turn.say("check_in.hidden")
        rows = [[Button(turn.label("question.button_open"), f"checkin:{check_in.id}:0:o")]]
    return [
        send(
            turn.chat_id,
            text,
            rows,
            subject=f"check_in:{check_in.id}",
            priority=Priority.SCHEDULED,
            expires_at=day_ends(came.day, turn.zone) + OPEN_FOR,
        )
    ]


def press_item(turn: Turn, press: Press, number: str, position: str, choice: str) -> list[Outgoing]:
    """A button of the check-in: a value, "doesn't fit" (0), back (b), open (o), enough (x)."""
    check_in = turn.store.check_ins.get(int(number)) if number.isdecimal() else None
    anchors = points(turn)
    if check_in is None or check_in.person_id != turn.person.id or not position.isdecimal():
        return [toast(press, turn.label("question.toast_not_yours"))]
    at = int(position)
    if at >= len(anchors) or choice not in {"0", "1", "2", "3", "4", "5", "b", "o", "x"}:
        return [toast(press, turn.label("question.toast_unknown"))]
    if turn.now >= day_ends(check_in.day, turn.zone) + OPEN_FOR:
        over = edit(turn.chat_id, press.message_id, turn.say("check_in.over"))
        return [toast(press), over]
    if choice == "x":
        return [toast(press), *_finish(turn, press, check_in)]
    if choice in {"b", "o"}:
        return _show(turn, press, check_in, max(0, at - (choice == "b")))
    _keep(turn, check_in, anchors[at], int(choice) or None)
    if at + 1 < len(anchors):
        return _show(turn, press, check_in, at + 1)
    return [toast(press), *_finish(turn, press, check_in)]


def points(turn: Turn) -> tuple[Rule, ...]:
    """The anchors in the order of the daily taps: the axes take turns."""
    return tap_rotation(turn.content.rules.anchors)


def _keep(turn: Turn, check_in: CheckIn, rule: Rule, value: int | None) -> None:
    turn.store.check_ins.answer(check_in.id, rule.id, rule.wording, value)
    rules = turn.content.rules
    beads = [
        evidence.stored(answer_bead(rules[name], kept, check_in.day, Source.CHECK_IN), check_in.id)
        for name, kept in turn.store.check_ins.answers(check_in.id).items()
        if kept is not None and name in rules
    ]
    turn.store.beads.replace(turn.person.id, Source.CHECK_IN.value, check_in.id, beads)


def _finish(turn: Turn, press: Press, check_in: CheckIn) -> list[Outgoing]:
    if check_in.finished_at is None:
        turn.store.check_ins.finish(check_in.id, turn.now)
        if turn.store.schedule.get(turn.person.id, REPORT) is not None:
            turn.store.schedule.set(turn.person.id, REPORT, report_at(check_in.sent_at, turn.now))
    answers = turn.store.check_ins.answers(check_in.id)
    answered = any(value is not None for value in answers.values())
    done = turn.say("check_in.done", answered=answered)
    return [edit(turn.chat_id, press.message_id, done)]


def _show(turn: Turn, press: Press, check_in: CheckIn, at: int) -> list[Outgoing]:
    text, rows = _page(turn, check_in, at)
    return [toast(press), edit(turn.chat_id, press.message_id, text, rows)]


def _page(turn: Turn, check_in: CheckIn, at: int) -> tuple[str, Rows]:
    anchors = points(turn)
    rule = anchors[at]
    chosen = turn.store.check_ins.answers(check_in.id).get(rule.id)
    text = turn.say("check_in.item", number=at + 1, total=len(anchors), text=rule.check_in)
    data = f"checkin:{check_in.id}:{at}"
    values = [
        Button(
            turn.label("question.button_value", value=value, chosen=value == chosen),
            f"{data}:{value}",
        )
        for value in range(1, 6)
    ]
    turns = [
        Button(turn.label("check_in.button_no_fit"), f"{data}:0"),
        Button(turn.label("check_in.button_leave"), f"{data}:x"),
    ]
    if at:
        turns.insert(0, Button(turn.label("quiz.button_back"), f"{data}:b"))
    return text, [values, turns]

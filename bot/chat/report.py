"""The report in a chat: on request, every week, and four weeks back."""

from datetime import date

from bot.chat import discreet, safety
from bot.chat.agenda import REPORT
from bot.chat.incoming import Press, Text
from bot.chat.messages import Button, edit_markup, send, toast
from bot.chat.picture import picture
from bot.chat.turn import Turn
from bot.drift.quizzes import Closeness
from bot.drift.weeks import Reading, read
from bot.report.picture import Sketch
from bot.report.points import WINDOW
from bot.report.record import gather, phrases, remember
from bot.report.view import View, view
from bot.report.words import report_text
from bot.rhythm.weekly import report_may_come
from storage.outbox import Outgoing, Priority
from storage.schedule import Due

UNUSUAL = "unusual"

LONG = 26
"""From so many weeks on, the picture shows the whole year."""


def show(turn: Turn, _: Text, argument: str) -> list[Outgoing]:
    """/report: what was counted, and a pattern where the evidence suffices."""
    if safety.guarded(turn):
        return [safety.week_saved(turn)]
    kind = "month" if argument.strip() == "4" else "asked"
    made, reading = make(turn, kind, turn.today)
    remember(turn.store, turn.person, reading.new)
    report_id = turn.store.reports.add(
        turn.person.id,
        turn.today,
        kind,
        made.pattern.value,
        turn.content.rules.version,
        turn.now,
    )
    if report_id is None:
        raise LookupError("a report on request was taken for a weekly one")
    return _messages(turn, made, reading, report_id, kind)


def report_due(turn: Turn, due: Due) -> list[Outgoing]:
    """An hour after the check-in, or at once after its last tap: the week's report, once."""
    check_in = turn.store.check_ins.newest(turn.person.id)
    if check_in is None:
        turn.store.schedule.clear(turn.person.id, REPORT)
        return []
    may_come = report_may_come(due.due_at, turn.now, turn.zone)
    if may_come > turn.now:
        turn.store.schedule.set(turn.person.id, REPORT, may_come)
        return []
    turn.store.schedule.clear(turn.person.id, REPORT)
    if safety.guarded(turn):
        return [safety.week_saved(turn)]
    made, reading = make(turn, "weekly", check_in.day)
    report_id = turn.store.reports.add(
        turn.person.id,
        check_in.day,
        "weekly",
        made.pattern.value,
        turn.content.rules.version,
        turn.now,
    )
    if report_id is None:
        return []
    remember(turn.store, turn.person, reading.new)
    positions = reading.positions
    widest = max(positions, key=lambda axis: positions[axis].high - positions[axis].low)
    turn.update(widest=widest.value)
    return _messages(turn, made, reading, report_id, "weekly")


def press_unusual(turn: Turn, press: Press, day: str) -> list[Outgoing]:
    """The button that leaves a week out of what is compared, or counts it after all."""
    try:
        marked = date.fromisoformat(day)
    except ValueError:
        return [toast(press, turn.label("question.toast_unknown"))]
    if turn.person.started_on is None or not turn.person.started_on <= marked <= turn.today:
        return [toast(press, turn.label("question.toast_unknown"))]
    unusual = marked in turn.store.reports.marked(turn.person.id, UNUSUAL)
    if unusual:
        turn.store.reports.unmark(turn.person.id, marked, UNUSUAL)
    else:
        turn.store.reports.mark(turn.person.id, marked, UNUSUAL)
    toasted = "report.toast_usual" if unusual else "report.toast_unusual"
    rows = [[_unusual_button(turn, marked, unusual=not unusual)]]
    return [
        toast(press, turn.label(toasted)),
        edit_markup(turn.chat_id, press.message_id, rows),
    ]


def make(turn: Turn, kind: str, as_of: date) -> tuple[View, Reading]:
    """The report of a kind ("asked", "weekly", "month") as of a local day, as things now stand."""
    record = gather(turn.store, turn.person)
    reading = read(record, as_of)
    closeness = _closeness(turn, reading.chapter, as_of)
    recent = turn.store.answers.since(turn.person.id, as_of - WINDOW)
    unread = any(answer.unread for answer in recent)
    made = view(
        record,
        reading,
        turn.content.rules,
        kind,
        closeness,
        unread=unread,
        phrases=() if turn.person.discreet else phrases(turn.store, turn.person, as_of),
    )
    return made, reading


def _closeness(turn: Turn, chapter: date, as_of: date) -> Closeness | None:
    for quiz in reversed(turn.store.quizzes.of_person(turn.person.id)):
        if quiz.finished_on is None or quiz.finished_on < max(chapter, as_of - WINDOW):
            continue
        if quiz.closeness_now is not None and quiz.closeness_wished is not None:
            return Closeness(quiz.closeness_now, quiz.closeness_wished)
    return None


def press_picture(turn: Turn, press: Press, number: str) -> list[Outgoing]:
    """The button that brings a report's picture where it does not come by itself."""
    report = turn.store.reports.get(int(number)) if number.isdecimal() else None
    if report is None or report.person_id != turn.person.id or safety.guarded(turn):
        return [toast(press, turn.label("question.toast_unknown"))]
    _, reading = make(turn, report.kind, report.day)
    return [toast(press), picture(turn, _sketch(turn, reading, report.kind), Priority.ANSWER)]


def _sketch(turn: Turn, reading: Reading, kind: str) -> Sketch:
    pictures = turn.content.pictures
    if kind == "month":
        return pictures.month(reading)
    return pictures.year(reading) if len(reading.weeks) > LONG else pictures.week(reading)


def _messages(
    turn: Turn, made: View, reading: Reading, report_id: int, kind: str
) -> list[Outgoing]:
    """The picture and the words; the picture only on request where it could be seen by others."""
    priority = Priority.SCHEDULED if kind == "weekly" else Priority.ANSWER
    words = _message(turn, made, reading, report_id, priority)
    if turn.person.discreet or made.help or _is_covered(turn, priority):
        return [words]
    return [picture(turn, _sketch(turn, reading, kind), priority), words]


def _message(
    turn: Turn, made: View, reading: Reading, report_id: int, priority: Priority
) -> Outgoing:
    why = [Button(turn.label("why.button_why"), f"why:{report_id}")]
    if turn.person.discreet or _is_covered(turn, priority):
        why.append(Button(turn.label("report.button_picture"), f"picture:{report_id}"))
    rows: list[list[Button]] = [why, safety.help_row(turn)]
    if made.help:
        rows.append([Button(turn.label("report.button_safety"), "help:now")])
    week = reading.week
    if week.replies or week.taps:
        rows.append([_unusual_button(turn, week.first, unusual=week.unusual)])
    text = discreet.veiled(turn, report_text(turn.content.words, made))
    return send(turn.chat_id, text, rows, protect=True, priority=priority)


def _is_covered(turn: Turn, priority: Priority) -> bool:
    """Whether the weekly report waits behind a button: a picture cannot wait there with it."""
    return turn.person.push == "quiet" and priority is Priority.SCHEDULED


def _unusual_button(turn: Turn, day: date, *, unusual: bool) -> Button:
    label = "report.button_usual" if unusual else "report.button_unusual"
    return Button(turn.label(label), f"unusual:{day.isoformat()}")

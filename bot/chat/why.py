"""*Why?* under a report: each statement with the answers it rests on. *Not me*: taking one out."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.chat import evidence
from bot.chat.incoming import Press
from bot.chat.messages import Button, Rows, edit, send, toast
from bot.chat.report import make
from bot.chat.turn import Turn
from bot.report.reasons import Reason, reasons
from bot.report.view import Sentence
from bot.report.words import said
from storage.outbox import Outgoing
from storage.reports import StoredReport

PAGE = 12
"""So many answers fit one message with their words."""


@dataclass(frozen=True, slots=True)
class _Page:
    statement: Sentence
    reasons: Sequence[Reason]


def press_why(turn: Turn, press: Press, number: str) -> list[Outgoing]:
    """The button under a report: the first page, as a message of its own."""
    report = _mine(turn, number)
    if report is None:
        return [toast(press, turn.label("question.toast_unknown"))]
    text, rows = _shown(turn, report, 0)
    return [toast(press), send(turn.chat_id, text, rows, protect=True)]


def press_page(turn: Turn, press: Press, number: str, page: str) -> list[Outgoing]:
    """Back and next."""
    report = _mine(turn, number)
    if report is None or not page.isdecimal():
        return [toast(press, turn.label("question.toast_unknown"))]
    text, rows = _shown(turn, report, int(page))
    return [toast(press), edit(turn.chat_id, press.message_id, text, rows)]


def press_not_me(
    turn: Turn, press: Press, number: str, page: str, answer_id: str, family: str
) -> list[Outgoing]:
    """Take a phrase out: its beads go, and after two for a family it is muted for 30 days."""
    report = _mine(turn, number)
    answer = turn.store.answers.get(int(answer_id)) if answer_id.isdecimal() else None
    # of a text that is removed nothing can be read anew
    foreign = answer is None or answer.person_id != turn.person.id or not answer.text
    if report is None or answer is None or foreign or not page.isdecimal():
        return [toast(press, turn.label("question.toast_unknown"))]
    times = turn.store.hits.disown(turn.person.id, family, answer.id, turn.today)
    evidence.recount(turn, answer, turn.content.reader.read(answer.text))
    text, rows = _shown(turn, report, int(page))
    said_times = "why.toast_muted" if times >= evidence.MUTED_AFTER else "why.toast_out"
    return [
        toast(press, turn.label(said_times)),
        edit(turn.chat_id, press.message_id, text, rows),
    ]


def _shown(turn: Turn, report: StoredReport, at: int) -> tuple[str, Rows]:
    pages = _pages(turn, report)
    muted = _muted(turn)
    if not pages:
        return "\n\n".join([turn.say("why.nothing"), *muted]), []
    at = min(at, len(pages) - 1)
    page = pages[at]
    taken = [
        (index, reason)
        for index, reason in enumerate(page.reasons, start=1)
        if reason.source == "text" and reason.gate is None
    ]
    text = turn.say(
        "why.page",
        statement=said(turn.content.words, page.statement, plain=True),
        reasons=[
            {
                "date": turn.label("why.date", day=reason.day.day, month=reason.day.month),
                "source": reason.source,
                "said": reason.said,
                "axis": reason.axis,
                "plus": reason.plus,
                "minus": reason.minus,
                "value": reason.value,
                "gate": reason.gate,
                "number": index if (index, reason) in taken else None,
            }
            for index, reason in enumerate(page.reasons, start=1)
        ],
        number=at + 1,
        total=len(pages),
    )
    rows = [
        [
            Button(
                turn.label("why.button_not_me", number=index),
                f"notme:{report.id}:{at}:{reason.answer_id}:{reason.family}",
            )
            for index, reason in taken[:5]
        ]
    ]
    turns = []
    if at:
        turns.append(Button(turn.label("why.button_back"), f"whypage:{report.id}:{at - 1}"))
    if at + 1 < len(pages):
        turns.append(Button(turn.label("why.button_next"), f"whypage:{report.id}:{at + 1}"))
    if at + 1 == len(pages):
        text = "\n\n".join([text, *muted])
    return text, [*rows, turns]


def _pages(turn: Turn, report: StoredReport) -> list[_Page]:
    made, reading = make(turn, report.kind, report.day)
    pages: list[_Page] = []
    for sentence in (one for paragraph in made.paragraphs for one in paragraph):
        if sentence.grounds is None:
            continue
        found = reasons(
            turn.store,
            turn.person,
            turn.content.rules,
            sentence.grounds,
            reading.chapter,
            report.day,
        )
        chunks = [found[start : start + PAGE] for start in range(0, len(found), PAGE)] or [[]]
        pages += [_Page(sentence, chunk) for chunk in chunks]
    return pages


def _muted(turn: Turn) -> list[str]:
    families = evidence.muted(turn)
    if not families:
        return []
    names = [turn.content.reader.plain(family) for family in sorted(families)]
    return [turn.say("why.muted", families=names)]


def _mine(turn: Turn, number: str) -> StoredReport | None:
    report = turn.store.reports.get(int(number)) if number.isdecimal() else None
    return report if report is not None and report.person_id == turn.person.id else None

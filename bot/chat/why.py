"""*Why?* under a report: each statement with the answers it rests on. *Not me*: taking one out.

A statement has a short view, with what weighs most, and a full one, page by page, with the weights
and what was set aside. Where somebody looks is a place: "2" is the short view of the third
statement, "2.1" the second page of its full view.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bot.chat import evidence
from bot.chat.incoming import Press
from bot.chat.messages import Button, Rows, edit, send, toast
from bot.chat.report import make
from bot.chat.turn import Turn
from bot.report.quoting import few
from bot.report.reasons import Reason, is_quoted, reasons, strongest
from bot.report.view import Sentence, View
from bot.report.words import said
from storage.outbox import Outgoing
from storage.reports import StoredReport

SHORT = 5
"""So many answers are taken in at a glance."""

PAGE = 12
"""So many answers fit one message with their words."""

LABEL = 30
"""Characters of a phrase on a button: about what a phone shows beside "not me"."""

FIRST = "0"


class _Place(NamedTuple):
    statement: int
    page: int | None
    """Of the full view; None is the short one."""

    def __str__(self) -> str:
        return f"{self.statement}" if self.page is None else f"{self.statement}.{self.page}"


@dataclass(frozen=True, slots=True)
class _Statement:
    sentence: Sentence
    short: Sequence[Reason]
    everything: Sequence[Reason]

    @property
    def pages(self) -> int:
        return max(1, -(-len(self.everything) // PAGE))

    def shown(self, page: int | None) -> Sequence[Reason]:
        if page is None:
            return self.short
        return self.everything[page * PAGE : (page + 1) * PAGE]


def press_why(turn: Turn, press: Press, number: str) -> list[Outgoing]:
    """The button under a report: the first statement, as a message of its own."""
    report = _mine(turn, number)
    if report is None:
        return [toast(press, turn.label("question.toast_unknown"))]
    text, rows = _shown(turn, report, FIRST)
    return [toast(press), send(turn.chat_id, text, rows, protect=True)]


def press_page(turn: Turn, press: Press, number: str, place: str) -> list[Outgoing]:
    """Another statement, or everything behind this one."""
    report = _mine(turn, number)
    if report is None or _place(place) is None:
        return [toast(press, turn.label("question.toast_unknown"))]
    text, rows = _shown(turn, report, place)
    return [toast(press), edit(turn.chat_id, press.message_id, text, rows)]


def press_not_me(
    turn: Turn, press: Press, number: str, place: str, answer_id: str, family: str
) -> list[Outgoing]:
    """Take a phrase out: its beads go, and after two for a family it is muted for 30 days."""
    report = _mine(turn, number)
    answer = turn.store.answers.get(int(answer_id)) if answer_id.isdecimal() else None
    # of a text that is removed nothing can be read anew
    foreign = answer is None or answer.person_id != turn.person.id or not answer.text
    if report is None or answer is None or foreign or _place(place) is None:
        return [toast(press, turn.label("question.toast_unknown"))]
    times = turn.store.hits.disown(turn.person.id, family, answer.id, turn.today)
    evidence.recount(turn, answer)
    text, rows = _shown(turn, report, place)
    said_times = "why.toast_muted" if times >= evidence.MUTED_AFTER else "why.toast_out"
    return [
        toast(press, turn.label(said_times)),
        edit(turn.chat_id, press.message_id, text, rows),
    ]


def _shown(turn: Turn, report: StoredReport, wanted: str) -> tuple[str, Rows]:
    statements = _statements(turn, report)
    muted = _muted(turn)
    if not statements:
        return "\n\n".join([turn.say("why.nothing"), *muted]), []
    place = _within(statements, _place(wanted) or _Place(0, None))
    statement = statements[place.statement]
    shown = statement.shown(place.page)
    numbers = _numbers(shown)
    discreet = turn.person.discreet
    full = place.page is not None
    text = turn.say(
        "why.page",
        statement=said(turn.content.words, statement.sentence, plain=True),
        reasons=[
            _told(turn, reason, numbers.get(_phrase(reason)) if discreet else None)
            for reason in shown
        ],
        number=(place.statement if place.page is None else place.page) + 1,
        total=statement.pages if full else len(statements),
        left=0 if full else len(statement.everything) - len(shown),
        full=full,
        folded=discreet,
    )
    rows = [
        *_not_me(turn, report, place, shown, numbers),
        _other_view(turn, report, place, statement),
        _turning(turn, report, place, statement.pages if full else len(statements)),
    ]
    if place.statement + 1 == len(statements):
        text = "\n\n".join([text, *muted])
    return text, rows


def _told(turn: Turn, reason: Reason, number: int | None) -> dict[str, object]:
    return {
        "date": turn.label("why.date", day=reason.day.day, month=reason.day.month),
        "source": reason.source,
        "said": reason.said,
        "sides": [
            {"axis": side.axis.value, "plus": side.plus, "minus": side.minus}
            for side in reason.sides
        ],
        "value": reason.value,
        "gate": reason.gate,
        "number": number,
    }


def _phrase(reason: Reason) -> tuple[int | None, str]:
    return reason.answer_id, reason.family


def _numbers(shown: Sequence[Reason]) -> dict[tuple[int | None, str], int]:
    """The phrases that can be taken out, numbered."""
    taken = dict.fromkeys(
        _phrase(reason) for reason in shown if reason.source == "text" and reason.gate is None
    )
    return {phrase: number for number, phrase in enumerate(taken, start=1)}


def _not_me(
    turn: Turn,
    report: StoredReport,
    place: _Place,
    shown: Sequence[Reason],
    numbers: dict[tuple[int | None, str], int],
) -> list[list[Button]]:
    """A button for each phrase, called by its first words; in a discreet chat by a number.

    What is folded away or covered in a discreet chat does not stand on a button either.
    """
    words = {_phrase(reason): few(reason.said, LABEL) for reason in shown}
    return [
        [
            Button(
                turn.label(
                    "why.button_not_me",
                    which=str(number) if turn.person.discreet else words[phrase],
                ),
                f"notme:{report.id}:{place}:{phrase[0]}:{phrase[1]}",
            )
        ]
        for phrase, number in numbers.items()
    ]


def _other_view(
    turn: Turn, report: StoredReport, place: _Place, statement: _Statement
) -> list[Button]:
    if place.page is not None:
        short = _Place(place.statement, None)
        return [Button(turn.label("why.button_strongest"), f"whypage:{report.id}:{short}")]
    count = len(statement.everything)
    if count > len(statement.short):
        label = turn.label("why.button_all", count=count)
    elif any(reason.sides for reason in statement.short):
        label = turn.label("why.button_weights")
    else:
        return []
    return [Button(label, f"whypage:{report.id}:{_Place(place.statement, 0)}")]


def _turning(turn: Turn, report: StoredReport, place: _Place, total: int) -> list[Button]:
    at = place.statement if place.page is None else place.page

    def moved(by: int) -> _Place:
        if place.page is None:
            return _Place(at + by, None)
        return _Place(place.statement, at + by)

    buttons = []
    if at:
        buttons.append(Button(turn.label("why.button_back"), f"whypage:{report.id}:{moved(-1)}"))
    if at + 1 < total:
        buttons.append(Button(turn.label("why.button_next"), f"whypage:{report.id}:{moved(1)}"))
    return buttons


def _place(text: str) -> _Place | None:
    statement, dot, page = text.partition(".")
    if not statement.isdecimal() or (dot and not page.isdecimal()):
        return None
    return _Place(int(statement), int(page) if dot else None)


def _within(statements: Sequence[_Statement], place: _Place) -> _Place:
    """The place, or the last one before it: what was taken out may have been the last of a page."""
    at = min(place.statement, len(statements) - 1)
    if place.page is None:
        return _Place(at, None)
    return _Place(at, min(place.page, statements[at].pages - 1))


def _statements(turn: Turn, report: StoredReport) -> list[_Statement]:
    """The statements of a report; first the one that quotes, for it is the one to take back."""
    made, reading = make(turn, report.kind, report.day)
    quoted = _quoted(made)
    found = []
    for sentence in (one for paragraph in made.paragraphs for one in paragraph):
        if sentence.grounds is None:
            continue
        everything = reasons(
            turn.store,
            turn.person,
            turn.content.rules,
            sentence.grounds,
            reading.chapter,
            report.day,
        )
        short = strongest(everything, sentence.grounds, quoted, SHORT)
        everything.sort(key=lambda reason: not is_quoted(reason, quoted))
        found.append(_Statement(sentence, short, everything))
    return sorted(found, key=lambda statement: statement.sentence.name != "quotes")


def _quoted(made: View) -> frozenset[str]:
    return frozenset(
        phrase
        for paragraph in made.paragraphs
        for sentence in paragraph
        if sentence.name == "quotes"
        for phrase in sentence.values["phrases"]
    )


def _muted(turn: Turn) -> list[str]:
    families = evidence.muted(turn)
    if not families:
        return []
    names = [turn.content.reader.plain(family) for family in sorted(families)]
    return [turn.say("why.muted", families=names)]


def _mine(turn: Turn, number: str) -> StoredReport | None:
    report = turn.store.reports.get(int(number)) if number.isdecimal() else None
    return report if report is not None and report.person_id == turn.person.id else None

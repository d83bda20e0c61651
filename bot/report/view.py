"""What a report says, as names of sentences: which of them, in which order, with what in them.

The order is fixed: a strength, one observation with its question mark, what speaks against it, one
question, at most one experiment. "Not clear yet" and "no clear change" are complete reports.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from bot.drift.patterns import SIDES, Need, Pattern
from bot.drift.quizzes import Closeness
from bot.drift.record import Record
from bot.drift.rules import Axis, RuleSet
from bot.drift.shift import Direction
from bot.drift.weeks import Reading
from bot.report.points import Point, points, strongest
from bot.report.quoting import LONGEST_QUOTE

WEEKS_BEFORE_CHANGE = 8
"""The first week in which a change could be told, so the first in which none is worth saying."""

AFTER_A_SHIFT = timedelta(weeks=WEEKS_BEFORE_CHANGE)
"""So long after a told shift its axis has too little to compare to call it unchanged."""

WITH_EXPERIMENT = frozenset(
    {
        Pattern.MERGING,
        Pattern.DEFERRING,
        Pattern.DIRECTING,
        Pattern.DISTANCE,
        Pattern.BOTH_LOW,
    }
)

GAPS = {
    Pattern.MERGING: ((Axis.SELF, False), (Axis.TOGETHER, True)),
    Pattern.DISTANCE: ((Axis.SELF, True), (Axis.TOGETHER, False)),
}
"""Patterns that are a gap between the two axes, so that both are the grounds."""


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a sentence rests on: whole axes, single rules, or the quiz's two last questions.

    ``compared`` means that only taps and check-ins count, further back than 28 days. ``toward``
    are the poles, each as (axis, toward plus), that it speaks of; none where it speaks of no side.
    """

    axes: tuple[Axis, ...] = ()
    rules: tuple[str, ...] = ()
    closeness: bool = False
    compared: bool = False
    toward: tuple[tuple[Axis, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase of the person that counts, and toward which pole of which axis."""

    text: str
    rule: str
    family: str
    axis: Axis
    plus: bool


@dataclass(frozen=True, slots=True)
class Sentence:
    """One macro of ``report.j2``, its arguments, and what it rests on if it claims anything."""

    name: str
    values: dict[str, Any] = field(default_factory=dict)
    grounds: Grounds | None = None


@dataclass(frozen=True, slots=True)
class View:
    """A report: its paragraphs, and what stands below it.

    ``help`` asks for the button to people who can help; ``pattern`` is what was named.
    """

    paragraphs: tuple[tuple[Sentence, ...], ...]
    pattern: Pattern
    help: bool


def view(
    record: Record,
    reading: Reading,
    rules: RuleSet,
    kind: str,
    closeness: Closeness | None = None,
    *,
    unread: bool = False,
    phrases: Sequence[Phrase] = (),
) -> View:
    """Decide what a report of a kind ("asked", "weekly", "month") says.

    ``unread`` tells that some of what was written is in a language that is kept unread.
    ``phrases`` are the person's own, newest first; at most two that speak for what is observed are
    quoted.
    """
    found = points((b for b in record.beads if b.day >= reading.chapter), reading.as_of)
    label, observed = _observation(reading)
    lately_told = any(reading.as_of - shift.told < AFTER_A_SHIFT for shift in record.told)
    told = [shift for shift in reading.drift.values() if shift is not None]
    alone = label is Pattern.NOT_CLEAR
    changes = _changes(reading, lately_told=lately_told, alone=alone)
    paragraphs: list[Sequence[Sentence]] = [
        (Sentence(f"title_{kind}"),),
        (_counted(reading, kind), *([Sentence("unread")] if unread else [])),
        _strength(found, rules, reading),
        (*_observed(observed, changes, told=bool(told)), *_quoted(phrases, label)),
    ]
    if label not in {Pattern.NOT_CLEAR, Pattern.INTERDEPENDENT} or told:
        paragraphs.append((_against(found, rules, label, told[0].axis if told else None),))
    if closeness is not None and label is not Pattern.NOT_CLEAR:
        gap = Sentence("closeness", {"gap": closeness.gap}, Grounds(closeness=True))
        paragraphs[-1] = (*paragraphs[-1], gap)
    paragraphs.append(_question(reading, label, kind))
    paragraphs.append((Sentence("safety"),))
    return View(
        tuple(tuple(paragraph) for paragraph in paragraphs if paragraph),
        label,
        help=reading.floor_of_say,
    )


def _counted(reading: Reading, kind: str) -> Sentence:
    weeks = reading.weeks[-1:] if kind == "weekly" else reading.weeks[-4:]
    return Sentence(
        "counted",
        {
            "replies": round(sum(week.replies for week in weeks)),
            "taps": sum(week.taps for week in weeks),
            "points": sum(week.check_in_points for week in weeks),
            "check_ins": sum(week.check_in_points > 0 for week in weeks),
        },
    )


def _strength(found: Sequence[Point], rules: RuleSet, reading: Reading) -> Sequence[Sentence]:
    if not any(week.replies or week.taps or week.check_in_points for week in reading.weeks[-4:]):
        return ()
    best = strongest(found, (Axis.SELF, True), (Axis.TOGETHER, True))
    if best is None or best.rule not in rules:
        return (Sentence("strength_of_showing_up"),)
    grounds = Grounds(rules=(best.rule,), toward=((best.axis, True),))
    return (Sentence("strength", {"plain": rules[best.rule].plain}, grounds),)


def _observation(reading: Reading) -> tuple[Pattern, Sentence]:
    if reading.floor_of_say:
        grounds = Grounds(axes=(Axis.SAY,), toward=((Axis.SAY, False),))
        return Pattern.NOT_CLEAR, Sentence("observe_floor", grounds=grounds)
    if reading.as_of == reading.chapter and reading.quiz is None:
        return Pattern.NOT_CLEAR, Sentence("observe_first_day")
    for missing in reading.naming.missing:
        if missing.need is Need.DAYS:
            days = int(missing.least - missing.have)
            return Pattern.NOT_CLEAR, Sentence("observe_early", {"days": days})
    if not reading.naming.enough:
        return Pattern.NOT_CLEAR, Sentence("observe_too_little")
    toward = _toward(reading.label)
    axes = tuple(dict.fromkeys(axis for axis, _ in toward)) or tuple(Axis)
    grounds = Grounds(axes=axes, toward=toward)
    return reading.label, Sentence(f"observe_{reading.label.value}", grounds=grounds)


def _toward(label: Pattern) -> tuple[tuple[Axis, bool], ...]:
    """The poles that a pattern lies toward."""
    if label in GAPS:
        return GAPS[label]
    return tuple((side.axis, side.plus) for side in SIDES[label])


def _observed(observed: Sentence, changes: Sequence[Sentence], *, told: bool) -> Sequence[Sentence]:
    """One observation: a shift says more than that nothing leans."""
    if told and changes and observed.name == "observe_not_clear":
        return changes
    return (observed, *changes)


def _quoted(phrases: Sequence[Phrase], label: Pattern) -> Sequence[Sentence]:
    """At most two short phrases of different kinds that speak for the pattern that is named."""
    sides = SIDES[label]
    fitting: dict[str, Phrase] = {}
    for phrase in phrases:
        speaks = any((phrase.axis, phrase.plus) == (side.axis, side.plus) for side in sides)
        if speaks and len(phrase.text.split()) <= LONGEST_QUOTE:
            fitting.setdefault(phrase.family, phrase)
    chosen = list(fitting.values())[:2]
    if not chosen:
        return ()
    rules = tuple(dict.fromkeys(phrase.rule for phrase in chosen))
    grounds = Grounds(rules=rules, toward=_toward(label))
    return (Sentence("quotes", {"phrases": [phrase.text for phrase in chosen]}, grounds),)


def _changes(reading: Reading, *, lately_told: bool, alone: bool) -> list[Sentence]:
    if reading.floor_of_say:
        return []
    told = [
        Sentence(
            "shift",
            {
                "axis": shift.axis.value,
                "direction": shift.direction.value,
                "since": shift.since,
                "clear": shift.clear,
                "ask": alone,
            },
            Grounds(
                axes=(shift.axis,),
                compared=True,
                toward=((shift.axis, shift.direction is Direction.UP),),
            ),
        )
        for shift in reading.drift.values()
        if shift is not None
    ]
    comparable = len(reading.weeks) >= WEEKS_BEFORE_CHANGE and not lately_told
    if not told and reading.naming.enough and comparable:
        return [Sentence("no_change", grounds=Grounds(axes=tuple(Axis), compared=True))]
    # One observation at a time: of two shifts the first is told now, the other stays to be seen.
    return told[:1]


def _against(
    found: Sequence[Point], rules: RuleSet, label: Pattern, shifted: Axis | None
) -> Sentence:
    sides = [(side.axis, not side.plus) for side in SIDES[label]]
    if not sides and shifted is not None:
        sides = [(shifted, True)]
    best = strongest(found, *sides, least=0.5)
    if best is None or best.rule not in rules or best.axis is Axis.SAY:
        # On say, the other side of giving way is overriding: no comfort to anybody.
        return Sentence("against_little")
    grounds = Grounds(rules=(best.rule,), toward=tuple(sides))
    return Sentence("against", {"plain": rules[best.rule].plain}, grounds)


def _question(reading: Reading, label: Pattern, kind: str) -> Sequence[Sentence]:
    if reading.floor_of_say:
        return (Sentence("question_floor"),)
    turn = {"turn": reading.week.number, "month": kind == "month"}
    question = Sentence(f"question_{label.value}", turn)
    if label in WITH_EXPERIMENT:
        return (question, Sentence(f"experiment_{label.value}"))
    return (question,)


def since(words_day: date) -> dict[str, int]:
    """The arguments of the ``day`` macro for a date."""
    return {"day": words_day.day, "month": words_day.month}

"""Why: the answers behind a sentence, each with its date and what it counted for."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bot.drift.beads import answer_bead
from bot.drift.rules import Axis, Rule, RuleSet, Source
from bot.report.points import WINDOW
from bot.report.quoting import whole
from bot.report.view import Grounds
from storage.people import Person
from storage.store import Store

COMPARED_BACK = timedelta(weeks=12)
"""How far back the answers behind a shift are shown: the split and the weeks on both sides."""


@dataclass(frozen=True, slots=True)
class Side:
    """Beads, 0 or more, toward the poles of an axis."""

    axis: Axis
    plus: float
    minus: float


@dataclass(frozen=True, slots=True)
class Reason:
    """One answer or phrase, and what it dropped; a phrase can speak of several axes.

    For taps, check-ins and the quiz ``said`` is the item and ``value`` the answer; for texts
    ``said`` is the person's own phrase, and ``gate`` says why it does not count, if it does not.
    """

    day: date
    source: str
    said: str
    sides: tuple[Side, ...] = ()
    value: int | None = None
    family: str = ""
    answer_id: int | None = None
    gate: str | None = None


def reasons(
    store: Store, person: Person, rules: RuleSet, grounds: Grounds, since: date, as_of: date
) -> list[Reason]:
    """Everything that a sentence rests on, newest first.

    ``since`` is the first day of the person's chapter: nothing from before it counts.
    """
    back = COMPARED_BACK if grounds.compared else WINDOW
    first = max(since, as_of - back + timedelta(days=1))
    wanted = [rule for rule in rules.rules if _is_meant(rule, grounds)]
    names = {rule.id for rule in wanted}
    found = [
        *_taps(store, person, wanted, first, as_of),
        *_check_ins(store, person, wanted, first, as_of),
    ]
    if wanted and not grounds.compared:
        found += [*_quiz(store, person, wanted, since, as_of)]
        found += _texts(store, person, names, grounds.axes, first, as_of)
    if grounds.closeness:
        found += _closeness(store, person, since, as_of)
    # one phrase can be set aside by one gate twice, where two patterns recognise it
    return sorted(dict.fromkeys(found), key=lambda reason: reason.day, reverse=True)


def strongest(
    found: Iterable[Reason], grounds: Grounds, quoted: Collection[str], most: int
) -> list[Reason]:
    """What speaks most for a sentence, at most ``most`` (1 or more) of it.

    ``quoted`` are the person's words that stand in the report: they come first. At least one phrase
    is among the strongest if there is any, for it is what can be taken back. Of two alike the newer
    comes first; what a gate has set aside is left out.
    """
    toward = dict(grounds.toward)

    def weight(reason: Reason) -> float:
        return sum(speaks(side) for side in reason.sides)

    def speaks(side: Side) -> float:
        lean = side.plus - side.minus
        if not toward:
            return abs(lean)
        return {True: lean, False: -lean, None: 0.0}[toward.get(side.axis)]

    ranked = sorted(
        (reason for reason in found if reason.gate is None),
        key=lambda reason: (not is_quoted(reason, quoted), -weight(reason)),
    )
    chosen = ranked[:most]
    phrase = next((reason for reason in ranked if reason.source == Source.TEXT.value), None)
    if phrase is not None and phrase not in chosen:
        chosen[-1] = phrase
    return chosen


def is_quoted(reason: Reason, quoted: Collection[str]) -> bool:
    """Whether a reason is one of the person's phrases that stand in the report."""
    return reason.source == Source.TEXT.value and reason.said in quoted


def _is_meant(rule: Rule, grounds: Grounds) -> bool:
    return rule.axis in grounds.axes or rule.id in grounds.rules


def _reason(rule: Rule, said: str | None, value: int, day: date, source: Source) -> Reason:
    bead = answer_bead(rule, value, day, source)
    side = Side(rule.axis, bead.plus, bead.minus)
    return Reason(day, source.value, said or rule.plain, (side,), value)


def _taps(
    store: Store, person: Person, wanted: Iterable[Rule], first: date, as_of: date
) -> Iterator[Reason]:
    by_id = {rule.id: rule for rule in wanted}
    for tap in store.taps.since(person.id, first):
        rule = by_id.get(tap.rule)
        if rule is not None and tap.day <= as_of:
            yield _reason(rule, rule.tap, tap.value, tap.day, Source.TAP)


def _check_ins(
    store: Store, person: Person, wanted: Iterable[Rule], first: date, as_of: date
) -> Iterator[Reason]:
    by_id = {rule.id: rule for rule in wanted}
    for check_in in store.check_ins.since(person.id, first):
        if check_in.day > as_of:
            continue
        for name, value in store.check_ins.answers(check_in.id).items():
            if name in by_id and value is not None:
                rule = by_id[name]
                yield _reason(rule, rule.check_in, value, check_in.day, Source.CHECK_IN)


def _quiz(
    store: Store, person: Person, wanted: Iterable[Rule], since: date, as_of: date
) -> Iterator[Reason]:
    by_id = {rule.id: rule for rule in wanted}
    finished = [
        quiz
        for quiz in store.quizzes.of_person(person.id)
        if quiz.finished_on is not None and since <= quiz.finished_on <= as_of
    ]
    for quiz in finished[-1:]:
        for name, value in store.quizzes.answers(quiz.id).items():
            if name in by_id and value is not None and quiz.finished_on is not None:
                rule = by_id[name]
                yield _reason(rule, rule.quiz, value, quiz.finished_on, Source.QUIZ)


def _closeness(store: Store, person: Person, since: date, as_of: date) -> Iterator[Reason]:
    for quiz in reversed(store.quizzes.of_person(person.id)):
        day, now, wished = quiz.finished_on, quiz.closeness_now, quiz.closeness_wished
        if day is None or now is None or wished is None or not since <= day <= as_of:
            continue
        yield Reason(day, "closeness_now", "", value=now)
        yield Reason(day, "closeness_wished", "", value=wished)
        return


def _texts(
    store: Store,
    person: Person,
    names: set[str],
    axes: tuple[Axis, ...],
    first: date,
    as_of: date,
) -> Iterator[Reason]:
    beads = {
        (bead.source_id, bead.family, bead.axis): bead
        for bead in store.beads.since(person.id, first)
        if bead.source == Source.TEXT.value
    }
    texts = {answer.id: answer.text for answer in store.answers.since(person.id, first)}
    for answer_id, day, hit in store.hits.since(person.id, first):
        if day > as_of:
            continue
        said = whole(hit.phrase, texts[answer_id])
        found = {axis: beads.get((answer_id, hit.family, axis.value)) for axis in Axis}
        sides = tuple(
            Side(axis, bead.plus, bead.minus)
            for axis, bead in found.items()
            if bead is not None and (axis in axes or bead.rule in names)
        )
        if hit.gate is not None:
            sides = ()
        elif not sides:
            continue
        yield Reason(
            day,
            Source.TEXT.value,
            said,
            sides,
            family=hit.family,
            answer_id=answer_id,
            gate=hit.gate,
        )

"""Why: the answers behind a sentence, each with its date and what it counted for."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bot.drift.beads import answer_bead
from bot.drift.rules import Axis, Rule, RuleSet, Source
from bot.report.points import WINDOW
from bot.report.view import Grounds
from storage.people import Person
from storage.store import Store

COMPARED_BACK = timedelta(weeks=12)
"""How far back the answers behind a shift are shown: the split and the weeks on both sides."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One answer or phrase. ``plus`` and ``minus`` are beads toward the poles of ``axis``.

    For taps, check-ins and the quiz ``said`` is the item and ``value`` the answer; for texts
    ``said`` is the person's own phrase, and ``gate`` says why it does not count, if it does not.
    """

    day: date
    source: str
    said: str
    axis: str
    plus: float
    minus: float
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
    if not grounds.compared:
        found += [*_quiz(store, person, wanted, since, as_of)]
        found += _texts(store, person, names, grounds.axes, first, as_of)
    if grounds.closeness:
        found += _closeness(store, person, since, as_of)
    return sorted(found, key=lambda reason: reason.day, reverse=True)


def _is_meant(rule: Rule, grounds: Grounds) -> bool:
    return rule.axis in grounds.axes or rule.id in grounds.rules


def _reason(rule: Rule, said: str | None, value: int, day: date, source: Source) -> Reason:
    bead = answer_bead(rule, value, day, source)
    return Reason(
        day, source.value, said or rule.plain, rule.axis.value, bead.plus, bead.minus, value
    )


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
        yield Reason(day, "closeness_now", "", "together", 0, 0, now)
        yield Reason(day, "closeness_wished", "", "together", 0, 0, wished)
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
    for answer_id, day, hit in store.hits.since(person.id, first):
        if day > as_of:
            continue
        if hit.gate is not None:
            yield Reason(
                day,
                Source.TEXT.value,
                hit.phrase,
                "",
                0,
                0,
                family=hit.family,
                answer_id=answer_id,
                gate=hit.gate,
            )
            continue
        for axis in Axis:
            bead = beads.get((answer_id, hit.family, axis.value))
            if bead is not None and (axis in axes or bead.rule in names):
                yield Reason(
                    day,
                    Source.TEXT.value,
                    hit.phrase,
                    axis.value,
                    bead.plus,
                    bead.minus,
                    family=hit.family,
                    answer_id=answer_id,
                )

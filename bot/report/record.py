"""From the store to the record that a reading rests on."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from bot.drift.beads import Bead
from bot.drift.record import Entry, Record, ToldShift
from bot.drift.rules import Axis, Source
from bot.drift.shift import Direction
from bot.report.points import WINDOW
from bot.report.quoting import whole
from bot.report.view import Phrase
from storage.beads import StoredBead
from storage.people import Person
from storage.reports import StoredShift
from storage.store import Store


def gather(store: Store, person: Person) -> Record:
    """Everything of a person that counts, as it stands.

    Raises:
        ValueError: if the person has not finished onboarding.
    """
    if person.started_on is None:
        raise ValueError("there is no record before the first question")
    start = person.started_on
    entries = tuple(
        Entry(answer.day, answer.words, backfilled=answer.late)
        for answer in store.answers.since(person.id, start)
    )
    return Record(
        start=start,
        beads=counted(store.beads.since(person.id, start)),
        entries=entries,
        chapters=tuple(store.reports.marked(person.id, "chapter")),
        unusual=frozenset(store.reports.marked(person.id, "unusual")),
        told=tuple(_told(shift) for shift in store.reports.told(person.id)),
        weeks_from=_weeks_from(person, start),
    )


def counted(stored: Iterable[StoredBead]) -> tuple[Bead, ...]:
    """Stored beads as the drift room knows them."""
    return tuple(
        Bead(
            day=bead.day,
            source=Source(bead.source),
            rule=bead.rule,
            family=bead.family,
            axis=Axis(bead.axis),
            plus=bead.plus,
            minus=bead.minus,
            version=bead.version,
        )
        for bead in stored
    )


def phrases(store: Store, person: Person, as_of: date) -> list[Phrase]:
    """The person's phrases of the last 28 days that count, whole clauses, newest first."""
    first = as_of - WINDOW + timedelta(days=1)
    beads: defaultdict[tuple[int, str], list[StoredBead]] = defaultdict(list)
    for bead in store.beads.since(person.id, first):
        if bead.source == Source.TEXT.value:
            beads[bead.source_id, bead.family].append(bead)
    texts = {answer.id: answer.text for answer in store.answers.since(person.id, first)}
    return [
        Phrase(
            whole(hit.phrase, texts[answer_id]),
            bead.rule,
            hit.family,
            Axis(bead.axis),
            bead.plus > bead.minus,
        )
        for answer_id, day, hit in store.hits.since(person.id, first)
        if hit.gate is None and day <= as_of
        for bead in beads[answer_id, hit.family]
    ]


def remember(store: Store, person: Person, shifts: tuple[ToldShift, ...]) -> None:
    """Note shifts as told, so that their axes start afresh."""
    for shift in shifts:
        store.reports.tell(
            person.id,
            StoredShift(
                shift.axis.value, shift.told, shift.since, shift.direction.value, shift.clear
            ),
        )


def _told(shift: StoredShift) -> ToldShift:
    return ToldShift(
        Axis(shift.axis), shift.told, shift.since, Direction(shift.direction), shift.clear
    )


def _weeks_from(person: Person, start: date) -> date:
    """A first day of a week: the day after the weekly one, so that a report's week is whole."""
    weekday = int(person.weekly_at[0]) % 7
    return date.fromordinal(start.toordinal() + (weekday - start.weekday()) % 7)

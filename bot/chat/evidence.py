"""What an answer counts for, noted beside it."""

from datetime import date

from bot.chat.turn import Turn
from bot.drift.beads import Bead, answer_bead
from bot.drift.rules import Rule, Source
from bot.reading.evidence import beads_of, counts
from bot.reading.language import Language
from bot.reading.reader import Reading
from bot.rhythm.questions import QuestionAxis
from storage.answers import Answer
from storage.beads import StoredBead
from storage.hits import Hit

MUTED_AFTER = 2
"""So often "not me" for a family, and it is not counted for a while."""

MUTED_DAYS = 30


def stored(bead: Bead, source_id: int) -> StoredBead:
    """A bead as it is stored."""
    return StoredBead(
        day=bead.day,
        source=bead.source.value,
        source_id=source_id,
        rule=bead.rule,
        family=bead.family,
        axis=bead.axis.value,
        plus=bead.plus,
        minus=bead.minus,
        version=bead.version,
    )


def count_tap(turn: Turn, tap_id: int, rule: Rule, value: int, day: date, *, late: bool) -> None:
    """Note what a daily tap counts for, in the place of what it counted for before."""
    bead = answer_bead(rule, value, day, Source.TAP, backfilled=late)
    turn.store.beads.replace(turn.person.id, Source.TAP.value, tap_id, [stored(bead, tap_id)])


def count_text(turn: Turn, answer: Answer) -> Reading:
    """Read an answer, note what counts and what was set aside, and give the reading."""
    reading = turn.content.reader.read(answer.text, _axis_asked(turn, answer))
    counting = counts(answer.text, reading)
    unread = reading.language is Language.OTHER
    if unread != answer.unread:
        turn.store.answers.set_unread(answer.id, unread=unread)
    turn.store.hits.replace(answer.id, _hits(reading) if counting else [])
    recount(turn, answer, reading if counting else None)
    return reading


def recount(turn: Turn, answer: Answer, reading: Reading | None) -> None:
    """Note the beads of a reading, without what the person called "not me"."""
    left_out = disowned_in(turn, answer.id) | muted(turn)
    beads: list[StoredBead] = []
    if reading is not None:
        found = beads_of(
            reading,
            answer.day,
            turn.content.reader.version,
            backfilled=answer.late,
            without=left_out,
        )
        beads = [stored(bead, answer.id) for bead in found]
    turn.store.beads.replace(turn.person.id, Source.TEXT.value, answer.id, beads)


def muted(turn: Turn) -> frozenset[str]:
    """Families that are not counted for now: twice "not me" within the last 30 days."""
    said: dict[str, list[date]] = {}
    for family, _, day in turn.store.hits.disowned(turn.person.id):
        said.setdefault(family, []).append(day)
    return frozenset(
        family
        for family, days in said.items()
        if len(days) >= MUTED_AFTER and (turn.today - max(days)).days < MUTED_DAYS
    )


def disowned_in(turn: Turn, answer_id: int) -> frozenset[str]:
    """Families that the person called "not me" in this answer."""
    return frozenset(
        family
        for family, about, _ in turn.store.hits.disowned(turn.person.id)
        if about == answer_id
    )


def _hits(reading: Reading) -> list[Hit]:
    counted = [Hit(hit.rule, hit.family, hit.phrase, None) for hit in reading.beads]
    return counted + [Hit("", hit.family, hit.phrase, hit.gate) for hit in reading.set_aside]


def _axis_asked(turn: Turn, answer: Answer) -> str | None:
    if answer.asked_id is None:
        return None
    asked = turn.store.asked.get(answer.asked_id)
    found = None if asked is None else turn.content.library.by_id.get(asked.question)
    return None if found is None or found.axis is QuestionAxis.BALANCE else found.axis.value

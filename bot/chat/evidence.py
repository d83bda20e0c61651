"""What an answer counts for, noted beside it."""

from datetime import date

from bot.chat.turn import Turn
from bot.drift.beads import Bead, answer_bead
from bot.drift.rules import Rule, Source
from bot.reading.evidence import beads_of, counts
from bot.reading.language import Language
from bot.reading.reader import Reading
from storage.answers import Answer
from storage.asked import Asked
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


def count_text(turn: Turn, answer: Answer, asked: Asked | None) -> Reading:
    """Read the new words of an answer, note what counts and what was set aside.

    ``asked`` is the question that they answer, if they answer one.
    """
    reading = _read(turn, answer.text, _axis_asked(turn, asked))
    counting = counts(answer.text, reading)
    unread = reading.language is Language.OTHER
    if unread != answer.unread:
        turn.store.answers.set_unread(answer.id, unread=unread)
    if counting:
        turn.store.hits.add(answer.id, _hits(reading))
        turn.store.beads.add(turn.person.id, _beads(turn, answer, reading))
    return reading


def _read(turn: Turn, text: str, axis_asked: str | None) -> Reading:
    """The reading of a text; what was heard is read anew only if the question matters to it."""
    if turn.heard is not None and turn.heard[0] == text:
        reading = turn.heard[1]
        if axis_asked is None or not reading.beads:
            return reading
    return turn.content.reader.read(text, axis_asked)


def recount(turn: Turn, answer: Answer) -> None:
    """Note anew what an answer counts for, without what the person called "not me"."""
    asked = None if answer.asked_id is None else turn.store.asked.get(answer.asked_id)
    reading = _read(turn, answer.text, _axis_asked(turn, asked))
    beads = _beads(turn, answer, reading) if counts(answer.text, reading) else []
    turn.store.beads.replace(turn.person.id, Source.TEXT.value, answer.id, beads)


def muted(turn: Turn) -> frozenset[str]:
    """Families that are not counted for now: twice "not me" within the last 30 days."""
    return _muted(turn.store.hits.disowned(turn.person.id), turn.today)


def _muted(disowned: list[tuple[str, int, date]], today: date) -> frozenset[str]:
    said: dict[str, list[date]] = {}
    for family, _, day in disowned:
        said.setdefault(family, []).append(day)
    return frozenset(
        family
        for family, days in said.items()
        if len(days) >= MUTED_AFTER and (today - max(days)).days < MUTED_DAYS
    )


def _beads(turn: Turn, answer: Answer, reading: Reading) -> list[StoredBead]:
    disowned = turn.store.hits.disowned(turn.person.id)
    found = beads_of(
        reading,
        answer.day,
        turn.content.reader.version,
        backfilled=answer.late,
        without=_muted(disowned, turn.today)
        | {family for family, about, _ in disowned if about == answer.id},
    )
    return [stored(bead, answer.id) for bead in found]


def _hits(reading: Reading) -> list[Hit]:
    counted = [Hit(hit.rule, hit.family, hit.phrase, None) for hit in reading.beads]
    return counted + [Hit("", hit.family, hit.phrase, hit.gate) for hit in reading.set_aside]


def _axis_asked(turn: Turn, asked: Asked | None) -> str | None:
    found = None if asked is None else turn.content.library.by_id.get(asked.question)
    return None if found is None else found.axis.value

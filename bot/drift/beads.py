"""Beads: the one currency of evidence.

An answer on the scale drops two beads, split between the poles of its axis; a hit in a text drops
one or less. Two beads an answer let a real change from week to week show above the chance spread
without taking every bad day for one. Silence drops none.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from bot.drift.rules import Axis, Rule, Source

BEADS_PER_ANSWER = 2.0
BACKFILLED = 0.5
MOST_PER_HIT = 1.0
MOST_PER_AXIS_AND_REPLY = 2.0
MOST_PER_FAMILY_AND_WEEK = 3


@dataclass(frozen=True, slots=True)
class Bead:
    """What one answer, or one hit in a text, says about one axis.

    Attributes:
        day: The local day it is about.
        source: Quiz, tap, check-in or text.
        rule: The rule it belongs to.
        family: The family of text markers; for answers the rule's own id.
        axis: The axis it speaks about.
        plus: Beads toward the plus pole, 0 or more.
        minus: Beads toward the minus pole, 0 or more.
        version: The stamp of the wording it was gathered with; when a tap's or check-in's stamp
            changes, drift starts afresh.
    """

    day: date
    source: Source
    rule: str
    family: str
    axis: Axis
    plus: float
    minus: float
    version: str = ""

    @property
    def weight(self) -> float:
        """All its beads together; 2 for an answer, 1 for one given for the day before."""
        return self.plus + self.minus

    @property
    def value(self) -> float:
        """The lean toward the plus pole, 0..1, reversed items already turned round."""
        return self.plus / (self.plus + self.minus)


def answer_bead(
    rule: Rule,
    answer: int,
    day: date,
    source: Source,
    *,
    backfilled: bool = False,
    version: str | None = None,
) -> Bead:
    """The two beads of an answer from 1 to 5, split between the poles.

    Args:
        rule: The rule that was asked; its keying is undone here.
        answer: 1 never .. 5 almost always.
        day: The local day the answer is about.
        source: Quiz, tap or check-in.
        backfilled: True if the answer came later, for a day gone by; it then weighs half.
        version: The stamp of the wording that was shown; without one, the rule's of today.

    Raises:
        ValueError: If the answer is not 1 to 5, or the source is text.
    """
    if source is Source.TEXT:
        raise ValueError("a text has no answer on the scale")
    value = rule.towards_plus(answer)
    weight = BEADS_PER_ANSWER * (BACKFILLED if backfilled else 1.0)
    if version is None:
        version = rule.quiz_wording if source is Source.QUIZ else rule.wording
    return Bead(
        day, source, rule.id, rule.id, rule.axis, weight * value, weight * (1 - value), version
    )


def text_beads(
    rule: str,
    family: str,
    weights: Mapping[Axis, tuple[float, float]],
    day: date,
    *,
    version: str = "",
    backfilled: bool = False,
) -> tuple[Bead, ...]:
    """The beads of one hit in a text, at most one per axis and pole.

    Args:
        rule: The rule the family belongs to.
        family: The family of markers that fired, for example ``M6``.
        weights: Beads toward plus and toward minus for each axis it touches, each 0..1.
        day: The local day of the text.
        version: The stamp of the markers.
        backfilled: True if the text came later, for a day gone by; it then weighs half.

    Raises:
        ValueError: If a weight lies outside 0..1.
    """
    part = BACKFILLED if backfilled else 1.0
    for axis, (plus, minus) in weights.items():
        if not (0 <= plus <= MOST_PER_HIT and 0 <= minus <= MOST_PER_HIT):
            raise ValueError(
                f"family {family} weighs {plus} and {minus} on {axis}; 0 to 1 is meant"
            )
    return tuple(
        Bead(day, Source.TEXT, rule, family, axis, plus * part, minus * part, version)
        for axis, (plus, minus) in weights.items()
        if plus or minus
    )


def capped(beads: Iterable[Bead], week_of: Callable[[date], int]) -> tuple[Bead, ...]:
    """All beads, those from texts held to their caps, so that one long reply cannot tip a bowl.

    A day's texts are one reply. A family counts once a reply (its strongest hit) and on the first
    three days of a week; an axis takes two text beads a reply, shared among its hits in proportion.
    The order of the beads makes no difference.

    Args:
        beads: Beads of one person, in any order.
        week_of: The number of the week a day lies in.
    """
    answers: list[Bead] = []
    texts: list[Bead] = []
    for bead in beads:
        (texts if bead.source is Source.TEXT else answers).append(bead)
    if texts:
        texts = _once_a_reply(texts)
        texts = _first_days_of_week(texts, week_of)
        texts = _within_axis(texts)
    return (*answers, *texts)


def _strength(bead: Bead) -> tuple[float, float, str]:
    return bead.weight, bead.plus, bead.rule


def _once_a_reply(texts: list[Bead]) -> list[Bead]:
    strongest: dict[tuple[date, str, Axis], Bead] = {}
    for bead in texts:
        key = bead.day, bead.family, bead.axis
        if key not in strongest or _strength(bead) > _strength(strongest[key]):
            strongest[key] = bead
    return list(strongest.values())


def _first_days_of_week(texts: list[Bead], week_of: Callable[[date], int]) -> list[Bead]:
    days: defaultdict[tuple[int, str], set[date]] = defaultdict(set)
    for bead in texts:
        days[week_of(bead.day), bead.family].add(bead.day)
    last = {key: sorted(found)[:MOST_PER_FAMILY_AND_WEEK][-1] for key, found in days.items()}
    return [bead for bead in texts if bead.day <= last[week_of(bead.day), bead.family]]


def _within_axis(texts: list[Bead]) -> list[Bead]:
    totals: defaultdict[tuple[date, Axis], float] = defaultdict(float)
    for bead in texts:
        totals[bead.day, bead.axis] += bead.weight
    kept = []
    for bead in texts:
        part = MOST_PER_AXIS_AND_REPLY / totals[bead.day, bead.axis]
        kept.append(
            bead if part >= 1 else replace(bead, plus=bead.plus * part, minus=bead.minus * part)
        )
    return kept

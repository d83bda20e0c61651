"""What spoke most for each side: rules, summed over the weeks that a report looks at."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from bot.drift.beads import Bead
from bot.drift.rules import Axis, Source

WINDOW = timedelta(days=28)
FEWEST_BEADS = 2.0
"""One whole answer: less than that is not worth a sentence."""


@dataclass(frozen=True, slots=True)
class Point:
    """One rule with the beads that its answers dropped, and on how many days."""

    rule: str
    axis: Axis
    plus: float
    minus: float
    days: int

    @property
    def lean(self) -> float:
        """0..1 toward the plus pole, drawn to the middle while there is little to go by."""
        return (1 + self.plus) / (2 + self.plus + self.minus)


def points(beads: Iterable[Bead], as_of: date) -> list[Point]:
    """The rules with evidence in the 28 days up to ``as_of``, in the order of their ids.

    Of several quizzes only the latest speaks, whenever it was.
    """
    relevant = list(beads)
    quiz_day = max(
        (b.day for b in relevant if b.source is Source.QUIZ and b.day <= as_of), default=None
    )
    sums: defaultdict[tuple[str, Axis], list[float]] = defaultdict(lambda: [0.0, 0.0])
    days: defaultdict[tuple[str, Axis], set[date]] = defaultdict(set)
    for bead in relevant:
        lately = as_of - WINDOW < bead.day <= as_of
        if bead.day == quiz_day if bead.source is Source.QUIZ else lately:
            sums[bead.rule, bead.axis][0] += bead.plus
            sums[bead.rule, bead.axis][1] += bead.minus
            days[bead.rule, bead.axis].add(bead.day)
    return [
        Point(rule, axis, plus, minus, len(days[rule, axis]))
        for (rule, axis), (plus, minus) in sorted(sums.items())
        if plus + minus >= FEWEST_BEADS
    ]


CLEARLY = 2 / 3


def strongest(
    found: Iterable[Point], *sides: tuple[Axis, bool], least: float = CLEARLY
) -> Point | None:
    """The point that leans furthest toward one of the sides (axis, toward plus), or None.

    ``least`` is how far it has to lean, 0.5 (not at all) to 1.
    """
    best, best_lean = None, least
    for point in found:
        for axis, plus in sides:
            lean = point.lean if plus else 1 - point.lean
            if point.axis is axis and lean >= best_lean:
                best, best_lean = point, lean
    return best

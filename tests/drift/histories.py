"""People for tests: rules without words, and records built day by day."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from random import Random

from bot.drift.beads import Bead, answer_bead
from bot.drift.rules import Axis, Rule, RuleSet, Source

START = date(2026, 1, 5)

RULES = RuleSet(
    tuple(
        Rule(
            id=f"{axis}-{number}",
            axis=axis,
            reversed=number % 2 == 1,
            anchor=number < 4,
            plain=f"{axis} {number}",
            quiz=f"quiz {axis} {number}",
            tap=f"tap {axis} {number}" if number < 4 else None,
            check_in=f"check-in {axis} {number}" if number < 4 else None,
        )
        for axis in Axis
        for number in range(8)
    )
)


def dice(seed: int) -> Random:
    """Dice that fall the same way each time."""
    return Random(seed)  # noqa: S311 - made-up people, no secrets


def day(number: int) -> date:
    """A day, 0 being the start."""
    return START + timedelta(number)


def toward(rule: Rule, value: int) -> int:
    """The answer that says a value from 1 to 5 toward the plus pole."""
    return 6 - value if rule.reversed else value


def check_in(number: int, values: Mapping[Axis, int]) -> list[Bead]:
    """A whole check-in on a day, the same value toward plus on each point of an axis."""
    return [
        answer_bead(rule, toward(rule, values[rule.axis]), day(number), Source.CHECK_IN)
        for rule in RULES.anchors
    ]


def quiz(number: int, values: Mapping[Axis, int]) -> list[Bead]:
    """A whole quiz on a day, the same value toward plus on each item of an axis."""
    return [
        answer_bead(rule, toward(rule, values[rule.axis]), day(number), Source.QUIZ)
        for rule in RULES.rules
    ]


def taps(numbers: Iterable[int], values: Mapping[Axis, int]) -> list[Bead]:
    """A tap on each day, the anchors in turn through the axes."""
    turns = [RULES.by_axis(axis)[number] for number in range(4) for axis in Axis]
    return [
        answer_bead(rule, toward(rule, values[rule.axis]), day(number), Source.TAP)
        for number in numbers
        for rule in [turns[number % len(turns)]]
    ]


def levels(self_: int = 3, together: int = 3, say: int = 3) -> dict[Axis, int]:
    """Values toward plus, 1 to 5, for each axis."""
    return {Axis.SELF: self_, Axis.TOGETHER: together, Axis.SAY: say}


def full_weeks(weeks: Iterable[int], values: Mapping[Axis, int]) -> list[Bead]:
    """Weeks from 0 with a tap each day and a check-in on the last."""
    beads = []
    for week in weeks:
        beads += taps(range(7 * week, 7 * week + 7), values)
        beads += check_in(7 * week + 6, values)
    return beads


def jumpy_weeks(weeks: Iterable[int], values: Mapping[Axis, int], seed: int) -> list[Bead]:
    """The same weeks from somebody whose answers jump about by a step."""
    thrown = dice(seed)
    return [
        answer_bead(
            RULES[bead.rule],
            min(5, max(1, toward(RULES[bead.rule], values[bead.axis]) + thrown.choice((-1, 0, 1)))),
            bead.day,
            bead.source,
        )
        for bead in full_weeks(weeks, values)
    ]

"""Made-up people whose answers are known exactly: for reports that can be compared word by word."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from bot.drift.beads import Bead, answer_bead
from bot.drift.record import Entry, Record
from bot.drift.rules import Axis, Rule, RuleSet, Source
from bot.rhythm.taps import tap_rotation

START = date(2026, 3, 2)

Levels = tuple[float, float, float]
"""Self and togetherness in 0..1 and say in -1..1, as somebody lives them."""

MIDDLE: Levels = (0.5, 0.5, 0.0)
MERGING: Levels = (0.25, 0.75, 0.0)
DEFERRING: Levels = (0.4, 0.55, -0.5)
DIRECTING: Levels = (0.6, 0.5, 0.6)
DISTANT: Levels = (0.75, 0.22, 0.0)
BOTH_LOW: Levels = (0.25, 0.25, 0.0)
BALANCED: Levels = (0.8, 0.8, 0.0)
AT_THE_FLOOR: Levels = (0.3, 0.5, -0.9)


def life(
    rules: RuleSet,
    weeks: int,
    level: Callable[[int], Levels],
    *,
    quiz: bool = True,
    check_in: bool = True,
) -> Record:
    """A person who taps every day, answers every check-in and lives ``level(week)``."""
    beads: list[Bead] = []
    entries: list[Entry] = []
    rotation = tap_rotation(rules.anchors)
    if quiz:
        beads += [
            answer_bead(rule, answer(rule, level(0), index), START, Source.QUIZ)
            for index, rule in enumerate(rules.rules)
        ]
    for offset in range(weeks * 7):
        day = START + timedelta(days=offset)
        rule = rotation[offset % len(rotation)]
        tapped = answer(rule, level(offset // 7), offset)
        beads.append(answer_bead(rule, tapped, day, Source.TAP))
        entries.append(Entry(day, 12))
        if check_in and offset % 7 == 6:
            beads += [
                answer_bead(
                    rule, answer(rule, level(offset // 7), offset + n), day, Source.CHECK_IN
                )
                for n, rule in enumerate(rules.anchors)
            ]
    return Record(start=START, beads=tuple(beads), entries=tuple(entries))


def last_day(weeks: int) -> date:
    """The last day of so many weeks."""
    return START + timedelta(days=weeks * 7 - 1)


def answer(rule: Rule, levels: Levels, index: int) -> int:
    """1..5, so that over several answers the level is met: the rest is dealt out in turn."""
    own, together, say = levels
    level = {Axis.SELF: own, Axis.TOGETHER: together, Axis.SAY: (say + 1) / 2}[rule.axis]
    exact = 1 + 4 * (1 - level if rule.reversed else level)
    up = next(_steps(index)) < exact - int(exact)
    return min(5, max(1, int(exact) + up))


def _steps(index: int) -> Iterator[float]:
    yield (index * 0.618034) % 1

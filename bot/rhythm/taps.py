"""Which tap goes with the question of the day: the anchors in a fixed rotation."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from bot.drift.rules import Axis, Rule
from bot.rhythm.dice import dice


def tap_rotation(anchors: Sequence[Rule]) -> tuple[Rule, ...]:
    """The fixed order of the taps: the axes take turns, and so do the two ways of keying.

    Turns in both keep an axis from being met in one mood of the week, and a habit of saying yes
    from looking like a change.
    """
    columns = []
    for position, axis in enumerate(Axis):
        plain = [rule for rule in anchors if rule.axis is axis and not rule.reversed]
        turned = [rule for rule in anchors if rule.axis is axis and rule.reversed]
        first, second = (turned, plain) if position % 2 else (plain, turned)
        columns.append(list(_alternating(first, second)))
    return tuple(rule for row in zip_longest(*columns) for rule in row if rule is not None)


def tap_for(rotation: Sequence[Rule], seed: int, sent: int) -> Rule:
    """The tap for the next day that has one.

    The rotation runs by days on which a tap was sent, not by the calendar: so every anchor is
    shown once before any comes again, for people who are asked three days a week as well. An
    unanswered or skipped tap has been sent and moves it on. Asked daily, each anchor comes every
    12 days. People start at different places.

    Args:
        rotation: what `tap_rotation` made of the anchors.
        seed: the person's seed.
        sent: on how many local dates they were sent a tap before.

    Raises:
        ValueError: if there is no anchor.
    """
    if not rotation:
        raise ValueError("there are no anchors to rotate")
    return rotation[(dice(seed, "tap") + sent) % len(rotation)]


def _alternating(first: Sequence[Rule], second: Sequence[Rule]) -> Iterator[Rule]:
    for pair in zip_longest(first, second):
        yield from (rule for rule in pair if rule is not None)

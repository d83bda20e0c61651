"""Which words a text cannot do without to match a pattern, and in which order they stand.

A pattern is a few ways to match, each a row of needs; a need is a set of words of which one has to
stand in the text, behind one of the need before. Ways are what tells most patterns at a glance that
a text is not theirs; where telling ways apart gains nothing they are merged.
"""

from collections.abc import Iterable, Sequence
from math import prod

from bot.reading.usage import Usage

Need = frozenset[str]
Way = tuple[Need, ...]
# what is looked for of a way
MOST_NEEDS = 3
ANYTHING: tuple[Way, ...] = ((),)
# a pattern has as few ways as will do; those met too often with few are read again with many
FEW_WAYS, MANY_WAYS = 12, 64
# ways with words that rare (in sentences, see `Usage`) are as good as one
_RARE_TOGETHER = 15.0


def either(branches: Sequence[tuple[Way, ...]], usage: Usage, most: int) -> tuple[Way, ...]:
    """The ways of alternatives, at most so many: those with rare words are merged."""
    ways = [way for branch in branches for way in branch]
    if len(ways) > most:
        ways = [branch[0] if len(branch) == 1 else _any_of(branch, usage) for branch in branches]
    if not all(ways):
        return ANYTHING
    ways.sort(key=lambda way: _rarity(way, usage))
    merged = _rare_merged(ways, usage)
    too_many = len(merged) - most + 1
    if too_many > 1:
        # what is rare stays rare together
        merged[:too_many] = [_any_of(merged[:too_many], usage)]
    return tuple(merged)


def one_after_another(parts: Sequence[tuple[Way, ...]], usage: Usage, most: int) -> tuple[Way, ...]:
    """The ways of parts that follow each other; only what tells texts apart is kept apart."""
    chosen = list(parts)
    gains: list[tuple[float, int, Way]] = []
    for at, part in enumerate(parts):
        if len(part) > 1:
            together = _any_of(part, usage)
            apart = max(_rarity(way, usage) for way in part)
            gain = usage.commonness(together[0]) / (apart + 1) if together else 0.0
            gains.append((gain, at, together))
    count = 1
    for gain, at, together in sorted(gains, key=lambda known: known[:2], reverse=True):
        if gain > 1 and len(parts[at]) * count <= most:
            count *= len(parts[at])
        else:
            chosen[at] = (together,)
    ways = ANYTHING
    for part in chosen:
        ways = tuple(way + more for way in ways for more in part)
    return ways


def expected(ways: Sequence[Way], usage: Usage) -> float:
    """How many of the ways a sentence goes by chance, about."""
    return sum(prod(usage.share(need) for need in rarest(way, MOST_NEEDS, usage)) for way in ways)


def rarest(way: Way, most: int, usage: Usage) -> Way:
    """The needs of a way that tell most, in their order."""
    if len(way) <= most:
        return way
    ranked = sorted(range(len(way)), key=lambda at: usage.commonness(way[at]))
    return tuple(way[at] for at in sorted(ranked[:most]))


def _rare_merged(ways: Iterable[Way], usage: Usage) -> list[Way]:
    """Ways with rare words merged as long as they are rare together; the rarest come first."""
    groups: list[list[Way]] = []
    together = 0.0
    for way in ways:
        rarity = _rarity(way, usage)
        if groups and together + rarity <= _RARE_TOGETHER:
            groups[-1].append(way)
            together += rarity
        else:
            groups.append([way])
            together = rarity
    return [group[0] if len(group) == 1 else _any_of(group, usage) for group in groups]


def _rarity(way: Way, usage: Usage) -> float:
    return min(map(usage.commonness, way), default=0.0)


def _any_of(ways: Sequence[Way], usage: Usage) -> Way:
    """What all ways together need at least: one of the rarest words of each."""
    if not all(ways):
        return ()
    return (frozenset().union(*(min(way, key=usage.commonness) for way in ways)),)

"""What a pattern, or a part of one, comes to: an expression, and what a text needs to match it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Flag, auto

from bot.reading.codes import MAYBE_COMMA, any_of
from bot.reading.usage import Usage
from bot.reading.ways import ANYTHING, Way, either, one_after_another


class Edge(Flag):
    """Where in a structure the end of a sentence may stand."""

    NOWHERE = 0
    ALONE = auto()
    FIRST = auto()
    LAST = auto()
    INSIDE = auto()


@dataclass(frozen=True, slots=True)
class Structure:
    """A pattern, or a part of one, that has been read.

    Attributes:
        expression: What it is for RE2.
        words: Every word it names; what it skips is not among them.
        ways: Ways to match, by the words that each needs, see `ways`.
        single: The codes it stands for, if it is exactly one word.
        crosses: Whether a match may go on after the end of a sentence that a comma stands for.
        longest: How many words of a line a match may have, ends of sentences counted.
        edge: Where in a match an end of a sentence may stand.
    """

    expression: bytes
    words: frozenset[str] = frozenset()
    ways: tuple[Way, ...] = ANYTHING
    single: frozenset[bytes] = frozenset()
    crosses: bool = False
    longest: int = 0
    edge: Edge = Edge.NOWHERE

    @property
    def within_sentence(self) -> bool:
        """Whether a match lies in one sentence, with the end before it and its own."""
        return not self.crosses and Edge.INSIDE not in self.edge


def in_a_row(parts: Sequence[Structure], usage: Usage, most_ways: int) -> Structure:
    """Parts that follow each other."""
    if len(parts) == 1:
        return parts[0]
    edge = Edge.NOWHERE
    for at, part in enumerate(parts):
        edge |= _moved(part.edge, first=at == 0, last=at == len(parts) - 1)
    return Structure(
        b"".join(part.expression for part in parts),
        frozenset().union(*(part.words for part in parts)),
        one_after_another([part.ways for part in parts], usage, most_ways),
        crosses=any(part.crosses for part in parts),
        longest=sum(part.longest for part in parts),
        edge=edge,
    )


def one_of(branches: Sequence[Structure], usage: Usage, most_ways: int) -> Structure:
    """Alternatives; those that are one word become one class of words."""
    words = frozenset().union(*(branch.words for branch in branches))
    codes = frozenset().union(*(branch.single for branch in branches))
    longer = [branch for branch in branches if not branch.single]
    expressions = [branch.expression for branch in longer]
    ways = [branch.ways for branch in longer]
    if codes:
        singles = frozenset().union(*(branch.words for branch in branches if branch.single))
        expressions.append(MAYBE_COMMA + any_of(codes))
        ways.append(((singles,),))
    if not longer:
        return Structure(expressions[0], words, ways[0], codes, longest=1)
    edge = Edge.NOWHERE
    for branch in branches:
        edge |= branch.edge
    return Structure(
        b"(?:" + b"|".join(expressions) + b")",
        words,
        either(ways, usage, most_ways),
        crosses=any(branch.crosses for branch in branches),
        longest=max(branch.longest for branch in branches),
        edge=edge,
    )


def _moved(edge: Edge, *, first: bool, last: bool) -> Edge:
    """Where the end of a sentence stands that stood there in a part, in the row of all parts."""
    if not edge:
        return edge
    if first and edge & (Edge.ALONE | Edge.FIRST) == edge:
        return Edge.FIRST
    if last and edge & (Edge.ALONE | Edge.LAST) == edge:
        return Edge.LAST
    return Edge.INSIDE

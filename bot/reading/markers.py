"""Many patterns against one line: words first, then structure, then detail.

Asking every pattern about every text would be slow, and one automaton over all of them (RE2 has a
set for that) is fast only on texts it has seen: with these patterns an unseen reply of 300
characters took 14 ms and the automaton's memory grew by 130 MB. So each pattern says which words
it cannot do without; a text's words, looked up in one index, leave a few patterns, and only those
are asked, each by RE2, whose time is linear whatever anybody writes.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import re2

from bot.reading.clauses import Clauses
from bot.reading.codes import CODE
from bot.reading.line import ENDS, Line
from bot.reading.notation import Notation, Structure
from bot.reading.spec import Pattern

# a pattern that uses more falls back from RE2's automaton to a slower way, not to a wrong answer
PATTERN_MEMORY = 1 << 15
_MEMORY_PER_BYTE = 128
_MOST_OCCURRENCES = 4
_MOST_NEEDS = 4


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of the line that a pattern matches, as word indices, both included."""

    first: int
    last: int


class Expression:
    """A structure that can be looked for; compiled when first asked, twice over.

    Whether it stands in a text at all is asked far more often than where, and answered fastest by
    an RE2 set of one.
    """

    __slots__ = ("_compiled", "_screen", "structure")

    def __init__(self, structure: Structure) -> None:
        """Keep the structure until somebody asks."""
        self.structure = structure
        self._screen: re2.Set | None = None
        self._compiled: re2._Regexp | None = None

    def stands_in(self, text: bytes) -> bool:
        """Whether it matches anywhere."""
        if self._screen is None:
            self._screen = re2.Set.SearchSet(_options(self.structure))
            self._screen.Add(self.structure.expression)
            self._screen.Compile()
        return self._screen.Match(text) is not None

    def places(self, line: Line) -> Iterator[Found]:
        """Up to four places where it matches the line, first to last."""
        if self._compiled is None:
            self._compiled = compiled(self.structure)
        for match in islice(self._compiled.finditer(line.text), _MOST_OCCURRENCES):
            start, end = match.span()
            first = bisect_left(line.offsets, start)
            last = max(bisect_left(line.offsets, end) - 1, first)
            while first < last and line.words[first].text in ENDS:
                first += 1
            while last > first and line.words[last].text in ENDS:
                last -= 1
            yield Found(first, last)


def compiled(structure: Structure) -> "re2._Regexp":
    """The structure compiled by RE2.

    Raises:
        ValueError: If RE2 refuses it.
    """
    try:
        return re2.compile(structure.expression, _options(structure))
    except re2.error as refusal:
        raise ValueError(f"RE2 refuses: {refusal}") from refusal


def _options(structure: Structure) -> re2.Options:
    options = re2.Options()
    options.max_mem = PATTERN_MEMORY + _MEMORY_PER_BYTE * len(structure.expression)
    options.log_errors = False
    options.encoding = re2.Options.Encoding.LATIN1
    return options


class Matcher:
    """One pattern, with what silences it."""

    __slots__ = ("_unless", "expression", "literals", "pattern")

    def __init__(self, pattern: Pattern, notation: Notation) -> None:
        """Read a pattern.

        Raises:
            NotationError: If it, or what silences it, cannot be read.
        """
        structure = notation.read(pattern.say)
        self.pattern = pattern
        self.literals = structure.words
        self.expression = Expression(structure)
        self._unless = Expression(notation.either(pattern.unless)) if pattern.unless else None

    def occurrences(self, line: Line, clauses: Clauses) -> Iterator[Found]:
        """Where it matches, first to last, sentences with an `unless` in them left out."""
        for found in self.expression.places(line):
            if not self._silenced(line, clauses, found):
                yield found

    def _silenced(self, line: Line, clauses: Clauses, found: Found) -> bool:
        if self._unless is None:
            return False
        first = clauses.sentence(found.first)[0]
        past = clauses.sentence(found.last)[1]
        start = max(line.offsets[first] - CODE, 0)
        end = line.offsets[past] if past < len(line.offsets) else len(line.text)
        stretch = line.text[start:end]
        return self._unless.stands_in(stretch)


class Index:
    """Which of many structures a text could match at all, by the words it has.

    Each way to match has a column and each of its needs a bit in it, need after need in layers of
    equal width. The numbers of a text's words laid over each other show which needs are met, and
    the layers laid under each other which ways have all of theirs.
    """

    def __init__(self, structures: Sequence[Structure], notation: Notation) -> None:
        """Lay out the rarest needs of all ways of all structures."""
        self._owners = [at for at, structure in enumerate(structures) for _ in structure.ways]
        self._width = len(self._owners)
        self._met: dict[str, int] = {}
        self._always = 0
        self._crossing = 0
        ways = (way for structure in structures for way in structure.ways)
        for column, way in enumerate(ways):
            self._crossing |= structures[self._owners[column]].crosses << column
            needs = sorted(set(way), key=notation.commonness)[:_MOST_NEEDS]
            for layer in range(_MOST_NEEDS):
                bit = 1 << (layer * self._width + column)
                if layer >= len(needs):
                    self._always |= bit
                    continue
                for word in needs[layer]:
                    self._met[word] = self._met.get(word, 0) | bit

    def candidates(self, line: Line) -> list[int]:
        """Indices of the structures whose needs one sentence of the line meets, in order.

        Structures that may go on in the next sentence may find their needs in all of them.
        """
        always = self._always
        everywhere = met = always
        left = 0
        get = self._met.get
        for word in line.words:
            text = word.text
            if text in ENDS:
                everywhere |= met
                left |= self._all_met(met)
                met = always
            else:
                more = get(text)
                if more is not None:
                    met |= more
        left |= self._all_met(everywhere) & self._crossing
        found = []
        owners = self._owners
        last = -1
        while left:
            lowest = left & -left
            owner = owners[lowest.bit_length() - 1]
            if owner != last:
                found.append(owner)
                last = owner
            left ^= lowest
        return found

    def _all_met(self, met: int) -> int:
        """The layers laid under each other: a bit for each way that has all it needs."""
        left = met & ((1 << self._width) - 1)
        for _ in range(1, _MOST_NEEDS):
            met >>= self._width
            left &= met
        return left

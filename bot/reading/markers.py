"""Many patterns against one line: words first, then structure, then detail.

Asking every pattern about every text would be slow, and one automaton over all of them (RE2 has a
set for that) is fast only on texts it has seen: with these patterns an unseen reply of 300
characters took 14 ms and the automaton's memory grew by 130 MB. So each pattern says which words
it cannot do without; a text's words, looked up in one index, leave a few patterns, and only those
are asked, each by RE2, whose time is linear whatever anybody writes.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

import re2

from bot.reading.clauses import Clauses
from bot.reading.codes import CODE
from bot.reading.line import ENDS, Line
from bot.reading.notation import Notation, Structure
from bot.reading.spec import Pattern
from bot.reading.ways import MOST_NEEDS, Way, rarest

# What RE2 may use for one expression, by its length in bytes. For telling whether it stands in a
# text half of this is enough (with too little RE2 would say no); saying where it stands gets slow
# in long texts if there is less. So the one is kept for all patterns, the other for those met last.
_SCREEN_MEMORY, _SCREEN_MEMORY_PER_BYTE = 1 << 14, 64
_PLACES_MEMORY, _PLACES_MEMORY_PER_BYTE = 1 << 16, 256
_MOST_MEMORY = 1 << 22
_MOST_COMPILED = 192
_MOST_OCCURRENCES = 4
_LAYERS = MOST_NEEDS


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

    __slots__ = ("stands_in", "structure")

    stands_in: Callable[[bytes], object]
    """Whether it matches anywhere in a text; true or false, for what it is."""

    def __init__(self, structure: Structure) -> None:
        """Keep the structure until somebody asks."""
        self.structure = structure
        self.stands_in = self._prepared

    def _prepared(self, text: bytes) -> object:
        self.prepare()
        return self.stands_in(text)

    def prepare(self) -> None:
        """Compile what tells whether it stands in a text, if that is not done yet."""
        if self.stands_in != self._prepared:
            return
        self.stands_in = _screen(self.structure.expression).Match

    def forget_ways(self) -> None:
        """Keep no more than what is needed to compile; the rest is for an index to be made of."""
        self.structure = Structure(self.structure.expression)

    def places(self, line: Line) -> Iterator[Found]:
        """Up to four places where it matches the line, first to last."""
        texts = line.words.texts
        for match in islice(
            _compiled(self.structure.expression).finditer(line.text), _MOST_OCCURRENCES
        ):
            start, end = match.span()
            first = bisect_left(line.offsets, start)
            last = max(bisect_left(line.offsets, end) - 1, first)
            while first < last and texts[first] in ENDS:
                first += 1
            while last > first and texts[last] in ENDS:
                last -= 1
            yield Found(first, last)


def compiled(structure: Structure) -> "re2._Regexp":
    """The structure compiled by RE2.

    Raises:
        ValueError: If RE2 refuses it.
    """
    return _compiled(structure.expression)


@lru_cache(_MOST_COMPILED)
def _compiled(expression: bytes) -> "re2._Regexp":
    try:
        return re2.compile(
            expression, _options(_PLACES_MEMORY + _PLACES_MEMORY_PER_BYTE * len(expression))
        )
    except re2.error as refusal:
        raise ValueError(f"RE2 refuses: {refusal}") from refusal


def _screen(expression: bytes) -> re2.Set:
    """A set of one, which only tells whether the expression stands in a text.

    Raises:
        ValueError: If RE2 refuses it, however much it may use.
    """
    memory = _SCREEN_MEMORY + _SCREEN_MEMORY_PER_BYTE * len(expression)
    while True:
        screen = re2.Set.SearchSet(_options(memory))
        try:
            screen.Add(expression)
            screen.Compile()
        except re2.error as refusal:
            if memory > _MOST_MEMORY:
                raise ValueError(f"RE2 refuses: {refusal}") from refusal
            memory *= 2
        else:
            return screen


def _options(memory: int) -> re2.Options:
    options = re2.Options()
    options.max_mem = memory
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
        structure = notation.read_finely(pattern.say)
        self.pattern = pattern
        # a row takes a tenth of the room of a set, and is seldom looked at
        self.literals = tuple(structure.words)
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
        return bool(self._unless.stands_in(stretch))


@dataclass(frozen=True, slots=True)
class _Column:
    owner: int
    needs: Way
    crosses: bool


class Index:
    """Which of many structures a text could match at all.

    Each way to match has a column, a bit in whole numbers, and its three rarest needs are in three
    layers, the last need in the last. A word lets a way move on by one layer if it is what the way
    needs next, all ways at once; a way that is through is one to ask. Ways with fewer needs start
    further on. The end of a sentence takes all back to their start, but for those that go on
    behind it.
    """

    def __init__(self, structures: Sequence[Structure], notation: Notation) -> None:
        """Lay out the rarest needs of all ways of all structures."""
        columns = [
            _Column(owner, rarest(way, _LAYERS, notation.usage), structure.crosses)
            for owner, structure in enumerate(structures)
            for way in structure.ways
        ]
        # ways with most needs come first, so that the numbers of the first layers are short
        columns.sort(key=lambda column: -len(column.needs))
        self._owners = [column.owner for column in columns]
        masks: dict[str, list[int]] = {}
        start = [0] * (_LAYERS + 1)
        self._crossing = 0
        for at, column in enumerate(columns):
            bit = 1 << at
            first = _LAYERS - len(column.needs)
            start[first] |= bit
            if column.crosses:
                self._crossing |= bit
            for layer, need in enumerate(column.needs, first):
                for word in need:
                    masks.setdefault(word, [0] * _LAYERS)[layer] |= bit
        self._start = (start[1], start[2], start[3])
        self._masks: dict[str, tuple[int, int, int]] = {
            word: (layers[0], layers[1], layers[2]) for word, layers in masks.items()
        }

    def candidates(self, line: Line) -> list[int]:
        """Indices of the structures whose needs the line meets, in order.

        Structures that do not go on in the next sentence have to meet them in one.
        """
        start_one, start_two, through = self._start
        one, two = start_one, start_two
        crossing = self._crossing
        get = self._masks.get
        for text in line.words.texts:
            masks = get(text)
            if masks is not None:
                first, second, third = masks
                if third:
                    through |= two & third
                if second:
                    two |= one & second
                if first:
                    one |= first
            elif text in ENDS:
                one = one & crossing | start_one
                two = two & crossing | start_two
        return self._owners_of(through)

    def _owners_of(self, ways: int) -> list[int]:
        owners = self._owners
        found = set()
        while ways:
            highest = ways.bit_length() - 1
            found.add(owners[highest])
            ways ^= 1 << highest
        return sorted(found)

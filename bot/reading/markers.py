"""Many patterns against one line: words first, then structure, then detail.

Asking every pattern about every text would be slow, and one automaton over all of them (RE2 has a
set for that) is fast only on texts it has seen: with these patterns an unseen reply of 300
characters took 14 ms and the automaton's memory grew by 130 MB. So each pattern says which words
it cannot do without; a text's words, looked up in one index, leave a few patterns, and only those
are asked, each by RE2, whose time is linear whatever anybody writes.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

import re2

from bot.reading.clauses import Clauses
from bot.reading.codes import CODE
from bot.reading.line import ENDS, Line
from bot.reading.notation import Notation
from bot.reading.spec import Pattern
from bot.reading.structure import Structure

# What RE2 may use for one expression, by its length in bytes: for telling whether it stands in a
# text, which is kept for all patterns, and for saying where, which is kept for those met last. With
# too little RE2 would say no; with a quarter of this some patterns get slow in long texts.
_SCREEN_MEMORY, _SCREEN_MEMORY_PER_BYTE = 1 << 16, 64
_PLACES_MEMORY, _PLACES_MEMORY_PER_BYTE = 1 << 16, 256
_MOST_MEMORY = 1 << 22
_MOST_COMPILED = 224
_MOST_OCCURRENCES = 4
# words on either side of a hit that are looked at for what silences it, in a sentence without end
_EARSHOT = 48


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

    __slots__ = ("_words", "stands_in", "structure")

    stands_in: Callable[[bytes], object]
    """Whether it matches anywhere in a text; true or false, for what it is."""

    def __init__(self, structure: Structure) -> None:
        """Keep the structure until somebody asks."""
        self.structure = structure
        # one word, whichever: for that nobody has to be asked
        self._words = structure.words if structure.single else frozenset()
        self.stands_in = self._prepared

    def __getstate__(self) -> tuple[Structure, frozenset[str]]:
        """What another process has to know; it compiles for itself."""
        return self.structure, self._words

    def __setstate__(self, state: tuple[Structure, frozenset[str]]) -> None:
        """Be what another process has made."""
        self.structure, self._words = state
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
        if self._words:
            words = self._words
            places = [at for at, text in enumerate(texts) if text in words]
            yield from (Found(at, at) for at in places[:_MOST_OCCURRENCES])
            return
        for match in islice(
            _compiled(self.structure.expression).finditer(line.text), _MOST_OCCURRENCES
        ):
            start, end = match.span()
            first = line.word_at(start)
            last = max(line.word_at(end) - 1, first)
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

    def forget_words(self) -> None:
        """Keep of the pattern no more than how much a hit counts; the rest is for its author."""
        kept = self.pattern
        self.pattern = Pattern("", half=kept.half, spared=kept.spared)

    def occurrences(self, line: Line, clauses: Clauses) -> Iterator[Found]:
        """Where it matches, first to last, but where an `unless` stands in the same sentence."""
        for found in self.expression.places(line):
            if not self._silenced(line, clauses, found):
                yield found

    def _silenced(self, line: Line, clauses: Clauses, found: Found) -> bool:
        if self._unless is None:
            return False
        first = max(clauses.sentence(found.first)[0], found.first - _EARSHOT)
        past = min(clauses.sentence(found.last)[1], found.last + 1 + _EARSHOT)
        start = max(line.byte_of(first) - CODE, 0)
        return bool(self._unless.stands_in(line.text[start : line.byte_of(past)]))

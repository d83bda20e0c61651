"""All patterns in one RE2 set: one pass says which hit, and only those are looked at closely."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import re2

from bot.reading.clauses import Clauses
from bot.reading.line import ENDS, Line
from bot.reading.notation import Notation
from bot.reading.spec import Pattern

# the default of 8 MB is full at about 300 patterns with gaps
SET_MEMORY = 64 << 20
_MOST_OCCURRENCES = 4


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of the line that a pattern matches, as word indices, both included."""

    first: int
    last: int


@dataclass(slots=True)
class Matcher:
    """One pattern, compiled, with what silences it."""

    pattern: Pattern
    literals: frozenset[str]
    expression: bytes
    _unless: tuple[bytes, ...]
    _compiled: object = None
    _compiled_unless: tuple[object, ...] | None = None

    @classmethod
    def of(cls, pattern: Pattern, notation: Notation) -> "Matcher":
        """Compile one pattern.

        Raises:
            NotationError: If it, or what silences it, cannot be read.
        """
        return cls(
            pattern,
            notation.literals(pattern.say),
            notation.compile(pattern.say).encode(),
            tuple(notation.compile(words).encode() for words in pattern.unless),
        )

    def occurrences(self, line: Line, clauses: Clauses) -> Iterator[Found]:
        """Where it matches, first to last, sentences with an `unless` in them left out."""
        if self._compiled is None:
            self._compiled = re2.compile(self.expression)
        for found in spans(self._compiled, line):
            if not self._silenced(line, clauses, found):
                yield found

    def _silenced(self, line: Line, clauses: Clauses, found: Found) -> bool:
        if not self._unless:
            return False
        if self._compiled_unless is None:
            self._compiled_unless = tuple(re2.compile(words) for words in self._unless)
        first, past = clauses.sentence(found.first)
        past = max(past, clauses.sentence(found.last)[1])
        stretch = slice_of(line, first, past)
        return any(words.search(stretch) for words in self._compiled_unless)  # type: ignore[attr-defined]  # re2 has no stubs


def slice_of(line: Line, first: int, past: int) -> bytes:
    """The bytes of words `first` to `past` (not included), with the space or end before them."""
    start = max(line.offsets[first] - 2, 0) if first < len(line.offsets) else len(line.text)
    end = line.offsets[past] if past < len(line.offsets) else len(line.text)
    return line.text[start:end]


def spans(compiled: object, line: Line) -> Iterator[Found]:
    """Up to four places where a compiled expression matches the line."""
    at = 0
    for _ in range(_MOST_OCCURRENCES):
        match = compiled.search(line.text, at)  # type: ignore[attr-defined]  # re2 has no stubs
        if match is None:
            return
        start, end = match.span()
        first = bisect_left(line.offsets, start)
        last = bisect_right(line.offsets, max(end - 2, start)) - 1
        while first < last and line.words[first].text in ENDS:
            first += 1
        while last > first and line.words[last].text in ENDS:
            last -= 1
        yield Found(first, last)
        # the boundary at the end may be the start of the next occurrence
        at = end - 1


class OneSet:
    """Many expressions, asked at once."""

    def __init__(self, expressions: Iterable[bytes]) -> None:
        """Compile all of them.

        Raises:
            ValueError: If RE2 refuses an expression or the set as a whole.
        """
        options = re2.Options()
        options.max_mem = SET_MEMORY
        options.log_errors = False
        options.encoding = re2.Options.Encoding.LATIN1
        self._set = re2.Set.SearchSet(options)
        self._size = 0
        try:
            for expression in expressions:
                self._set.Add(expression)
                self._size += 1
            if self._size:
                self._set.Compile()
        except re2.error as refusal:
            raise ValueError(f"RE2 refuses: {refusal}") from refusal

    def which(self, text: bytes) -> list[int]:
        """Indices of the expressions that match somewhere, in order."""
        if not self._size:
            return []
        return sorted(self._set.Match(text) or ())

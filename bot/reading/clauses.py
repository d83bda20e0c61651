"""Sentences and clauses of a line, as ranges of word indices."""

from bisect import bisect_right
from dataclasses import dataclass

from bot.reading.line import ENDS, Line
from bot.reading.spec import Lexicon


@dataclass(frozen=True, slots=True)
class Clauses:
    """Where sentences and clauses start; the last entry of each is the end of the line."""

    sentences: tuple[int, ...]
    clauses: tuple[int, ...]

    def sentence(self, word: int) -> tuple[int, int]:
        """The sentence around a word, as (first, past the last)."""
        return _around(self.sentences, word)

    def clause(self, word: int) -> tuple[int, int]:
        """The clause around a word, as (first, past the last)."""
        return _around(self.clauses, word)


def _around(starts: tuple[int, ...], word: int) -> tuple[int, int]:
    at = min(max(bisect_right(starts, word), 1), len(starts) - 1)
    return starts[at - 1], starts[at]


def find_clauses(line: Line, lexicon: Lexicon) -> Clauses:
    """Split at ends of sentences; clauses also at commas and in front of joining words."""
    sentences = [0]
    clauses = [0]
    words = line.words
    for at in range(1, len(words)):
        before = words[at - 1]
        if before.text in ENDS:
            sentences.append(at)
            clauses.append(at)
        elif before.comma or words[at].text in lexicon.joiners:
            clauses.append(at)
    sentences.append(len(words))
    clauses.append(len(words))
    return Clauses(tuple(sentences), tuple(clauses))

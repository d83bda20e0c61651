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
    texts, commas, joiners = line.words.texts, line.words.commas, lexicon.joiners
    count = len(texts)
    sentences = [at + 1 for at, text in enumerate(texts) if text in ENDS and at + 1 < count]
    starts = {at for at, text in enumerate(texts) if text in joiners}
    starts.update(sentences)
    if True in commas:
        starts.update(at + 1 for at, comma in enumerate(commas) if comma and at + 1 < count)
    starts.discard(0)
    return Clauses((0, *sentences, count), (0, *sorted(starts), count))

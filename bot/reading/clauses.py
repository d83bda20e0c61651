"""Sentences and clauses of a line, as ranges of word indices."""

from bisect import bisect_right
from dataclasses import dataclass
from itertools import compress

from bot.reading.line import Line
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
    # the last word ends a sentence, behind which nothing starts
    sentences = [at + 1 for at in line.ends[:-1]]
    starts = {at for at, text in enumerate(texts) if text in joiners}
    starts.update(sentences)
    # no comma follows the last word, which is an end
    starts.update(compress(range(1, count), commas))
    starts.discard(0)
    return Clauses((0, *sentences, count), (0, *sorted(starts), count))

"""How common words are in replies, counted in the sentences that stand beside the patterns.

Nothing that is read depends on it; it only says which of the words that a pattern cannot do without
is worth looking for first. So a rough count will do.
"""

import re
from collections import Counter
from collections.abc import Iterable

from bot.reading.people import PARTNER
from bot.reading.spec import Lexicon

_WORD = re.compile(r"[a-z']+")
# what a word counts that stands in no sentence
_UNSEEN = 0.3


class Usage:
    """Counts of words."""

    def __init__(self, lexicon: Lexicon | None = None, sentences: Iterable[str] = ()) -> None:
        """Count each word once per sentence, contractions opened; unheard of, all are rare."""
        self._known: dict[frozenset[str], float] = {}
        self._counts: Counter[str] = Counter()
        self._sentences = 1
        if lexicon is None:
            return
        for sentence in sentences:
            self._sentences += 1
            self._counts.update(set(_WORD.findall(sentence.lower())))
        for written, count in list(self._counts.items()):
            for word in lexicon.spellings.get(written, ()):
                self._counts[word] += count
            if written in lexicon.partner_nouns or written in lexicon.names:
                self._counts[PARTNER] += count

    def commonness(self, words: frozenset[str]) -> float:
        """How many sentences have one of the words, about; only comparisons matter."""
        known = self._known.get(words)
        if known is None:
            counts = self._counts
            known = self._known[words] = sum(counts[word] + _UNSEEN for word in words)
        return known

    def share(self, words: frozenset[str]) -> float:
        """What share of sentences has one of the words, about."""
        return min(1.0, self.commonness(words) / self._sentences)

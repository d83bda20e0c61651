"""Two bytes for every word, so that patterns over words are short expressions over bytes.

RE2 works on bytes. Spelt out, a pattern with a few named lists in it is tens of kilobytes of
automaton and its gaps have to be walked letter by letter; with one code a word, lists become
character classes and a gap of three words is six bytes. The first byte also says what sort of word
it is, which is all that `*`, `..` and `...` have to know. First and second bytes never overlap, so
that a match cannot begin in the middle of a word.
"""

import string
from collections.abc import Iterable
from sys import intern

from bot.reading.spec import Lexicon

# bytes a word
CODE = 2
_SECOND = (string.ascii_letters + string.digits + "_%&=~<>;!\"'#:/@`").encode()
_ORDINARY = range(0x80, 0xE0)
_HELPERS = range(0xE0, 0xF0)
_NEGATIONS = range(0xF0, 0xF4)
_ADDED = 0xFA
_END, _COMMA = 0xF8, 0xF9
COMMA = bytes((_COMMA, _SECOND[0]))
ENDS = {".": bytes((_END, _SECOND[0])), "?": bytes((_END, _SECOND[1]))}
UNKNOWN = bytes((_ORDINARY[0], _SECOND[0]))

_ANY_SECOND = b"[!-~]"
MAYBE_COMMA = b"(?:" + COMMA + b")?"
ANY_END = b"\xf8" + _ANY_SECOND
ANY_ADDED = b"\xfa" + _ANY_SECOND
ANY_HELPER = b"[\xe0-\xef]" + _ANY_SECOND
# a word that a gap may skip: no negation, no end, no comma
ANY_SKIPPED = b"[\x80-\xef\xfa]" + _ANY_SECOND


class Codes:
    """The codes of all words that patterns name; every other word is one and the same code."""

    def __init__(self, lexicon: Lexicon) -> None:
        """Begin with the words that signs have to know; others get codes as patterns name them."""
        self._lexicon = lexicon
        self._words: dict[str, bytes] = dict(ENDS)
        self._free = {
            sort: iter([bytes((first, second)) for first in sort for second in _SECOND])
            for sort in (_ORDINARY, _HELPERS, _NEGATIONS)
        }
        next(self._free[_ORDINARY])
        self._added: dict[str, bytes] = {}
        for word in sorted(lexicon.helpers | lexicon.negations):
            self.of(word)

    @property
    def words(self) -> dict[str, bytes]:
        """Word -> code, for all words that have one."""
        return self._words

    def of(self, word: str) -> bytes:
        """The code of a word, a new one if it has none yet.

        Raises:
            ValueError: If there are more words than codes (some 7,000).
        """
        code = self._words.get(word)
        if code is None:
            try:
                # one object for a word wherever it is looked up spares comparing letters
                code = self._words[intern(word)] = next(self._free[self._sort_of(word)])
            except StopIteration:
                raise ValueError(f"there are more words than codes, at {word!r}") from None
        return code

    def of_added(self, subject: str) -> bytes:
        """The code of a subject that the writer left out."""
        if subject not in self._added:
            self._added[subject] = bytes((_ADDED, _SECOND[len(self._added)]))
        return self._added[subject]

    def _sort_of(self, word: str) -> range:
        if word in self._lexicon.negations:
            return _NEGATIONS
        return _HELPERS if word in self._lexicon.helpers else _ORDINARY


def any_of(codes: Iterable[bytes]) -> bytes:
    """An expression for any one of some codes."""
    seconds: dict[int, bytearray] = {}
    for first, second in sorted(set(codes)):
        seconds.setdefault(first, bytearray()).append(second)
    branches = [
        bytes((first,)) + (bytes(tails) if len(tails) == 1 else b"[" + bytes(tails) + b"]")
        for first, tails in seconds.items()
    ]
    return branches[0] if len(branches) == 1 else b"(?:" + b"|".join(branches) + b")"

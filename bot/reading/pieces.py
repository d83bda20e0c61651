"""What stands between two spaces of a reply, read by itself.

Most pieces are one word that is known, perhaps with a comma or a stop behind it. What such a piece
comes to does not depend on what stands around it, so it is worked out once; a piece with anything
in it that is not among the reader's own words is read anew each time and kept nowhere.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from sys import intern

from bot.reading.line import ENDS
from bot.reading.line import UNKNOWN as NO_WORD
from bot.reading.spec import Lexicon

POSSESSIVE, HAD_OR_WOULD = "+s", "+d"
COMMA = ","
_OPEN = "+"
# the reader's words with a capital, a comma or a stop; as many as are met in some thousand replies
_MOST_KEPT = 3000
_WORD = re.compile(r"([^\W\d_]+(?:['\u2019\u02bc\u00b4`][^\W\d_]+)*)")
# what may stand between two words
_SIGN = re.compile(r"(\d[\d.,:]*)|([.!?\u2026\n]+)|([,;:()\[\]\u2013\u2014/-]+)|(\S)")
_IS_NUMBER, _IS_STOP, _IS_COMMA = 1, 2, 3
_APOSTROPHES = str.maketrans("\u2019\u02bc\u00b4`", "''''")
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_ENDINGS = {
    "s": POSSESSIVE,
    "d": HAD_OR_WOULD,
    "ll": "will",
    "ve": "have",
    "re": "are",
    "m": "am",
}


@dataclass(slots=True)
class Piece:
    """What a piece comes to.

    Attributes:
        leading: Commas and ends in front of its first word, and where in the piece; what they come
            to depends on what stands before the piece.
        texts: Its words, and ends of sentences behind them.
        starts: Where in the piece each begins.
        ends: Where in the piece each ends.
        commas: Places of those that a comma follows.
        is_open: Whether it has an 's or 'd of which other words decide what it stands for.
        is_own: Whether all of it is words that the reader knows.
    """

    leading: list[tuple[str, int]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    commas: list[int] = field(default_factory=list)
    is_open: bool = False
    is_own: bool = True

    def is_word(self, length: int) -> bool:
        """Whether it is one word from the first of so many characters to the last."""
        return (self.starts, self.ends) == ([0], [length]) and not (
            self.leading or self.commas or self.is_open
        )

    def add(self, text: str, start: int, end: int) -> None:
        """One word more."""
        self.texts.append(text)
        self.starts.append(start)
        self.ends.append(end)


class Pieces:
    """Reads pieces by one lexicon."""

    def __init__(self, lexicon: Lexicon, known: Iterable[str]) -> None:
        """Begin with all words that are read as one; `known` are those that patterns name."""
        fillers = lexicon.fillers
        self._emoji = lexicon.emoji
        # what a surface is read as, fillers already left out
        self._spellings: dict[str, tuple[str, ...]] = dict.fromkeys(fillers, ()) | {
            surface: tuple(intern(part) for part in reading if part not in fillers)
            for surface, reading in lexicon.spellings.items()
        }
        self.words: dict[str, str] = {
            surface: reading[0]
            for surface, reading in self._spellings.items()
            if len(reading) == 1 and reading[0][0] != _OPEN
        } | {word: word for word in known if word not in self._spellings and word not in ENDS}
        """Pieces that are one word -> what that is read as."""
        self._others: dict[str, Piece] = {}
        self._room = _MOST_KEPT

    def read(self, piece: str) -> Piece:
        """What a piece comes to that is not among `words`, or not yet."""
        found = self._others.get(piece)
        if found is None:
            found = self._worked_out(piece)
            if found.is_own and self._room > 0:
                self._room -= 1
                if found.is_word(len(piece)):
                    self.words[piece] = found.texts[0]
                else:
                    self._others[piece] = found
        return found

    def _worked_out(self, piece: str) -> Piece:
        found = Piece()
        if piece.isalpha() and piece.isascii():
            self._add_word(found, piece, 0)
            return found
        start = 0
        # signs and words by turns
        for turn, part in enumerate(_WORD.split(piece)):
            if turn % 2:
                self._add_word(found, part, start)
            elif part:
                self._add_signs(found, piece, start, start + len(part))
            start += len(part)
        return found

    def _add_word(self, found: Piece, written: str, start: int) -> None:
        surface = written.lower()
        read = self.words.get(surface)
        if read is not None:
            found.add(read, start, start + len(written))
            return
        found.is_own = found.is_own and surface in self._spellings
        for part in self._spelt_out(surface):
            found.is_open = found.is_open or part[0] == _OPEN
            found.add(part, start, start + len(written))

    def _add_signs(self, found: Piece, piece: str, start: int, past: int) -> None:
        """Read what stands between two words: ends, commas, numbers, emoji."""
        for match in _SIGN.finditer(piece, start, past):
            kind, at = match.lastindex, match.start()
            if kind == _IS_STOP:
                _add_stop(found, "?" if "?" in match[0] else ".", at)
            elif kind == _IS_COMMA:
                if not _joins(piece, at, match.end()):
                    _add_comma(found, at)
            elif kind == _IS_NUMBER:
                found.is_own = False
                digits = "".join(filter(str.isdecimal, match[0]))
                found.add(digits if digits.isascii() else NO_WORD, at, match.end())
            else:
                read = self._emoji.get(match[0], "")
                found.is_own = found.is_own and bool(read)
                if read:
                    found.add(read, at, match.end())

    def _spelt_out(self, surface: str) -> tuple[str, ...]:
        """How a word is read that the spellings do not have as it stands."""
        spellings = self._spellings
        if surface in spellings:
            return spellings[surface]
        if not surface.isascii():
            surface = surface.translate(_APOSTROPHES)
            if not surface.isascii():
                decomposed = unicodedata.normalize("NFKD", surface)
                surface = "".join(c for c in decomposed if "a" <= c <= "z" or c == "'")
            if not surface.strip("'"):
                return (NO_WORD,)
        if _STRETCHED.search(surface):
            surface = self._unstretched(surface)
        if surface in spellings:
            return spellings[surface]
        stem, apostrophe, tail = surface.rpartition("'")
        if not apostrophe:
            return (surface,)
        stem = stem.replace("'", "")
        if not stem:
            return (tail,)
        if tail not in _ENDINGS:
            return (stem + tail,)
        return (*spellings.get(stem, (stem,)), _ENDINGS[tail])

    def _unstretched(self, surface: str) -> str:
        once = _STRETCHED.sub(r"\1", surface)
        twice = _STRETCHED.sub(r"\1\1", surface)
        for candidate in (once, twice):
            if candidate in self.words or candidate in self._spellings:
                return candidate
        return once


def _add_stop(found: Piece, text: str, at: int) -> None:
    texts = found.texts
    if not texts:
        found.leading.append((text, at))
    elif texts[-1] not in ENDS:
        # a comma right before it says nothing any more
        if found.commas[-1:] == [len(texts) - 1]:
            found.commas.pop()
        found.add(text, at, at)


def _add_comma(found: Piece, at: int) -> None:
    texts = found.texts
    if not texts:
        found.leading.append((COMMA, at))
    elif texts[-1] not in ENDS and found.commas[-1:] != [len(texts) - 1]:
        found.commas.append(len(texts) - 1)


def _joins(piece: str, start: int, end: int) -> bool:
    """Whether a dash or a slash stands inside a word: "phone-free"."""
    return (
        piece[start:end] in {"-", "/"}
        and piece[start - 1 : start].isalnum()
        and piece[end : end + 1].isalnum()
    )

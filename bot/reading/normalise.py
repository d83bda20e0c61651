"""A reply as a line of plain words that patterns can meet, with the way back to its own spelling.

Lower case, opened contractions, restored apostrophes, shorthand, stretched letters and emoji as
words; fillers are left out, the partner's nouns and names become one word (`prt`, owning `prts`),
a subject that was left out is put back. Each word keeps the stretch of the original it came from.
"""

import re
import unicodedata
from dataclasses import dataclass, field

from bot.reading.line import ENDS, Line, Word, Mention
from bot.reading.notation import mark
from bot.reading.people import find_people
from bot.reading.spec import Lexicon
from bot.reading.subjects import put_back_subjects

LONGEST = 4096
_TOKEN = re.compile(
    r"(?P<word>[^\W\d_]+(?:['\u2019\u02bc\u00b4`][^\W\d_]+)*)|(?P<number>\d[\d.,:]*)"
    r"|(?P<stop>[.!?\u2026\n]+)|(?P<comma>[,;:()\[\]\u2013\u2014/-]+)|(?P<other>\S)"
)
_QUOTED = re.compile(
    r'"[^"\n]{1,400}"|\u201c[^\u201d\n]{1,400}\u201d|(?<!\w)\u2018[^\u2019\n]{1,120}\u2019(?!\w)'
    r"|(?<![\w'])'(?=\w)[^'\n]{0,120}(?:\w'\w[^'\n]{0,60}){0,3}[\w,.!?]'(?!\w)"
)
_APOSTROPHES = str.maketrans("\u2019\u02bc\u00b4`", "''''")
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_STRETCHED_TO_ONE, _STRETCHED_TO_TWO = r"\1", r"\1\1"
_POSSESSIVE = "+s"
_HAD_OR_WOULD = "+d"
_UNKNOWN = "~"
_AFTER_IS = frozenset(
    "a an the not never always just so too very in on at out away up off from with without like "
    "all my his her our your their mine to as more less only still right wrong fine ok okay happy "
    "sad angry cross mad upset ill sick tired quiet good bad great lovely here there gone "
    "home back over done due the one".split()
)


@dataclass(slots=True)
class Normaliser:
    """Turns texts into lines by one lexicon; `known` are words that patterns name."""

    lexicon: Lexicon
    known: frozenset[str] = frozenset()
    _marked: dict[str, str] = field(default_factory=dict)
    _phrase_starts: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = field(
        default_factory=dict
    )

    def __post_init__(self) -> None:
        lexicon = self.lexicon
        for word in lexicon.negations | lexicon.helpers:
            self._marked[word] = mark(word, lexicon)
        longest_first = sorted(lexicon.phrases.items(), key=lambda item: -len(item[0]))
        for phrase, reading in longest_first:
            self._phrase_starts.setdefault(phrase[0], []).append((phrase[1:], reading))

    def line(self, text: str) -> Line:
        """The line of a text; only its first 4,096 characters are read."""
        text = text[:LONGEST]
        words = self._words(text)
        words = self._without_phrases(words)
        mentions = find_people(words, self.lexicon)
        words = put_back_subjects(words, mentions, self.lexicon)
        return self._assembled(text, words, mentions)

    def _words(self, text: str) -> list[Word]:
        words = [Word(".", 0, 0)]
        spellings = self.lexicon.spellings
        fillers = self.lexicon.fillers
        open_ends = False
        for match in _TOKEN.finditer(text):
            kind = match.lastgroup
            start, end = match.span()
            if kind == "word":
                surface = match.group().lower()
                reading = spellings.get(surface)
                if reading is None:
                    reading = self._spelt_out(surface)
                for part in reading:
                    if part in fillers:
                        continue
                    if part[0] == "+":
                        open_ends = True
                    words.append(Word(part, start, end))
            elif kind == "stop":
                self._stop(words, match.group(), start)
            elif kind == "comma":
                self._comma(words, text, start, end)
            elif kind == "number":
                words.append(
                    Word(
                        "".join(filter(str.isascii, match.group().rstrip(".,:"))) or _UNKNOWN,
                        start,
                        end,
                    )
                )
            else:
                meaning = self.lexicon.emoji.get(match.group())
                if meaning is not None:
                    words.append(Word(meaning, start, end))
        if words[-1].text not in ENDS:
            words.append(Word(".", len(text), len(text)))
        if open_ends:
            self._close_ends(words)
        return words

    @staticmethod
    def _stop(words: list[Word], marks: str, start: int) -> None:
        stop = "?" if "?" in marks else "."
        if words[-1].text in ENDS:
            return
        words[-1].comma = False
        words.append(Word(stop, start, start))

    @staticmethod
    def _comma(words: list[Word], text: str, start: int, end: int) -> None:
        joins = text[start:end] in {"-", "/"} and text[start - 1 : start].isalnum()
        if joins and text[end : end + 1].isalnum():
            return
        if words[-1].text not in ENDS:
            words[-1].comma = True

    def _spelt_out(self, surface: str) -> tuple[str, ...]:
        if not surface.isascii():
            surface = surface.translate(_APOSTROPHES)
            if not surface.isascii():
                decomposed = unicodedata.normalize("NFKD", surface)
                surface = "".join(c for c in decomposed if "a" <= c <= "z" or c == "'")
            if surface in self.lexicon.spellings:
                return self.lexicon.spellings[surface]
            if not surface.strip("'"):
                return (_UNKNOWN,)
        if _STRETCHED.search(surface):
            surface = self._unstretched(surface)
            if surface in self.lexicon.spellings:
                return self.lexicon.spellings[surface]
        if "'" not in surface:
            return (surface,)
        stem, _, tail = surface.rpartition("'")
        stem = stem.replace("'", "")
        if not stem:
            return (tail or _UNKNOWN,)
        endings = {"s": (stem, _POSSESSIVE), "d": (stem, _HAD_OR_WOULD), "ll": (stem, "will"),
                   "ve": (stem, "have"), "re": (stem, "are"), "m": (stem, "am")}  # fmt: skip
        return endings.get(tail, (stem + tail,))

    def _unstretched(self, surface: str) -> str:
        once = _STRETCHED.sub(_STRETCHED_TO_ONE, surface)
        if once in self.known or once in self.lexicon.spellings:
            return once
        twice = _STRETCHED.sub(_STRETCHED_TO_TWO, surface)
        return twice if twice in self.known or twice in self.lexicon.spellings else once

    def _close_ends(self, words: list[Word]) -> None:
        """Decide what each open 's and 'd stands for, by the word after it."""
        for at, word in enumerate(words):
            if word.text == _HAD_OR_WOULD:
                word.text = "had" if self._is_participle(words[at + 1].text) else "would"
            elif word.text == _POSSESSIVE:
                following = words[at + 1].text
                if self._is_participle(following) or following in {"got", "been"}:
                    word.text = "has" if following in {"got", "been", "had"} else "is"
                elif (
                    following in _AFTER_IS
                    or following.endswith("ing")
                    or following in ENDS
                    or words[at - 1].text in {"he", "she", "it", "that", "there", "what", "who",
                                              "where", "how", "this", "here", "everyone",
                                              "everything", "nothing"}
                ):  # fmt: skip
                    word.text = "is"
        kept = []
        for word in words:
            if word.text != _POSSESSIVE:
                kept.append(word)
            elif kept[-1].text not in ENDS:
                # an owner: "husband's phone" is one word with its mark
                kept[-1].text += "'s"
        words[:] = kept

    def _is_participle(self, word: str) -> bool:
        return word in self.lexicon.participles or (len(word) > 4 and word.endswith("ed"))

    def _without_phrases(self, words: list[Word]) -> list[Word]:
        starts = self._phrase_starts
        out: list[Word] = []
        at = 0
        count = len(words)
        while at < count:
            word = words[at]
            candidates = starts.get(word.text)
            if candidates:
                for rest, reading in candidates:
                    last = at + len(rest)
                    if last < count and all(
                        words[at + 1 + offset].text == expected
                        for offset, expected in enumerate(rest)
                    ):
                        end = words[last].end
                        out += [Word(part, word.start, end) for part in reading]
                        if reading or out[-1].text not in ENDS:
                            out[-1].comma = out[-1].comma or words[last].comma
                        at = last + 1
                        break
                else:
                    out.append(word)
                    at += 1
                continue
            out.append(word)
            at += 1
        return out

    def _assembled(self, text: str, words: list[Word], mentions: list[Mention]) -> Line:
        marked = self._marked
        pieces: list[str] = []
        offsets: list[int] = []
        length = 0
        for word in words:
            piece = marked.get(word.text, word.text)
            if word.added:
                piece = "+" + piece
            if word.comma:
                piece += ","
            offsets.append(length)
            pieces.append(piece)
            length += len(piece) + 1
        line = (" ".join(pieces) + " ").encode("ascii", "replace")
        quoted = _quoted(text) if any(mark_ in text for mark_ in "\"\u201c\u2018'") else ()
        return Line(text, line, tuple(words), tuple(offsets), quoted, tuple(mentions))


def _quoted(text: str) -> tuple[tuple[int, int], ...]:
    return tuple(match.span() for match in _QUOTED.finditer(text))

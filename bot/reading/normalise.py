"""A reply as a line of plain words that patterns can meet, with the way back to its own spelling.

Lower case, opened contractions, restored apostrophes, shorthand, stretched letters and emoji as
words; fillers are left out, the partner's nouns and names become one word (`prt`, owning `prts`),
a subject that was left out is put back. Each word keeps the stretch of the original it came from.
"""

import re
import unicodedata

from bot.reading.codes import CODE, COMMA, UNKNOWN, Codes
from bot.reading.line import ENDS, Line, Mention, Word
from bot.reading.line import UNKNOWN as NO_WORD
from bot.reading.notation import SUBJECTS
from bot.reading.people import People
from bot.reading.spec import Lexicon
from bot.reading.subjects import put_back_subjects

LONGEST = 4096
_TOKEN = re.compile(
    r"([^\W\d_]+(?:['\u2019\u02bc\u00b4`][^\W\d_]+)*)|(\d[\d.,:]*)"
    r"|([.!?\u2026\n]+)|([,;:()\[\]\u2013\u2014/-]+)|(\S)"
)
_QUOTED = re.compile(
    r'"[^"\n]{1,400}"|\u201c[^\u201d\n]{1,400}\u201d|(?<!\w)\u2018[^\u2019\n]{1,120}\u2019(?!\w)'
    r"|(?<![\w'])'(?=\w)[^'\n]{0,120}(?:\w'\w[^'\n]{0,60}){0,3}[\w,.!?]'(?!\w)"
)
_APOSTROPHES = str.maketrans("\u2019\u02bc\u00b4`", "''''")
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_POSSESSIVE = "+s"
_HAD_OR_WOULD = "+d"
_ENDINGS = {
    "s": _POSSESSIVE,
    "d": _HAD_OR_WOULD,
    "ll": "will",
    "ve": "have",
    "re": "are",
    "m": "am",
}
_NEVER_OWNS = "he she it that there what who where how this here everyone everything nothing"
_IS_WORD, _IS_NUMBER, _IS_STOP, _IS_COMMA = 1, 2, 3, 4
_Phrase = tuple[tuple[str, ...], tuple[str, ...]]
_AFTER_IS = """a an the not never always just so too very in on at out away up off from with without
like all my his her our your their mine to as more less only still right wrong fine ok happy sad
angry cross mad upset ill sick tired quiet good bad great lovely here there gone home back over done
due one"""


class Normaliser:
    """Turns texts into lines by one lexicon."""

    def __init__(self, lexicon: Lexicon, codes: Codes) -> None:
        """Prepare the lexicon; `codes` has the words that patterns name."""
        self._lexicon = lexicon
        self._codes = codes.words
        fillers = lexicon.fillers
        # what a surface is read as, fillers already left out
        self._spellings = dict.fromkeys(fillers, ()) | {
            surface: tuple(part for part in reading if part not in fillers)
            for surface, reading in lexicon.spellings.items()
        }
        self._added = {subject: codes.of_added(subject) for subject in SUBJECTS}
        self._people = People(lexicon)
        self._after_is = frozenset(_AFTER_IS.split())
        self._never_owns = frozenset(_NEVER_OWNS.split())
        # first word -> second word -> what may follow them, longest first
        self._phrases: dict[str, dict[str, list[_Phrase]]] = {}
        for phrase, reading in sorted(lexicon.phrases.items(), key=lambda item: -len(item[0])):
            seconds = self._phrases.setdefault(phrase[0], {})
            seconds.setdefault(phrase[1], []).append((phrase[2:], reading))

    def line(self, text: str) -> Line:
        """The line of a text; only its first 4,096 characters are read."""
        text = text[:LONGEST]
        words = self._words(text)
        words = self._without_phrases(words)
        mentions = self._people.find(words)
        words = put_back_subjects(words, mentions, self._lexicon)
        return self._assembled(text, words, mentions)

    def _words(self, text: str) -> list[Word]:
        words = [Word(".", 0, 0)]
        append = words.append
        spellings, known = self._spellings, self._codes
        open_ends = False
        for match in _TOKEN.finditer(text):
            kind = match.lastindex
            start, end = match.span()
            if kind == _IS_WORD:
                surface = match[0].lower()
                reading = spellings.get(surface)
                if reading is None:
                    if surface in known:
                        append(Word(surface, start, end))
                        continue
                    reading = self._spelt_out(surface)
                for part in reading:
                    open_ends = open_ends or part[0] == "+"
                    append(Word(part, start, end))
            elif kind == _IS_STOP:
                if words[-1].text not in ENDS:
                    words[-1].comma = False
                    append(Word("?" if "?" in match[0] else ".", start, start))
            elif kind == _IS_COMMA:
                _comma(words, text, start, end)
            elif kind == _IS_NUMBER:
                digits = "".join(filter(str.isdecimal, match[0]))
                append(Word(digits if digits.isascii() else NO_WORD, start, end))
            elif match[0] in self._lexicon.emoji:
                append(Word(self._lexicon.emoji[match[0]], start, end))
        if words[-1].text not in ENDS:
            words[-1].comma = False
            append(Word(".", len(text), len(text)))
        return self._closed_ends(words) if open_ends else words

    def _spelt_out(self, surface: str) -> tuple[str, ...]:
        """How a word is read that the spellings do not have as it stands."""
        spellings = self._spellings
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
            if candidate in self._codes or candidate in self._spellings:
                return candidate
        return once

    def _closed_ends(self, words: list[Word]) -> list[Word]:
        """Decide what each open 's and 'd stands for, by the word after it.

        What is left is an owner's 's: "husband's phone" becomes one word with its mark.
        """
        kept: list[Word] = []
        for at, word in enumerate(words):
            text = word.text
            if text == _HAD_OR_WOULD:
                word.text = "had" if self._is_participle(words[at + 1].text) else "would"
            elif text == _POSSESSIVE:
                following = words[at + 1].text
                if following in {"got", "been", "had"}:
                    word.text = "has"
                elif (
                    following in self._after_is
                    or following in ENDS
                    or following.endswith("ing")
                    or self._is_participle(following)
                    or words[at - 1].text in self._never_owns
                ):
                    word.text = "is"
                else:
                    kept[-1].text += "'s"
                    kept[-1].comma = word.comma
                    continue
            kept.append(word)
        return kept

    def _is_participle(self, word: str) -> bool:
        return word in self._lexicon.participles or (len(word) > 4 and word.endswith("ed"))

    def _without_phrases(self, words: list[Word]) -> list[Word]:
        """The words with phrases read as what they stand for, or read over."""
        phrases = self._phrases
        out: list[Word] = []
        at = 0
        last = len(words) - 1
        while at < last:
            word = words[at]
            at += 1
            seconds = phrases.get(word.text)
            found = seconds.get(words[at].text) if seconds else None
            if found:
                for rest, reading in found:
                    end = at + len(rest)
                    if end < last and all(
                        words[at + 1 + offset].text == text for offset, text in enumerate(rest)
                    ):
                        stop = words[end].end
                        out += [Word(part, word.start, stop) for part in reading]
                        if out[-1].text not in ENDS:
                            out[-1].comma = out[-1].comma or words[end].comma
                        at = end + 1
                        break
                else:
                    out.append(word)
            else:
                out.append(word)
        out += words[at:]
        return out

    def _assembled(self, text: str, words: list[Word], mentions: list[Mention]) -> Line:
        code_of = self._codes.get
        codes: list[bytes] = []
        offsets: list[int] = []
        offset = 0
        for word in words:
            offsets.append(offset)
            codes.append(self._added[word.text] if word.added else code_of(word.text, UNKNOWN))
            offset += CODE
            if word.comma:
                codes.append(COMMA)
                offset += CODE
        quoted = tuple(match.span() for match in _QUOTED.finditer(text)) if _may_quote(text) else ()
        return Line(text, b"".join(codes), words, offsets, quoted, mentions)


def _comma(words: list[Word], text: str, start: int, end: int) -> None:
    joins = text[start:end] in {"-", "/"} and text[start - 1 : start].isalnum()
    if words[-1].text not in ENDS and not (joins and text[end : end + 1].isalnum()):
        words[-1].comma = True


def _may_quote(text: str) -> bool:
    return '"' in text or "\u201c" in text or "\u2018" in text or text.count("'") > 1

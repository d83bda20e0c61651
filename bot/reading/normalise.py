"""A reply as a line of plain words that patterns can meet, with the way back to its own spelling.

Lower case, opened contractions, restored apostrophes, shorthand, stretched letters and emoji as
words; fillers are left out, the partner's nouns and names become one word (`prt`, owning `prts`),
a subject that was left out is put back. Each word keeps the stretch of the original it came from.
"""

import re
import unicodedata
from itertools import accumulate, repeat
from sys import intern

from bot.reading.codes import CODE, COMMA, UNKNOWN, Codes
from bot.reading.line import ENDS, Line, Mention, Words
from bot.reading.line import UNKNOWN as NO_WORD
from bot.reading.notation import SUBJECTS
from bot.reading.people import People
from bot.reading.spec import Lexicon
from bot.reading.subjects import put_back_subjects

LONGEST = 4096
_WORD = re.compile(r"([^\W\d_]+(?:['\u2019\u02bc\u00b4`][^\W\d_]+)*)")
# what may stand between two words
_SIGN = re.compile(r"(\d[\d.,:]*)|([.!?\u2026\n]+)|([,;:()\[\]\u2013\u2014/-]+)|(\S)")
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
_IS_NUMBER, _IS_STOP, _IS_COMMA = 1, 2, 3
_Phrase = tuple[list[str], tuple[str, ...]]
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
            surface: tuple(intern(part) for part in reading if part not in fillers)
            for surface, reading in lexicon.spellings.items()
        }
        # most words are read as one, and that one needs no looking at
        self._plain = {
            surface: reading[0]
            for surface, reading in self._spellings.items()
            if len(reading) == 1 and reading[0][0] != "+"
        } | {word: word for word in self._codes if word not in self._spellings}
        self._added = {subject: codes.of_added(subject) for subject in SUBJECTS}
        self._people = People(lexicon)
        self._after_is = frozenset(_AFTER_IS.split())
        self._never_owns = frozenset(_NEVER_OWNS.split())
        # first word -> second word -> what may follow them, longest first
        self._phrases: dict[str, dict[str, list[_Phrase]]] = {}
        for phrase, reading in sorted(lexicon.phrases.items(), key=lambda item: -len(item[0])):
            seconds = self._phrases.setdefault(phrase[0], {})
            seconds.setdefault(phrase[1], []).append((list(phrase[2:]), reading))

    def line(self, text: str) -> Line:
        """The line of a text; only its first 4,096 characters are read."""
        text = text[:LONGEST]
        words = self._without_phrases(self._words(text))
        words, mentions = self._people.find(words)
        words = put_back_subjects(words, mentions, self._lexicon)
        return self._assembled(text, words, mentions)

    def _words(self, text: str) -> Words:
        words = Words(["."], [0], [0], [False])
        commas: list[int] = []
        open_ends = False
        # signs and words by turns; all ordinary words go through at once
        parts = _WORD.split(text)
        places = list(accumulate(map(len, parts)))
        starts, ends = places[:-1:2], places[1::2]
        if parts[0]:
            self._between(text, 0, places[0], words, commas)
        read = list(map(self._plain.get, map(str.lower, parts[1::2]), repeat("")))
        copied = 0
        for at in [
            at
            for at, (known, between) in enumerate(zip(read, parts[2::2], strict=True))
            if not known or between != " "
        ]:
            known = read[at]
            past = at + 1 if known else at
            words.texts += read[copied:past]
            words.starts += starts[copied:past]
            words.ends += ends[copied:past]
            copied = at + 1
            if not known:
                for part in self._spelt_out(parts[2 * at + 1].lower()):
                    open_ends = open_ends or part[0] == "+"
                    words.texts.append(part)
                    words.starts.append(starts[at])
                    words.ends.append(ends[at])
            if parts[2 * at + 2] != " ":
                self._between(text, ends[at], places[2 * at + 2], words, commas)
        texts = words.texts
        texts += read[copied:]
        words.starts += starts[copied:]
        words.ends += ends[copied:]
        if texts[-1] not in ENDS:
            _end(words, ".", len(text), commas)
        words.commas = [False] * len(texts)
        for place in commas:
            words.commas[place] = True
        return self._closed_ends(words) if open_ends else words

    def _between(self, text: str, start: int, past: int, words: Words, commas: list[int]) -> None:
        """Read what stands between two words: ends, commas, numbers, emoji."""
        for match in _SIGN.finditer(text, start, past):
            kind = match.lastindex
            start, end = match.span()
            if kind == _IS_STOP:
                if words.texts[-1] not in ENDS:
                    _end(words, "?" if "?" in match[0] else ".", start, commas)
                continue
            if kind == _IS_COMMA:
                last = len(words.texts) - 1
                if words.texts[last] not in ENDS and not _joins(text, start, end):
                    commas += (last,) if commas[-1:] != [last] else ()
                continue
            if kind == _IS_NUMBER:
                digits = "".join(filter(str.isdecimal, match[0]))
                read = digits if digits.isascii() else NO_WORD
            else:
                read = self._lexicon.emoji.get(match[0], "")
            if read:
                words.texts.append(read)
                words.starts.append(start)
                words.ends.append(end)

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
            if candidate in self._codes or candidate in self._spellings:
                return candidate
        return once

    def _closed_ends(self, words: Words) -> Words:
        """Decide what each open 's and 'd stands for, by the word after it.

        What is left is an owner's 's: "husband's phone" becomes one word with its mark.
        """
        texts = words.texts
        kept = Words()
        copied = 0
        for at, text in enumerate(texts):
            if text == _HAD_OR_WOULD:
                texts[at] = "had" if self._is_participle(texts[at + 1]) else "would"
            elif text == _POSSESSIVE:
                following = texts[at + 1]
                if following in {"got", "been", "had"}:
                    texts[at] = "has"
                elif (
                    following in self._after_is
                    or following in ENDS
                    or following.endswith("ing")
                    or self._is_participle(following)
                    or texts[at - 1] in self._never_owns
                ):
                    texts[at] = "is"
                else:
                    kept.take(words, copied, at)
                    copied = at + 1
                    kept.texts[-1] += "'s"
                    kept.commas[-1] = words.commas[at]
        if not copied:
            return words
        kept.take(words, copied, len(texts))
        return kept

    def _is_participle(self, word: str) -> bool:
        return word in self._lexicon.participles or (len(word) > 4 and word.endswith("ed"))

    def _without_phrases(self, words: Words) -> Words:
        """The words with phrases read as what they stand for, or read over."""
        texts, phrases = words.texts, self._phrases
        last = len(texts) - 1
        out = Words()
        copied = 0
        for at in [at for at, text in enumerate(texts) if text in phrases]:
            if at < copied or at >= last:
                continue
            for rest, reading in phrases[texts[at]].get(texts[at + 1], ()):
                end = at + 1 + len(rest)
                if end < last and texts[at + 2 : end + 1] == rest:
                    out.take(words, copied, at)
                    copied = end + 1
                    for part in reading:
                        out.add(part, words.starts[at], words.ends[end])
                    if out.texts[-1] not in ENDS:
                        out.commas[-1] = out.commas[-1] or words.commas[end]
                    break
        if not copied:
            return words
        out.take(words, copied, last + 1)
        return out

    def _assembled(self, text: str, words: Words, mentions: list[Mention]) -> Line:
        code_of = self._codes.get
        codes = [code_of(word, UNKNOWN) for word in words.texts]
        for at in words.added:
            codes[at] = self._added[words.texts[at]]
        commas = words.commas
        if True in commas:
            for at, comma in enumerate(commas):
                if comma:
                    codes[at] += COMMA
            offsets = list(accumulate(map(len, codes), initial=0))
            offsets.pop()
        else:
            offsets = list(range(0, CODE * len(codes), CODE))
        quoted = tuple(match.span() for match in _QUOTED.finditer(text)) if _may_quote(text) else ()
        return Line(text, b"".join(codes), words, offsets, quoted, mentions)


def _end(words: Words, text: str, at: int, commas: list[int]) -> None:
    """End a sentence; a comma right before it says nothing any more."""
    if commas[-1:] == [len(words.texts) - 1]:
        commas.pop()
    words.texts.append(text)
    words.starts.append(at)
    words.ends.append(at)


def _joins(text: str, start: int, end: int) -> bool:
    """Whether a dash or a slash stands inside a word: "phone-free"."""
    return (
        text[start:end] in {"-", "/"}
        and text[start - 1 : start].isalnum()
        and text[end : end + 1].isalnum()
    )


def _may_quote(text: str) -> bool:
    return '"' in text or "\u201c" in text or "\u2018" in text or text.count("'") > 1

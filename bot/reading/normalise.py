"""A reply as a line of plain words that patterns can meet, with the way back to its own spelling.

Lower case, opened contractions, restored apostrophes, shorthand, stretched letters and emoji as
words; fillers are left out, the partner's nouns and names become one word (`prt`, owning `prts`),
a subject that was left out is put back. Each word keeps the stretch of the original it came from.
"""

import re
from itertools import accumulate, compress, count, repeat
from operator import add

from bot.reading.codes import COMMA, UNKNOWN, Codes
from bot.reading.line import ENDS, Line, Mention, Words
from bot.reading.notation import SUBJECTS
from bot.reading.people import People
from bot.reading.pieces import COMMA as COMMA_SIGN
from bot.reading.pieces import HAD_OR_WOULD, POSSESSIVE, Pieces
from bot.reading.spec import Lexicon
from bot.reading.subjects import put_back_subjects

LONGEST = 4096
_QUOTED = re.compile(
    r'"[^"\n]{1,400}"|\u201c[^\u201d\n]{1,400}\u201d|(?<!\w)\u2018[^\u2019\n]{1,120}\u2019(?!\w)'
    r"|(?<![\w'])'(?=\w)[^'\n]{0,120}(?:\w'\w[^'\n]{0,60}){0,3}[\w,.!?]'(?!\w)"
)
_NEVER_OWNS = "he she it that there what who where how this here everyone everything nothing"
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
        self._pieces = Pieces(lexicon, codes.words)
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
        words, has_open_ends = self._words(text)
        if has_open_ends:
            words = self._closed_ends(words)
        words = self._without_phrases(words)
        words, mentions = self._people.find(words, has_open_ends)
        words = put_back_subjects(words, mentions, self._lexicon)
        return self._assembled(text, words, mentions)

    def _words(self, text: str) -> tuple[Words, bool]:
        """The words of a text, and whether there are open endings among them."""
        words = Words(["."], [0], [0])
        texts = words.texts
        commas: list[int] = []
        is_open = False
        pieces = text.split(" ")
        lengths = list(map(len, pieces))
        starts = list(map(add, accumulate(lengths, initial=0), count()))
        ends = list(map(add, starts, lengths))
        read = list(map(self._pieces.words.get, pieces, repeat("")))
        copied = 0
        for at in [at for at, known in enumerate(read) if not known]:
            texts += read[copied:at]
            words.starts += starts[copied:at]
            words.ends += ends[copied:at]
            copied = at + 1
            if not pieces[at]:
                continue
            piece, start = self._pieces.read(pieces[at]), starts[at]
            for sign, place in piece.leading:
                _add_sign(words, commas, sign, start + place)
            if piece.commas:
                commas += [len(texts) + place for place in piece.commas]
            is_open = is_open or piece.is_open
            texts += piece.texts
            words.starts += [start + place for place in piece.starts]
            words.ends += [start + place for place in piece.ends]
        texts += read[copied:]
        words.starts += starts[copied:-1]
        words.ends += ends[copied:]
        _add_sign(words, commas, ".", len(text))
        words.commas = [False] * len(texts)
        for place in commas:
            words.commas[place] = True
        return words, is_open

    def _closed_ends(self, words: Words) -> Words:
        """Decide what each open 's and 'd stands for, by the word after it.

        What is left is an owner's 's: "husband's phone" becomes one word with its mark.
        """
        texts = words.texts
        kept = Words()
        copied = 0
        for at, text in enumerate(texts):
            if text == HAD_OR_WOULD:
                texts[at] = "had" if self._is_participle(texts[at + 1]) else "would"
            elif text == POSSESSIVE:
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
        codes = list(map(self._codes.get, words.texts, repeat(UNKNOWN)))
        for at in words.added:
            codes[at] = self._added[words.texts[at]]
        commas = words.commas
        for at in compress(count(), commas):
            codes[at] += COMMA
        ends = [at for at, word in enumerate(words.texts) if word in ENDS]
        quoted = tuple(match.span() for match in _QUOTED.finditer(text)) if _may_quote(text) else ()
        return Line(text, b"".join(codes), words, ends, quoted, mentions)


def _add_sign(words: Words, commas: list[int], sign: str, at: int) -> None:
    """Read a comma or an end of a sentence, which say nothing behind an end."""
    last = len(words.texts) - 1
    if words.texts[last] in ENDS:
        return
    if sign == COMMA_SIGN:
        if commas[-1:] != [last]:
            commas.append(last)
        return
    # a comma right before it says nothing any more
    if commas[-1:] == [last]:
        commas.pop()
    words.texts.append(sign)
    words.starts.append(at)
    words.ends.append(at)


def _may_quote(text: str) -> bool:
    return '"' in text or "\u201c" in text or "\u2018" in text or text.count("'") > 1

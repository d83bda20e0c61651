"""The readable notation for structures of words, compiled to RE2.

Words stand side by side; `(a|b)` gives alternatives, `[often]` may be missing, `give~` is any form
of give, `<HIM>` is a named list, `*` skips helping words (always, have to, end up), `..` skips up
to three words and `...` up to nine, neither across a no or the end of a sentence. `^` is the start
of a sentence, `$` its end, `,` the edge of a clause. A comma between two words never matters. Words
are read as they are in a reply: fillers (really) are read over, shorthand and phrases opened.

The compiled form reads the *line* that `normalise` makes, two bytes a word (see `codes`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from sys import intern

from bot.reading.codes import (
    ANY_ADDED,
    ANY_END,
    ANY_HELPER,
    ANY_SKIPPED,
    COMMA,
    MAYBE_COMMA,
    Codes,
    any_of,
)
from bot.reading.forms import forms_of
from bot.reading.spec import Lexicon
from bot.reading.structure import Edge, Structure, in_a_row, one_of
from bot.reading.usage import Usage
from bot.reading.ways import ANYTHING, FEW_WAYS, MANY_WAYS, expected

_CONJUNCTIONS = frozenset({"and", "but", "then", "so", "or"})
SUBJECTS = frozenset({"i", "we", "he", "she", "prt"})
_SKIPPED = b"(?:" + MAYBE_COMMA + ANY_SKIPPED + b")"
_SIGNS = {
    "*": b"(?:" + MAYBE_COMMA + ANY_HELPER + b"){0,4}",
    "..": _SKIPPED + b"{0,3}?",
    "...": _SKIPPED + b"{0,9}?",
    # what stands first in a sentence may have had its subject put back
    "^": ANY_END + b"(?:" + ANY_ADDED + b")?",
    "$": MAYBE_COMMA + ANY_END,
    ",": b"(?:" + COMMA + b"|" + ANY_END + b")(?:" + ANY_ADDED + b")?",
}
# how many words of a line a sign may stand for
_LONGEST = {"*": 4, "..": 3, "...": 9, "^": 2, "$": 1, ",": 2}
_EDGES = frozenset("^$")
_TOKEN = re.compile(
    r"(?P<sign>\.\.\.|\.\.|[*^$,])|(?P<macro><[A-Z_0-9]+>)|(?P<word>[a-z0-9]+~?)"
    r"|(?P<mark>[()\[\]|])|(?P<space>\s+)|(?P<bad>.)",
    re.DOTALL,
)
_DEEPEST_MACRO = 8
_LONGEST_PHRASE = 6
_READ_OVER = "\0"
# of all sentences
_TOO_OFTEN = 0.02


class NotationError(ValueError):
    """A pattern that cannot be read; the message says what and where in the pattern."""


_NOTHING = Structure(b"")


@dataclass(slots=True)
class Notation:
    """Reads patterns, with one set of macros and one lexicon."""

    macros: Mapping[str, str]
    lexicon: Lexicon
    codes: Codes
    usage: Usage = field(default_factory=Usage)
    most_ways: int = FEW_WAYS
    _finer: "Notation | None" = None
    _expanded: dict[str, Structure] = field(default_factory=dict)
    _words: dict[str, Structure] = field(default_factory=dict)
    _open: list[str] = field(default_factory=list)
    _phrase_starts: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self._phrase_starts = frozenset(phrase[0] for phrase in self.lexicon.phrases)

    def read(self, pattern: str) -> Structure:
        """A whole pattern.

        Raises:
            NotationError: If the pattern cannot be read.
        """
        tokens = self._tokens(pattern)
        structure, end = self._alternatives(tokens, 0, closing="")
        if end != len(tokens):
            raise NotationError(f"'{tokens[end]}' closes nothing in: {pattern}")
        if not structure.words:
            raise NotationError(f"the pattern names nothing that can be met: {pattern}")
        return structure

    def read_finely(self, pattern: str) -> Structure:
        """A whole pattern, told apart in more ways if few would let it be met too often.

        Raises:
            NotationError: If the pattern cannot be read.
        """
        structure = self.read(pattern)
        if expected(structure.ways, self.usage) < _TOO_OFTEN:
            return structure
        if self._finer is None:
            self._finer = Notation(
                self.macros, self.lexicon, self.codes, self.usage, most_ways=MANY_WAYS
            )
        return self._finer.read(pattern)

    def either(self, patterns: tuple[str, ...]) -> Structure:
        """Any one of several patterns.

        Raises:
            NotationError: If one of them cannot be read.
        """
        read = [self.read(pattern) for pattern in patterns]
        return one_of(read, self.usage, self.most_ways) if len(read) > 1 else read[0]

    def _tokens(self, pattern: str) -> list[str]:
        tokens = []
        for match in _TOKEN.finditer(pattern):
            if match.lastgroup == "bad":
                raise NotationError(_complaint(match.group(), pattern))
            if match.lastgroup != "space":
                tokens.append(match.group())
        return self._as_in_a_reply(tokens)

    def _as_in_a_reply(self, tokens: list[str]) -> list[str]:
        """Spellings and phrases opened; words that are read over get a mark that says so."""
        lexicon = self.lexicon
        spelt: list[str] = []
        for token in tokens:
            spelt += lexicon.spellings.get(token, (token,))
        out: list[str] = []
        at = 0
        while at < len(spelt):
            length, reading = (
                self._phrase_at(spelt, at) if spelt[at] in self._phrase_starts else (1, None)
            )
            if reading:
                out += reading
            elif reading is not None:
                out.append(_READ_OVER + " ".join(spelt[at : at + length]))
            else:
                out.append(spelt[at])
            at += length
        return [_READ_OVER + token if token in lexicon.fillers else token for token in out]

    def _phrase_at(self, tokens: list[str], at: int) -> tuple[int, tuple[str, ...] | None]:
        for length in range(min(_LONGEST_PHRASE, len(tokens) - at), 1, -1):
            reading = self.lexicon.phrases.get(tuple(tokens[at : at + length]))
            if reading is not None:
                return length, reading
        return 1, None

    def _alternatives(self, tokens: list[str], start: int, closing: str) -> tuple[Structure, int]:
        branches: list[Structure] = []
        at = start
        while True:
            first = at
            branch, at = self._sequence(tokens, at)
            if branch.expression:
                branches.append(branch)
            elif at == first:
                raise NotationError(f"an alternative is empty in: {_as_written(tokens)}")
            elif closing != "]":
                raise NotationError(
                    f"'{_as_written(tokens[first:at])}' is read over, so nothing is left of an "
                    f"alternative in: {_as_written(tokens)}"
                )
            if at >= len(tokens) or tokens[at] != "|":
                break
            at += 1
        if closing:
            if at >= len(tokens) or tokens[at] != closing:
                raise NotationError(f"a '{closing}' is missing in: {_as_written(tokens)}")
            at += 1
        if not branches:
            return _NOTHING, at
        if len(branches) == 1:
            return branches[0], at
        return one_of(branches, self.usage, self.most_ways), at

    def _sequence(self, tokens: list[str], start: int) -> tuple[Structure, int]:
        parts: list[Structure] = []
        at = start
        while at < len(tokens) and tokens[at] not in (")", "]", "|"):
            part, at = self._item(tokens, at)
            parts.append(part)
        return in_a_row(parts, self.usage, self.most_ways) if parts else _NOTHING, at

    def _item(self, tokens: list[str], at: int) -> tuple[Structure, int]:
        part = tokens[at]
        if part == "(":
            return self._alternatives(tokens, at + 1, closing=")")
        if part == "[":
            inner, end = self._alternatives(tokens, at + 1, closing="]")
            if not inner.expression:
                return _NOTHING, end
            expression = b"(?:" + inner.expression + b")?"
            return replace(inner, expression=expression, ways=ANYTHING, single=frozenset()), end
        if part.startswith(_READ_OVER):
            return _NOTHING, at + 1
        if part in _SIGNS:
            edge = Edge.ALONE if part in _EDGES else Edge.NOWHERE
            sign = Structure(_SIGNS[part], crosses=part == ",", longest=_LONGEST[part], edge=edge)
            return sign, at + 1
        if part.startswith("<"):
            return self._macro(part[1:-1]), at + 1
        if part not in self._words:
            self._words[part] = self._word(part)
        return self._words[part], at + 1

    def _macro(self, name: str) -> Structure:
        if name not in self._expanded:
            if name not in self.macros:
                raise NotationError(f"there is no macro <{name}>")
            if name in self._open or len(self._open) > _DEEPEST_MACRO:
                raise NotationError(f"macro <{name}> contains itself")
            self._open.append(name)
            try:
                self._expanded[name] = self.read(self.macros[name])
            finally:
                self._open.pop()
        return self._expanded[name]

    def _word(self, token: str) -> Structure:
        forms = forms_of(token[:-1], self.lexicon.forms) if token.endswith("~") else (token,)
        forms = tuple(map(intern, forms))
        codes = [self.codes.of(form) for form in forms]
        codes += [self.codes.of_added(form) for form in forms if form in SUBJECTS]
        expression = MAYBE_COMMA + any_of(codes)
        words = frozenset(forms)
        if token in _CONJUNCTIONS:
            # "and went": the subject that was put back may stand between
            expression += b"(?:" + ANY_ADDED + b")?"
            return Structure(expression, words, ((words,),), longest=2)
        return Structure(expression, words, ((words,),), frozenset(codes), longest=1)


def _as_written(tokens: list[str]) -> str:
    return " ".join(token.removeprefix(_READ_OVER) for token in tokens)


def _complaint(character: str, pattern: str) -> str:
    if ord(character) < 32 or ord(character) == 127:
        return (
            f"a control character (\\x{ord(character):02x}) in the pattern; in YAML, double "
            "quotes turn \\b into one"
        )
    if character in "'\u2019":
        return f"an apostrophe in: {pattern}; write contractions out (do not, he is)"
    if character.isupper():
        return f"a capital letter in: {pattern}; patterns are lower case, macros are <NAMED>"
    return f"the notation has no '{character}' (in: {pattern})"

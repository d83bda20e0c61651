"""The readable notation for structures of words, compiled to RE2.

Words stand side by side; `(a|b)` gives alternatives, `[often]` may be missing, `give~` is any form
of give, `<HIM>` is a named list, `*` skips helping words (always, have to, end up), `..` skips up
to three words and `...` up to nine, neither across a no or the end of a sentence. `^` is the start
of a sentence, `$` its end, `,` the edge of a clause. A comma between two words never matters.

The compiled form reads the *line* that `normalise` makes: words separated by single spaces, a
comma clinging to the word before it, a lone `.` or `?` for the end of a sentence, and one mark in
front of some words: `!` for a no, `'` for a helping word, `+` for a subject the writer left out.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.reading.forms import forms_of
from bot.reading.spec import Lexicon

_SEPARATOR = ",? "
_HELPERS = "(?:,? '[a-z]+){0,4}"
_WORD = r"(?:,? [^ ,.?!][a-z0-9~]*)"
_SHORT_GAP = _WORD + "{0,3}?"
_LONG_GAP = _WORD + "{0,9}?"
_LEFT_OUT = r"(?: \+[a-z]+)?"
_CONJUNCTIONS = frozenset({"and", "but", "then", "so", "or"})
_SUBJECTS = frozenset({"i", "we", "he", "she", "prt"})
_TOKEN = re.compile(
    r"(?P<gap>\.\.\.|\.\.)|(?P<macro><[A-Z_0-9]+>)|(?P<word>[a-z0-9]+~?)"
    r"|(?P<mark>[()\[\]|*^$,])|(?P<space>\s+)|(?P<bad>.)",
    re.DOTALL,
)
_DEEPEST_MACRO = 8
_LONGEST_PHRASE = 6
_READ_OVER = "\0"
_FIXED = {
    "..": _SHORT_GAP,
    "...": _LONG_GAP,
    "*": _HELPERS,
    "^": "[.?]",
    "$": ",? [.?]",
    ",": "(?:,| [.?])",
}


class NotationError(ValueError):
    """A pattern that cannot be read; the message says what and where in the pattern."""


@dataclass(slots=True)
class Notation:
    """Compiles patterns against one set of macros and one lexicon."""

    macros: Mapping[str, str]
    lexicon: Lexicon
    _expanded: dict[str, tuple[str, frozenset[str]]] = field(default_factory=dict)
    _open: list[str] = field(default_factory=list)

    def compile(self, pattern: str) -> str:
        """The RE2 expression for a pattern.

        Raises:
            NotationError: If the pattern cannot be read.
        """
        return self._parse(pattern)[0] + "[ ,]"

    def literals(self, pattern: str) -> frozenset[str]:
        """All words that a pattern names itself, macros opened; what it skips is not among them."""
        return self._parse(pattern)[1]

    def _parse(self, pattern: str) -> tuple[str, frozenset[str]]:
        tokens = self._tokens(pattern)
        words: set[str] = set()
        expression, end = self._alternatives(tokens, 0, words, closing="")
        if end != len(tokens):
            raise NotationError(f"'{tokens[end]}' closes nothing in: {pattern}")
        if not expression:
            raise NotationError(f"the pattern names nothing that can be met: {pattern}")
        return expression, frozenset(words)

    def _tokens(self, pattern: str) -> list[str]:
        tokens = []
        for match in _TOKEN.finditer(pattern):
            if match.lastgroup == "bad":
                raise NotationError(self._complaint(match.group(), pattern))
            if match.lastgroup != "space":
                tokens.append(match.group())
        return self._read_as_in_a_reply(tokens)

    def _read_as_in_a_reply(self, tokens: list[str]) -> list[str]:
        """Spellings and phrases opened; words that are read over become `_READ_OVER`."""
        lexicon = self.lexicon
        spelt: list[str] = []
        for token in tokens:
            spelt += lexicon.spellings.get(token, (token,))
        out: list[str] = []
        at = 0
        while at < len(spelt):
            length, reading = self._phrase_at(spelt, at)
            out += reading if reading is not None else [spelt[at]]
            if reading == []:
                out.append(_READ_OVER + " ".join(spelt[at : at + length]))
            at += length
        return [_READ_OVER + token if token in lexicon.fillers else token for token in out]

    def _phrase_at(self, tokens: list[str], at: int) -> tuple[int, list[str] | None]:
        for length in range(min(_LONGEST_PHRASE, len(tokens) - at), 1, -1):
            reading = self.lexicon.phrases.get(tuple(tokens[at : at + length]))
            if reading is not None:
                return length, list(reading)
        return 1, None

    @staticmethod
    def _complaint(character: str, pattern: str) -> str:
        if ord(character) < 32 or ord(character) == 127:
            return (
                f"a control character (\\x{ord(character):02x}) in the pattern; in YAML, "
                "double quotes turn \\b into one"
            )
        if character in "'\u2019":
            return f"an apostrophe in '{pattern}'; write contractions out (do not, he is)"
        if character.isupper():
            return f"a capital letter in '{pattern}'; patterns are lower case, macros are <NAMED>"
        return f"the notation has no '{character}' (in '{pattern}')"

    def _alternatives(
        self, tokens: list[str], start: int, words: set[str], closing: str
    ) -> tuple[str, int]:
        branches = []
        at = start
        while True:
            first = at
            branch, at = self._sequence(tokens, at, words)
            if branch:
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
        return (branches[0] if len(branches) == 1 else "(?:" + "|".join(branches) + ")"
                if branches else ""), at

    def _sequence(self, tokens: list[str], start: int, words: set[str]) -> tuple[str, int]:
        parts = []
        at = start
        while at < len(tokens) and tokens[at] not in (")", "]", "|"):
            part, at = self._item(tokens, at, words)
            parts.append(part)
        return "".join(parts), at

    def _item(self, tokens: list[str], at: int, words: set[str]) -> tuple[str, int]:
        token = tokens[at]
        if token == "(":
            return self._alternatives(tokens, at + 1, words, closing=")")
        if token == "[":
            inner, end = self._alternatives(tokens, at + 1, words, closing="]")
            return f"(?:{inner})?" if inner else "", end
        if token.startswith(_READ_OVER):
            return "", at + 1
        if token in _FIXED:
            return _FIXED[token], at + 1
        if token.startswith("<"):
            return self._macro(token[1:-1], words), at + 1
        return self._word(token, words), at + 1

    def _macro(self, name: str, words: set[str]) -> str:
        if name not in self._expanded:
            if name not in self.macros:
                raise NotationError(f"there is no macro <{name}>")
            if name in self._open or len(self._open) > _DEEPEST_MACRO:
                raise NotationError(f"macro <{name}> contains itself")
            self._open.append(name)
            try:
                expression, inside = self._parse(self.macros[name])
            finally:
                self._open.pop()
            self._expanded[name] = (f"(?:{expression})", inside)
        expression, inside = self._expanded[name]
        words |= inside
        return expression

    def _word(self, token: str, words: set[str]) -> str:
        if token.endswith("~"):
            forms = forms_of(token[:-1], self.lexicon.forms)
        else:
            forms = (token,)
        words.update(forms)
        rendered = [self._rendered(form) for form in forms]
        body = rendered[0] if len(rendered) == 1 else "(?:" + "|".join(rendered) + ")"
        return _SEPARATOR + body + (_LEFT_OUT if token in _CONJUNCTIONS else "")

    def _rendered(self, word: str) -> str:
        if word in _SUBJECTS:
            return rf"\+?{word}"
        return mark(word, self.lexicon)


def _as_written(tokens: list[str]) -> str:
    return " ".join(token.removeprefix(_READ_OVER) for token in tokens)


def mark(word: str, lexicon: Lexicon) -> str:
    """The word as it stands on the line, with its mark."""
    if word in lexicon.negations:
        return "!" + word
    if word in lexicon.helpers:
        return "'" + word
    return word

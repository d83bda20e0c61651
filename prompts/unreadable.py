"""What keeps a YAML file from being read, in words for whoever writes questions."""

import re
from itertools import takewhile
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.tokens import FlowMappingEndToken, FlowSequenceEndToken, ScalarToken, Token

_OPEN_QUOTE: Final = "a quote is opened and not closed"
_INDENTED: Final = "this line is not indented like the others"
_COLON: Final = "a colon in the text: put the text in quotes"
COMMENT: Final = "a # begins a comment in YAML: put the text in quotes"
_NO_COLON: Final = "`key: value` is expected here; the blank after the colon counts"
_TEXT_AFTER_END: Final = (
    "the text goes on after its closing quote or bracket: put all of it in quotes of the other kind"
)
_KEY_ALONE: Final = re.compile(r"\s*(- +)*[\w-]+\s*")
_TEXT_GOES_ON: Final = re.compile("but found '<scalar>'|could not find expected ':'")
# "#1", where a comment would have a blank: "# one"
_CUT: Final = re.compile(r"[ \t]+#\w")
_WRONG_START: Final = re.compile(r"found character '(.)' that cannot start any token")


def explained(source: str, error: MarkedYAMLError) -> tuple[int, str]:
    """The line to look at, from 1, and what is wrong there."""
    mark: Any = error.problem_mark or error.context_mark
    begun: Any = error.context_mark or mark
    problem = error.problem or ""
    if mark is None:
        return 1, f"no YAML: {problem}"
    if "while scanning a quoted scalar" in (error.context or ""):
        return begun.line + 1, _OPEN_QUOTE
    before = _tokens_before(source, mark.index)
    # The quote that was forgotten is found when the next one closes it, lines below.
    for token in before:
        if _quoted(token) and token.start_mark.line < token.end_mark.line == mark.line:
            return token.start_mark.line + 1, _OPEN_QUOTE
    if before and _cut_off(before[-1], source) and _TEXT_GOES_ON.search(problem):
        return before[-1].end_mark.line + 1, COMMENT
    if "could not find expected ':'" in problem:
        return begun.line + 1, _NO_COLON
    lines = source.splitlines()
    if "mapping values are not allowed" in problem:
        line = lines[mark.line]
        if not _KEY_ALONE.fullmatch(line[: mark.column]):
            return mark.line + 1, _COLON
        # A line without a colon runs on into the next one.
        above = lines[mark.line - 1] if mark.line else ""
        if _indentation(above) == _indentation(line):
            return mark.line, _NO_COLON
        return mark.line + 1, _INDENTED
    return mark.line + 1, _at_the_mark(problem, before)


def _at_the_mark(problem: str, before: list[Token]) -> str:
    if "found character '\\t'" in problem:
        return "a tab: use blanks"
    if wrong := _WRONG_START.search(problem):
        return f"a text does not begin with {wrong[1]}: put the text in quotes"
    if "but found '<scalar>'" in problem and before and _ends_a_text(before[-1]):
        return _TEXT_AFTER_END
    if "expected <block end>" in problem:
        return _INDENTED
    return f"no YAML: {problem}"


def _tokens_before(source: str, index: int) -> list[Token]:
    tokens: list[Token] = []
    try:
        scanned = YAML(typ="safe", pure=True).scan(source)
        tokens.extend(takewhile(lambda token: token.start_mark.index < index, scanned))
    except YAMLError:
        pass  # it ends at the error that is being explained
    return tokens


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip(" -"))


def _cut_off(token: Token, source: str) -> bool:
    return (
        isinstance(token, ScalarToken)
        and token.style is None
        and bool(_CUT.match(source, token.end_mark.index))
    )


def _quoted(token: Token) -> bool:
    return isinstance(token, ScalarToken) and token.style in {"'", '"'}


def _ends_a_text(token: Token) -> bool:
    return _quoted(token) or isinstance(token, FlowMappingEndToken | FlowSequenceEndToken)

"""Words that checks of several files look for."""

import re
from typing import Final

_WORD: Final = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")

GENDERED: Final = re.compile(
    r"\b(he|she|him|her|his|hers|himself|herself|husband|wife|boyfriend|girlfriend|spouse"
    r"|marriage|married|wedding|man|woman|men|women|kids?|child|children|dad|mum|mom)\b",
    re.IGNORECASE,
)


def count(text: str) -> int:
    """How many words a text has; "don't" and "thank-you" are one each."""
    return len(_WORD.findall(text))


def words_of(text: str) -> list[str]:
    """The words of a text, in lower case."""
    return [word.casefold() for word in _WORD.findall(text)]


def found(pattern: re.Pattern[str], text: str) -> str | None:
    """What a pattern finds in a text, or None."""
    match = pattern.search(text)
    return match[0] if match else None

"""Quoting: a recognised phrase with the words that finish it.

What is recognised can be the beginning of what was meant ("He had warmed" of "He had warmed my side
of the bed"). A quotation goes on to the end of its clause.
"""

import re
from typing import Final

LONGEST_QUOTE: Final = 9
"""Words: a quotation in a report is a reminder, not a reading."""

_CUT: Final = "\N{HORIZONTAL ELLIPSIS}"
_CLAUSE_END: Final = re.compile(r"[,.;:?!()\[\]\"\n\u2013\u2014\u2026\u201c\u201d]|\s-+\s")
"""Where a clause ends by what is written; a full stop within a word or a number ends it, too."""


def whole(phrase: str, text: str) -> str:
    """A phrase as it goes on in the text it comes from, to the end of the clause.

    Args:
        phrase: A stretch of the text, in its own spelling.
        text: What was written; it may be gone, then the phrase stays as it is.

    Returns:
        Where the clause has more than ``LONGEST_QUOTE`` words, so many of them and an ellipsis; the
        phrase itself is never cut.
    """
    start = text.find(phrase) if phrase else -1
    if start < 0:
        return phrase
    past = start + len(phrase)
    end = _CLAUSE_END.search(text, past)
    rest = text[past : end.start() if end else len(text)].rstrip()
    if not rest:
        return phrase
    words = (phrase + rest).split()
    most = max(LONGEST_QUOTE, len(phrase.split()))
    return " ".join(words) if len(words) <= most else " ".join(words[:most]) + _CUT


def few(phrase: str, most: int) -> str:
    """The beginning of a phrase in at most so many characters, cut between words.

    Args:
        phrase: Any text.
        most: Characters, the ellipsis included; 2 or more.
    """
    plain = " ".join(phrase.split())
    if len(plain) <= most:
        return plain
    room = plain[:most]
    words = room.rpartition(" ")[0] or room[:-1]
    return words.rstrip(",.;:" + _CUT) + _CUT

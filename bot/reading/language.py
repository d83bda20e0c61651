"""Whether a text is English enough to be read; other languages are kept unread."""

from enum import StrEnum

from bot.reading.line import ENDS, Line

_FEW_WORDS = 3
_LEAST_ENGLISH = 0.2


class Language(StrEnum):
    """What the text is written in, as far as its commonest words tell."""

    ENGLISH = "english"
    OTHER = "other"


def language_of(
    line: Line, known: frozenset[str], foreign_words: frozenset[str]
) -> Language:
    """English unless its script or its small words say otherwise.

    Small words (the, and, not; und, nicht, que) are a third of any ordinary text, so a handful of
    them tells languages apart. A text without any is English when it is short ("bins") and when
    it is in Latin letters with at least a fifth of common English words.
    """
    words = [word.text for word in line.words if word.text not in ENDS and not word.added]
    if not words:
        return Language.ENGLISH
    unknown = sum(word.startswith("~") for word in words)
    if unknown * 2 > len(words):
        return Language.OTHER
    english = sum(word in known for word in words)
    foreign = sum(word in foreign_words for word in words)
    if foreign > english:
        return Language.OTHER
    if len(words) <= _FEW_WORDS or english >= _LEAST_ENGLISH * len(words):
        return Language.ENGLISH
    return Language.OTHER

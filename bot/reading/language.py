"""Whether a text is English enough to be read; other languages are kept unread."""

from collections.abc import Set
from enum import StrEnum

from bot.reading.line import UNKNOWN, Line

_FEW_WORDS = 3
_SEVERAL = 3
_LEAST_ENGLISH = 0.2


class Language(StrEnum):
    """What the text is written in, as far as its commonest words tell."""

    ENGLISH = "english"
    OTHER = "other"


def language_of(line: Line, known: Set[str], foreign_words: frozenset[str]) -> Language:
    """English unless its script or its small words say otherwise.

    Small words (the, and, not; und, nicht, que) are a third of any ordinary text, so a handful of
    them tells languages apart. A text whose words are mostly known to patterns is English; one
    without any is when it is short ("bins") or at least a fifth of it is common English.

    Args:
        line: The text; ends of sentences are among its words and among the known ones.
        known: Words that are English.
        foreign_words: Small words of other languages that are not English ones.
    """
    texts, added = line.words.texts, line.words.added
    words = [text for at, text in enumerate(texts) if at not in added] if added else texts
    sentences = len(line.ends)
    count = len(words) - sentences
    if count <= 0:
        return Language.ENGLISH
    english = sum(map(known.__contains__, words)) - sentences
    if english * 3 > count * 2:
        return Language.ENGLISH
    foreign = sum(map(foreign_words.__contains__, words))
    if foreign > english or (foreign >= _SEVERAL and foreign * 2 >= english):
        return Language.OTHER
    if words.count(UNKNOWN) * 2 > count:
        return Language.OTHER
    if count <= _FEW_WORDS or english >= _LEAST_ENGLISH * count:
        return Language.ENGLISH
    return Language.OTHER

"""An open question as the rhythm sees it: what it is about, how deep, how heavy."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")


class QuestionAxis(StrEnum):
    """What an open question is about."""

    SELF = "self"
    TOGETHER = "together"
    BALANCE = "balance"


class Valence(StrEnum):
    """How heavy a question is to answer."""

    POSITIVE = "positive"
    NEUTRAL = "neutral"
    HARD = "hard"


class Frame(StrEnum):
    """The stretch of time a question asks about."""

    TODAY = "today"
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class Question:
    """One open question of the library.

    Attributes:
        id: kebab-case and unique in the library; it is what history refers to.
        axis: what the question is about.
        facet: the smaller theme within the axis, for example "own-time".
        depth: 1 (easy to answer in passing) to 3 (asks for some trust in the bot).
        valence: how heavy it is to answer.
        frame: the time it asks about.
        text: the words a person reads.
        discreet_ok: may be read by somebody else who holds the phone.
        version: stamp of the wording, so that a changed question is told from the old one.
    """

    id: str
    axis: QuestionAxis
    facet: str
    depth: int
    valence: Valence
    frame: Frame
    text: str
    discreet_ok: bool
    version: str

    @property
    def opening(self) -> str:
        """The first two words in lower case: what makes two questions sound alike."""
        return _opening(self.text)


@lru_cache(maxsize=1024)  # each choice looks at most of the library
def _opening(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold())[:2])

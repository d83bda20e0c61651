"""Labels: the few words that stand in a picture, and the caption that says the same to people who
hear it.
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.drift.rules import Axis
from bot.report.figure import Figure, Place, Standing
from bot.report.quiz import level
from prompts.templates import Words

LONGEST_CAPTION = 300
MONTHS = 12


class Kind(StrEnum):
    """The pictures there are."""

    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    QUIZ = "quiz"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Labels:
    """Everything that can be written in a picture."""

    own: str
    together: str
    decides: str
    gives_way: str
    now: str
    earlier: str
    empty: str
    months: tuple[str, ...]

    @property
    def characters(self) -> frozenset[str]:
        """Every character that the font must have."""
        short = (
            *(self.own, self.together, self.decides, self.gives_way),
            *(self.now, self.earlier, self.empty),
        )
        return frozenset("".join((*short, *self.months)))


def read_labels(words: Words) -> Labels:
    """The labels of a language.

    Raises:
        ContentError: If one of them is not there.
    """
    return Labels(
        own=words.plain("picture.label_own"),
        together=words.plain("picture.label_together"),
        decides=words.plain("picture.label_decides"),
        gives_way=words.plain("picture.label_gives_way"),
        now=words.plain("picture.label_now"),
        earlier=words.plain("picture.label_earlier"),
        empty=words.plain("picture.label_empty"),
        months=tuple(
            words.plain("picture.label_month", month=month) for month in range(1, MONTHS + 1)
        ),
    )


def caption(words: Words, kind: Kind, figure: Figure) -> str:
    """What a picture shows, as HTML of 300 characters at most."""
    if kind is Kind.EMPTY:
        return words("picture.caption_empty")
    pair = figure.pair
    return words(
        f"picture.caption_{kind.value}",
        own=_level(Axis.SELF, pair.own),
        together=_level(Axis.TOGETHER, pair.together),
        say=_level(Axis.SAY, pair.say),
    )


def _level(axis: Axis, place: Place) -> str:
    if place.standing is not Standing.CLEAR:
        return "unclear"
    said = level(axis, place.at)
    if axis is Axis.SAY and said == "middle":
        # the tilt is seen before it is far enough to be a lean: whoever hears it hears of it too
        if place.at.high < 0:
            return "rather_low"
        if place.at.low > 0:
            return "rather_high"
    return said

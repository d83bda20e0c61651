"""Patterns: a plain name for where somebody leans, or the honest "not clear yet".

A name needs a lean beyond the cuts below and a minimum of evidence. The cuts are on bead means and
were chosen by simulation so that people in the middle are rarely named; they are design choices,
not validated on people.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from bot.drift.positions import Position
from bot.drift.rules import Axis

DAYS_BEFORE_NAMING = 14
FEWEST_REPLIES = 6.0
FEWEST_REPLY_DAYS = 6
FEWEST_WORDS = 150
FEWEST_TAPS = 6
FEWEST_BEADS = 6.0
FEWEST_FAMILIES = 2
FEWEST_DAYS = 2

SAY_CUT = 0.30
LOW_CUT = 0.42
GAP_CUT = 0.20
BOTH_LOW_CUT = 0.41
BOTH_HIGH_CUT = 0.57  # at .56 a quarter more of the people in the middle were named

FLOOR_OF_SAY = -0.60


class Pattern(StrEnum):
    """What the answers of the last weeks lean toward; always phrased as a lean."""

    MERGING = "merging"
    DEFERRING = "deferring"
    DIRECTING = "directing"
    DISTANCE = "distance"
    BOTH_LOW = "both_low"
    INTERDEPENDENT = "interdependent"
    NOT_CLEAR = "not_clear"


class Side(NamedTuple):
    """One pole of an axis."""

    axis: Axis
    plus: bool


SIDES: Mapping[Pattern, tuple[Side, ...]] = {
    Pattern.DEFERRING: (Side(Axis.SAY, plus=False),),
    Pattern.DIRECTING: (Side(Axis.SAY, plus=True),),
    Pattern.MERGING: (Side(Axis.SELF, plus=False),),
    Pattern.DISTANCE: (Side(Axis.TOGETHER, plus=False),),
    Pattern.BOTH_LOW: (Side(Axis.SELF, plus=False), Side(Axis.TOGETHER, plus=False)),
    Pattern.INTERDEPENDENT: (Side(Axis.SELF, plus=True), Side(Axis.TOGETHER, plus=True)),
    Pattern.NOT_CLEAR: (),
}


class Need(StrEnum):
    """What has to be there before a pattern is named."""

    DAYS = "days"
    REPLIES = "replies"
    REPLY_DAYS = "reply_days"
    TAPS_OR_WORDS = "taps_or_words"
    BEADS = "beads"
    POINTS = "points"
    POINT_DAYS = "point_days"


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is not there yet, for a report to put into words.

    Attributes:
        need: What it is.
        have: How much there is; for ``taps_or_words`` the taps.
        least: How much it takes.
        axis: The axis it is about, for beads, points and point days.
    """

    need: Need
    have: float
    least: float
    axis: Axis | None = None


class Support(NamedTuple):
    """How broadly one side of an axis is supported: different points, different days."""

    points: int
    days: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """What there is to name a pattern with, over the last 28 days.

    Attributes:
        days: Whole days since the person's start, or since the chapter began.
        replies: Replies; one for the day before counts half.
        reply_days: Days with a reply.
        words: Words written.
        taps: Taps and check-in points answered.
        beads: Beads on each axis, the latest quiz included as far as it still counts.
        support: For each side of each axis, the points (rules and text families) and days that
            speak for it.
    """

    days: int
    replies: float
    reply_days: int
    words: int
    taps: int
    beads: Mapping[Axis, float]
    support: Mapping[Side, Support]


@dataclass(frozen=True, slots=True)
class Naming:
    """A pattern with what was still missing to name one.

    Attributes:
        pattern: The pattern, "not clear yet" where the evidence is thin or no cut is passed.
        missing: What is not there yet; empty if there was enough, so that "not clear yet" then
            means that nothing leans far enough.
    """

    pattern: Pattern
    missing: tuple[Missing, ...]

    @property
    def enough(self) -> bool:
        """Whether there was enough evidence to name whatever there was to name."""
        return not self.missing


def leaning(positions: Mapping[Axis, Position]) -> Pattern:
    """The first pattern whose cuts the means pass, whatever they rest on.

    The order matters: somebody who gives way is often low on self as well, and is not merging.
    Merging and distance ask for a gap between self and togetherness, which keeps people in the
    middle from being named.
    """
    self_, together = positions[Axis.SELF].mean, positions[Axis.TOGETHER].mean
    say = positions[Axis.SAY].mean
    cuts = (
        (Pattern.DEFERRING, say <= -SAY_CUT),
        (Pattern.DIRECTING, say >= SAY_CUT),
        (Pattern.MERGING, self_ <= LOW_CUT and together - self_ >= GAP_CUT),
        (Pattern.DISTANCE, together <= LOW_CUT and self_ - together >= GAP_CUT),
        (Pattern.BOTH_LOW, max(self_, together) <= BOTH_LOW_CUT),
        (Pattern.INTERDEPENDENT, min(self_, together) >= BOTH_HIGH_CUT),
    )
    return next((pattern for pattern, passed in cuts if passed), Pattern.NOT_CLEAR)


def name(positions: Mapping[Axis, Position], evidence: Evidence) -> Naming:
    """Name the pattern, or say what is missing to name one.

    At least 14 days, six replies on six days, 150 words or six taps, six beads on every axis, and
    a leading side that two different points on two different days speak for.
    """
    missing = _missing_amounts(evidence)
    pattern = leaning(positions)
    for side in SIDES[pattern]:
        support = evidence.support.get(side, Support(0, 0))
        if support.points < FEWEST_FAMILIES:
            missing.append(Missing(Need.POINTS, support.points, FEWEST_FAMILIES, side.axis))
        if support.days < FEWEST_DAYS:
            missing.append(Missing(Need.POINT_DAYS, support.days, FEWEST_DAYS, side.axis))
    return Naming(Pattern.NOT_CLEAR if missing else pattern, tuple(missing))


def _missing_amounts(evidence: Evidence) -> list[Missing]:
    missing = []
    if evidence.days < DAYS_BEFORE_NAMING:
        missing.append(Missing(Need.DAYS, evidence.days, DAYS_BEFORE_NAMING))
    if evidence.replies < FEWEST_REPLIES:
        missing.append(Missing(Need.REPLIES, evidence.replies, FEWEST_REPLIES))
    if evidence.reply_days < FEWEST_REPLY_DAYS:
        missing.append(Missing(Need.REPLY_DAYS, evidence.reply_days, FEWEST_REPLY_DAYS))
    if evidence.words < FEWEST_WORDS and evidence.taps < FEWEST_TAPS:
        missing.append(Missing(Need.TAPS_OR_WORDS, evidence.taps, FEWEST_TAPS))
    missing += [
        Missing(Need.BEADS, evidence.beads[axis], FEWEST_BEADS, axis)
        for axis in Axis
        if evidence.beads[axis] < FEWEST_BEADS
    ]
    return missing


def at_floor_of_say(say: Position) -> bool:
    """Whether answers say that this person gives way nearly always and nearly everywhere.

    The mean must lie at -0.6 or lower on six beads or more: every answer between "often" and
    "almost always" giving way, in a whole quiz about 4.5 of 5 throughout. Then there is no label
    and no experiment, but the way to help. Texts are left out, since safety never rests on them.

    Args:
        say: The position on say from quiz, taps and check-ins alone.
    """
    return say.beads >= FEWEST_BEADS and say.mean <= FLOOR_OF_SAY + 1e-9

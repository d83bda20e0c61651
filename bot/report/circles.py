"""Circles: the geometry of *I* and *we*.

What is yours gives the size of *I*, closeness the size of *we* and how far the two reach into each
other, say the tilt of the line through both: *I* rises where it decides and sinks where it gives
way. All lengths are units of the picture, 480 across.
"""

from dataclasses import dataclass
from math import cos, pi, radians, sin

from bot.report.figure import Pair, Place, Standing

SMALLEST = 20.0
GROWTH = 84.0
"""From the radius at 0 to the radius at 1: at 0 a circle is still a circle."""

REACH = 165.0
APART_BELOW = 0.36
"""How far the circles reach into each other, per unit of closeness above this; below it they part.

It is a length and not a share of a circle, so that a small *I* beside a large *we* is nearly
swallowed while two large ones share a lens.
"""

MOST_SWALLOWED = 0.95
STEEPEST = 26.0
"""The tilt at either end of say, in degrees: far more looks like falling over."""


@dataclass(frozen=True, slots=True)
class Circle:
    """One circle: solid up to ``inner``, its line at ``radius``, faded out at ``outer``."""

    x: float
    y: float
    radius: float
    inner: float
    outer: float
    label_x: float
    label_y: float
    standing: Standing

    @property
    def solid(self) -> float:
        """The share of the outer radius up to which the fill does not fade."""
        return self.inner / self.outer

    def period(self, about: float) -> float:
        """How far apart dashes stand so that they meet without a seam: about so far, above 0."""
        around = 2 * pi * self.radius
        return around / max(1, round(around / about))


@dataclass(frozen=True, slots=True)
class Circles:
    """*I* on the left and *we* on the right of the point that the line through them tilts about."""

    own: Circle
    together: Circle


@dataclass(frozen=True, slots=True)
class Arc:
    """The path that *I* moves on with say, its band and where it stands, each as a point."""

    radius: float
    top: tuple[float, float]
    bottom: tuple[float, float]
    band_top: tuple[float, float]
    band_bottom: tuple[float, float]
    here: tuple[float, float]
    edge: tuple[float, float]
    """Where the line from ``here`` meets *I*."""
    standing: Standing


def circles(pair: Pair, x: float, y: float, scale: float = 1.0) -> Circles:
    """The two circles about a point, so that together they stand in the middle of it."""
    own, together = (_radius(place.at.mean) * scale for place in (pair.own, pair.together))
    shared = min(
        REACH * scale * (pair.together.at.mean - APART_BELOW),
        2 * MOST_SWALLOWED * min(own, together),
    )
    half = own + together - shared / 2
    own_at, together_at = own - half, half - together
    left = max(own_at - own, together_at - together)
    right = min(own_at + own, together_at + together)
    own_label = _label((own_at - own, min(own_at + own, left)), (left, right))
    together_label = _label((max(together_at - together, right), half), (left, right))

    def turned(along: float) -> tuple[float, float]:
        return along_tilt(x, y, along, pair.say.at.mean)

    return Circles(
        _circle(pair.own, turned(own_at), turned(own_label), scale),
        _circle(pair.together, turned(together_at), turned(together_label), scale),
    )


def arc(pair: Pair, drawn: Circles, x: float, y: float, radius: float) -> Arc:
    """The arc of say to the left of the circles, about the point that they tilt about."""
    say = pair.say
    own = drawn.own
    distance = ((own.x - x) ** 2 + (own.y - y) ** 2) ** 0.5
    return Arc(
        radius=radius,
        top=along_tilt(x, y, -radius, 1),
        bottom=along_tilt(x, y, -radius, -1),
        band_top=along_tilt(x, y, -radius, say.at.high),
        band_bottom=along_tilt(x, y, -radius, say.at.low),
        here=along_tilt(x, y, -radius, say.at.mean),
        edge=along_tilt(x, y, -(distance + own.radius), say.at.mean),
        standing=say.standing,
    )


def along_tilt(x: float, y: float, along: float, say: float) -> tuple[float, float]:
    """The point at a signed distance from another one on the line that say tilts."""
    angle = radians(STEEPEST * say)
    return x + along * cos(angle), y + along * sin(angle)


def _radius(value: float) -> float:
    return SMALLEST + GROWTH * value


def _circle(
    place: Place, at: tuple[float, float], label: tuple[float, float], scale: float
) -> Circle:
    inner, radius, outer = (
        _radius(value) * scale for value in (place.at.low, place.at.mean, place.at.high)
    )
    return Circle(*at, radius, inner, outer, *label, place.standing)


def _label(alone: tuple[float, float], shared: tuple[float, float]) -> float:
    """Where a name has most room: in the part of a circle that is its own, or in the shared one."""
    start, end = max(alone, shared, key=lambda part: part[1] - part[0])
    return (start + end) / 2

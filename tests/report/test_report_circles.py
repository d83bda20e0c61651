"""The two circles: what their sizes, their overlap and their tilt say."""

from math import dist, isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.drift.positions import Position
from bot.report.circles import Circle, Circles, arc, circles
from bot.report.figure import Pair, Place, Standing
from bot.report.picture import ARC_RADIUS, MIDDLE, SMALL_AT, SMALL_SCALE

UNIT = st.floats(0, 1)
WIDTH, PAIR_HEIGHT, PANEL = 480, 318, 52


def place(mean: float, band: float = 0.0, floor: float = 0.0) -> Place:
    """A clear position with a band that keeps within the scale."""
    low, high = max(floor, mean - band), min(1.0, mean + band)
    return Place(Position(mean, low, high, 20.0), Standing.CLEAR)


def pair(own: float, together: float, say: float = 0.0, band: float = 0.1) -> Pair:
    """A pair at three means."""
    return Pair(place(own, band), place(together, band), place(say, band, floor=-1.0))


def drawn(own: float, together: float, say: float = 0.0) -> Circles:
    """The circles of a picture."""
    return circles(pair(own, together, say), *MIDDLE)


def shared(both: Circles) -> float:
    """How far the circles reach into each other; below 0 they stand apart."""
    own, together = both.own, both.together
    return own.radius + together.radius - dist((own.x, own.y), (together.x, together.y))


def test_more_of_what_is_yours_is_a_larger_i() -> None:
    assert drawn(0.2, 0.5).own.radius < drawn(0.8, 0.5).own.radius
    assert drawn(0.2, 0.5).together.radius == drawn(0.8, 0.5).together.radius


def test_more_closeness_is_a_larger_we_that_reaches_further_in() -> None:
    near, far = drawn(0.5, 0.8), drawn(0.5, 0.2)
    assert far.together.radius < near.together.radius
    assert shared(far) < 0 < shared(near)


def test_merging_swallows_most_of_i_and_being_interdependent_leaves_it_whole() -> None:
    merging, interdependent = drawn(0.25, 0.75), drawn(0.8, 0.8)
    assert shared(merging) / (2 * merging.own.radius) > 0.6
    assert shared(interdependent) / (2 * interdependent.own.radius) < 0.5


@pytest.mark.parametrize(("say", "where"), [(-0.5, 1), (0.5, -1)])
def test_i_sinks_where_it_gives_way_and_rises_where_it_decides(say: float, where: int) -> None:
    both = drawn(0.5, 0.5, say)
    # in SVG, y grows downward
    assert (both.own.y - both.together.y) * where > 10
    assert isclose(drawn(0.5, 0.5).own.y, drawn(0.5, 0.5).together.y)


@given(own=UNIT, together=UNIT, say=st.floats(-1, 1), band=st.floats(0, 0.3))
def test_circles_stay_in_their_place_in_the_picture(
    own: float, together: float, say: float, band: float
) -> None:
    both = circles(pair(own, together, say, band), *MIDDLE)
    bow = arc(pair(own, together, say, band), both, *MIDDLE, ARC_RADIUS)
    for circle in (both.own, both.together):
        assert circle.x + circle.outer < WIDTH
        assert circle.y - circle.outer > 0
        assert circle.y + circle.outer < PAIR_HEIGHT
        assert circle.x - circle.radius > bow.here[0] + 10
    small = circles(pair(own, together, say, band), 0, SMALL_AT[2], SMALL_SCALE)
    for circle in (small.own, small.together):
        assert abs(circle.x) + circle.radius < PANEL


@given(own=UNIT, together=UNIT, say=st.floats(-1, 1))
def test_each_name_stands_in_its_circle_with_room_about_it(
    own: float, together: float, say: float
) -> None:
    both = drawn(own, together, say)

    def inside(circle: Circle, of: Circle) -> float:
        return of.radius - dist((circle.label_x, circle.label_y), (of.x, of.y))

    for circle, other in ((both.own, both.together), (both.together, both.own)):
        assert inside(circle, circle) >= circle.radius / 2 - 1e-6
        # never on the other circle's line: a name that stands on a line cannot be read
        assert abs(inside(circle, other)) >= circle.radius / 2 - 1e-6


@given(mean=UNIT, band=st.floats(0, 0.3))
def test_the_band_is_where_a_circle_fades(mean: float, band: float) -> None:
    own = circles(pair(mean, 0.5, band=band), *MIDDLE).own
    assert own.inner <= own.radius <= own.outer
    assert 0 < own.solid <= 1
    if band > 0.001 and 0.3 <= mean <= 0.7:
        assert own.inner < own.radius < own.outer


def test_the_arc_runs_from_deciding_above_to_giving_way_below() -> None:
    both = drawn(0.5, 0.5, -0.4)
    bow = arc(pair(0.5, 0.5, -0.4), both, *MIDDLE, ARC_RADIUS)
    heights = [bow.top, bow.band_top, bow.here, bow.band_bottom, bow.bottom]
    assert heights == sorted(heights, key=lambda point: point[1])
    for point in heights:
        assert isclose(dist(point, MIDDLE), ARC_RADIUS)
    assert isclose(dist(bow.edge, (both.own.x, both.own.y)), both.own.radius)


@given(radius=st.floats(1, 110), about=st.floats(1, 20))
def test_dashes_go_round_a_whole_number_of_times(radius: float, about: float) -> None:
    circle = Circle(0, 0, radius, radius, radius, 0, 0, Standing.SKETCH)
    times = 2 * 3.141592653589793 * radius / circle.period(about)
    assert isclose(times, round(times), rel_tol=1e-9)
    assert times >= 1

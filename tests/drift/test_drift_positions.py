"""Beads lean somewhere, with a band that narrows as they come in."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.drift.positions import position, quiz_weight
from bot.drift.rules import Axis
from tests.drift.histories import START

beads = st.floats(0, 500)
axes = st.sampled_from(list(Axis))


def test_without_beads_everything_is_in_the_middle() -> None:
    assert position(Axis.SELF, 0, 0).mean == 0.5
    assert position(Axis.SAY, 0, 0).mean == 0.0


@pytest.mark.parametrize(
    ("plus", "minus", "mean", "half"),
    # the half width is 1.28 sd of a Beta distribution with two more beads on either side
    [(0, 0, 0.5, 0.2862), (8, 0, 10 / 12, 0.1323), (6, 10, 8 / 20, 0.1368)],
)
def test_mean_and_band_by_hand(plus: float, minus: float, mean: float, half: float) -> None:
    place = position(Axis.TOGETHER, plus, minus)
    assert place.mean == pytest.approx(mean)
    assert (place.high - place.low) / 2 == pytest.approx(half, abs=5e-5)
    assert place.beads == plus + minus


@given(axes, beads, beads)
def test_a_mean_stays_within_its_band_and_the_band_on_the_scale(
    axis: Axis, plus: float, minus: float
) -> None:
    place = position(axis, plus, minus)
    lowest = -1.0 if axis is Axis.SAY else 0.0
    assert lowest <= place.low <= place.mean <= place.high <= 1.0


@given(beads, beads)
def test_turning_the_beads_round_turns_the_position_round(plus: float, minus: float) -> None:
    say, turned = position(Axis.SAY, plus, minus), position(Axis.SAY, minus, plus)
    assert (say.mean, say.low, say.high) == pytest.approx(
        (-turned.mean, -turned.high, -turned.low), abs=1e-9
    )


@given(axes, st.floats(1, 200), st.floats(1, 200))
def test_more_of_the_same_narrows_the_band(axis: Axis, plus: float, minus: float) -> None:
    few, many = position(axis, plus, minus), position(axis, 10 * plus, 10 * minus)
    assert many.high - many.low < few.high - few.low


@pytest.mark.parametrize(("days", "weight"), [(0, 1.0), (14, 0.7071), (28, 0.5), (84, 0.125)])
def test_a_quiz_fades_by_half_in_28_days(days: int, weight: float) -> None:
    assert quiz_weight(START, START + timedelta(days)) == pytest.approx(weight, abs=5e-5)

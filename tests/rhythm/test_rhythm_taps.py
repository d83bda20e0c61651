"""The rotation of the taps."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.drift.rules import Axis, Rule
from bot.rhythm.taps import tap_for, tap_rotation


def anchor(axis: Axis, number: int, turned: bool) -> Rule:
    return Rule(
        id=f"{axis}-{number}",
        axis=axis,
        reversed=turned,
        anchor=True,
        plain="a point",
        quiz="a quiz item",
        tap="a tap",
        check_in="a check-in",
    )


ANCHORS = tuple(anchor(axis, n, turned=n >= 2) for axis in Axis for n in range(4))
ROTATION = tap_rotation(ANCHORS)


def test_the_rotation_takes_turns_in_axis_and_in_keying() -> None:
    assert sorted(rule.id for rule in ROTATION) == sorted(rule.id for rule in ANCHORS)
    assert [rule.axis for rule in ROTATION] == list(Axis) * 4
    assert [rule.reversed for rule in ROTATION] == [False, True] * 6


@given(st.integers(), st.integers(0, 5_000))
def test_any_twelve_taps_running_are_the_twelve_anchors(seed: int, sent: int) -> None:
    taps = [tap_for(ROTATION, seed, sent + n) for n in range(13)]
    assert {rule.id for rule in taps[:12]} == {rule.id for rule in ANCHORS}
    assert taps[12] == taps[0]
    assert all(before.axis is not after.axis for before, after in pairwise(taps))


def test_people_start_at_every_place_about_equally_often() -> None:
    starts = Counter(tap_for(ROTATION, seed, 0).id for seed in range(1_200))
    assert len(starts) == 12
    assert min(starts.values()) > 60


def test_a_person_keeps_their_place() -> None:
    assert tap_for(ROTATION, 7, 3) == tap_for(tap_rotation(ANCHORS), 7, 3)


def test_uneven_anchors_are_all_in_the_rotation() -> None:
    some = ANCHORS[:5] + ANCHORS[8:9]
    assert sorted(rule.id for rule in tap_rotation(some)) == sorted(rule.id for rule in some)


def test_without_anchors_there_is_no_tap() -> None:
    assert tap_rotation(()) == ()
    with pytest.raises(ValueError, match="anchors"):
        tap_for((), 1, 0)

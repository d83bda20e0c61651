"""A pattern is named only beyond the cuts, and only with enough behind it."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.drift.patterns import (
    SIDES,
    Evidence,
    Missing,
    Need,
    Pattern,
    Side,
    Support,
    at_floor_of_say,
    leaning,
    name,
)
from bot.drift.positions import Position
from bot.drift.rules import Axis


def place(mean: float, beads: float = 30) -> Position:
    return Position(mean, mean - 0.1, mean + 0.1, beads)


def places(self_: float, together: float, say: float) -> dict[Axis, Position]:
    return {Axis.SELF: place(self_), Axis.TOGETHER: place(together), Axis.SAY: place(say)}


ENOUGH = Evidence(
    days=14,
    replies=6,
    reply_days=6,
    words=0,
    taps=6,
    beads=dict.fromkeys(Axis, 6.0),
    support={Side(axis, plus): Support(2, 2) for axis in Axis for plus in (True, False)},
)
MERGING = places(0.32, 0.68, 0.0)


@pytest.mark.parametrize(
    ("self_", "together", "say", "pattern"),
    [
        (0.40, 0.55, -0.45, Pattern.DEFERRING),
        (0.60, 0.50, 0.45, Pattern.DIRECTING),
        (0.32, 0.68, 0.0, Pattern.MERGING),
        (0.68, 0.32, 0.0, Pattern.DISTANCE),
        (0.32, 0.32, 0.0, Pattern.BOTH_LOW),
        (0.68, 0.68, 0.0, Pattern.INTERDEPENDENT),
        (0.50, 0.50, 0.0, Pattern.NOT_CLEAR),
        # giving way is named before the low self that often goes with it
        (0.30, 0.70, -0.30, Pattern.DEFERRING),
        (0.30, 0.70, -0.29, Pattern.MERGING),
        (0.70, 0.70, 0.30, Pattern.DIRECTING),
        # merging and distance need a gap
        (0.42, 0.61, 0.0, Pattern.NOT_CLEAR),
        (0.42, 0.63, 0.0, Pattern.MERGING),
        (0.43, 0.70, 0.0, Pattern.NOT_CLEAR),
        (0.63, 0.42, 0.0, Pattern.DISTANCE),
        (0.41, 0.41, 0.0, Pattern.BOTH_LOW),
        (0.42, 0.41, 0.0, Pattern.NOT_CLEAR),
        (0.57, 0.57, 0.0, Pattern.INTERDEPENDENT),
        (0.57, 0.56, 0.0, Pattern.NOT_CLEAR),
    ],
)
def test_the_first_pattern_whose_cuts_are_passed(
    self_: float, together: float, say: float, pattern: Pattern
) -> None:
    assert leaning(places(self_, together, say)) is pattern


def test_enough_evidence_names_the_pattern() -> None:
    naming = name(MERGING, ENOUGH)
    assert naming.pattern is Pattern.MERGING
    assert naming.enough


def test_enough_evidence_in_the_middle_is_not_clear_with_nothing_missing() -> None:
    naming = name(places(0.5, 0.5, 0.0), ENOUGH)
    assert naming.pattern is Pattern.NOT_CLEAR
    assert naming.enough


LOW_SELF = Side(Axis.SELF, plus=False)


@pytest.mark.parametrize(
    ("thin", "missing"),
    [
        ({"days": 13}, Missing(Need.DAYS, 13, 14)),
        ({"replies": 5.5}, Missing(Need.REPLIES, 5.5, 6)),
        ({"reply_days": 5}, Missing(Need.REPLY_DAYS, 5, 6)),
        ({"taps": 5}, Missing(Need.TAPS_OR_WORDS, 5, 6)),
        ({"taps": 5, "words": 149}, Missing(Need.TAPS_OR_WORDS, 5, 6)),
        ({"beads": {**ENOUGH.beads, Axis.SAY: 5.5}}, Missing(Need.BEADS, 5.5, 6, Axis.SAY)),
        ({"support": {LOW_SELF: Support(1, 2)}}, Missing(Need.POINTS, 1, 2, Axis.SELF)),
        ({"support": {LOW_SELF: Support(2, 1)}}, Missing(Need.POINT_DAYS, 1, 2, Axis.SELF)),
    ],
)
def test_one_thing_missing_and_nothing_is_named(
    thin: Mapping[str, object], missing: Missing
) -> None:
    naming = name(MERGING, replace(ENOUGH, **thin))  # type: ignore[arg-type] # from the table
    assert naming.pattern is Pattern.NOT_CLEAR
    assert naming.missing == (missing,)


def test_150_words_stand_in_for_the_taps() -> None:
    assert name(MERGING, replace(ENOUGH, taps=0, words=150)).pattern is Pattern.MERGING


def test_an_empty_start_lacks_everything() -> None:
    nothing = Evidence(0, 0, 0, 0, 0, dict.fromkeys(Axis, 0.0), {})
    needs = [missing.need for missing in name(MERGING, nothing).missing]
    assert set(needs) == set(Need)


def test_both_axes_of_a_double_pattern_need_their_support() -> None:
    both = places(0.68, 0.68, 0.0)
    half = {**ENOUGH.support, Side(Axis.TOGETHER, plus=True): Support(0, 0)}
    assert name(both, ENOUGH).pattern is Pattern.INTERDEPENDENT
    assert name(both, replace(ENOUGH, support=half)).pattern is Pattern.NOT_CLEAR


@given(st.floats(0, 1), st.floats(0, 1), st.floats(-1, 1))
def test_trading_self_and_togetherness_trades_merging_and_distance(
    self_: float, together: float, say: float
) -> None:
    traded = {Pattern.MERGING: Pattern.DISTANCE, Pattern.DISTANCE: Pattern.MERGING}
    there, back = leaning(places(self_, together, say)), leaning(places(together, self_, say))
    assert back is traded.get(there, there)


def test_every_pattern_says_which_sides_lead_to_it() -> None:
    assert set(SIDES) == set(Pattern)


@pytest.mark.parametrize(
    ("mean", "beads", "floor"),
    [(-0.6, 6, True), (-0.59, 40, False), (-0.9, 5, False), (-0.9, 16, True), (0.9, 40, False)],
)
def test_the_floor_of_say(mean: float, beads: float, floor: bool) -> None:
    assert at_floor_of_say(place(mean, beads)) is floor

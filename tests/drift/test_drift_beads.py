"""Answers and hits become beads, and no single reply can tip a bowl."""

from collections import Counter
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.drift.beads import Bead, answer_bead, capped, text_beads
from bot.drift.record import Calendar
from bot.drift.rules import Axis, Source
from tests.drift.histories import RULES, START, day

WEEK_OF: Callable[[date], int] = Calendar(START).week
SELF, SAY = Axis.SELF, Axis.SAY


def hit(number: int, family: str, minus: float = 1.0, axis: Axis = SELF) -> Bead:
    return text_beads("self-0", family, {axis: (0.0, minus)}, day(number))[0]


@pytest.mark.parametrize(
    ("rule", "answer", "plus", "minus"),
    [
        ("self-0", 1, 0.0, 2.0),
        ("self-0", 3, 1.0, 1.0),
        ("self-0", 4, 1.5, 0.5),
        ("self-1", 4, 0.5, 1.5),
        ("self-1", 1, 2.0, 0.0),
    ],
)
def test_an_answer_splits_two_beads(rule: str, answer: int, plus: float, minus: float) -> None:
    bead = answer_bead(RULES[rule], answer, START, Source.TAP)
    assert (bead.plus, bead.minus) == (plus, minus)
    assert bead.family == rule


def test_a_backfilled_answer_weighs_half_and_says_the_same() -> None:
    bead = answer_bead(RULES["say-0"], 4, START, Source.TAP, backfilled=True)
    assert bead.weight == 1.0
    assert bead.value == 0.75


def test_beads_carry_the_stamp_of_what_was_asked() -> None:
    rule = RULES["say-0"]
    assert answer_bead(rule, 4, START, Source.TAP).version == rule.wording
    assert answer_bead(rule, 4, START, Source.QUIZ).version == rule.quiz_wording
    assert answer_bead(rule, 4, START, Source.TAP, version="older").version == "older"


def test_a_text_is_no_answer() -> None:
    with pytest.raises(ValueError, match="no answer"):
        answer_bead(RULES["say-0"], 4, START, Source.TEXT)


def test_a_hit_drops_beads_on_each_axis_it_touches() -> None:
    beads = text_beads("own-time", "M6", {SELF: (0.0, 1.0), Axis.TOGETHER: (0.5, 0.0)}, START)
    assert [(bead.axis, bead.plus, bead.minus) for bead in beads] == [
        (SELF, 0.0, 1.0),
        (Axis.TOGETHER, 0.5, 0.0),
    ]


def test_a_weight_of_nothing_drops_nothing() -> None:
    assert text_beads("own-time", "M6", {SELF: (0.0, 0.0)}, START) == ()


@pytest.mark.parametrize("weight", [(1.5, 0.0), (0.0, 1.01), (-0.5, 0.0)])
def test_a_hit_never_weighs_more_than_a_bead(weight: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="M6"):
        text_beads("own-time", "M6", {SELF: weight}, START)


def test_a_family_counts_once_a_reply_with_its_strongest_hit() -> None:
    kept = capped([hit(0, "M6", 0.5), hit(0, "M6", 1.0), hit(0, "M6", 0.25)], WEEK_OF)
    assert [bead.minus for bead in kept] == [1.0]


def test_a_family_counts_on_three_days_a_week() -> None:
    kept = capped([hit(number, "M6") for number in range(10)], WEEK_OF)
    assert [bead.day for bead in kept] == [day(number) for number in (0, 1, 2, 7, 8, 9)]


def test_an_axis_takes_two_text_beads_a_reply_shared_in_proportion() -> None:
    kept = capped([hit(0, "M1"), hit(0, "M2"), hit(0, "M3", 0.5), hit(0, "R1", axis=SAY)], WEEK_OF)
    minus = {bead.family: bead.minus for bead in kept}
    assert minus == {"M1": 0.8, "M2": 0.8, "M3": 0.4, "R1": 1.0}


def test_answers_have_no_caps() -> None:
    answers = [answer_bead(rule, 5, START, Source.CHECK_IN) for rule in RULES.anchors]
    assert capped(answers, WEEK_OF) == tuple(answers)


hits = st.builds(
    hit,
    st.integers(0, 13),
    st.sampled_from(["M1", "M2", "M3", "M4", "M5"]),
    st.sampled_from([0.25, 0.5, 1.0]),
    st.sampled_from(list(Axis)),
)


@given(st.lists(hits, max_size=40), st.randoms(use_true_random=False))
def test_caps_hold_whatever_comes_and_in_whatever_order(texts: list[Bead], dice: object) -> None:
    kept = capped(texts, WEEK_OF)
    per_axis: Counter[tuple[date, Axis]] = Counter()
    days: Counter[tuple[int, str]] = Counter()
    for bead in kept:
        per_axis[bead.day, bead.axis] += bead.weight  # type: ignore[assignment] # beads have parts
    for number, family in {(bead.day, bead.family) for bead in kept}:
        days[WEEK_OF(number), family] += 1
    assert all(weight <= 2.0 + 1e-9 for weight in per_axis.values())
    assert all(count <= 3 for count in days.values())
    assert len({(bead.day, bead.family, bead.axis) for bead in kept}) == len(kept)
    shuffled = list(texts)
    dice.shuffle(shuffled)  # type: ignore[attr-defined] # hypothesis gives a random.Random
    assert sorted(map(repr, capped(shuffled, WEEK_OF))) == sorted(map(repr, kept))

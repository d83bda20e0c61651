"""Reasons: which of them speak most for a sentence."""

from datetime import date

from bot.drift.rules import Axis
from bot.report.reasons import Reason, Side, strongest
from bot.report.view import Grounds

DAY = date(2026, 3, 2)
MERGING = Grounds(
    axes=(Axis.SELF, Axis.TOGETHER), toward=((Axis.SELF, False), (Axis.TOGETHER, True))
)


def _tap(said: str, axis: Axis, plus: float, minus: float) -> Reason:
    return Reason(DAY, "tap", said, (Side(axis, plus, minus),), value=1)


def _phrase(said: str, *sides: Side, gate: str | None = None) -> Reason:
    return Reason(DAY, "text", said, sides, gate=gate)


AGAINST = _tap("against", Axis.SELF, 2, 0)
MIDDLE = _tap("middle", Axis.SELF, 1, 1)
FOR = _tap("for", Axis.SELF, 0.5, 1.5)
CLOSE = _tap("close", Axis.TOGETHER, 2, 0)
WEAK = _phrase("weak", Side(Axis.SELF, 0, 0.5))
BOTH = _phrase("both", Side(Axis.SELF, 0, 1), Side(Axis.TOGETHER, 0.5, 0))
ASIDE = _phrase("aside", gate="G1")
ALL = [AGAINST, MIDDLE, FOR, CLOSE, WEAK, BOTH, ASIDE]


def test_what_speaks_for_it_comes_before_what_speaks_against_it() -> None:
    assert strongest(ALL, MERGING, (), 9) == [CLOSE, BOTH, FOR, WEAK, MIDDLE, AGAINST]


def test_what_is_quoted_comes_first() -> None:
    assert strongest(ALL, MERGING, {"weak"}, 2) == [WEAK, CLOSE]


def test_one_phrase_is_always_among_them() -> None:
    assert strongest([AGAINST, FOR, CLOSE, WEAK], MERGING, (), 2) == [CLOSE, WEAK]
    assert strongest([WEAK], MERGING, (), 1) == [WEAK]
    assert strongest([ASIDE], MERGING, (), 1) == []


def test_without_a_side_what_leans_most_comes_first() -> None:
    plain = Grounds(axes=tuple(Axis))
    assert strongest([MIDDLE, FOR, AGAINST], plain, (), 2) == [AGAINST, FOR]

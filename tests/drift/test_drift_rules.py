"""A rule keeps its ways of asking together, and stamps what it measures."""

from dataclasses import replace

import pytest

from bot.drift.rules import Axis, RuleSet
from tests.drift.histories import RULES

RULE = RULES["self-1"]


@pytest.mark.parametrize(
    ("answer", "plain", "turned"), [(1, 0.0, 1.0), (2, 0.25, 0.75), (3, 0.5, 0.5), (5, 1.0, 0.0)]
)
def test_reversed_rules_are_turned_round(answer: int, plain: float, turned: float) -> None:
    assert RULES["self-0"].towards_plus(answer) == plain
    assert RULES["self-1"].towards_plus(answer) == turned


@pytest.mark.parametrize("answer", [0, 6, -1])
def test_an_answer_outside_the_scale_is_refused(answer: int) -> None:
    with pytest.raises(ValueError, match="1 to 5"):
        RULE.towards_plus(answer)


def test_rules_are_found_by_name_and_axis() -> None:
    assert RULES["say-3"].id == "say-3"
    assert "say-9" not in RULES
    assert [rule.id for rule in RULES.by_axis(Axis.SAY)] == [f"say-{n}" for n in range(8)]
    assert len(RULES.anchors) == 12
    with pytest.raises(KeyError):
        RULES["say-9"]


def test_two_rules_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="self-1"):
        RuleSet((RULE, RULE))


@pytest.mark.parametrize(
    ("change", "set_changes", "drift_changes", "quiz_changes"),
    [
        ({"plain": "other words"}, False, False, False),
        ({"quiz": "another item"}, True, False, True),
        ({"tap": "another tap"}, True, True, False),
        ({"check_in": "another point"}, True, True, False),
        ({"reversed": False}, True, True, True),
        ({"axis": Axis.SAY}, True, True, True),
    ],
)
def test_a_stamp_changes_with_what_it_stands_for(
    change: dict[str, object], set_changes: bool, drift_changes: bool, quiz_changes: bool
) -> None:
    other = replace(RULE, **change)  # type: ignore[arg-type] # fields by name, from the table
    others = RuleSet(tuple(other if rule is RULE else rule for rule in RULES.rules))
    assert (others.version != RULES.version) is set_changes
    assert (others.anchor_wording != RULES.anchor_wording) is drift_changes
    assert (other.wording != RULE.wording) is drift_changes
    assert (other.quiz_wording != RULE.quiz_wording) is quiz_changes


def test_the_order_of_the_rules_is_no_part_of_the_version() -> None:
    assert RuleSet(tuple(reversed(RULES.rules))).version == RULES.version

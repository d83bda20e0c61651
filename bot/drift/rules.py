"""Rules: the one object behind everything that is measured.

A rule belongs to one axis and says one plain thing. Its quiz item, its tap and its check-in are
the same point about two weeks, a day and a week, and stand side by side here, so that they cannot
disagree about what they measure.
"""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

LOWEST_ANSWER = 1
HIGHEST_ANSWER = 5


class Axis(StrEnum):
    """What is measured: self and togetherness run 0..1, say runs -1 (gives way) .. 1 (decides)."""

    SELF = "self"
    TOGETHER = "together"
    SAY = "say"


class Source(StrEnum):
    """Where a piece of evidence came from."""

    QUIZ = "quiz"
    TAP = "tap"
    CHECK_IN = "check_in"
    TEXT = "text"


def _stamp(content: object) -> str:
    """Twelve hex digits that change when the content does, whatever the order of its keys."""
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Rule:
    """One point of one axis.

    Attributes:
        id: A short name in kebab case, for example ``own-time``.
        axis: The axis it speaks about.
        reversed: True if a high answer speaks against the axis (for say: giving way).
        anchor: True if the rule also has a tap and a check-in item.
        plain: The point in a few plain words, for example "time that is only yours".
        quiz: The item about the past two weeks, answered 1 never .. 5 almost always.
        tap: The same point about today, for anchors; wording fixed.
        check_in: The same point about this week, for anchors; wording fixed.
        wording: A stamp of what drift compares: changes when tap, check-in or keying do.
        quiz_wording: A stamp of what a retaken quiz compares: changes when item or keying do.
    """

    id: str
    axis: Axis
    reversed: bool
    anchor: bool
    plain: str
    quiz: str
    tap: str | None = None
    check_in: str | None = None
    wording: str = field(init=False, compare=False, repr=False)
    quiz_wording: str = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        drifting = _stamp([self.axis, self.reversed, self.tap, self.check_in])
        object.__setattr__(self, "wording", drifting)
        object.__setattr__(self, "quiz_wording", _stamp([self.axis, self.reversed, self.quiz]))

    def towards_plus(self, answer: int) -> float:
        """The answer as 0..1 toward the plus pole of the axis, reversed items turned round.

        Raises:
            ValueError: If the answer is not a whole number from 1 to 5.
        """
        if not LOWEST_ANSWER <= answer <= HIGHEST_ANSWER:
            raise ValueError(f"an answer is {LOWEST_ANSWER} to {HIGHEST_ANSWER}, not {answer}")
        value = (answer - LOWEST_ANSWER) / (HIGHEST_ANSWER - LOWEST_ANSWER)
        return 1 - value if self.reversed else value


# no slots here: cached_property needs somewhere to keep what it found
@dataclass(frozen=True)
class RuleSet:
    """All rules in the order of their file.

    Raises:
        ValueError: If two rules have the same id.
    """

    rules: tuple[Rule, ...]

    def __post_init__(self) -> None:
        doubles = [
            id_ for id_, count in Counter(rule.id for rule in self.rules).items() if count > 1
        ]
        if doubles:
            raise ValueError(f"more than one rule is called {', '.join(doubles)}")

    @cached_property
    def version(self) -> str:
        """A stamp of all that is measured (ids, axes, keying, wordings); plain words stay out."""
        return _stamp(
            [
                [rule.id, rule.axis, rule.reversed, rule.anchor, rule.quiz, rule.tap, rule.check_in]
                for rule in sorted(self.rules, key=lambda rule: rule.id)
            ]
        )

    @cached_property
    def anchor_wording(self) -> str:
        """A stamp of the anchors alone; when it changes, drift starts afresh on every axis."""
        return _stamp(sorted([rule.id, rule.wording] for rule in self.anchors))

    @cached_property
    def anchors(self) -> tuple[Rule, ...]:
        """The rules that have a tap and a check-in, in the order of their file."""
        return tuple(rule for rule in self.rules if rule.anchor)

    @cached_property
    def _by_id(self) -> dict[str, Rule]:
        return {rule.id: rule for rule in self.rules}

    def by_axis(self, axis: Axis) -> tuple[Rule, ...]:
        """The rules of one axis, in the order of their file."""
        return tuple(rule for rule in self.rules if rule.axis is axis)

    def __getitem__(self, id_: str) -> Rule:
        return self._by_id[id_]

    def __contains__(self, id_: object) -> bool:
        return id_ in self._by_id

    def __len__(self) -> int:
        return len(self.rules)

"""Lives to look at: made-up people whose weeks are data, read from ``lives/*.yaml``.

``lives/README.md`` says how one is written.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bot.drift.patterns import Pattern
from prompts.source import ContentError, Entry, entry_of, read, text_of

FOLDER: Final = Path(__file__).parent / "lives"

STARTS: Final = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
"""Every life begins at noon on the same Monday, so all are asked the same questions."""

NO_ANSWER: Final = 0
"""Stands for "doesn't fit", and for a day without a tap."""

_KEYS: Final = (
    *("name", "about", "order", "weeks", "report", "told", "city", "at", "keep", "push"),
    *("closeness", "skipped", "later", "another", "silent", "points", "written"),
)
_SCALE: Final = frozenset("012345")


@dataclass(frozen=True, slots=True)
class Answers:
    """How somebody answers about one rule: 1 to 5, 0 where it does not fit or stays untapped.

    Attributes:
        quiz: in the quiz.
        taps: each time its tap comes round; they begin again when they are used up.
        check_ins: week by week; they begin again, too. Empty for rules without a check-in.
    """

    quiz: int
    taps: tuple[int, ...] = ()
    check_ins: tuple[int, ...] = ()

    def tap(self, number: int) -> int:
        """The answer when the tap comes for the ``number``-th time, from 0."""
        return self.taps[number % len(self.taps)] if self.taps else NO_ANSWER

    def check_in(self, week: int) -> int:
        """The answer of a week, from 0."""
        return self.check_ins[week % len(self.check_ins)] if self.check_ins else NO_ANSWER


@dataclass(frozen=True, slots=True)
class Life:
    """A made-up person and what they answer.

    Attributes:
        id: the name of the file.
        name: what they are called in the chat.
        about: one line about them.
        order: their place in the list.
        weeks: how many weeks they live, 1 to 12.
        report: what the last weekly report has to name.
        told: a shift that one of the reports has to tell, as "self down"; None without one.
        city: where they live, as they type it.
        at: when they are asked, "HH:MM".
        keep: for how many days their answers are kept.
        push: "text", or "quiet" where the question stays behind a button.
        closeness: now and wished, 1 to 7.
        skipped: days, from 1, on which they skip the question.
        later: days on which they put it off first.
        another: days on which they ask for another one first.
        silent: days on which they do nothing.
        points: their answers by rule.
        written: what they write, by the question.
    """

    id: str
    name: str
    about: str
    order: int
    weeks: int
    report: Pattern
    told: str | None
    city: str
    at: str
    keep: int
    push: str
    closeness: tuple[int, int]
    skipped: frozenset[int]
    later: frozenset[int]
    another: frozenset[int]
    silent: frozenset[int]
    points: Mapping[str, Answers]
    written: Mapping[str, str]


def load_lives(folder: Path = FOLDER) -> tuple[Life, ...]:
    """All lives in their order.

    Raises:
        ContentError: a file cannot be used; the message names file and line.
    """
    lives = [load_life(path) for path in sorted(folder.glob("*.yaml"))]
    return tuple(sorted(lives, key=lambda life: life.order))


def load_life(path: Path) -> Life:
    """The life in a file.

    Raises:
        ContentError: the file cannot be used; the message names file and line.
    """
    entry = entry_of(path, read(path))
    entry.allow(*_KEYS)
    now, wished = (entry.inner("closeness").number(key, 1, 7) for key in ("now", "wished"))
    points = entry.inner("points")
    written = entry.inner("written")
    return Life(
        id=path.stem,
        name=entry.text("name"),
        about=entry.text("about"),
        order=entry.number("order", 1, 99),
        weeks=entry.number("weeks", 1, 12),
        report=entry.choice("report", Pattern),
        told=entry.optional("told"),
        city=entry.text("city"),
        at=entry.text("at"),
        keep=entry.number("keep", 0, 365),
        push=entry.text("push"),
        closeness=(now, wished),
        skipped=_days(entry, "skipped"),
        later=_days(entry, "later"),
        another=_days(entry, "another"),
        silent=_days(entry, "silent"),
        points={rule: _answers(points.inner(rule)) for rule in points.nodes},
        written={question: written.text(question) for question in written.nodes},
    )


def _answers(entry: Entry) -> Answers:
    entry.allow("quiz", "taps", "check_ins")
    return Answers(entry.number("quiz", 0, 5), _row(entry, "taps"), _row(entry, "check_ins"))


def _row(entry: Entry, key: str) -> tuple[int, ...]:
    signs = (entry.optional(key) or "").replace(" ", "")
    if not _SCALE.issuperset(signs):
        raise entry.error(f"{key} are digits from 0 to 5, not {signs!r}", key)
    return tuple(int(sign) for sign in signs)


def _days(entry: Entry, key: str) -> frozenset[int]:
    days = [text_of(entry.file, node, key) for node in entry.items(key)]
    if not all(day.isdecimal() and int(day) > 0 for day in days):
        raise ContentError.at(entry.file, entry.line_of(key), f"{key} are days, counted from 1")
    return frozenset(int(day) for day in days)

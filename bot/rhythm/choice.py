"""Which open question is asked next.

Nothing here is left to chance: the dice are drawn from the person's seed and the date, so the same
inputs give the same question, on every machine and after every restart.

The choice of a question knows three limits that always hold: a question that is not discreet is
not sent to a person who asked for discretion, with an open safety flag only light questions about
the person's own day are asked, and "another" never brings back one already shown today. All other
rules are wishes, and each in the order of `_wishes` keeps the questions that meet it, unless none
does: so the last wishes give way first when the library runs short.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Final

from bot.drift.rules import Axis
from bot.rhythm.dice import dice
from bot.rhythm.due import week_of
from bot.rhythm.questions import Frame, Question, QuestionAxis, Valence

DAYS_BETWEEN_SAME_QUESTION: Final = 60
DAYS_BETWEEN_SAME_FACET: Final = 6
DAYS_BETWEEN_SAME_OPENING: Final = 3
DAYS_BETWEEN_HARD: Final = 7
FIRST_EASY_QUESTIONS: Final = 3
DAYS_BEFORE_DEEPEST: Final = 14

_NEAR_REPEAT: Final = 7
# a library too small for 60 days is still gone through as evenly as it allows
_DAYS_BETWEEN_SAME_QUESTION_AT_BEST: Final = (DAYS_BETWEEN_SAME_QUESTION, 45, 30, 21, 14)
_THURSDAY: Final = 3
_FURTHEST_AHEAD: Final = timedelta(days=2)
_ASKS_ABOUT: Final = {
    Axis.SELF: QuestionAxis.SELF,
    Axis.TOGETHER: QuestionAxis.TOGETHER,
    Axis.SAY: QuestionAxis.BALANCE,
}
_AXES: Final = tuple(QuestionAxis)

_Wish = Callable[[Question], bool]


# no slots here: cached_property needs somewhere to keep what it found
@dataclass(frozen=True)
class Library:
    """All open questions.

    Raises:
        ValueError: if two questions have the same id.
    """

    questions: tuple[Question, ...]

    def __post_init__(self) -> None:
        if len(self.by_id) != len(self.questions):
            raise ValueError("two questions have the same id")

    @cached_property
    def by_id(self) -> Mapping[str, Question]:
        """The questions by their id."""
        return {question.id: question for question in self.questions}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was shown to a person on a local date, answered or not."""

    day: date
    id: str


@dataclass(frozen=True, slots=True)
class Asking:
    """What the choice has to know about a person.

    Attributes:
        seed: any number that is the person's own and stays.
        started: the local date of their first question.
        sent: how many questions they were ever shown.
        recent: the questions of the last 60 days at least, oldest first. Ids that the library
            does not know any more are passed over.
        discreet: they asked for questions that anybody may see.
        only_wellbeing: a safety flag is open.
        widths: the width of the band on each axis, 0..1; two questions a week go to the widest.
            Not to the lowest: asking more about what looks weak would tilt the answers and nag.
    """

    seed: int
    started: date
    sent: int
    recent: Sequence[Asked] = ()
    discreet: bool = False
    only_wellbeing: bool = False
    widths: Mapping[Axis, float] = field(default_factory=dict)


def choose(library: Library, asking: Asking, today: date) -> Question | None:
    """The question for a local date, or None if the library has none that this person may get.

    Unless discretion or a safety flag leave nothing, there is always an answer, if need be one
    that was shown today already.
    """
    return _choose(_allowed(library, asking), _Past.of(library, asking, today), asking, today)


def another(library: Library, asking: Asking, today: date) -> Question | None:
    """A question in place of today's, or None if all that are allowed were shown today."""
    past = _Past.of(library, asking, today)
    fresh = list(filter(past.unseen_for(1), _allowed(library, asking)))
    return _choose(fresh, past, asking, today)


@dataclass(frozen=True, slots=True)
class _Past:
    """What a person was asked lately, looked at from today."""

    shown: tuple[tuple[int, Question], ...]  # days ago, 0 for today; oldest first
    this_week: Counter[QuestionAxis]

    @classmethod
    def of(cls, library: Library, asking: Asking, today: date) -> "_Past":
        shown = []
        for asked in asking.recent:
            question = library.by_id.get(asked.id)
            # a date far ahead was written by a wrong clock and must not silence anything for years
            if question is not None and asked.day <= today + _FURTHEST_AHEAD:
                shown.append((max(0, (today - asked.day).days), question))
        shown.sort(key=lambda entry: -entry[0])
        days_into_week = (today - week_of(today)).days
        return cls(
            shown=tuple(shown),
            this_week=Counter(question.axis for ago, question in shown if ago <= days_into_week),
        )

    @property
    def last(self) -> Question | None:
        return self.shown[-1][1] if self.shown else None

    def within(self, days: int) -> Iterator[Question]:
        return (question for ago, question in self.shown if ago < days)

    def unseen_for(self, days: int) -> _Wish:
        """The wish for a question that was not shown for so many days; 1 leaves out today's."""
        seen = {question.id for question in self.within(days)}
        return lambda question: question.id not in seen


@dataclass(frozen=True, slots=True)
class _Week:
    """How the seven questions of a week are shared out.

    Two for each axis and a seventh free one; or, where the widths of the bands are known, three
    for the widest, two for another in turn, and one and the free one for the third. The free one
    is positive.
    """

    share: Mapping[QuestionAxis, int]
    free: QuestionAxis
    free_place: int  # which of the questions of its axis it is, from 0

    @classmethod
    def of(cls, asking: Asking, start: date) -> "_Week":
        number = start.toordinal() // 7 + asking.seed
        widest = _widest(asking.widths)
        if widest is None:
            free = _AXES[number % 3]
            share = {axis: 3 if axis is free else 2 for axis in _AXES}
        else:
            free = [axis for axis in _AXES if axis is not widest][number % 2]
            share = {axis: 3 if axis is widest else 2 for axis in _AXES}
        return cls(share, free, dice(asking.seed, start, "free") % share[free])


def _allowed(library: Library, asking: Asking) -> list[Question]:
    return [
        question
        for question in library.questions
        if (question.discreet_ok or not asking.discreet)
        and (not asking.only_wellbeing or _is_wellbeing(question))
    ]


def _is_wellbeing(question: Question) -> bool:
    return (
        question.axis is QuestionAxis.SELF
        and question.depth == 1
        and question.valence is not Valence.HARD
    )


def _choose(
    candidates: Sequence[Question], past: _Past, asking: Asking, today: date
) -> Question | None:
    if not candidates:
        return None
    for meets in _wishes(past, asking, today):
        candidates = list(filter(meets, candidates)) or candidates
    return min(candidates, key=lambda question: dice(asking.seed, today, question.id))


def _wishes(past: _Past, asking: Asking, today: date) -> Iterator[_Wish]:
    """What a question is wished to be, the most important first; the last give way first.

    The numbers come from diary research: asking daily about conflict has itself lowered couples'
    satisfaction, so hard questions are rare and never follow each other; new people leave soonest,
    so the first questions are easy; repeated wording wears answers out.
    """
    last = past.last
    hard_lately = any(q.valence is Valence.HARD for q in past.within(DAYS_BETWEEN_HARD))
    no_hard = hard_lately or (last is not None and last.valence is Valence.HARD)
    deepest = _deepest(asking, today)
    facets = {q.facet for q in past.within(DAYS_BETWEEN_SAME_FACET)}
    openings = {q.opening for q in past.within(DAYS_BETWEEN_SAME_OPENING)}
    week = _Week.of(asking, week_of(today))
    axis = _axis_of_the_day(week, past, asking, today)
    wants_positive = axis is week.free and past.this_week[axis] == week.free_place

    yield past.unseen_for(1)
    yield lambda q: not (no_hard and q.valence is Valence.HARD)
    yield lambda q: q.depth <= deepest
    yield lambda q: last is None or q.axis is not last.axis
    yield past.unseen_for(_NEAR_REPEAT)
    yield lambda q: q.facet not in facets
    yield lambda q: q.axis is axis
    yield lambda q: q.opening not in openings
    for days in _DAYS_BETWEEN_SAME_QUESTION_AT_BEST:
        yield past.unseen_for(days)
    yield lambda q: not wants_positive or q.valence is Valence.POSITIVE
    # a question about "this week" has more to look back on from Thursday
    yield lambda q: q.frame is not Frame.WEEK or today.weekday() >= _THURSDAY


def _deepest(asking: Asking, today: date) -> int:
    if asking.sent < FIRST_EASY_QUESTIONS:
        return 1
    return 2 if (today - asking.started).days < DAYS_BEFORE_DEEPEST else 3


def _axis_of_the_day(week: _Week, past: _Past, asking: Asking, today: date) -> QuestionAxis:
    """The axis whose turn it is: never the last one, in an order that differs from week to week.

    An axis not met this week goes first, so that people asked three times a week meet all three.
    """
    last = past.last
    others = [axis for axis in _AXES if last is None or axis is not last.axis]
    left = {axis: max(0, week.share[axis] - past.this_week[axis]) for axis in _AXES}
    due = [axis for axis in others if left[axis] and _works_out(left, axis)]
    new = [axis for axis in due if not past.this_week[axis]]
    tickets = [axis for axis in new or due for _ in range(left[axis])] or others
    return tickets[dice(asking.seed, today, len(past.shown), "axis") % len(tickets)]


def _works_out(left: Mapping[QuestionAxis, int], first: QuestionAxis) -> bool:
    """Whether the rest of a week can begin with an axis and never meet one twice running."""
    rest = sum(left.values()) - 1
    return all(
        count - 1 <= rest // 2 if axis is first else count <= (rest + 1) // 2
        for axis, count in left.items()
    )


def _widest(widths: Mapping[Axis, float]) -> QuestionAxis | None:
    if not widths:
        return None
    return _ASKS_ABOUT[max(Axis, key=lambda axis: widths.get(axis, 0.0))]

"""Which question comes next, over a year and more of simulated days."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.drift.rules import Axis
from bot.rhythm.choice import Asked, Asking, Library, another, choose
from bot.rhythm.due import week_of
from bot.rhythm.questions import Frame, Question, QuestionAxis, Valence

START = date(2025, 1, 1)
AXES = tuple(QuestionAxis)
DEPTHS = [1] * 10 + [2] * 7 + [3] * 3
VALENCES = [Valence.POSITIVE] * 9 + [Valence.NEUTRAL] * 8 + [Valence.HARD] * 3


def library(size: int) -> Library:
    """Questions in the shares a real library has: axes even, 4 facets each, 14 openings.

    The multipliers are coprime to the lengths, so that the properties are not tied to each other.
    """
    return Library(
        tuple(
            Question(
                id=f"q{n}",
                axis=AXES[n % 3],
                facet=f"{AXES[n % 3]}-{n // 3 % 4}",
                depth=DEPTHS[n * 7 % 20],
                valence=VALENCES[n * 3 % 20 if n % 2 else n * 11 % 20],
                frame=Frame.WEEK if n % 9 == 0 else Frame.TODAY,
                text=f"Opening word{n * 5 % 14} and the rest of it, {n}?",
                discreet_ok=n % 5 != 0,
                version="1",
            )
            for n in range(size)
        )
    )


def first_of_month(day: date) -> bool:
    return day.day == 1


@dataclass(frozen=True, slots=True)
class Shown:
    day: date
    question: Question


def every_day(_day: date) -> bool:
    return True


def three_a_week(day: date) -> bool:
    return day.weekday() in {0, 2, 4}


def live(
    books: Library,
    asking: Asking,
    days: int,
    asks: Callable[[date], bool] = every_day,
) -> list[Shown]:
    """The questions of a life in which the question of every day that `asks` is shown."""
    shown: list[Shown] = []
    for day in (START + timedelta(days=n) for n in range(days)):
        if not asks(day):
            continue
        recent = [Asked(s.day, s.question.id) for s in shown if (day - s.day).days <= 60]
        question = choose(books, replace(asking, recent=recent, sent=len(shown)), day)
        assert question is not None
        shown.append(Shown(day, question))
    return shown


def nearest(shown: list[Shown], key: Callable[[Question], object]) -> int:
    """The least number of days between two questions of the same kind."""
    latest: dict[object, date] = {}
    least = 10_000
    for one in shown:
        kind = key(one.question)
        if kind in latest:
            least = min(least, (one.day - latest[kind]).days)
        latest[kind] = one.day
    return least


def by_week(shown: list[Shown]) -> dict[date, list[Question]]:
    weeks: dict[date, list[Question]] = {}
    for one in shown:
        weeks.setdefault(week_of(one.day), []).append(one.question)
    return weeks


def hard_days(shown: list[Shown]) -> list[date]:
    return [one.day for one in shown if one.question.valence is Valence.HARD]


def someone(seed: int = 1) -> Asking:
    return Asking(seed=seed, started=START, sent=0)


SEEDS = [1, 2, 77, 123_456_789_012]
WIDE_SAY = {Axis.SELF: 0.2, Axis.TOGETHER: 0.3, Axis.SAY: 0.5}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("widths", [{}, WIDE_SAY])
def test_400_days_with_120_questions_keep_every_wish(seed: int, widths: dict[Axis, float]) -> None:
    shown = live(library(120), replace(someone(seed), widths=widths), 400)
    assert len(shown) == 400
    assert nearest(shown, lambda q: q.id) >= 60
    assert nearest(shown, lambda q: q.facet) >= 6
    assert nearest(shown, lambda q: q.opening) >= 3
    assert all(a.question.axis is not b.question.axis for a, b in pairwise(shown))
    assert all((b - a).days >= 7 for a, b in pairwise(hard_days(shown)))
    assert {one.question.depth for one in shown[:3]} == {1}
    assert max(one.question.depth for one in shown[:14]) <= 2


@pytest.mark.parametrize("seed", SEEDS)
def test_400_days_with_120_questions_use_the_whole_library(seed: int) -> None:
    shown = live(library(120), someone(seed), 400)
    assert len({one.question.id for one in shown}) >= 115
    assert {one.question.depth for one in shown} == {1, 2, 3}
    assert hard_days(shown)


@pytest.mark.parametrize("seed", SEEDS)
def test_400_days_with_30_questions_give_up_only_the_last_wishes(seed: int) -> None:
    shown = live(library(30), someone(seed), 400)
    assert len(shown) == 400
    assert nearest(shown, lambda q: q.id) >= 7
    assert nearest(shown, lambda q: q.facet) >= 6
    assert all(a.question.axis is not b.question.axis for a, b in pairwise(shown))
    assert all((b - a).days >= 7 for a, b in pairwise(hard_days(shown)))
    assert {one.question.depth for one in shown[:3]} == {1}
    counts = Counter(one.question.id for one in shown if one.question.valence is not Valence.HARD)
    assert max(counts.values()) <= 2.5 * min(counts.values())


@pytest.mark.parametrize("size", [30, 120])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_week_has_two_of_each_axis_and_one_more(size: int, seed: int) -> None:
    weeks = by_week(live(library(size), someone(seed), 400))
    full = [questions for questions in weeks.values() if len(questions) == 7]
    assert len(full) == 56
    sevenths = Counter[QuestionAxis]()
    for questions in full:
        counts = Counter(question.axis for question in questions)
        assert sorted(counts.values()) == [2, 2, 3]
        sevenths[counts.most_common(1)[0][0]] += 1
    assert all(18 <= sevenths[axis] <= 19 for axis in AXES)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_axis_with_the_widest_band_gets_one_more_and_the_others_their_two(seed: int) -> None:
    weeks = by_week(live(library(120), replace(someone(seed), widths=WIDE_SAY), 400))
    for questions in weeks.values():
        if len(questions) == 7:
            counts = Counter(question.axis for question in questions)
            assert counts == {
                QuestionAxis.BALANCE: 3,
                QuestionAxis.SELF: 2,
                QuestionAxis.TOGETHER: 2,
            }


@pytest.mark.parametrize("seed", SEEDS)
def test_the_seventh_question_is_positive_where_positive_ones_are_few(seed: int) -> None:
    """One in five is: by chance every fifth week would go without."""
    books = Library(
        tuple(
            replace(q, valence=Valence.NEUTRAL if n // 3 % 5 else Valence.POSITIVE)
            for n, q in enumerate(library(120).questions)
        )
    )
    weeks = by_week(live(books, someone(seed), 400)).values()
    without = [week for week in weeks if all(q.valence is not Valence.POSITIVE for q in week)]
    assert len(without) <= 4


@pytest.mark.parametrize("widths", [{}, WIDE_SAY])
def test_three_a_week_meet_all_three_axes(widths: dict[Axis, float]) -> None:
    shown = live(library(120), replace(someone(), widths=widths), 400, three_a_week)
    for week in by_week(shown).values():
        assert len({question.axis for question in week}) == len(week)


def test_weeks_are_shuffled_and_differ_between_people() -> None:
    orders = {
        tuple(question.axis for question in week)
        for seed in SEEDS
        for week in by_week(live(library(120), someone(seed), 200)).values()
        if len(week) == 7
    }
    assert len(orders) > 30
    first, second = (live(library(120), someone(seed), 60) for seed in (1, 2))
    assert [one.question.id for one in first] != [one.question.id for one in second]


def test_the_same_inputs_give_the_same_question_whatever_the_order_of_the_library() -> None:
    books = library(120)
    turned = Library(books.questions[::-1])
    assert live(books, someone(), 120) == live(turned, someone(), 120)


def test_a_discreet_person_gets_discreet_questions_only() -> None:
    shown = live(library(120), replace(someone(), discreet=True), 200)
    assert all(one.question.discreet_ok for one in shown)
    assert any(not one.question.discreet_ok for one in live(library(120), someone(), 200))


def test_an_open_safety_flag_leaves_light_questions_about_the_own_day() -> None:
    shown = live(library(120), replace(someone(), only_wellbeing=True), 200)
    for one in shown:
        assert one.question.axis is QuestionAxis.SELF
        assert one.question.depth == 1
        assert one.question.valence is not Valence.HARD
    assert nearest(shown, lambda q: q.id) >= 7


def test_limits_are_not_given_up_for_want_of_questions() -> None:
    books = library(120)
    plain = Library(tuple(q for q in books.questions if not q.discreet_ok))
    others = Library(tuple(q for q in books.questions if q.axis is not QuestionAxis.SELF))
    assert choose(plain, replace(someone(), discreet=True), START) is None
    assert choose(others, replace(someone(), only_wellbeing=True), START) is None


def test_an_empty_library_has_no_question() -> None:
    assert choose(Library(()), someone(), START) is None
    assert another(Library(()), someone(), START) is None


def test_two_questions_of_one_id_are_refused() -> None:
    question = library(1).questions[0]
    with pytest.raises(ValueError, match="same id"):
        Library((question, question))


def test_one_question_is_asked_again_and_again() -> None:
    books = Library((replace(library(1).questions[0], depth=3, valence=Valence.HARD),))
    assert {one.question.id for one in live(books, someone(), 30)} == {"q0"}


def test_what_was_shown_today_comes_again_only_for_want_of_anything_else() -> None:
    first, second, third = library(3).questions
    books = Library((first, replace(second, depth=3, valence=Valence.HARD), third))
    recent = [Asked(START, first.id), Asked(START, third.id)]
    question = choose(books, replace(someone(), recent=recent, sent=2), START)
    assert question is not None
    assert question.id == second.id
    recent.append(Asked(START, second.id))
    assert choose(books, replace(someone(), recent=recent, sent=3), START) in books.questions


def test_rather_a_question_of_last_week_than_the_same_axis_twice_running() -> None:
    """All that is left on the other axes was asked three days ago."""
    books = library(30)
    yesterday = next(q for q in books.questions if q.axis is QuestionAxis.SELF)
    today = START + timedelta(days=40)
    recent = [
        Asked(today - timedelta(days=3), q.id)
        for q in books.questions
        if q.axis is not QuestionAxis.SELF
    ]
    recent.append(Asked(today - timedelta(days=1), yesterday.id))
    question = choose(books, replace(someone(), recent=recent, sent=len(recent)), today)
    assert question is not None
    assert question.axis is not QuestionAxis.SELF


def test_another_goes_through_everything_allowed_and_then_stops() -> None:
    books, recent = library(30), [Asked(START, "q0")]
    while (question := another(books, replace(someone(), recent=tuple(recent)), START)) is not None:
        recent.append(Asked(START, question.id))
    assert sorted(asked.id for asked in recent) == sorted(books.by_id)


def test_another_keeps_the_wishes_too() -> None:
    books = library(120)
    for n in range(20):
        today = START + timedelta(days=n)
        first = choose(books, someone(n), today)
        assert first is not None
        asking = replace(someone(n), recent=(Asked(today, first.id),), sent=1)
        second = another(books, asking, today)
        assert second is not None
        assert second.axis is not first.axis
        assert second.facet != first.facet
        assert second.depth == 1


def test_two_hard_questions_never_follow_each_other_however_seldom_a_person_is_asked() -> None:
    lives = [
        live(library(120), replace(someone(seed), started=date(2024, 1, 1)), 400, first_of_month)
        for seed in range(20)
    ]
    assert any(hard_days(shown) for shown in lives)
    for shown in lives:
        for before, after in pairwise(shown):
            assert {before.question.valence, after.question.valence} != {Valence.HARD}


def test_questions_about_this_week_wait_for_thursday() -> None:
    shown = live(library(120), someone(), 400)
    about_the_week = [one for one in shown if one.question.frame is Frame.WEEK]
    assert about_the_week
    early = [one for one in about_the_week if one.day.weekday() < 3]
    assert len(early) < len(about_the_week) / 10


def test_a_question_shown_by_a_clock_a_year_ahead_does_not_block_anything() -> None:
    books = library(120)
    ahead = [Asked(START + timedelta(days=365), q.id) for q in books.questions]
    assert choose(books, replace(someone(), recent=ahead), START) == choose(books, someone(), START)


def test_a_question_that_left_the_library_is_passed_over() -> None:
    asking = replace(someone(), recent=(Asked(START, "gone"),))
    assert choose(library(120), asking, START) == choose(library(120), someone(), START)


questions = st.builds(
    Question,
    id=st.uuids().map(str),
    axis=st.sampled_from(QuestionAxis),
    facet=st.sampled_from(["a", "b", "c"]),
    depth=st.integers(1, 3),
    valence=st.sampled_from(Valence),
    frame=st.sampled_from(Frame),
    text=st.text(max_size=30),
    discreet_ok=st.booleans(),
    version=st.just("1"),
)


@settings(max_examples=200)
@given(
    st.lists(questions, min_size=1, max_size=8, unique_by=lambda q: q.id),
    st.integers(),
    st.dates(),
    st.lists(st.tuples(st.integers(-100, 100), st.integers(0, 20)), max_size=30),
    st.dictionaries(st.sampled_from(Axis), st.floats(0, 1)),
)
def test_while_there_is_a_question_there_is_an_answer(
    books: list[Question],
    seed: int,
    today: date,
    history: list[tuple[int, int]],
    widths: dict[Axis, float],
) -> None:
    """Whatever the library, the history, its order and its dates."""
    day = min(max(today, date(1970, 1, 1)), date(2100, 1, 1))
    recent = [
        Asked(day + timedelta(days=shift), books[index % len(books)].id) for shift, index in history
    ]
    asking = Asking(seed, day, len(recent), recent, widths=widths)
    assert choose(Library(tuple(books)), asking, day) in books
    other = another(Library(tuple(books)), asking, day)
    assert other is None or other.id not in {asked.id for asked in recent if asked.day == day}

"""Silence, reminders, "later" and pauses."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rhythm.due import local_day
from bot.rhythm.reminders import (
    Later,
    Pace,
    Pause,
    Refusal,
    Silence,
    after_answer,
    after_missed,
    before_asking,
    days_at,
    is_paused,
    is_waking,
    later,
    pause,
    pause_ends,
    reminder_at,
    reminder_open,
)
from bot.rhythm.zones import zone_named

BERLIN = zone_named("Europe/Berlin")
INSTANTS = st.integers(0, 4_102_444_800).map(lambda second: datetime.fromtimestamp(second, UTC))
MONDAY = date(2025, 5, 5)


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(f"2025-05-{text}+02:00").astimezone(UTC)


def silent_for(
    days: int, chosen: frozenset[int] = frozenset(range(7))
) -> tuple[Silence, list[date]]:
    """What happens to a person who never answers: the last state and the dates with a note."""
    silence, notes = after_answer(), []
    for n in range(days):
        today = MONDAY + timedelta(days=n)
        if today.weekday() not in days_at(silence.pace, chosen):
            continue
        step = before_asking(silence, today)
        silence = step.silence
        if step.note:
            notes.append(today)
        if silence.pace is not Pace.RESTING:
            silence = after_missed(silence, today)
    return silence, notes


@pytest.mark.parametrize(
    ("asked", "reminded"),
    [
        ("05T12:30", "05T15:30"),
        ("05T06:00", "05T09:00"),
        ("05T18:30", "05T21:30"),
        ("05T18:31", None),  # 21:31 is too late
        ("05T05:59", None),  # 08:59 is too early
        ("05T22:00", None),  # 01:00 is another date
    ],
)
def test_one_reminder_after_three_hours_in_waking_hours(asked: str, reminded: str | None) -> None:
    assert reminder_at(berlin(asked), BERLIN, Silence()) == (berlin(reminded) if reminded else None)


@pytest.mark.parametrize(("missed", "reminds"), [(0, True), (1, True), (2, False), (5, False)])
def test_two_missed_days_end_the_reminders(missed: int, reminds: bool) -> None:
    moment = reminder_at(berlin("05T12:30"), BERLIN, Silence(missed=missed))
    assert (moment is not None) is reminds


def test_an_answer_brings_the_reminders_back() -> None:
    assert reminder_at(berlin("05T12:30"), BERLIN, after_answer()) == berlin("05T15:30")


def test_a_reminder_that_is_late_still_keeps_to_the_date_and_the_hours() -> None:
    asked = berlin("05T12:30")
    assert reminder_open(asked, berlin("05T21:00"), BERLIN)
    assert not reminder_open(asked, berlin("05T22:00"), BERLIN)
    assert not reminder_open(asked, berlin("06T12:00"), BERLIN)


@given(INSTANTS)
def test_a_reminder_never_comes_at_night_or_on_another_date(asked: datetime) -> None:
    moment = reminder_at(asked, BERLIN, Silence())
    if moment is not None:
        assert is_waking(moment, BERLIN)
        assert local_day(moment, BERLIN) == local_day(asked, BERLIN)


def test_three_missed_days_slow_the_rhythm_down() -> None:
    paces = [silent_for(days)[0].pace for days in range(1, 5)]
    assert paces == [Pace.DAILY, Pace.DAILY, Pace.THREE_A_WEEK, Pace.THREE_A_WEEK]


def test_fourteen_silent_days_bring_rest_and_one_note() -> None:
    silence, notes = silent_for(60)
    assert silence.pace is Pace.RESTING
    assert notes == [MONDAY + timedelta(days=14)]


def test_a_person_asked_once_a_week_is_not_put_to_rest_after_two_questions() -> None:
    silence, notes = silent_for(17, frozenset({0}))
    assert (silence.pace, silence.missed, notes) == (Pace.THREE_A_WEEK, 3, [])
    assert silent_for(22, frozenset({0}))[1] == [MONDAY + timedelta(days=21)]


@pytest.mark.parametrize("days", [1, 5, 30])
def test_any_answer_brings_the_daily_rhythm_back(days: int) -> None:
    before, _ = silent_for(days)
    assert before != after_answer()
    assert after_answer() == Silence(Pace.DAILY, 0, None, None)


def test_the_same_missed_date_counts_once() -> None:
    once = after_missed(Silence(), MONDAY)
    assert after_missed(once, MONDAY) == once
    assert after_missed(once, MONDAY - timedelta(days=1)) == once
    assert once == Silence(Pace.DAILY, 1, MONDAY, MONDAY)


def test_silence_is_counted_from_the_first_missed_date() -> None:
    silence = after_missed(after_missed(Silence(), MONDAY), MONDAY + timedelta(days=1))
    assert (silence.since, silence.latest) == (MONDAY, MONDAY + timedelta(days=1))


def test_a_person_at_rest_hears_nothing_more() -> None:
    resting = Silence(Pace.RESTING, 9, MONDAY, MONDAY)
    step = before_asking(resting, MONDAY + timedelta(days=100))
    assert (step.silence, step.note) == (resting, False)
    assert reminder_at(berlin("05T12:30"), BERLIN, Silence(Pace.RESTING)) is None


def test_a_clock_in_1970_puts_nobody_to_rest() -> None:
    silence = Silence(Pace.THREE_A_WEEK, 5, MONDAY, MONDAY)
    assert before_asking(silence, date(1970, 1, 1)).silence == silence


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (range(7), {0, 2, 4}),
        ({0, 1, 2, 3, 4}, {0, 2, 4}),
        ({1, 2, 3, 4, 5, 6}, {1, 3, 5}),
        ({3, 4, 5, 6}, {3, 4, 6}),
        ({5, 6}, {5, 6}),
        ({1}, {1}),
    ],
)
def test_three_a_week_are_spread_over_the_chosen_days(chosen: set[int], expected: set[int]) -> None:
    assert days_at(Pace.THREE_A_WEEK, frozenset(chosen)) == expected


@given(st.frozensets(st.integers(0, 6), min_size=1))
def test_the_days_of_a_pace_are_chosen_days(chosen: frozenset[int]) -> None:
    assert days_at(Pace.DAILY, chosen) == chosen
    assert days_at(Pace.RESTING, chosen) == frozenset()
    slower = days_at(Pace.THREE_A_WEEK, chosen)
    assert slower <= chosen
    assert len(slower) == min(3, len(chosen))
    if len(chosen) >= 6:
        assert all(after - before >= 2 for before, after in pairwise(sorted(slower)))


@pytest.mark.parametrize(
    ("now", "hours", "expected"),
    [
        ("05T12:30", 3, Later(berlin("05T15:30"), shortened=False)),
        ("05T20:30", 3, Later(berlin("05T23:30"), shortened=False)),
        ("05T20:31", 3, Later(berlin("05T23:30"), shortened=True)),
        ("05T23:29", 1, Later(berlin("05T23:30"), shortened=True)),
        ("05T23:30", 1, Refusal.DAY_IS_OVER),
        ("05T23:59", 3, Refusal.DAY_IS_OVER),
        ("05T08:00", 12, Later(berlin("05T20:00"), shortened=False)),
        ("05T08:00", 13, Refusal.OUT_OF_RANGE),
        ("05T08:00", 0, Refusal.OUT_OF_RANGE),
        ("05T08:00", -3, Refusal.OUT_OF_RANGE),
    ],
)
def test_later_stays_within_the_date(now: str, hours: int, expected: Later | Refusal) -> None:
    assert later(berlin(now), BERLIN, hours) == expected


def test_later_is_three_hours_when_none_are_given() -> None:
    assert later(berlin("05T12:00"), BERLIN) == Later(berlin("05T15:00"), shortened=False)


def test_later_counts_hours_that_pass_not_hours_on_the_clock() -> None:
    """In the night of 30 March 2025 the clock in Berlin leaps from 2:00 to 3:00."""
    answer = later(datetime(2025, 3, 30, 0, 30, tzinfo=UTC), BERLIN, 3)
    assert answer == Later(datetime(2025, 3, 30, 3, 30, tzinfo=UTC), shortened=False)


@given(
    INSTANTS,
    st.sampled_from(["Europe/Berlin", "America/Nuuk", "Pacific/Apia", "America/St_Johns"]).map(
        zone_named
    ),
    st.integers(1, 12),
)
def test_later_is_ahead_and_on_the_same_date(now: datetime, zone: ZoneInfo, hours: int) -> None:
    answer = later(now, zone, hours)
    if isinstance(answer, Later):
        assert now < answer.at <= now + timedelta(hours=hours)
        assert local_day(answer.at, zone) == local_day(now, zone)
    else:
        assert answer is Refusal.DAY_IS_OVER
        assert now.astimezone(zone).time() >= time(22, 0)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (None, Pause(None)),
        (1, Pause(date(2025, 5, 6))),
        (90, Pause(date(2025, 8, 3))),
        (0, Refusal.OUT_OF_RANGE),
        (91, Refusal.OUT_OF_RANGE),
        (-5, Refusal.OUT_OF_RANGE),
    ],
)
def test_a_pause_is_one_to_ninety_days_or_open(days: int | None, expected: Pause | Refusal) -> None:
    assert pause(MONDAY, days) == expected


def test_a_pause_lasts_until_its_day() -> None:
    assert is_paused(Pause(date(2025, 5, 12)), date(2025, 5, 11))
    assert not is_paused(Pause(date(2025, 5, 12)), date(2025, 5, 12))
    assert is_paused(Pause(None), date(2099, 1, 1))


@pytest.mark.parametrize(
    ("ask_at", "expected"),
    [(time(20, 0), "05T12:00"), (time(12, 0), "05T11:59"), (time(7, 30), "05T07:29"),
     (time(0, 0), "05T12:00")],
)  # fmt: skip
def test_a_pause_ends_by_noon_and_before_that_days_question(ask_at: time, expected: str) -> None:
    assert pause_ends(MONDAY, ask_at, BERLIN) == berlin(expected)

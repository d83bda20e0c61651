"""The weekly check-in, its report and the quiz's next time."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rhythm.due import Due, Schedule, Turn, local_day, week_of
from bot.rhythm.reminders import is_waking
from bot.rhythm.weekly import next_retake, report_at, report_may_come, take_weekly_turn
from bot.rhythm.zones import zone_named

BERLIN = zone_named("Europe/Berlin")
INSTANTS = st.integers(0, 4_102_444_800).map(lambda second: datetime.fromtimestamp(second, UTC))
SUNDAY = Schedule(time(19, 0), BERLIN, frozenset({6}))
LAST, THIS, NEXT = date(2025, 5, 4), date(2025, 5, 11), date(2025, 5, 18)


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(f"2025-05-{text}+02:00").astimezone(UTC)


def on_time(day: date) -> Due:
    return Due(datetime(day.year, day.month, day.day, 17, tzinfo=UTC), day)


@pytest.mark.parametrize(
    ("now", "last", "expected"),
    [
        ("11T19:00", LAST, Turn(THIS, on_time(NEXT))),
        ("11T19:00", None, Turn(THIS, on_time(NEXT))),
        ("11T23:40", LAST, Turn(THIS, on_time(NEXT))),
        # late, in the night: in the morning, still for Sunday's week
        ("12T03:00", LAST, Turn(None, Due(berlin("12T09:00"), THIS))),
        ("12T09:00", LAST, Turn(THIS, on_time(NEXT))),
        ("13T21:30", LAST, Turn(THIS, on_time(NEXT))),
        # more than two days late it has expired
        ("14T10:00", LAST, Turn(None, on_time(NEXT))),
        # it was sent already
        ("11T19:05", THIS, Turn(None, on_time(NEXT))),
        ("12T10:00", THIS, Turn(None, on_time(NEXT))),
        # too early, as after a clock that went back
        ("11T18:59", LAST, Turn(None, on_time(THIS))),
        # a date written by a clock that was wrong is no date
        ("11T19:00", date(2027, 1, 3), Turn(THIS, on_time(NEXT))),
    ],
)
def test_the_turn_of_the_check_in(now: str, last: date | None, expected: Turn) -> None:
    assert take_weekly_turn(berlin(now), SUNDAY, last) == expected


def test_a_day_moved_from_sunday_to_monday_does_not_ask_twice_running() -> None:
    monday = Schedule(time(19, 0), BERLIN, frozenset({0}))
    assert take_weekly_turn(berlin("12T19:00"), monday, THIS).day is None


@given(
    INSTANTS,
    st.sampled_from(["Europe/Berlin", "America/Nuuk", "Pacific/Apia", "UTC"]).map(zone_named),
    st.lists(st.tuples(st.integers(0, 500), st.integers(0, 6)), min_size=1, max_size=12),
)
def test_one_check_in_a_week_whatever_the_outages_and_the_moves(
    now: datetime, zone: ZoneInfo, looks: list[tuple[int, int]]
) -> None:
    last: date | None = None
    for hours, weekday in looks:
        now += timedelta(hours=hours)
        turn = take_weekly_turn(now, Schedule(time(19, 0), zone, {weekday}), last)
        assert turn.following.at > now
        if turn.day is not None:
            today = local_day(now, zone)
            assert 0 <= (today - turn.day).days <= 2
            assert today == turn.day or is_waking(now, zone)
            assert last is None or week_of(turn.day) > week_of(last)
            last = turn.day


@pytest.mark.parametrize(
    ("finished", "expected"),
    [
        (None, "11T20:00"),
        ("11T19:01", "11T19:01"),
        ("11T20:30", "11T20:00"),
    ],
)
def test_the_report_comes_after_the_last_tap_or_an_hour(
    finished: str | None, expected: str
) -> None:
    finished_at = berlin(finished) if finished else None
    assert report_at(berlin("11T19:00"), finished_at) == berlin(expected)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("11T19:30", "11T20:00"),  # not before its time
        ("11T20:00", "11T20:00"),
        ("11T23:50", "11T23:50"),  # the same date
        ("12T04:00", "12T09:00"),  # late, and night
        ("12T14:00", "12T14:00"),
        ("25T22:15", "26T09:00"),
    ],
)
def test_a_late_report_waits_for_the_morning(now: str, expected: str) -> None:
    assert report_may_come(berlin("11T20:00"), berlin(now), BERLIN) == berlin(expected)


def test_the_quiz_may_be_taken_again_after_twenty_eight_days() -> None:
    assert next_retake(date(2025, 2, 10)) == date(2025, 3, 10)

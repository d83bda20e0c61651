"""Wall times and instants, above all on the nights when clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rhythm.due import (
    FURTHEST_DUE,
    Due,
    Schedule,
    Turn,
    day_ends,
    local_day,
    moment_on,
    next_due,
    still_open,
    take_turn,
    week_of,
    weekly_due,
)
from bot.rhythm.zones import UnknownZoneError, zone_named, zone_typed

ZONES = [
    "Africa/Cairo",
    "Africa/Casablanca",
    "Africa/Lagos",
    "America/Caracas",
    "America/Havana",
    "America/Los_Angeles",
    "America/New_York",
    "America/Nuuk",
    "America/Sao_Paulo",
    "America/Scoresbysund",
    "America/St_Johns",
    "Antarctica/Troll",
    "Asia/Beirut",
    "Asia/Gaza",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Asia/Manila",
    "Asia/Pyongyang",
    "Asia/Tehran",
    "Asia/Tokyo",
    "Atlantic/Azores",
    "Australia/Adelaide",
    "Australia/Lord_Howe",
    "Europe/Berlin",
    "Europe/Dublin",
    "Europe/London",
    "Pacific/Apia",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
    "Pacific/Kwajalein",
    "Pacific/Niue",
    "Etc/GMT+12",
    "UTC",
]
MONDAY, SUNDAY = 0, 6

Place = tuple[ZoneInfo, datetime]


def changes(name: str) -> list[Place]:
    """The zone and the hours in which its clock changes, in some eventful years."""
    zone = zone_named(name)

    def changed(start: datetime, hours: int) -> bool:
        end = start + timedelta(hours=hours)
        return start.astimezone(zone).utcoffset() != end.astimezone(zone).utcoffset()

    days = [
        datetime(year, 1, 1, tzinfo=UTC) + timedelta(days=day)
        for year in (2010, 2011, 2018, 2024, 2025)
        for day in range(365)
    ]
    hours = [day + timedelta(hours=n) for day in days if changed(day, 24) for n in range(24)]
    return [(zone, hour + timedelta(hours=1)) for hour in hours if changed(hour, 1)]


CHANGES = [change for name in ZONES for change in changes(name)]

zones = st.sampled_from(ZONES).map(zone_named)
instants = st.integers(0, 4_102_444_800).map(lambda second: datetime.fromtimestamp(second, UTC))
anywhere = st.tuples(zones, instants)
near_a_change = st.builds(
    lambda change, hours: (change[0], change[1] + timedelta(hours=hours)),
    st.sampled_from(CHANGES),
    st.floats(-30, 30),
)
places = anywhere | near_a_change
small_hours = st.sampled_from([22, 23, 0, 1, 2, 3]).flatmap(
    lambda hour: st.integers(0, 59).map(lambda minute: time(hour, minute))
)
times = small_hours | st.times()
weekdays = st.frozensets(st.integers(0, 6), min_size=1)
dates = st.dates(date(1970, 1, 3), date(2099, 12, 30))


def schedule(zone: str, at: str, *days: int) -> Schedule:
    return Schedule(time.fromisoformat(at), zone_named(zone), frozenset(days or range(7)))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("zone", "at", "day", "expected"),
    [
        # an ordinary day
        ("Europe/Berlin", "20:00", "2025-05-05", "2025-05-05T20:00+02:00"),
        ("Asia/Kolkata", "02:30", "2025-03-30", "2025-03-30T02:30+05:30"),
        # gaps: the first moment after
        ("Europe/Berlin", "02:00", "2025-03-30", "2025-03-30T03:00+02:00"),
        ("Europe/Berlin", "02:30", "2025-03-30", "2025-03-30T03:00+02:00"),
        ("Europe/Berlin", "03:00", "2025-03-30", "2025-03-30T03:00+02:00"),
        ("America/New_York", "02:30", "2025-03-09", "2025-03-09T03:00-04:00"),
        ("Australia/Lord_Howe", "02:15", "2025-10-05", "2025-10-05T02:30+11:00"),
        ("America/Sao_Paulo", "00:00", "2018-11-04", "2018-11-04T01:00-02:00"),
        ("America/Sao_Paulo", "00:30", "2018-11-04", "2018-11-04T01:00-02:00"),
        ("Africa/Casablanca", "02:30", "2025-04-06", "2025-04-06T03:00+01:00"),
        ("Africa/Cairo", "00:10", "2025-04-25", "2025-04-25T01:00+03:00"),
        # a gap that ends on the next date: one minute before it
        ("America/Nuuk", "23:30", "2024-03-30", "2024-03-30T22:59-02:00"),
        ("America/Nuuk", "22:59", "2024-03-30", "2024-03-30T22:59-02:00"),
        ("America/Nuuk", "00:00", "2024-03-31", "2024-03-31T00:00-01:00"),
        # folds: the first of the two
        ("Europe/Berlin", "02:30", "2025-10-26", "2025-10-26T02:30+02:00"),
        ("America/New_York", "01:30", "2025-11-02", "2025-11-02T01:30-04:00"),
        ("Australia/Lord_Howe", "01:45", "2025-04-06", "2025-04-06T01:45+11:00"),
        ("America/Sao_Paulo", "23:30", "2018-02-17", "2018-02-17T23:30-02:00"),
        ("Africa/Casablanca", "02:30", "2025-02-23", "2025-02-23T02:30+01:00"),
        ("America/St_Johns", "00:00", "2010-11-07", "2010-11-07T00:00-02:30"),
        # the date line moved
        ("Pacific/Apia", "20:00", "2011-12-29", "2011-12-29T20:00-10:00"),
        ("Pacific/Apia", "00:00", "2011-12-31", "2011-12-31T00:00+14:00"),
    ],
)
def test_a_time_on_a_date_is_this_instant(zone: str, at: str, day: str, expected: str) -> None:
    moment = moment_on(date.fromisoformat(day), time.fromisoformat(at), zone_named(zone))
    assert moment == utc(expected)


def test_a_date_that_never_was_has_no_times() -> None:
    for at in (time(0, 0), time(12, 0), time(23, 59)):
        assert moment_on(date(2011, 12, 30), at, zone_named("Pacific/Apia")) is None


def test_a_time_with_seconds_in_a_gap_comes_at_the_whole_moment_after_it() -> None:
    moment = moment_on(date(2025, 3, 30), time(2, 30, 17, 250), zone_named("Europe/Berlin"))
    assert moment == utc("2025-03-30T03:00+02:00")


def test_a_time_of_day_marked_as_the_second_of_two_still_means_the_first() -> None:
    moment = moment_on(date(2025, 10, 26), time(2, 30, fold=1), zone_named("Europe/Berlin"))
    assert moment == utc("2025-10-26T02:30+02:00")


@pytest.mark.parametrize(
    ("zone", "at", "now", "expected_at", "expected_day"),
    [
        # strictly after now
        ("UTC", "20:00", "2025-05-05T19:59:59+00:00", "2025-05-05T20:00+00:00", "2025-05-05"),
        ("UTC", "20:00", "2025-05-05T20:00:00+00:00", "2025-05-06T20:00+00:00", "2025-05-06"),
        # between the two showings of 02:30 the first has been
        (
            "Europe/Berlin",
            "02:30",
            "2025-10-26T02:30+02:00",
            "2025-10-27T02:30+01:00",
            "2025-10-27",
        ),
        (
            "Europe/Berlin",
            "02:30",
            "2025-10-26T02:10+01:00",
            "2025-10-27T02:30+01:00",
            "2025-10-27",
        ),
        # at the moment after the gap the one in the gap has been
        (
            "Europe/Berlin",
            "02:30",
            "2025-03-30T03:00+02:00",
            "2025-03-31T02:30+02:00",
            "2025-03-31",
        ),
        # Samoa goes from the 29th to the 31st
        (
            "Pacific/Apia",
            "20:00",
            "2011-12-29T20:00-10:00",
            "2011-12-31T20:00+14:00",
            "2011-12-31",
        ),
        # a date that comes back for an hour does not bring its time back
        (
            "America/St_Johns",
            "23:30",
            "2010-11-06T23:40-02:30",
            "2010-11-07T23:30-03:30",
            "2010-11-07",
        ),
        (
            "America/St_Johns",
            "00:00",
            "2010-11-06T23:30-03:30",
            "2010-11-08T00:00-03:30",
            "2010-11-08",
        ),
        # the local date decides, not the date in UTC
        ("Asia/Tokyo", "08:00", "2025-05-05T22:00+00:00", "2025-05-06T08:00+09:00", "2025-05-06"),
    ],
)
def test_the_next_time_due(
    zone: str, at: str, now: str, expected_at: str, expected_day: str
) -> None:
    due = next_due(utc(now), schedule(zone, at))
    assert due == Due(utc(expected_at), date.fromisoformat(expected_day))
    assert due.at.tzinfo is UTC


def test_only_allowed_weekdays_are_due() -> None:
    due = next_due(utc("2025-05-05T21:00+00:00"), schedule("UTC", "20:00", 0, 2))
    assert due.day == date(2025, 5, 7)


def test_a_weekday_whose_date_was_skipped_comes_a_week_later() -> None:
    fridays = schedule("Pacific/Apia", "20:00", 4)
    assert next_due(utc("2011-12-24T12:00-10:00"), fridays).day == date(2012, 1, 6)


def test_a_date_already_asked_is_not_due_again() -> None:
    now = utc("2025-05-05T10:00+00:00")
    due = next_due(now, schedule("UTC", "20:00"), last_date=date(2025, 5, 5))
    assert due.day == date(2025, 5, 6)


def test_after_a_journey_west_the_date_asked_in_the_east_is_left_out() -> None:
    """Asked in Tokyo on the 6th at 08:00; in Los Angeles it is still the 5th."""
    landed = utc("2025-05-05T18:00-07:00")
    due = next_due(landed, schedule("America/Los_Angeles", "20:00"), last_date=date(2025, 5, 6))
    assert due == Due(utc("2025-05-07T20:00-07:00"), date(2025, 5, 7))


def test_after_a_journey_east_the_new_date_is_asked_on() -> None:
    landed = utc("2025-05-06T18:00+09:00")
    due = next_due(landed, schedule("Asia/Tokyo", "20:00"), last_date=date(2025, 5, 5))
    assert due.day == date(2025, 5, 6)


def test_a_last_date_from_a_clock_that_ran_a_year_ahead_silences_nobody() -> None:
    now = utc("2025-05-05T10:00+00:00")
    due = next_due(now, schedule("UTC", "20:00"), last_date=date(2026, 5, 5))
    assert due.day == date(2025, 5, 5)


@pytest.mark.parametrize("days", [frozenset(), frozenset({7}), frozenset({-1, 2})])
def test_a_schedule_needs_weekdays(days: frozenset[int]) -> None:
    with pytest.raises(ValueError, match="weekdays"):
        Schedule(time(20), zone_named("UTC"), days)


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        local_day(datetime(2025, 5, 5, 12), zone_named("UTC"))  # noqa: DTZ001 - it is the point


@given(places, times, weekdays, st.none() | st.integers(-4000, 4000))
def test_next_due_is_after_now_on_an_allowed_later_date_and_near(
    place: Place, at: time, days: frozenset[int], shift: int | None
) -> None:
    """Total for every instant, whatever the last date says, and never far ahead."""
    zone, now = place
    today = local_day(now, zone)
    last = None if shift is None else today + timedelta(days=shift)
    due = next_due(now, Schedule(at, zone, days), last)
    assert now < due.at <= now + FURTHEST_DUE
    assert due.day.weekday() in days
    assert local_day(due.at, zone) == due.day
    if last is not None and last <= today + timedelta(days=2):
        assert due.day > last


@given(places, times, st.timedeltas(timedelta(0), timedelta(days=3)))
def test_next_due_never_goes_back_when_now_goes_on(
    place: Place, at: time, later: timedelta
) -> None:
    zone, now = place
    first, second = (next_due(moment, Schedule(at, zone)) for moment in (now, now + later))
    assert first.at <= second.at
    assert first.day <= second.day


@settings(max_examples=60)
@given(st.integers(1970, 2099), zones, times)
def test_over_a_year_every_date_that_exists_is_due_once(
    year: int, zone: ZoneInfo, at: time
) -> None:
    start = datetime(year, 1, 1, tzinfo=UTC)
    due = next_due(start, Schedule(at, zone))
    days = []
    while due.at < start + timedelta(days=365):
        days.append(due.day)
        due = next_due(due.at, Schedule(at, zone))
    every = [days[0] + timedelta(days=n) for n in range((days[-1] - days[0]).days + 1)]
    existing = [
        day for day in every if local_day(day_ends(day, zone) - timedelta(seconds=1), zone) == day
    ]
    assert days == existing
    assert len(every) - len(existing) <= 1


@given(instants, st.lists(st.tuples(zones, st.integers(0, 72)), min_size=2, max_size=8), times)
def test_a_traveller_is_asked_once_a_date_and_never_waits_four_days(
    now: datetime, legs: list[tuple[ZoneInfo, int]], at: time
) -> None:
    """Each leg is a zone and the hours spent there; due times are recomputed on arrival."""
    asked: list[Due] = []
    for zone, hours in legs:
        leaves = now + timedelta(hours=hours)
        while True:
            last = asked[-1].day if asked else None
            due = next_due(now, Schedule(at, zone), last)
            assert due.at - now < timedelta(days=4)
            if due.at > leaves:
                break
            asked.append(due)
            now = due.at
        now = leaves
    days = [due.day for due in asked]
    assert days == sorted(set(days))


@pytest.mark.parametrize("home", ZONES)
def test_one_move_makes_nobody_wait_longer_than_the_move_and_a_day(home: str) -> None:
    """26 hours lie between the furthest clocks; no date but the one asked already is left out."""
    asked = next_due(utc("2025-06-10T00:00+00:00"), schedule(home, "20:00"))
    now = asked.at + timedelta(hours=1)
    for away in ZONES:
        due = next_due(now, schedule(away, "20:00"), asked.day)
        assert due.day > asked.day
        assert due.at - now <= timedelta(hours=24 + 26)
        today = local_day(now, zone_named(away))
        assert (due.day - max(asked.day, today)).days <= 1


@pytest.mark.parametrize(
    ("zone", "day", "expected"),
    [
        ("Europe/Berlin", "2025-05-05", "2025-05-06T00:00+02:00"),
        ("America/Sao_Paulo", "2018-11-03", "2018-11-04T01:00-02:00"),
        ("America/Sao_Paulo", "2018-02-17", "2018-02-18T00:00-03:00"),
        ("America/Havana", "2024-11-02", "2024-11-03T00:00-04:00"),
        ("America/Nuuk", "2024-03-30", "2024-03-31T00:00-01:00"),
        ("Pacific/Apia", "2011-12-29", "2011-12-31T00:00+14:00"),
        ("Pacific/Apia", "2011-12-30", "2011-12-31T00:00+14:00"),
        # the 6th came back for an hour, so it ends the second time
        ("America/St_Johns", "2010-11-06", "2010-11-07T00:00-03:30"),
    ],
)
def test_a_date_is_over_at_this_instant(zone: str, day: str, expected: str) -> None:
    assert day_ends(date.fromisoformat(day), zone_named(zone)) == utc(expected)


@given(dates, zones)
def test_a_date_is_over_when_the_calendar_has_turned_for_good(day: date, zone: ZoneInfo) -> None:
    end = day_ends(day, zone)
    assert local_day(end - timedelta(seconds=1), zone) <= day
    assert all(local_day(end + timedelta(hours=hours), zone) > day for hours in range(4))


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2025-05-05T20:00+02:00", True),
        ("2025-05-05T23:59:59+02:00", True),
        ("2025-05-06T00:00+02:00", False),
        ("2025-05-08T20:00+02:00", False),
        ("1970-01-01T00:00+00:00", True),
    ],
)
def test_a_question_may_come_late_while_its_date_lasts(now: str, expected: bool) -> None:
    due_at = utc("2025-05-05T20:00+02:00")
    assert still_open(due_at, utc(now), zone_named("Europe/Berlin")) is expected


@pytest.mark.parametrize(
    ("now", "sent_for", "following"),
    [
        ("2025-05-05T20:00:03+02:00", "2025-05-05", "2025-05-06"),
        ("2025-05-05T23:50:00+02:00", "2025-05-05", "2025-05-06"),
        # an outage over one night, back in the morning: nothing now, tonight as ever
        ("2025-05-06T09:00:00+02:00", None, "2025-05-06"),
        # back three days later after the time of day: one question, for that date
        ("2025-05-08T21:00:00+02:00", "2025-05-08", "2025-05-09"),
        # the clock went back: nothing is due, and nothing is lost
        ("2025-05-04T21:00:00+02:00", None, "2025-05-05"),
        ("1970-01-01T12:00:00+00:00", None, "1970-01-01"),
        # the clock went ahead by a year
        ("2026-05-05T12:00:00+02:00", None, "2026-05-05"),
    ],
)
def test_what_a_due_time_amounts_to_after_an_outage(
    now: str, sent_for: str | None, following: str
) -> None:
    turn = take_turn(utc("2025-05-05T20:00+02:00"), utc(now), schedule("Europe/Berlin", "20:00"))
    assert turn.day == (date.fromisoformat(sent_for) if sent_for else None)
    assert turn.following.day == date.fromisoformat(following)


def test_a_second_look_on_the_same_date_sends_nothing() -> None:
    due_at, now = utc("2025-05-05T20:00+00:00"), utc("2025-05-05T20:05+00:00")
    turn = take_turn(due_at, now, schedule("UTC", "20:00"), last_date=date(2025, 5, 5))
    assert turn == Turn(None, Due(utc("2025-05-06T20:00+00:00"), date(2025, 5, 6)))


def test_a_due_time_moved_within_its_date_keeps_that_date() -> None:
    """The person said "later": 23:00 instead of 20:00."""
    due_at, now = utc("2025-05-05T23:00+00:00"), utc("2025-05-05T23:00+00:00")
    assert take_turn(due_at, now, schedule("UTC", "20:00")).day == date(2025, 5, 5)


def test_a_due_time_that_lies_ahead_stays_and_sends_nothing() -> None:
    due_at, now = utc("2025-05-05T23:00+00:00"), utc("2025-05-05T21:00+00:00")
    turn = take_turn(due_at, now, schedule("UTC", "20:00"))
    assert turn == Turn(None, Due(due_at, date(2025, 5, 5)))


def test_a_due_time_stored_under_a_clock_a_year_ahead_is_computed_again() -> None:
    due_at, now = utc("2026-05-05T20:00+00:00"), utc("2025-05-05T12:00+00:00")
    turn = take_turn(due_at, now, schedule("UTC", "20:00"))
    assert turn == Turn(None, Due(utc("2025-05-05T20:00+00:00"), date(2025, 5, 5)))


def test_a_date_asked_before_its_time_of_day_is_not_asked_again_at_it() -> None:
    """The stored time was 12:00; since then the person chose 20:00."""
    due_at, now = utc("2025-05-05T12:00+00:00"), utc("2025-05-05T12:01+00:00")
    turn = take_turn(due_at, now, schedule("UTC", "20:00"))
    assert turn == Turn(date(2025, 5, 5), Due(utc("2025-05-06T20:00+00:00"), date(2025, 5, 6)))


def test_an_outage_that_ends_on_a_weekday_not_chosen_sends_nothing() -> None:
    due_at, now = utc("2025-05-05T20:00+00:00"), utc("2025-05-06T21:00+00:00")
    turn = take_turn(due_at, now, schedule("UTC", "20:00", 0, 2))
    assert turn == Turn(None, Due(utc("2025-05-07T20:00+00:00"), date(2025, 5, 7)))


@given(places, times, weekdays, st.lists(st.integers(-40, 400), max_size=12))
def test_no_clock_makes_a_date_asked_twice(
    place: Place, at: time, days: frozenset[int], hours: list[int]
) -> None:
    """Looked at again and again by a clock that jumps to and fro by hours and days."""
    zone, now = place
    wanted = Schedule(at, zone, days)
    due, last = next_due(now, wanted), None
    asked = []
    for jump in hours:
        now = min(
            max(now + timedelta(hours=jump), utc("1970-01-03T00:00+00:00")),
            utc("2100-01-01T00:00+00:00"),
        )
        if now < due.at:
            continue
        turn = take_turn(due.at, now, wanted, last)
        due = turn.following
        assert due.at > now
        if turn.day is not None:
            assert turn.day == local_day(now, zone)
            last = turn.day
            asked.append(turn.day)
    assert len(asked) == len(set(asked))


@pytest.mark.parametrize(
    ("last", "weekday", "expected"),
    [
        (None, SUNDAY, "2025-05-11"),
        ("2025-05-04", SUNDAY, "2025-05-11"),
        # moved from Sunday to Monday: not two days running
        ("2025-05-04", MONDAY, "2025-05-12"),
        # moved from Sunday to Wednesday: three days on, another week
        ("2025-05-04", 2, "2025-05-07"),
        # had on Tuesday, moved to Friday: that week has had its own
        ("2025-05-06", 4, "2025-05-16"),
        # written by a clock that was wrong
        ("2027-01-01", SUNDAY, "2025-05-11"),
    ],
)
def test_the_weekly_moment(last: str | None, weekday: int, expected: str) -> None:
    now = utc("2025-05-06T21:00+00:00") if last == "2025-05-06" else utc("2025-05-05T10:00+00:00")
    due = weekly_due(
        now, schedule("UTC", "18:00", weekday), date.fromisoformat(last) if last else None
    )
    assert due.day == date.fromisoformat(expected)


@given(places, times, st.lists(st.integers(0, 6), min_size=2, max_size=10))
def test_weekly_moments_are_unique_by_week_whatever_day_a_person_moves_to(
    place: Place, at: time, chosen: list[int]
) -> None:
    zone, now = place
    last = None
    for weekday in chosen:
        due = weekly_due(now, Schedule(at, zone, {weekday}), last)
        assert now < due.at <= now + FURTHEST_DUE
        assert last is None or (week_of(due.day) > week_of(last) and (due.day - last).days >= 3)
        now, last = due.at, due.day


def test_weeks_begin_on_monday_or_on_the_persons_own_day() -> None:
    assert week_of(date(2025, 5, 5)) == week_of(date(2025, 5, 11)) == date(2025, 5, 5)
    assert week_of(date(2025, 5, 7), start=date(2025, 4, 3)) == date(2025, 5, 1)
    assert week_of(date(2025, 4, 2), start=date(2025, 4, 3)) == date(2025, 3, 27)


def test_a_zone_is_found_by_name_and_kept() -> None:
    assert zone_named("Europe/Berlin") is zone_named("Europe/Berlin")


@pytest.mark.parametrize(
    "name", ["", "Mars/Olympus", "../../etc/passwd", "America", "a\0b", "/etc"]
)
def test_what_is_no_zone_is_refused_in_one_way(name: str) -> None:
    with pytest.raises(UnknownZoneError):
        zone_named(name)
    with pytest.raises(UnknownZoneError):
        zone_typed(name)


@pytest.mark.parametrize("name", ["Europe/Berlin", "America/New_York", "America/Port-au-Prince"])
def test_a_zone_may_be_typed_in_any_case(name: str) -> None:
    for typed in (name, name.upper(), f" {name.lower()} ", name.replace("_", " ")):
        assert zone_typed(typed) == name

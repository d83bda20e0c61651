"""Times of day and weekdays as people type them."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rhythm.clock_words import days_in, time_in, weekly_in


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("20:00", time(20)),
        (" 8 pm ", time(20)),
        ("8.15pm", time(20, 15)),
        ("12 am", time(0)),
        ("12pm", time(12)),
        ("2030", time(20, 30)),
        ("20", time(20)),
        ("at 7:05", time(7, 5)),
        ("noon", time(12)),
        ("20h30", time(20, 30)),
        ("25:00", None),
        ("13 pm", None),
        ("20:61", None),
        ("tonight", None),
        ("20:00 or 21:00", None),
        ("", None),
    ],
)
def test_a_time_is_understood_or_not(text: str, meant: time | None) -> None:
    assert time_in(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("mon wed fri", {1, 3, 5}),
        ("Monday and Friday", {1, 5}),
        ("weekdays", {1, 2, 3, 4, 5}),
        ("every  day", set(range(1, 8))),
        ("on sundays", {7}),
        ("tues, thurs", {2, 4}),
        ("m w f", None),
        ("mon someday", None),
        ("", None),
    ],
)
def test_weekdays_are_understood_or_not(text: str, meant: set[int] | None) -> None:
    found = days_in(text)
    assert found == (None if meant is None else frozenset(meant))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("sunday 18:00", (7, time(18))),
        ("Sat, 9 am", (6, time(9))),
        ("sunday", None),
        ("18:00", None),
    ],
)
def test_a_weekly_time_is_understood_or_not(text: str, meant: tuple[int, time] | None) -> None:
    assert weekly_in(text) == meant


@given(st.text(max_size=40))
def test_nothing_that_is_typed_raises(text: str) -> None:
    time_in(text)
    days_in(text)
    weekly_in(text)


@given(st.times())
def test_what_is_shown_is_understood_again(at: time) -> None:
    assert time_in(at.strftime("%H:%M")) == at.replace(second=0, microsecond=0, fold=0)

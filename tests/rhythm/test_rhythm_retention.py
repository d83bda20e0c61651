"""Retention: nothing goes too late, and nothing that was written goes untold."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rhythm.retention import (
    NUMBERS_KEPT,
    SILENCE,
    SILENCE_NOTICE,
    TEXTS_NOTICE,
    UNDECIDED_KEPT,
    Holding,
    Steps,
    steps,
)

START = date(2026, 3, 2)


def _day(number: int) -> date:
    return START + timedelta(days=number)


class _Life:
    """A person over the days: what they wrote, what they were told, what was removed when."""

    def __init__(self, keep_days: int) -> None:
        self.holding = Holding(consented=True, heard_on=START, keep_days=keep_days)
        self.texts: set[date] = set()
        self.told: list[date] = []
        self.removed: dict[date, date] = {}
        self.gone: date | None = None
        self.silence_told: list[tuple[date, date]] = []

    def write(self, day: date) -> None:
        self.texts.add(day)
        self.holding = replace(self.holding, heard_on=day)

    def night(self, day: date) -> Steps:
        done = steps(replace(self.holding, oldest_text=min(self.texts, default=None)), day)
        if done.forget:
            self.gone = day
            return done
        if done.tell_texts is not None:
            self.told.append(day)
            self.holding = replace(
                self.holding, texts_told_before=self.holding.texts_told_on, texts_told_on=day
            )
        if done.tell_silence is not None:
            self.silence_told.append((day, done.tell_silence))
            self.holding = replace(self.holding, silence_told_on=day)
        if done.texts_before is not None:
            for text in [text for text in self.texts if text < done.texts_before]:
                self.texts.discard(text)
                self.removed[text] = day
        return done


@given(
    keep=st.sampled_from([90, 365]),
    writes=st.sets(st.integers(0, 500), min_size=1, max_size=60),
    down=st.sets(st.integers(0, 900), max_size=3),
    length=st.integers(0, 120),
)
def test_every_text_is_told_a_week_before_it_goes(
    keep: int, writes: set[int], down: set[int], length: int
) -> None:
    """Whoever takes their file at each notice has every text, whatever outages there were."""
    life = _Life(keep)
    asleep = {day + offset for day in down for offset in range(length)}
    for number in range(900):
        if number in writes:
            life.write(_day(number))
        # somebody who lives: silence is another rule
        life.holding = replace(life.holding, heard_on=_day(number))
        if number not in asleep:
            life.night(_day(number))
    for text, removed in life.removed.items():
        assert removed > text + timedelta(days=keep)
        assert any(text <= told <= removed - TEXTS_NOTICE for told in life.told)
    if not asleep:
        for text in map(_day, writes):
            assert life.removed[text] == text + timedelta(days=keep + 1)


def test_notices_about_texts_come_once_a_period() -> None:
    life = _Life(90)
    for number in range(400):
        life.write(_day(number))
        life.night(_day(number))
    assert [(told - START).days for told in life.told] == [84, 167, 250, 333]


def test_who_keeps_until_deleting_is_never_told_and_loses_nothing() -> None:
    life = _Life(0)
    for number in range(1000):
        life.write(_day(number))
        assert life.night(_day(number)).texts_before is None
    assert life.told == []
    assert len(life.texts) == 1000


def test_numbers_go_after_a_year() -> None:
    done = steps(Holding(consented=True, heard_on=_day(400), keep_days=0), _day(400))
    assert done.numbers_before == _day(400) - NUMBERS_KEPT


def test_after_half_a_year_of_silence_everything_goes_two_weeks_after_it_was_told() -> None:
    life = _Life(365)
    life.write(START)
    for number in range(1, 400):
        life.night(_day(number))
        if life.gone is not None:
            break
    assert life.silence_told == [(START + SILENCE - SILENCE_NOTICE, START + SILENCE)]
    assert life.gone == START + SILENCE


@given(heard_after=st.integers(0, 13), outage=st.integers(0, 60))
def test_a_sign_of_life_after_the_notice_starts_the_silence_anew(
    heard_after: int, outage: int
) -> None:
    life = _Life(365)
    notice = (SILENCE - SILENCE_NOTICE).days + outage
    life.night(_day(notice))
    assert life.silence_told == [(_day(notice), max(START + SILENCE, _day(notice + 14)))]
    heard = _day(notice + heard_after)
    life.holding = replace(life.holding, heard_on=heard)
    for number in range(notice + heard_after, notice + 400):
        life.night(_day(number))
        if life.gone is not None:
            break
    assert life.gone == heard + SILENCE
    assert life.silence_told[-1] == (heard + SILENCE - SILENCE_NOTICE, heard + SILENCE)


@pytest.mark.parametrize("days", [0, 29, 30, 200])
def test_who_never_agreed_is_forgotten_after_thirty_days(days: int) -> None:
    done = steps(Holding(consented=False, heard_on=START, keep_days=0), _day(days))
    assert done == Steps(forget=days >= UNDECIDED_KEPT.days)

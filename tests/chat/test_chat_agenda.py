"""A clock that stood far ahead for a while, and was put right."""

from datetime import UTC, datetime

import pytest

from tests.direct import Direct, texts

WRONG = datetime(2100, 1, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("days", ["3", "90"])
def test_a_pause_that_was_begun_under_a_wrong_clock_ends(
    direct: Direct, ada: int, days: str
) -> None:
    right = direct.clock.now()
    direct.clock.move_to(WRONG)
    direct.say(ada, f"/pause {days}")
    direct.clock.move_to(right)
    assert direct.store(direct.conversations.clock_corrected) == 1
    assert "Your pause is over" in "".join(texts(direct.pass_time(minutes=1)))
    assert direct.rows("SELECT state, paused_until FROM people") == [("active", None)]
    assert direct.store(direct.conversations.clock_corrected) == 0


@pytest.mark.parametrize("days", ["1", "3", "90"])
def test_a_pause_under_a_right_clock_lasts(direct: Direct, ada: int, days: str) -> None:
    direct.say(ada, f"/pause {days}")
    assert direct.store(direct.conversations.clock_corrected) == 0
    direct.pass_time(days=int(days) - 1)
    assert direct.rows("SELECT state FROM people") == [("paused",)]


def test_the_last_word_is_never_still_to_come(direct: Direct, ada: int) -> None:
    """Otherwise nothing would ever go for silence."""
    right = direct.clock.now()
    direct.clock.move_to(WRONG)
    direct.say(ada, "Is it that late?")
    direct.clock.move_to(right)
    direct.say(ada, "It is not.")
    assert direct.rows("SELECT heard_at FROM people") == [(int(right.timestamp()),)]

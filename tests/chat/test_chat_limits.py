"""Floods, and reports in a row."""

import pytest

from tests.direct import Direct, texts

LINE = "That is a lot at once."


def test_a_flood_is_kept_whole_and_answered_by_one_line(direct: Direct, ada: int) -> None:
    said = [text for number in range(60) for text in texts(direct.say(ada, f"word {number}"))]
    assert direct.rows("SELECT count(*) FROM answers") == [(60,)]
    assert sum(LINE in text for text in said) == 1
    quiet = [text for number in range(60) for text in texts(direct.say(ada, f"more {number}"))]
    assert quiet == []
    assert direct.rows("SELECT count(*) FROM answers") == [(120,)]


def test_twenty_a_minute_are_answered_as_ever(direct: Direct, ada: int) -> None:
    direct.pass_time(minutes=2)
    for number in range(20):
        assert LINE not in "".join(texts(direct.say(ada, f"word {number}")))
    direct.pass_time(minutes=1, seconds=1)
    for number in range(20):
        assert LINE not in "".join(texts(direct.say(ada, f"word {number}")))


def test_what_is_grave_is_answered_in_a_flood(direct: Direct, ada: int) -> None:
    for number in range(40):
        direct.say(ada, f"word {number}")
    assert "it is not your fault" in "".join(texts(direct.say(ada, "He hit me again.")))
    assert "danger" in "".join(texts(direct.say(ada, "/safety")))


def test_what_waited_through_an_outage_is_no_flood(direct: Direct, ada: int) -> None:
    """A day's messages that arrive at once were written over the day."""
    written = [direct.message(ada, f"word {number}") for number in range(30)]
    direct.pass_time(hours=10)
    start = int(direct.clock.now().timestamp()) - 9 * 3600
    for number, message in enumerate(written):
        messages = direct.give(
            {"update_id": 1, "message": message | {"date": start + number * 900}}
        )
        assert LINE not in "".join(texts(messages))


def test_one_persons_flood_is_nobody_elses(direct: Direct, ada: int, bea: int) -> None:
    for number in range(40):
        direct.say(ada, f"word {number}")
    assert texts(direct.say(bea, "just this")) != []


def test_ten_reports_an_hour(direct: Direct, ada: int) -> None:
    for _ in range(10):
        direct.pass_time(minutes=1)
        assert "So far" in texts(direct.say(ada, "/report"))[0]
    assert "ten reports within an hour" in texts(direct.say(ada, "/report"))[0]
    assert direct.rows("SELECT count(*) FROM reports") == [(10,)]
    direct.pass_time(hours=1)
    assert "So far" in texts(direct.say(ada, "/report"))[0]


def test_a_flood_of_a_stranger_is_answered_by_one_line(direct: Direct) -> None:
    said = [text for number in range(60) for text in texts(direct.say(99, f"word {number}"))]
    assert len(said) == 21
    assert sum(LINE in text for text in said) == 1
    assert "I keep all of it" not in said[-1]
    assert [text for n in range(60) for text in texts(direct.say(99, f"more {n}"))] == []
    assert "danger" in "".join(texts(direct.say(99, "/safety")))
    assert "it is not your fault" in "".join(texts(direct.say(99, "He hit me again.")))
    assert direct.rows("SELECT count(*) FROM people") == [(0,)]
    direct.pass_time(minutes=11)
    assert "Send /start" in texts(direct.say(99, "word"))[0]


def test_a_flood_of_presses_has_its_effect_and_is_answered_by_one_line(
    direct: Direct, ada: int
) -> None:
    direct.pass_time(minutes=2)
    sent = [message for n in range(400) for message in direct.press(ada, f"tap:1:{n % 5 + 1}")]
    toasts = [m for m in sent if m.method == "answerCallbackQuery"]
    assert len(toasts) == 121
    assert sum(LINE in text for text in texts(sent)) == 1
    assert direct.rows("SELECT value FROM taps") == [(5,)]
    assert direct.press(ada, "help:now") != []
    direct.pass_time(minutes=2)
    assert "kept" in texts(direct.press(ada, "tap:1:2"))


def test_a_flood_of_presses_by_a_stranger_is_answered_by_one_line(direct: Direct) -> None:
    sent = [message for _ in range(400) for message in direct.press(99, "tap:1:1")]
    assert len(sent) == 121


def test_whoever_has_not_agreed_is_not_told_that_it_is_kept(direct: Direct) -> None:
    direct.say(11, "/start")
    said = [text for number in range(60) for text in texts(direct.say(11, f"word {number}"))]
    lines = [text for text in said if LINE in text]
    assert len(lines) == 1
    assert "keep" not in lines[0]


@pytest.mark.parametrize(
    ("text", "method"),
    [("/hide", "deleteMessages"), ("/discreet on", "setMyCommands")],
)
def test_what_empties_or_changes_the_chat_is_done_in_a_flood(
    direct: Direct, ada: int, text: str, method: str
) -> None:
    for number in range(40):
        direct.say(ada, f"word {number}")
    assert method in [message.method for message in direct.say(ada, text)]


def test_a_press_that_switches_discreet_mode_is_done_in_a_flood(direct: Direct, ada: int) -> None:
    direct.say(ada, "/discreet on")
    for _ in range(200):
        direct.press(ada, "tap:1:1")
    done = [message.method for message in direct.press(ada, "discreet:off")]
    assert done == ["deleteMyCommands"]

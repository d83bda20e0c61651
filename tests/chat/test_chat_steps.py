"""What the next words are about: a step that was left open loses no answer and writes none over."""

import pytest

from tests.direct import Direct, data_of, texts

ANSWER = "We talked for an hour after dinner and I said what I wanted"
TO_SHORT = "Fine."


def _question(direct: Direct) -> int:
    """The message with the newest question."""
    return int(direct.rows("SELECT message_id FROM asked ORDER BY id DESC LIMIT 1")[0][0])


def _reply(direct: Direct, chat_id: int, text: str, to: int) -> None:
    message = direct.message(chat_id, text)
    replied = {"message_id": to, "date": message["date"], "chat": message["chat"]}
    direct.give({"update_id": 1, "message": message | {"reply_to_message": replied}})


def _answers(direct: Direct) -> list[str]:
    return [text for (text,) in direct.rows("SELECT text FROM answers ORDER BY id")]


def _open(direct: Direct, chat_id: int, step: str) -> None:
    if step == "card":
        direct.press(chat_id, "card:write")
    else:
        direct.say(chat_id, step)


@pytest.fixture
def carded(direct: Direct, ada: int) -> int:
    """Ada, who has a safety card."""
    direct.press(ada, "card:write")
    direct.say(ada, "Call Mia, the bag is by the door.")
    return ada


@pytest.mark.parametrize("step", ["card", "/timezone", "/time", "/delete"])
@pytest.mark.parametrize("text", [ANSWER, TO_SHORT, "8 pm", "Paris", "Remove everything"])
def test_the_next_question_ends_what_was_left_open(
    direct: Direct, carded: int, step: str, text: str
) -> None:
    direct.pass_time(hours=33, minutes=50)
    _open(direct, carded, step)
    before = direct.rows("SELECT card, zone, ask_at FROM people")
    assert "1 not at all" in "".join(texts(direct.pass_time(minutes=11)))
    direct.say(carded, text)
    assert _answers(direct) == [text]
    assert direct.rows("SELECT card, zone, ask_at FROM people") == before


@pytest.mark.parametrize("step", ["card", "/timezone", "/time", "/delete"])
@pytest.mark.parametrize("text", [ANSWER, TO_SHORT, "8 pm", "Europe/Paris", "Remove everything"])
def test_a_reply_to_a_question_is_an_answer_whatever_waits(
    direct: Direct, carded: int, step: str, text: str
) -> None:
    before = direct.rows("SELECT card, zone, ask_at FROM people")
    _open(direct, carded, step)
    _reply(direct, carded, text, _question(direct))
    assert _answers(direct) == [text]
    assert direct.rows("SELECT card, zone, ask_at FROM people") == before


@pytest.mark.parametrize("step", ["card", "/timezone", "/time"])
def test_the_check_in_ends_what_was_left_open(direct: Direct, carded: int, step: str) -> None:
    direct.say(carded, "/weekly monday 18:00")
    direct.pass_time(days=7, hours=7, minutes=30)
    _open(direct, carded, step)
    direct.pass_time(hours=1)
    assert direct.rows("SELECT count(*) > 0 FROM check_ins") == [(True,)]
    assert direct.rows("SELECT step FROM people") == [(None,)]


@pytest.mark.parametrize(
    ("step", "hours", "minutes"), [("card", 0, 31), ("/timezone", 3, 1), ("/time", 3, 1)]
)
def test_what_was_left_open_ends_with_its_time(
    direct: Direct, carded: int, step: str, hours: int, minutes: int
) -> None:
    before = direct.rows("SELECT card, zone, ask_at FROM people")
    _open(direct, carded, step)
    direct.pass_time(hours=hours, minutes=minutes)
    direct.say(carded, "8 pm")
    assert _answers(direct) == ["8 pm"]
    assert direct.rows("SELECT card, zone, ask_at FROM people") == before


def test_a_clock_that_is_put_back_keeps_nothing_open(direct: Direct, carded: int) -> None:
    direct.press(carded, "card:write")
    direct.pass_time(hours=-30)
    direct.say(carded, ANSWER)
    assert direct.rows("SELECT card FROM people") == [("Call Mia, the bag is by the door.",)]


@pytest.mark.parametrize("step", ["/timezone", "/time"])
@pytest.mark.parametrize("text", [ANSWER, "He came home at 21:30 and hit me"])
def test_what_can_be_no_place_and_no_time_is_kept(
    direct: Direct, ada: int, step: str, text: str
) -> None:
    before = direct.rows("SELECT zone, ask_at FROM people")
    direct.say(ada, step)
    direct.say(ada, text)
    assert _answers(direct) == [text]
    assert direct.rows("SELECT zone, ask_at, step FROM people") == [(*before[0], None)]


def test_a_time_that_was_not_understood_is_asked_again(direct: Direct, ada: int) -> None:
    direct.say(ada, "/time")
    assert "did not understand" in texts(direct.say(ada, "half past eight"))[0]
    direct.say(ada, "8:30 pm")
    assert direct.rows("SELECT ask_at FROM people") == [("20:30",)]
    assert _answers(direct) == []


def test_the_first_conversation_waits_as_long_as_it_takes(direct: Direct) -> None:
    direct.say(11, "/start")
    for data in ("consent:yes", "keep:365", "push:text"):
        direct.pass_time(days=3)
        direct.press(11, data)
    direct.pass_time(days=3)
    direct.say(11, "Europe/Berlin")
    direct.pass_time(days=3)
    direct.say(11, "20:00")
    assert direct.rows("SELECT zone, ask_at, state FROM people") == [
        ("Europe/Berlin", "20:00", "active")
    ]


@pytest.mark.parametrize("between", [["/delete", "no"], ["/stop"], ["/delete", "/stop", "hm"]])
def test_the_request_for_consent_is_asked_until_it_is_answered(
    direct: Direct, between: list[str]
) -> None:
    direct.say(11, "/start")
    for text in between:
        direct.say(11, text)
    assert "consent:yes" in data_of(direct.say(11, "hello?"))
    assert "keep:90" in data_of(direct.say(11, "I agree"))
    direct.press(11, "keep:90")
    direct.press(11, "push:text")
    assert "time:12:30" in data_of(direct.say(11, "Europe/Berlin"))


@pytest.mark.parametrize("no", ["no", "No, thanks.", "No, keep it", "cancel"])
def test_a_typed_no_to_deleting_is_no_answer(direct: Direct, ada: int, no: str) -> None:
    direct.say(ada, "/delete")
    assert texts(direct.say(ada, no)) == ["Nothing was removed."]
    assert _answers(direct) == []
    direct.say(ada, TO_SHORT)
    assert _answers(direct) == [TO_SHORT]

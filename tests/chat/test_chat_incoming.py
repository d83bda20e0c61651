"""What is no update as the Bot API describes it is refused before anything is done with it."""

import json
from typing import Any

import pytest

from bot.chat.incoming import Press, Text, UnreadableError, Wordless, parse

CHAT = {"id": 11, "type": "private", "first_name": "A"}
MESSAGE: dict[str, Any] = {"message_id": 5, "date": 1_772_000_000, "chat": CHAT, "text": "hello"}
QUERY: dict[str, Any] = {
    "id": "1",
    "from": {"id": 11, "is_bot": False, "first_name": "A"},
    "chat_instance": "1",
    "data": "tap:1:3",
    "message": MESSAGE,
}


def _update(**content: Any) -> str:
    return json.dumps({"update_id": 1, **content})


@pytest.mark.parametrize(
    "change",
    [
        {"message_id": 1.5},
        {"message_id": None},
        {"message_id": True},
        {"message_id": 2**70},
        {"date": None},
        {"date": []},
        {"date": 2**70},
        {"text": ["hello"]},
        {"text": 1.5},
        {"chat": {"id": 2**60, "type": "private"}},
        {"chat": {"id": "11", "type": "private"}},
        {"chat": []},
        {"reply_to_message": MESSAGE | {"message_id": []}},
        {"reply_to_message": MESSAGE | {"message_id": "5"}},
    ],
)
def test_a_message_with_something_of_another_kind_is_unreadable(change: dict[str, Any]) -> None:
    for kind in ("message", "edited_message"):
        with pytest.raises(UnreadableError):
            parse(_update(**{kind: MESSAGE | change}))


@pytest.mark.parametrize(
    "change", [{"id": 5}, {"data": 5}, {"data": ["tap:1:3"]}, {"message": {"chat": CHAT}}]
)
def test_a_button_with_something_of_another_kind_is_unreadable(change: dict[str, Any]) -> None:
    with pytest.raises(UnreadableError):
        parse(_update(callback_query=QUERY | change))


@pytest.mark.parametrize("raw", ["", "[]", "null", "{", '"text"', "1"])
def test_what_is_no_object_is_unreadable(raw: str) -> None:
    with pytest.raises(UnreadableError):
        parse(raw)


@pytest.mark.parametrize(
    "beside", [{"from": 5}, {"entities": "x"}, {"live_photo": {}}, {"of_tomorrow": [None]}]
)
def test_what_nobody_here_asks_for_makes_nothing_unreadable(beside: dict[str, Any]) -> None:
    """Telegram has new fields several times a year; an answer is kept whatever stands beside it."""
    assert parse(_update(message=MESSAGE | beside)) == parse(_update(message=MESSAGE))
    wordless = {name: value for name, value in MESSAGE.items() if name != "text"} | beside
    assert isinstance(parse(_update(message=wordless)), Wordless)


def test_an_error_holds_nothing_of_what_was_sent() -> None:
    with pytest.raises(UnreadableError) as raised:
        parse(_update(message=MESSAGE | {"text": ["my own words"]}))
    assert "my own words" not in str(raised.value)
    assert raised.value.__cause__ is None


def test_half_of_a_surrogate_pair_is_replaced() -> None:
    """Nothing could store it or send it back."""
    read = parse(_update(message=MESSAGE | {"text": "half \ud800 a pair \U0001f600"}))
    assert isinstance(read, Text)
    assert read.text == "half \ufffd a pair \U0001f600"
    pressed = parse(_update(callback_query=QUERY | {"data": "hist:0:\ud83d"}))
    assert isinstance(pressed, Press)
    assert pressed.data == "hist:0:\ufffd"

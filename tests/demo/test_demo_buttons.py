"""Inline keyboards: what Telegram takes and what it does not."""

from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from bot.demo.people import Person

Call = Callable[..., Coroutine[Any, Any, Any]]


def keyboard(*rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"inline_keyboard": list(rows)}


async def refused(call: Call, **params: Any) -> str:
    """What sendMessage to Ada is refused with, without the prefix."""
    answer = await call("sendMessage", **({"chat_id": 7, "text": "x"} | params))
    assert not answer["ok"], answer
    return str(answer["description"]).removeprefix("Bad Request: ")


@pytest.mark.parametrize(
    ("button", "reason"),
    [
        ({"text": "x", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "callback_data": "x" * 65}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "callback_data": "é" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "copy_text": {"text": ""}}, "BUTTON_COPY_TEXT_INVALID"),
        ({"text": "x", "copy_text": {"text": "x" * 257}}, "BUTTON_COPY_TEXT_INVALID"),
        ({"text": "x", "url": "no address"}, "BUTTON_URL_INVALID"),
        ({"text": "x", "callback_data": "x", "url": "https://a.b"}, "BUTTON_TYPE_INVALID"),
        ({"text": "x"}, "can't parse inline keyboard button: "
                        "Text buttons are unallowed in the inline keyboard"),
        ({"callback_data": "x"}, 'can\'t parse inline keyboard button: Can\'t find field "text"'),
        ({"text": " ", "callback_data": "x"},
         "can't parse inline keyboard button: button text must be non-empty"),
        ({"text": "x", "callback_data": "x", "style": "pink"},
         "can't parse inline keyboard button: invalid button style specified"),
    ],
)  # fmt: skip
async def test_buttons_that_telegram_does_not_take(
    call: Call, ada: Person, button: dict[str, Any], reason: str
) -> None:
    assert await refused(call, reply_markup=keyboard([button])) == reason


@pytest.mark.parametrize(
    "button",
    [
        {"text": "x", "callback_data": "x" * 64},
        {"text": "x", "copy_text": {"text": "x" * 256}},
        {"text": "x", "url": "https://example.org"},
        {"text": "x", "callback_data": "x", "style": "primary"},
        {"text": "x", "callback_data": "x", "style": "success"},
    ],
)
async def test_buttons_that_telegram_takes(call: Call, ada: Person, button: Any) -> None:
    sent = await call("sendMessage", chat_id=7, text="x", reply_markup=keyboard([button]))
    assert sent["result"]["reply_markup"] == keyboard([button])
    assert ada.last.buttons == [button]


async def test_a_keyboard_has_at_most_eight_in_a_row_and_a_hundred(call: Call, ada: Person) -> None:
    one = {"text": "x", "callback_data": "x"}
    reason = await refused(call, reply_markup=keyboard([one] * 9))
    assert reason == "reply markup has too many buttons in a row"
    rows = [[one] * 8] * 13
    assert await refused(call, reply_markup=keyboard(*rows)) == "reply markup is too long"
    fits = keyboard(*[[one] * 5] * 20)
    assert (await call("sendMessage", chat_id=7, text="x", reply_markup=fits))["ok"]

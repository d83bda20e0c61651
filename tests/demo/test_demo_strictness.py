"""Parameters that the real server would pass over in silence are noted."""

from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.demo.methods import METHODS
from bot.demo.parameters import Parameters, Upload
from bot.demo.people import Person
from bot.demo.server import BotApiServer
from bot.demo.strictness import violations_of

Call = Callable[..., Coroutine[Any, Any, Any]]


def problems(method: str, values: dict[str, Any], **uploads: Upload) -> list[tuple[str, str]]:
    found = violations_of(method.lower(), Parameters(values, uploads))
    return [(one.parameter, one.problem) for one in found]


@pytest.mark.parametrize(
    "values",
    [
        {"chat_id": 7, "text": "x"},
        {"chat_id": "7", "text": "7", "disable_notification": "true"},
        {"chat_id": "@channel", "text": "x"},
        {"chat_id": 7, "text": "x", "reply_markup": '{"inline_keyboard": []}'},
        {"chat_id": 7, "text": "x", "reply_markup": {"remove_keyboard": True}},
        {"chat_id": 7, "text": "x", "reply_parameters": {"message_id": 1}},
        {"chat_id": 7, "text": "x", "link_preview_options": '{"is_disabled": true}'},
    ],
)
def test_what_the_bot_api_describes_is_no_violation(values: dict[str, Any]) -> None:
    assert problems("sendMessage", values) == []


@pytest.mark.parametrize(
    ("values", "parameter", "problem"),
    [
        ({"disable_web_page_preview": True}, "disable_web_page_preview", "is unknown"),
        ({"reply_to_message_id": 1}, "reply_to_message_id", "is unknown"),
        ({"text": True}, "text", "is not String: 'True'"),
        ({"text": None}, "text", "is not String: 'None'"),
        ({"disable_notification": "yes please"}, "disable_notification",
         "is not Boolean: 'yes please'"),
        ({"disable_notification": 1}, "disable_notification", "is not Boolean: '1'"),
        ({"message_thread_id": "x"}, "message_thread_id", "is not Integer: 'x'"),
        ({"entities": {"type": "bold"}}, "entities", 'is not an array: "{\'type\': \'bold\'}"'),
        ({"reply_parameters": {"message_id": "1"}}, "reply_parameters",
         "ReplyParameters.message_id is not Integer: '1'"),
        ({"reply_parameters": {}}, "reply_parameters", "ReplyParameters.message_id is required"),
        ({"reply_markup": {"inline_keyboard": [[{"text": "x", "colour": "red"}]]}},
         "reply_markup", "InlineKeyboardMarkup.inline_keyboard InlineKeyboardButton.colour is "
         "unknown"),
    ],
)  # fmt: skip
def test_anything_else_is_one(values: dict[str, Any], parameter: str, problem: str) -> None:
    assert problems("sendMessage", {"chat_id": 7, "text": "x"} | values) == [(parameter, problem)]


def test_what_is_required_and_missing_is_noted() -> None:
    assert problems("sendMessage", {"text": "x"}) == [("chat_id", "is required")]
    assert problems("sendPhoto", {"chat_id": 7}) == [("photo", "is required")]


def test_uploads_are_referred_to_by_name_or_attachment() -> None:
    upload = Upload("a.png", "image/png", b"x")
    assert problems("sendPhoto", {"chat_id": 7}, photo=upload) == []
    assert problems("sendPhoto", {"chat_id": 7, "photo": "attach://one"}, one=upload) == []
    assert problems("sendPhoto", {"chat_id": 7, "photo": "id"}, one=upload) == [
        ("one", "an upload that nothing refers to")
    ]


def test_every_served_method_is_in_the_table() -> None:
    polling = {"getupdates", "setwebhook", "deletewebhook", "getwebhookinfo", "logout", "close"}
    unknown = {"made_up_parameter": 1}
    for method in METHODS.keys() | polling:
        assert ("made_up_parameter", "is unknown") in problems(method, unknown), method


async def test_violations_are_noted_and_the_request_is_served_all_the_same(
    call: Call, server: BotApiServer, ada: Person
) -> None:
    answer = await call("sendMessage", chat_id=7, text="x", disable_web_page_preview=True)
    assert answer["ok"]
    (violation,) = server.violations
    assert (violation.method, violation.parameter) == ("sendmessage", "disable_web_page_preview")


async def test_a_server_that_is_not_strict_notes_nothing(http: ClientSession) -> None:
    async with BotApiServer(strict=False) as server:
        async with http.post(f"{server.base_url}/bot{server.token}/getMe", json={"x": 1}) as answer:
            assert answer.status == 200
        assert server.violations == []

"""Sending: who may be written to, and what a message may hold."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from aiohttp import ClientSession, FormData
from telegram import (
    Bot,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    ReplyParameters,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden, NetworkError

from bot.demo.people import TINY_PICTURE, Person
from bot.demo.server import BotApiServer

Call = Callable[..., Coroutine[Any, Any, Any]]


def keyboard(*rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"inline_keyboard": list(rows)}


async def refused(call: Call, **params: Any) -> str:
    """What sendMessage to Ada is refused with, without the prefix."""
    answer = await call("sendMessage", **({"chat_id": 7, "text": "x"} | params))
    assert not answer["ok"], answer
    return str(answer["description"]).removeprefix("Bad Request: ")


async def test_a_message_arrives_on_the_phone_as_it_was_sent(
    bot: Bot, ada: Person, server: BotApiServer
) -> None:
    sent = await bot.send_message(
        7,
        "<b>Hello</b> &amp; welcome",
        parse_mode=ParseMode.HTML,
        disable_notification=True,
        protect_content=True,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        reply_markup=InlineKeyboardMarkup(
            [[InlineKeyboardButton("Yes", callback_data="y")],
             [InlineKeyboardButton("Delete", callback_data="d", style="danger")]]
        ),
    )  # fmt: skip
    shown = ada.last
    assert (sent.message_id, sent.text) == (shown.message_id, "Hello & welcome")
    assert shown.html == "<b>Hello</b> &amp; welcome"
    assert shown.labels == ["Yes", "Delete"]
    assert shown.button("d") == {"text": "Delete", "callback_data": "d", "style": "danger"}
    assert (shown.silent, shown.protected) == (True, True)
    assert shown.link_preview == {"is_disabled": True}
    assert sent.date == shown.sent_at
    assert server.violations == []


async def test_message_ids_of_a_chat_increase_over_both_sides(bot: Bot, ada: Person) -> None:
    first = (await ada.send_text("one")).message_id
    second = (await bot.send_message(7, "two")).message_id
    third = (await ada.send_text("three")).message_id
    assert first < second < third


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({"chat_id": 99}, "chat not found"),
        ({"chat_id": "@nobody"}, "chat not found"),
        ({"chat_id": ""}, "chat_id is empty"),
        ({"text": ""}, "message text is empty"),
        ({"text": " \n "}, "message text is empty"),
        ({"text": "<b></b>", "parse_mode": "HTML"}, "message text is empty"),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "👋" * 2049}, "message is too long"),
        ({"text": "<br>", "parse_mode": "HTML"},
         'can\'t parse entities: Unsupported start tag "br" at byte offset 0'),
        ({"parse_mode": "Whatever"}, "unsupported parse_mode"),
        ({"text": "\ud83d"}, "strings must be encoded in UTF-8"),
        ({"entities": [{"type": "bold"}]},
         "can't parse MessageEntity: wrong type, offset or length"),
        ({"reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
        ({"reply_markup": {"other": 1}}, "object expected as reply markup"),
        ({"reply_parameters": {"message_id": 12345}}, "message to be replied not found"),
        ({"reply_parameters": {"message_id": 1, "quote": "other"}}, "QUOTE_TEXT_INVALID"),
        ({"reply_parameters": {"message_id": "1"}},
         "can't parse reply parameters: message_id is required"),
    ],
)  # fmt: skip
async def test_what_telegram_refuses_is_refused(
    call: Call, ada: Person, params: dict[str, Any], reason: str
) -> None:
    assert await refused(call, **params) == reason
    assert ada.from_bot == []


@pytest.mark.parametrize("text", ["x" * 4096, "👋" * 2048, "é" * 4096])
async def test_the_longest_text_that_fits_is_sent(call: Call, ada: Person, text: str) -> None:
    assert (await call("sendMessage", chat_id=7, text=text))["ok"]
    assert ada.last.text == text


async def test_markup_does_not_count_towards_the_length(call: Call, ada: Person) -> None:
    text = f"<b>{'x' * 4094}</b>&lt;&amp;"
    assert (await call("sendMessage", chat_id=7, text=text, parse_mode="HTML"))["ok"]
    assert ada.last.text == "x" * 4094 + "<&"


async def test_a_reply_shows_what_it_answers(bot: Bot, ada: Person) -> None:
    question = await ada.send_text("a question")
    sent = await bot.send_message(
        7, "x", reply_parameters=ReplyParameters(question.message_id, quote="question")
    )
    assert sent.reply_to_message
    assert sent.reply_to_message.text == "a question"
    assert ada.last.reply_to is question


async def test_a_reply_to_something_gone_is_sent_where_that_is_allowed(
    call: Call, ada: Person
) -> None:
    gone = await ada.send_text("a question")
    await ada.delete(gone.message_id)
    assert await refused(call, reply_parameters={"message_id": gone.message_id}) == (
        "message to be replied not found"
    )
    allowed = {"message_id": gone.message_id, "allow_sending_without_reply": True}
    sent = await call("sendMessage", chat_id=7, text="x", reply_parameters=allowed)
    assert sent["ok"]
    assert ada.last.reply_to is None


async def test_a_force_reply_is_remembered(bot: Bot, ada: Person) -> None:
    await bot.send_message(7, "x", reply_markup=ForceReply(input_field_placeholder="a few words"))
    assert ada.last.markup == {"force_reply": True, "input_field_placeholder": "a few words"}


async def test_bots_cannot_start_conversations(server: BotApiServer, bot: Bot) -> None:
    server.person(8)
    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await bot.send_message(8, "hello")


async def test_who_blocks_the_bot_is_out_of_reach_until_they_unblock_it(
    bot: Bot, ada: Person
) -> None:
    await ada.block()
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(7, "hello")
    with pytest.raises(ValueError, match="unblock"):
        await ada.send_text("hello")
    await ada.unblock()
    assert (await bot.send_message(7, "hello")).text == "hello"


async def test_a_deleted_account_is_out_of_reach(bot: Bot, ada: Person) -> None:
    await ada.leave_telegram()
    with pytest.raises(Forbidden, match="user is deactivated"):
        await bot.send_message(7, "hello")


async def test_pictures_arrive_with_caption_and_spoiler(
    bot: Bot, ada: Person, server: BotApiServer
) -> None:
    sent = await bot.send_photo(
        7, TINY_PICTURE, caption="<i>look</i>", parse_mode="HTML", has_spoiler=True
    )
    assert ada.last.photo == TINY_PICTURE
    assert (ada.last.html, ada.last.spoiler) == ("<i>look</i>", True)
    assert (sent.photo[-1].width, sent.photo[-1].height) == (1, 1)
    assert sent.has_media_spoiler
    again = await bot.send_photo(7, sent.photo[-1].file_id)
    assert again.photo[-1].file_unique_id == sent.photo[-1].file_unique_id
    assert server.violations == []


async def test_documents_arrive_and_can_be_fetched_again(bot: Bot, ada: Person) -> None:
    sent = await bot.send_document(7, b"zip zip", filename="answers.zip", caption="yours")
    assert ada.last.document == b"zip zip"
    assert sent.document
    assert sent.document.file_name == "answers.zip"
    file = await bot.get_file(sent.document.file_id)
    assert bytes(await file.download_as_bytearray()) == b"zip zip"


async def test_files_that_are_none_are_refused(bot: Bot, ada: Person) -> None:
    with pytest.raises(BadRequest, match="Image_process_failed"):
        await bot.send_photo(7, b"not a picture")
    with pytest.raises(BadRequest, match="ile must be non-empty"):
        await bot.send_document(7, b"")
    with pytest.raises(BadRequest, match="rong file identifier"):
        await bot.send_document(7, "https://example.org/a.zip")
    with pytest.raises(BadRequest, match="caption is too long"):
        await bot.send_document(7, b"x", caption="x" * 1025)
    with pytest.raises(BadRequest, match="rong file_id"):
        await bot.get_file("unknown")
    with pytest.raises(NetworkError, match="Too Large"):
        await bot.send_photo(7, TINY_PICTURE + bytes(10 * 1024 * 1024))
    wide = TINY_PICTURE[:16] + (42).to_bytes(4, "big") + (2).to_bytes(4, "big") + TINY_PICTURE[24:]
    with pytest.raises(BadRequest, match="hoto_invalid_dimensions"):
        await bot.send_photo(7, wide)
    assert ada.from_bot == []


async def test_a_photo_cannot_be_sent_again_as_a_document(call: Call, ada: Person) -> None:
    await ada.send_photo()
    photo = ada.messages[-1].file
    assert photo
    answer = await call("sendDocument", chat_id=7, document=photo.file_id)
    assert answer["description"] == "Bad Request: can't use file of this type as document"


async def test_forms_json_and_multipart_bodies_say_the_same(
    server: BotApiServer, http: ClientSession, ada: Person
) -> None:
    url = f"{server.base_url}/bot{server.token}/sendMessage"
    markup = keyboard([{"text": "x", "callback_data": "y"}])
    form = {"chat_id": "7", "text": "é & ü", "disable_notification": "true",
            "reply_markup": json.dumps(markup)}  # fmt: skip
    multipart = FormData()
    for name, value in form.items():
        multipart.add_field(name, value, content_type="text/plain; charset=utf-8")
    native = {"chat_id": 7, "text": "é & ü", "disable_notification": True, "reply_markup": markup}
    for arguments in ({"data": form}, {"data": multipart}, {"json": native}, {"params": form}):
        async with http.post(url, **arguments) as answer:
            assert (await answer.json())["ok"]
    shown = [(one.text, one.silent, one.labels) for one in ada.from_bot]
    assert shown == [("é & ü", True, ["x"])] * 4
    assert server.violations == []


async def test_a_broken_json_body_is_refused(server: BotApiServer, http: ClientSession) -> None:
    url = f"{server.base_url}/bot{server.token}/sendMessage"
    headers = {"Content-Type": "application/json"}
    for body in ("{", "[]"):
        async with http.post(url, data=body, headers=headers) as answer:
            assert answer.status == 400


async def test_typing_is_seen(bot: Bot, ada: Person) -> None:
    await bot.send_chat_action(7, "typing")
    assert ada.actions == ["typing"]
    with pytest.raises(BadRequest):
        await bot.send_chat_action(7, "dancing")


async def test_messages_to_many_at_once_all_arrive(
    bot: Bot, call: Call, server: BotApiServer
) -> None:
    people = [server.person(number) for number in range(100, 120)]
    for person in people:
        await person.send_text("/start")
    await asyncio.gather(
        *(call("sendMessage", chat_id=one.id, text=f"for {one.id}") for one in people)
    )
    assert [one.last.text for one in people] == [f"for {one.id}" for one in people]

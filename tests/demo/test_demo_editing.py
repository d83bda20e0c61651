"""Editing, deleting, reacting, and answering pressed buttons."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest
from telegram import (
    Bot,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    ReactionTypeEmoji,
)
from telegram.error import BadRequest

from bot.demo.control import ShiftedClock
from bot.demo.limits import REACTIONS
from bot.demo.people import TINY_PICTURE, Person
from bot.demo.server import BotApiServer

Call = Callable[..., Coroutine[Any, Any, Any]]
TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"
BUTTON = InlineKeyboardMarkup([[InlineKeyboardButton("ok", callback_data="yes")]])


async def refusal(call: Call, method: str, **params: Any) -> str:
    answer = await call(method, **({"chat_id": 7} | params))
    assert not answer["ok"], answer
    return str(answer["description"]).removeprefix("Bad Request: ")


async def test_an_edit_changes_the_message_in_place_and_takes_the_buttons(
    bot: Bot, ada: Person, clock: ShiftedClock
) -> None:
    sent = await bot.send_message(7, "before", reply_markup=BUTTON)
    clock.advance(timedelta(minutes=5))
    edited = await bot.edit_message_text("<b>after</b>", 7, sent.message_id, parse_mode="HTML")
    assert not isinstance(edited, bool)
    assert edited.edit_date
    assert edited.edit_date - edited.date == timedelta(minutes=5)
    (shown,) = ada.from_bot
    assert (shown.html, shown.buttons) == ("<b>after</b>", [])
    assert [(one.text, len(one.keyboard)) for one in shown.history] == [("before", 1)]


async def test_an_edit_that_changes_nothing_is_refused(call: Call, bot: Bot, ada: Person) -> None:
    sent = await bot.send_message(7, "same", reply_markup=BUTTON)
    reason = await refusal(
        call, "editMessageText", message_id=sent.message_id, text="same",
        reply_markup=BUTTON.to_dict(),
    )  # fmt: skip
    assert reason == (
        "message is not modified: specified new message content and reply markup are exactly "
        "the same as a current content and reply markup of the message"
    )
    assert ada.last.history == []
    await bot.edit_message_text("same", 7, sent.message_id)
    assert ada.last.buttons == []


async def test_edits_that_cannot_be(call: Call, bot: Bot, ada: Person) -> None:
    own = (await ada.send_text("mine")).message_id
    photo = (await bot.send_photo(7, TINY_PICTURE)).message_id
    text = (await bot.send_message(7, "text")).message_id
    gone = (await bot.send_message(7, "gone")).message_id
    await ada.delete(gone)

    async def why(message_id: int | None, method: str = "editMessageText", **params: Any) -> str:
        return await refusal(call, method, **({"message_id": message_id, "text": "x"} | params))

    forced = (await bot.send_message(7, "x", reply_markup=ForceReply())).message_id
    assert await why(forced) == "message can't be edited"
    assert await why(own) == "message can't be edited"
    assert await why(photo) == "there is no text in the message to edit"
    assert await why(gone) == "message to edit not found"
    assert await why(4321) == "message to edit not found"
    assert await why(None) == "message identifier is not specified"
    assert await why(text, text="") == "message text is empty"
    assert await why(text, text="x" * 4097) == "message is too long"
    assert await why(text, "editMessageCaption") == "there is no caption in the message to edit"
    assert await why(photo, "editMessageCaption", caption="x" * 1025) == (
        "message caption is too long"
    )


async def test_buttons_captions_and_pictures_are_edited_alone(
    bot: Bot, ada: Person, server: BotApiServer
) -> None:
    sent = await bot.send_photo(7, TINY_PICTURE, caption="one", has_spoiler=True)
    await bot.edit_message_reply_markup(7, sent.message_id, reply_markup=BUTTON)
    assert (ada.last.labels, ada.last.text) == (["ok"], "one")
    await bot.edit_message_caption(7, sent.message_id, caption="two", reply_markup=BUTTON)
    assert (ada.last.labels, ada.last.text, ada.last.spoiler) == (["ok"], "two", True)
    other = TINY_PICTURE + b"x"
    await bot.edit_message_media(InputMediaPhoto(other, caption="three"), 7, sent.message_id)
    assert (ada.last.photo, ada.last.text, ada.last.buttons) == (other, "three", [])
    assert len(ada.last.history) == 3
    assert server.violations == []


async def test_a_reaction_is_one_of_telegrams_and_can_be_taken_back(bot: Bot, ada: Person) -> None:
    message = await ada.send_text("mine")
    await bot.set_message_reaction(7, message.message_id, "✍")
    assert message.reactions == ["✍"]
    await bot.set_message_reaction(7, message.message_id, ReactionTypeEmoji("👌"))
    assert message.reactions == ["👌"]
    await bot.set_message_reaction(7, message.message_id, None)
    assert message.reactions == []
    for wrong in ("🙂", "✍️", "ok"):
        with pytest.raises(BadRequest, match="eaction_invalid"):
            await bot.set_message_reaction(7, message.message_id, wrong)
    with pytest.raises(BadRequest, match="eactions_too_many"):
        await bot.set_message_reaction(7, message.message_id, ["✍", "👌"])
    with pytest.raises(BadRequest, match="essage to react not found"):
        await bot.set_message_reaction(7, 4321, "✍")


def test_telegram_knows_seventy_three_reactions() -> None:
    assert len(REACTIONS) == 73


async def test_both_sides_messages_are_deleted_for_both(bot: Bot, ada: Person) -> None:
    theirs = await ada.send_text("mine")
    ours = await bot.send_message(7, "ours")
    await bot.delete_message(7, theirs.message_id)
    await bot.delete_message(7, ours.message_id)
    assert [one.text for one in ada.visible] == ["/start"]
    assert [one.deleted for one in ada.messages] == [False, True, True]
    with pytest.raises(BadRequest, match="essage to delete not found"):
        await bot.delete_message(7, ours.message_id)


async def test_after_two_days_nothing_can_be_deleted(
    bot: Bot, ada: Person, clock: ShiftedClock
) -> None:
    old = await bot.send_message(7, "old")
    clock.advance(timedelta(hours=47, minutes=59))
    young = await bot.send_message(7, "young")
    clock.advance(timedelta(minutes=2))
    with pytest.raises(BadRequest, match="essage can't be deleted for everyone"):
        await bot.delete_message(7, old.message_id)
    with pytest.raises(BadRequest, match="essage can't be deleted for everyone"):
        await bot.delete_messages(7, [old.message_id, young.message_id])
    assert [one.text for one in ada.from_bot] == ["old", "young"]
    assert await bot.delete_messages(7, [young.message_id, 4321])
    assert [one.text for one in ada.from_bot] == ["old"]


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        ([], "message identifiers are not specified"),
        (list(range(1, 102)), "too many message identifiers specified"),
        ("x", "can't parse message identifiers JSON object"),
        (["1"], "can't parse message identifiers JSON object"),
    ],
)
async def test_between_one_and_a_hundred_messages_are_deleted_at_once(
    call: Call, ada: Person, wanted: Any, reason: str
) -> None:
    assert await refusal(call, "deleteMessages", message_ids=wanted) == reason
    assert (await call("deleteMessages", chat_id=7, message_ids=list(range(1, 101))))["ok"]
    assert ada.visible == []


async def test_a_pressed_button_is_answered_once_and_in_time(
    bot: Bot, ada: Person, clock: ShiftedClock, call: Call
) -> None:
    await bot.send_message(7, "x", reply_markup=BUTTON)
    press = await ada.tap("ok")
    assert await bot.answer_callback_query(press.query_id, "kept", show_alert=True)
    (answer,) = ada.callback_answers
    assert (answer["text"], answer["show_alert"]) == ("kept", True)
    again = await call("answerCallbackQuery", callback_query_id=press.query_id)
    assert again["description"] == TOO_OLD
    late = await ada.tap("ok")
    clock.advance(timedelta(minutes=2))
    for query_id in (late.query_id, "made up"):
        answered = await call("answerCallbackQuery", callback_query_id=query_id)
        assert answered["description"] == TOO_OLD
    assert len(ada.callback_answers) == 1


async def test_an_answer_to_a_press_has_at_most_200_characters(
    call: Call, bot: Bot, ada: Person
) -> None:
    await bot.send_message(7, "x", reply_markup=BUTTON)
    press = await ada.tap("ok")
    long = await call("answerCallbackQuery", callback_query_id=press.query_id, text="x" * 201)
    assert long["description"] == "Bad Request: MESSAGE_TOO_LONG"
    assert (await call("answerCallbackQuery", callback_query_id=press.query_id, text="x" * 200))[
        "ok"
    ]


async def test_edits_and_deletions_that_cross_never_bring_a_message_back(
    call: Call, bot: Bot, ada: Person
) -> None:
    sent = (await bot.send_message(7, "x")).message_id
    await asyncio.gather(
        call("deleteMessage", chat_id=7, message_id=sent),
        call("editMessageText", chat_id=7, message_id=sent, text="y"),
    )
    assert ada.from_bot == []

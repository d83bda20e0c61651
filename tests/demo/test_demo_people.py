"""What people do, what their phones show, and groups."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import Forbidden

from bot.demo.control import ShiftedClock
from bot.demo.people import Person
from bot.demo.server import BotApiServer
from bot.demo.world import Change

Call = Callable[..., Coroutine[Any, Any, Any]]
BUTTONS = InlineKeyboardMarkup(
    [
        [
            InlineKeyboardButton("Yes", callback_data="y"),
            InlineKeyboardButton("No", callback_data="n"),
        ],
        [InlineKeyboardButton("Read", url="https://example.org")],
    ]
)


async def fetched(call: Call) -> list[dict[str, Any]]:
    """The updates that wait, with their ids taken off, and confirmed."""
    updates = (await call("getUpdates"))["result"]
    if updates:
        await call("getUpdates", offset=updates[-1]["update_id"] + 1)
    return [{key: value for key, value in one.items() if key != "update_id"} for one in updates]


async def test_a_text_looks_like_telegrams(call: Call, ada: Person, clock: ShiftedClock) -> None:
    message = await ada.send_text("  /start CODE ")
    user = {"id": 7, "is_bot": False, "first_name": "Ada", "language_code": "en"}
    assert await fetched(call) == [
        {
            "message": {
                "message_id": message.message_id,
                "from": user,
                "chat": {"id": 7, "first_name": "Ada", "type": "private"},
                "date": int(message.sent_at.timestamp()),
                "text": "/start CODE",
                "entities": [{"type": "bot_command", "offset": 0, "length": 6}],
            }
        }
    ]


async def test_a_reply_carries_what_it_answers(call: Call, ada: Person, bot: Bot) -> None:
    question = await bot.send_message(7, "question")
    await ada.send_text("answer", reply_to=question.message_id)
    (update,) = await fetched(call)
    replied = update["message"]["reply_to_message"]
    assert (replied["text"], replied["from"]["is_bot"]) == ("question", True)


async def test_an_edit_reaches_the_bot_with_its_date(
    call: Call, ada: Person, clock: ShiftedClock
) -> None:
    message = await ada.send_text("before")
    await fetched(call)
    clock.advance(timedelta(hours=1))
    await ada.edit_text(message.message_id, "after")
    (update,) = await fetched(call)
    edited = update["edited_message"]
    assert edited["text"] == "after"
    assert edited["edit_date"] - edited["date"] == 3600
    clock.advance(timedelta(hours=48))
    with pytest.raises(ValueError, match="48 hours"):
        await ada.edit_text(message.message_id, "too late")


async def test_people_edit_only_their_own_texts(ada: Person, bot: Bot) -> None:
    sent = await bot.send_message(7, "the bot's")
    with pytest.raises(ValueError, match="own texts"):
        await ada.edit_text(sent.message_id, "x")
    with pytest.raises(ValueError, match="empty"):
        await ada.send_text("  ")


async def test_a_deletion_by_the_person_is_never_heard_of(
    call: Call, ada: Person, bot: Bot
) -> None:
    await bot.send_message(7, "x")
    await ada.delete(ada.last.message_id)
    await ada.delete_chat()
    assert ada.visible == []
    assert await fetched(call) == []


async def test_buttons_are_found_by_data_or_label_and_carry_the_message(
    call: Call, ada: Person, bot: Bot
) -> None:
    sent = await bot.send_message(7, "question", reply_markup=BUTTONS)
    for wanted in ("y", "Yes"):
        press = await ada.press(sent.message_id, wanted)
        (update,) = await fetched(call)
        query = update["callback_query"]
        assert (query["id"], query["data"], query["from"]["id"]) == (press.query_id, "y", 7)
        assert query["message"]["message_id"] == sent.message_id
        assert query["message"]["reply_markup"] == BUTTONS.to_dict()
    with pytest.raises(LookupError, match="no button"):
        await ada.press(sent.message_id, "maybe")
    with pytest.raises(ValueError, match="does not call the bot"):
        await ada.press(sent.message_id, "Read")
    assert await fetched(call) == []


async def test_the_chat_instance_stays_the_same_and_query_ids_do_not(
    call: Call, ada: Person, bot: Bot
) -> None:
    await bot.send_message(7, "x", reply_markup=BUTTONS)
    await ada.tap("y")
    await ada.tap("y")
    first, second = (one["callback_query"] for one in await fetched(call))
    assert first["chat_instance"] == second["chat_instance"]
    assert first["id"] != second["id"]


async def test_forged_data_and_a_press_on_a_deleted_message(
    call: Call, ada: Person, bot: Bot
) -> None:
    sent = await bot.send_message(7, "x", reply_markup=BUTTONS)
    await ada.press_raw("forged")
    await bot.delete_message(7, sent.message_id)
    await ada.press_raw("y", sent.message_id)
    forged, crossed = (one["callback_query"] for one in await fetched(call))
    assert (forged["data"], forged["message"]["text"]) == ("forged", "x")
    assert crossed["message"]["date"] == 0
    with pytest.raises(LookupError):
        await ada.tap("y")


async def test_blocking_is_heard_of_once(call: Call, ada: Person) -> None:
    await ada.block()
    await ada.block()
    (update,) = await fetched(call)
    member = update["my_chat_member"]
    assert (member["old_chat_member"]["status"], member["new_chat_member"]["status"]) == (
        "member",
        "kicked",
    )
    assert member["from"]["id"] == member["chat"]["id"] == 7


async def test_waiting_finds_what_is_new_since_the_persons_own_action(
    call: Call, ada: Person, bot: Bot
) -> None:
    old = await bot.send_message(7, "same words")
    await ada.send_text("again please")
    waiting = asyncio.create_task(ada.wait_for("same"))
    new = await bot.send_message(7, "same words")
    assert (await waiting).message_id == new.message_id != old.message_id
    await ada.send_text("now edit")
    waiting = asyncio.create_task(ada.wait_for(lambda message: "edited" in message.text))
    await bot.edit_message_text("edited", 7, old.message_id)
    assert (await waiting).message_id == old.message_id
    assert (await ada.wait_for("same", anytime=True)).message_id == new.message_id


async def test_waiting_in_vain_says_what_was_seen_instead(ada: Person, bot: Bot) -> None:
    await bot.send_message(7, "something else", reply_markup=BUTTONS)
    with pytest.raises(TimeoutError, match=r"'hello'.*something else.*Yes"):
        await ada.wait_for("hello", timeout=0.01)


async def test_the_last_message_is_the_bots_newest_visible_one(ada: Person, bot: Bot) -> None:
    with pytest.raises(LookupError):
        _ = ada.last
    await bot.send_message(7, "one")
    await bot.send_message(7, "two")
    await ada.send_text("mine")
    assert ada.last.text == "two"
    await ada.delete(ada.last.message_id)
    assert ada.last.text == "one"


async def test_subscribers_hear_of_each_visible_change(
    server: BotApiServer, ada: Person, bot: Bot
) -> None:
    seen: list[tuple[str, int, str]] = []

    def note(change: Change) -> None:
        seen.append((change.kind, change.chat_id, change.message.text if change.message else ""))

    stop = server.subscribe(note)
    mine = await ada.send_text("mine")
    sent = await bot.send_message(7, "x", reply_markup=BUTTONS)
    press = await ada.tap("y")
    await bot.answer_callback_query(press.query_id)
    await bot.send_chat_action(7, "typing")
    await bot.set_message_reaction(7, mine.message_id, "✍")
    await bot.edit_message_text("y", 7, sent.message_id)
    await bot.delete_message(7, sent.message_id)
    stop()
    await ada.send_text("unheard")
    assert seen == [
        ("sent", 7, "mine"),
        ("sent", 7, "x"),
        ("callback_answer", 7, ""),
        ("action", 7, ""),
        ("reaction", 7, "mine"),
        ("edited", 7, "y"),
        ("deleted", 7, "y"),
    ]


async def test_a_person_is_one_and_the_same(server: BotApiServer, ada: Person) -> None:
    assert server.person(7, "Somebody else") is ada


async def test_a_bot_that_is_added_to_a_group_says_so_and_leaves(
    call: Call, server: BotApiServer, ada: Person, bot: Bot
) -> None:
    group = server.group(-1001, "Friends")
    with pytest.raises(Forbidden, match="not a member of the supergroup chat"):
        await bot.send_message(-1001, "hello")
    await group.add_bot(ada)
    member, service = await fetched(call)
    assert member["my_chat_member"]["chat"] == {
        "id": -1001, "title": "Friends", "type": "supergroup"}  # fmt: skip
    assert member["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert service["message"]["new_chat_members"][0]["is_bot"] is True
    assert "text" not in service["message"]
    await bot.send_message(-1001, "I only talk in private.")
    await bot.leave_chat(-1001)
    assert group.bot_status == "left"
    (left,) = await fetched(call)
    assert left["my_chat_member"]["new_chat_member"]["status"] == "left"
    assert [one.text for one in group.messages if one.from_bot] == ["I only talk in private."]


async def test_in_groups_the_bot_hears_only_what_concerns_it(
    call: Call, server: BotApiServer, ada: Person
) -> None:
    group = server.group(-1001)
    await group.person_says(ada, "/unheard")
    await group.add_bot(ada)
    await group.person_says(ada, "good morning")
    await group.person_says(ada, "/help@ampersand_demo_bot")
    await group.person_says(ada, "hello @ampersand_demo_bot")
    texts = [one["message"].get("text") for one in await fetched(call) if "message" in one]
    assert texts == [None, "/help@ampersand_demo_bot", "hello @ampersand_demo_bot"]
    await group.remove_bot(ada)
    answer = await call("sendMessage", chat_id=-1001, text="x")
    assert answer["description"] == "Forbidden: bot was kicked from the supergroup chat"


async def test_channels_have_posts_without_an_author(
    call: Call, server: BotApiServer, ada: Person, bot: Bot
) -> None:
    channel = server.group(-1002, "News", "channel")
    await channel.add_bot(ada)
    await channel.person_says(ada, "a post")
    updates = await bot.get_updates()
    assert updates[0].my_chat_member
    assert updates[0].my_chat_member.new_chat_member.status == "administrator"
    assert updates[1].channel_post
    assert updates[1].channel_post.from_user is None
    assert updates[1].channel_post.text == "a post"

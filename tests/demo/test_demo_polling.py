"""getUpdates: offsets, waiting, conflicts, and ids that jump."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import Conflict, InvalidToken

from bot.demo.control import ShiftedClock
from bot.demo.people import Person
from bot.demo.server import BotApiServer

Call = Callable[..., Coroutine[Any, Any, Any]]


def ids(answer: Any) -> list[int]:
    return [update["update_id"] for update in answer["result"]]


async def wrote(person: Person, *texts: str) -> None:
    for text in texts:
        await person.send_text(text)


async def test_updates_come_in_order_and_again_until_an_offset_confirms_them(
    call: Call, ada: Person, server: BotApiServer
) -> None:
    await wrote(ada, "one", "two", "three")
    first = await call("getUpdates")
    assert [update["message"]["text"] for update in first["result"]] == ["one", "two", "three"]
    assert ids(await call("getUpdates")) == ids(first)
    assert ids(await call("getUpdates", offset=ids(first)[1])) == ids(first)[1:]
    assert ids(await call("getUpdates")) == ids(first)[1:]
    assert server.confirmed_offset == ids(first)[1]
    assert ids(await call("getUpdates", offset=ids(first)[2] + 1)) == []
    assert server.pending == []


async def test_ids_increase_by_one(call: Call, ada: Person) -> None:
    await wrote(ada, "one", "two", "three")
    first, *rest = ids(await call("getUpdates"))
    assert rest == [first + 1, first + 2]


@pytest.mark.parametrize(("limit", "count"), [(1, 1), (2, 2), (0, 1), (-5, 1), (1000, 100)])
async def test_the_limit_is_between_one_and_a_hundred(
    call: Call, ada: Person, limit: int, count: int
) -> None:
    await wrote(ada, *map(str, range(105)))
    assert len((await call("getUpdates", limit=limit))["result"]) == count


async def test_a_negative_offset_counts_from_the_end_and_forgets_the_rest(
    call: Call, ada: Person
) -> None:
    await wrote(ada, "one", "two", "three")
    last_two = await call("getUpdates", offset=-2)
    assert [update["message"]["text"] for update in last_two["result"]] == ["two", "three"]
    assert ids(await call("getUpdates")) == ids(last_two)


async def test_a_poll_waits_for_the_next_update(
    call: Call, ada: Person, server: BotApiServer
) -> None:
    poll = asyncio.create_task(call("getUpdates", timeout=30))
    await server.polled()
    await ada.send_text("now")
    assert [update["message"]["text"] for update in (await poll)["result"]] == ["now"]


async def test_a_poll_that_waits_in_vain_returns_nothing(call: Call) -> None:
    assert (await call("getUpdates", timeout=1))["result"] == []


async def test_a_second_poller_ends_the_first_with_a_conflict(
    call: Call, server: BotApiServer, ada: Person
) -> None:
    first = asyncio.create_task(call("getUpdates", timeout=30))
    await server.polled()
    second = asyncio.create_task(call("getUpdates", timeout=30))
    refused = await first
    assert refused["error_code"] == 409
    assert refused["description"] == (
        "Conflict: terminated by other getUpdates request; "
        "make sure that only one bot instance is running"
    )
    await server.polled()
    await ada.send_text("for the second")
    assert len((await second)["result"]) == 1


async def test_an_offset_far_ahead_is_ignored(call: Call, ada: Person) -> None:
    await wrote(ada, "one")
    (only,) = ids(await call("getUpdates"))
    assert ids(await call("getUpdates", offset=only + 5000)) == [only]


async def test_a_stored_offset_is_useless_once_ids_have_jumped(
    call: Call, server: BotApiServer, ada: Person
) -> None:
    await wrote(ada, "before")
    (before,) = ids(await call("getUpdates"))
    await call("getUpdates", offset=before + 1)
    server.jump_update_ids(5_000_001)
    await wrote(ada, "after")
    assert ids(await call("getUpdates", offset=before + 1)) == [5_000_001]
    assert ids(await call("getUpdates", offset=5_000_002)) == []


async def test_ids_cannot_jump_while_updates_wait(server: BotApiServer, ada: Person) -> None:
    await wrote(ada, "waiting")
    with pytest.raises(ValueError, match="pending"):
        server.jump_update_ids()


async def test_updates_are_kept_for_a_day(call: Call, ada: Person, clock: ShiftedClock) -> None:
    await wrote(ada, "old")
    clock.advance(timedelta(hours=25))
    await wrote(ada, "new")
    (update,) = (await call("getUpdates"))["result"]
    assert update["message"]["text"] == "new"


async def test_allowed_updates_choose_kinds_from_now_on(call: Call, ada: Person) -> None:
    await wrote(ada, "before the choice")
    await call("getUpdates", allowed_updates=["callback_query", "my_chat_member"])
    await wrote(ada, "not wanted")
    await ada.block()
    await ada.unblock()
    kinds = [next(iter(update.keys() - {"update_id"}))
             for update in (await call("getUpdates"))["result"]]  # fmt: skip
    assert kinds == ["message", "my_chat_member", "my_chat_member"]
    await call("getUpdates", allowed_updates=[])
    await wrote(ada, "wanted again")
    assert (await call("getUpdates"))["result"][-1]["message"]["text"] == "wanted again"


async def test_reactions_come_only_where_they_were_asked_for(call: Call, ada: Person) -> None:
    sent = (await call("sendMessage", chat_id=7, text="x"))["result"]["message_id"]
    await ada.react(sent, "👍")
    assert (await call("getUpdates", allowed_updates=["message_reaction"]))["result"] == []
    await ada.react(sent, "👍")
    (update,) = (await call("getUpdates"))["result"]
    assert update["message_reaction"]["new_reaction"] == [{"type": "emoji", "emoji": "👍"}]


async def test_raw_updates_are_delivered_as_they_are_duplicates_and_order_included(
    call: Call, server: BotApiServer, ada: Person
) -> None:
    await wrote(ada, "real")
    (real,) = ids(await call("getUpdates"))
    odd = {"update_id": real, "callback_query": {"id": "no chat_instance"}}
    server.push_update(odd)
    server.push_update({"update_id": real - 3, "poll": None})
    given = server.push_update({"nonsense": True})
    answer = await call("getUpdates", offset=real + 1)
    assert answer["result"] == [
        odd,
        {"update_id": real - 3, "poll": None},
        {"update_id": given, "nonsense": True},
    ]
    assert (await call("getUpdates", offset=given + 1))["result"] == []


@pytest.mark.parametrize(
    ("token", "method", "status", "description"),
    [
        ("123456789:some-other-token-altogether", "getMe", 401, "Unauthorized"),
        ("nonsense", "getMe", 404, "Not Found"),
        (None, "getNothing", 404, "Not Found: method not found"),
    ],
)
async def test_wrong_tokens_and_methods_are_refused(
    server: BotApiServer, http: Any, token: str | None, method: str, status: int, description: str
) -> None:
    async with http.get(f"{server.base_url}/bot{token or server.token}/{method}") as answer:
        assert answer.status == status
        expected = {"ok": False, "error_code": status, "description": description}
        assert await answer.json() == expected


async def test_method_names_are_read_in_any_case_and_by_get(
    server: BotApiServer, http: Any
) -> None:
    async with http.get(f"{server.base_url}/bot{server.token}/GETME") as answer:
        me = (await answer.json())["result"]
    assert me["is_bot"] is True
    assert me["username"] == "ampersand_demo_bot"


async def test_python_telegram_bot_reads_every_kind_of_update(
    bot: Bot, ada: Person, server: BotApiServer
) -> None:
    text = await ada.send_text("/help me")
    await ada.edit_text(text.message_id, "/help you")
    for send in (ada.send_photo, ada.send_document, ada.send_voice, ada.send_sticker):
        await send()
    await ada.send_location()
    button = InlineKeyboardButton("ok", callback_data="yes")
    await bot.send_message(7, "x", reply_markup=InlineKeyboardMarkup([[button]]))
    await ada.tap("ok")
    await ada.block()
    updates = await bot.get_updates()
    assert [update.update_id for update in updates] == sorted(u.update_id for u in updates)
    first, edited, photo, document, voice, sticker, place, query, member = updates
    assert first.message
    assert first.message.entities[0].type == "bot_command"
    assert first.message.entities[0].length == 5
    assert first.message.chat.type == "private"
    assert first.message.from_user
    assert first.message.from_user.language_code == "en"
    assert edited.edited_message
    assert edited.edited_message.edit_date
    assert edited.edited_message.text == "/help you"
    assert photo.message
    assert photo.message.photo[-1].width == 1
    assert document.message
    assert document.message.document
    assert voice.message
    assert voice.message.voice
    assert sticker.message
    assert sticker.message.sticker
    assert place.message
    assert place.message.location
    assert query.callback_query
    assert query.callback_query.data == "yes"
    assert query.callback_query.chat_instance
    assert query.callback_query.message
    assert member.my_chat_member
    assert member.my_chat_member.new_chat_member.status == "kicked"
    assert server.violations == []


async def test_python_telegram_bot_sees_the_errors_it_knows(
    server: BotApiServer, bot: Bot, call: Call
) -> None:
    await call("setWebhook", url="http://127.0.0.1:9/hook")
    with pytest.raises(Conflict):
        await bot.get_updates()
    stranger = Bot("123456789:another-token-entirely", base_url=f"{server.base_url}/bot")
    with pytest.raises(InvalidToken):
        await stranger.initialize()
    await stranger.shutdown()


async def test_tests_can_wait_until_everything_is_confirmed(
    call: Call, server: BotApiServer, ada: Person
) -> None:
    await server.drained()
    await wrote(ada, "one")
    waiting = asyncio.create_task(server.drained())
    (only,) = ids(await call("getUpdates"))
    assert not waiting.done()
    await call("getUpdates", offset=only + 1)
    await waiting


async def test_a_poller_that_vanished_swallows_nothing(
    call: Call, server: BotApiServer, ada: Person
) -> None:
    vanishing = asyncio.create_task(call("getUpdates", timeout=30))
    await server.polled()
    vanishing.cancel()
    await asyncio.gather(vanishing, return_exceptions=True)
    server.push_update({"odd": True})
    await ada.send_text("still there")
    assert len((await call("getUpdates", timeout=5))["result"]) == 2

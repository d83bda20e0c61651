"""The bot's own name, texts and command menus."""

from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    MenuButtonCommands,
)
from telegram.error import BadRequest

from bot.demo.people import Person
from bot.demo.server import BotApiServer

Call = Callable[..., Coroutine[Any, Any, Any]]


async def test_a_person_sees_the_menu_of_the_narrowest_scope(
    bot: Bot, ada: Person, server: BotApiServer
) -> None:
    bob = server.person(8, "Bob", language_code="de")
    await bot.set_my_commands([("help", "what there is")])
    assert [one["command"] for one in ada.menu] == ["help"]
    await bot.set_my_commands([BotCommand("a", "b")], scope=BotCommandScopeAllPrivateChats())
    await bot.set_my_commands(
        [BotCommand("hilfe", "was es gibt")],
        scope=BotCommandScopeAllPrivateChats(),
        language_code="de",
    )
    scope = BotCommandScopeChat(7)
    await bot.set_my_commands([BotCommand("timer", "a timer")], scope=scope)
    assert [one["command"] for one in ada.menu] == ["timer"]
    assert [one["command"] for one in bob.menu] == ["hilfe"]
    assert (await bot.get_my_commands(scope=scope))[0].command == "timer"
    await bot.delete_my_commands(scope=scope)
    assert [one["command"] for one in ada.menu] == ["a"]
    assert server.violations == []


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({"commands": [{"command": "Upper", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "x" * 33, "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "x", "description": ""}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"commands": [{"command": "x", "description": "x"}] * 101}, "BOT_COMMANDS_TOO_MUCH"),
        ({"commands": "{}"}, "expected an Array of BotCommand"),
        ({"commands": [], "scope": {"type": "nowhere"}},
         "can't parse BotCommandScope: unsupported type specified"),
        ({"commands": [], "scope": {"type": "chat"}},
         'can\'t parse BotCommandScope: can\'t find field "chat_id"'),
        ({"commands": [], "scope": {"type": "chat", "chat_id": 99}}, "chat not found"),
        ({"commands": [], "language_code": "english"}, "invalid language code specified"),
    ],
)  # fmt: skip
async def test_menus_that_telegram_does_not_take(
    call: Call, params: dict[str, Any], reason: str
) -> None:
    answer = await call("setMyCommands", **params)
    assert answer["description"] == f"Bad Request: {reason}"


async def test_names_and_texts_are_kept_by_language_within_their_limits(bot: Bot) -> None:
    assert (await bot.get_my_name()).name == "Ampersand"
    await bot.set_my_name("And")
    await bot.set_my_description("A quiet question a day.")
    await bot.set_my_description("Eine ruhige Frage am Tag.", language_code="de")
    await bot.set_my_short_description("Quiet.")
    assert (await bot.get_my_name()).name == "And"
    assert (await bot.get_my_description("de")).description == "Eine ruhige Frage am Tag."
    assert (await bot.get_my_description("fr")).description == "A quiet question a day."
    assert (await bot.get_my_short_description()).short_description == "Quiet."
    with pytest.raises(BadRequest, match="too long"):
        await bot.set_my_description("x" * 513)
    with pytest.raises(BadRequest, match="too long"):
        await bot.set_my_short_description("x" * 121)


async def test_the_menu_button_of_one_chat_differs_from_the_default(bot: Bot, ada: Person) -> None:
    await bot.set_chat_menu_button(7, MenuButtonCommands())
    assert (await bot.get_chat_menu_button(7)).type == "commands"


async def test_a_chat_is_known_once_the_person_has_written(
    bot: Bot, server: BotApiServer, ada: Person
) -> None:
    assert (await bot.get_chat(7)).first_name == "Ada"
    server.person(8)
    with pytest.raises(BadRequest, match="hat not found"):
        await bot.get_chat(8)


async def test_the_bot_cannot_leave_a_person(bot: Bot, ada: Person) -> None:
    with pytest.raises(BadRequest):
        await bot.leave_chat(7)


async def test_logging_out_and_closing_are_accepted(bot: Bot) -> None:
    assert await bot.log_out()
    assert await bot.close()


async def test_get_me_names_the_bot(bot: Bot) -> None:
    me = await bot.get_me()
    assert (me.is_bot, me.username, me.id) == (True, "ampersand_demo_bot", 123456789)
    assert me.can_read_all_group_messages is False

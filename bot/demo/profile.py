"""Methods about the bot itself: its name and texts, its command menus, its chats."""

import json
from typing import Final

from bot.demo.entities import utf16_length
from bot.demo.limits import check_commands
from bot.demo.messages import Json
from bot.demo.parameters import Parameters
from bot.demo.refusals import bad_request
from bot.demo.world import World

_SCOPES: Final = frozenset({"default", "all_private_chats", "all_group_chats",
                            "all_chat_administrators", "chat", "chat_administrators",
                            "chat_member"})  # fmt: skip
_GIVEN_RIGHTS: Final = frozenset({"can_manage_chat", "can_post_messages", "can_edit_messages",
                                  "can_delete_messages", "can_invite_users"})  # fmt: skip
_RIGHTS: Final = _GIVEN_RIGHTS | {
    "can_be_edited", "is_anonymous", "can_manage_video_chats", "can_restrict_members",
    "can_promote_members", "can_change_info", "can_post_stories", "can_edit_stories",
    "can_delete_stories",
}  # fmt: skip
_LIMITS: Final = {"name": 64, "description": 512, "short_description": 120}


async def get_me(world: World, _: Parameters) -> Json:
    """``getMe``: the bot's own ``User`` object."""
    return world.bot | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def _scope_key(world: World, given: Parameters) -> str:
    """A key for scope and language; refuses scopes that Telegram does not know."""
    scope = given.structure("scope", "BotCommandScope") or {"type": "default"}
    if not isinstance(scope, dict) or scope.get("type") not in _SCOPES:
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    key = {"type": scope["type"]}
    if scope["type"] in {"chat", "chat_administrators", "chat_member"}:
        try:
            key["chat_id"] = int(scope["chat_id"])
        except (KeyError, TypeError, ValueError) as error:
            raise bad_request(
                "can't parse BotCommandScope: can't find field \"chat_id\""
            ) from error
        world.known_chat(key["chat_id"])
    language = given.text("language_code")
    if language and not (len(language) == 2 and language.isascii() and language.islower()):
        raise bad_request("invalid language code specified")
    return json.dumps(key | {"language_code": language}, sort_keys=True)


async def set_commands(world: World, given: Parameters) -> bool:
    """``setMyCommands``: the menu of one scope and language."""
    key = _scope_key(world, given)
    commands = check_commands(given.structure("commands", "commands"))
    if commands:
        world.commands[key] = commands
    else:
        world.commands.pop(key, None)
    return True


async def delete_commands(world: World, given: Parameters) -> bool:
    """``deleteMyCommands``: people then see the menu of the wider scope."""
    world.commands.pop(_scope_key(world, given), None)
    return True


async def get_commands(world: World, given: Parameters) -> list[Json]:
    """``getMyCommands``: the menu of exactly this scope and language."""
    return world.commands.get(_scope_key(world, given), [])


def menu_of(world: World, chat_id: int, language: str = "") -> list[Json]:
    """The command menu a person sees in the private chat: the narrowest scope that has one.

    The order is that of https://core.telegram.org/bots/api#determining-list-of-commands.
    """
    scopes: list[Json] = [
        {"type": "chat", "chat_id": chat_id},
        {"type": "all_private_chats"},
        {"type": "default"},
    ]
    for scope in scopes:
        for code in dict.fromkeys([language, ""]):
            key = json.dumps(scope | {"language_code": code}, sort_keys=True)
            if key in world.commands:
                return world.commands[key]
    return []


def _set_text(world: World, given: Parameters, name: str) -> bool:
    text = given.text(name)
    if utf16_length(text) > _LIMITS[name]:
        raise bad_request(f"bot {name.replace('_', ' ')} is too long")
    world.texts[name, given.text("language_code")] = text
    return True


async def set_name(world: World, given: Parameters) -> bool:
    """``setMyName``: at most 64 characters."""
    return _set_text(world, given, "name")


async def set_description(world: World, given: Parameters) -> bool:
    """``setMyDescription``: at most 512 characters, shown in an empty chat."""
    return _set_text(world, given, "description")


async def set_short_description(world: World, given: Parameters) -> bool:
    """``setMyShortDescription``: at most 120 characters, shown on the profile."""
    return _set_text(world, given, "short_description")


def _get_text(world: World, given: Parameters, name: str, default: str = "") -> Json:
    own = world.texts.get((name, given.text("language_code")))
    return {name: own or world.texts.get((name, "")) or default}


async def get_name(world: World, given: Parameters) -> Json:
    """``getMyName``."""
    return _get_text(world, given, "name", world.bot["first_name"])


async def get_description(world: World, given: Parameters) -> Json:
    """``getMyDescription``."""
    return _get_text(world, given, "description")


async def get_short_description(world: World, given: Parameters) -> Json:
    """``getMyShortDescription``."""
    return _get_text(world, given, "short_description")


async def set_menu_button(world: World, given: Parameters) -> bool:
    """``setChatMenuButton``: of one private chat, or the default."""
    button = given.structure("menu_button", "MenuButton") or {"type": "default"}
    if not isinstance(button, dict) or button.get("type") not in {"commands", "default", "web_app"}:
        raise bad_request("can't parse MenuButton: unsupported type specified")
    if "chat_id" in given:
        world.known_chat(given.chat_id()).menu_button = button
    else:
        world.menu_button = button
    return True


async def get_menu_button(world: World, given: Parameters) -> Json:
    """``getChatMenuButton``."""
    if "chat_id" in given:
        return world.known_chat(given.chat_id()).menu_button or world.menu_button
    return world.menu_button


async def get_chat(world: World, given: Parameters) -> Json:
    """``getChat``: what the bot may know about a chat."""
    chat = world.known_chat(given.chat_id())
    if chat.private and not chat.opened:
        raise bad_request("chat not found")
    return chat.api | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": False,
            "limited_gifts": False,
            "unique_gifts": False,
            "premium_subscription": False,
            "gifts_from_channels": False,
        },
    }


async def leave_chat(world: World, given: Parameters) -> bool:
    """``leaveChat``: out of a group or channel; the bot hears of it as ``my_chat_member``."""
    chat = world.open_chat(given.chat_id())
    if chat.private:
        raise bad_request("chat not found")
    before, chat.status = chat.status, "left"
    world.updates.add("my_chat_member", member_change(world, chat.api, world.bot, before, "left"))
    return True


def member_change(world: World, chat: Json, by: Json, old: str, new: str) -> Json:
    """A ``ChatMemberUpdated`` object about the bot's own place in a chat."""

    def member(status: str) -> Json:
        detail: Json = {"until_date": 0} if status == "kicked" else {}
        if status == "administrator":
            detail = {right: right in _GIVEN_RIGHTS for right in _RIGHTS}
        return {"user": world.bot, "status": status} | detail

    return {
        "chat": chat,
        "from": by,
        "date": int(world.now().timestamp()),
        "old_chat_member": member(old),
        "new_chat_member": member(new),
    }


async def get_file(world: World, given: Parameters) -> Json:
    """``getFile``: where the bytes can be fetched, for files up to 20 MB."""
    file = world.files.get(given.text("file_id"))
    if file is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if len(file.content) > 20 * 1024 * 1024:
        raise bad_request("file is too big")
    return file.as_api() | {"file_path": file.path}

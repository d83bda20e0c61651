"""Which function answers which Bot API method."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from bot.demo import editing, profile, sending
from bot.demo.parameters import Parameters
from bot.demo.world import World

Method = Callable[[World, Parameters], Awaitable[Any]]

METHODS: Final[dict[str, Method]] = {
    name.lower(): function
    for name, function in {
        "getMe": profile.get_me,
        "getChat": profile.get_chat,
        "getFile": profile.get_file,
        "leaveChat": profile.leave_chat,
        "setMyCommands": profile.set_commands,
        "deleteMyCommands": profile.delete_commands,
        "getMyCommands": profile.get_commands,
        "setMyName": profile.set_name,
        "getMyName": profile.get_name,
        "setMyDescription": profile.set_description,
        "getMyDescription": profile.get_description,
        "setMyShortDescription": profile.set_short_description,
        "getMyShortDescription": profile.get_short_description,
        "setChatMenuButton": profile.set_menu_button,
        "getChatMenuButton": profile.get_menu_button,
        "sendMessage": sending.send_message,
        "sendPhoto": sending.send_photo,
        "sendDocument": sending.send_document,
        "sendChatAction": sending.send_chat_action,
        "editMessageText": editing.edit_text,
        "editMessageReplyMarkup": editing.edit_keyboard,
        "editMessageCaption": editing.edit_caption,
        "editMessageMedia": editing.edit_media,
        "setMessageReaction": editing.set_reaction,
        "deleteMessage": editing.delete_message,
        "deleteMessages": editing.delete_messages,
        "answerCallbackQuery": editing.answer_callback,
    }.items()
}
"""Methods that need nothing but the shared state, by their lower-case names."""

PACED: Final = frozenset({"sendmessage", "sendphoto", "senddocument"})
"""Methods that count against Telegram's sending caps."""

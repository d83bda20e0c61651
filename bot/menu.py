"""What Telegram shows of the bot: the command menu and its descriptions."""

import logging

from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats
from telegram.error import TelegramError

from bot.chat.routes import MENU
from bot.logs import where
from prompts.templates import Words

log = logging.getLogger(__name__)


async def announce(bot: Bot, words: Words) -> None:
    """Set menu and descriptions; a failure is logged, the bot works without them."""
    commands = [BotCommand(name, words.plain(f"menu.{name}")) for name in MENU]
    try:
        await bot.set_my_commands(commands, scope=BotCommandScopeAllPrivateChats())
        await bot.set_my_description(words.plain("menu.description"))
        await bot.set_my_short_description(words.plain("menu.short_description"))
    except TelegramError as error:
        log.warning("the menu could not be set: %s", where(error))

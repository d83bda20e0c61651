"""The client of the Bot API, and its first contact."""

import asyncio
import contextlib
import logging
import warnings
from urllib.parse import urlsplit

from telegram import Bot
from telegram.error import InvalidToken, TelegramError
from telegram.warnings import PTBDeprecationWarning, PTBUserWarning

from bot.config import OFFICIAL_API
from bot.transport.answers import said, understood
from bot.transport.backoff import Backoff
from bot.transport.request import AiohttpRequest

log = logging.getLogger(__name__)


def make_bot(token: str, base: str) -> Bot:
    """The client for a bot's token, at the Bot API server that ``base`` is the address of."""
    # do_api_request is how stored requests are sent as they are; the hint to prefer the typed
    # methods does not apply.
    warnings.filterwarnings("ignore", message="Please use 'Bot", category=PTBUserWarning)
    # The library warns whenever Telegram asks for a pause; both types it may give are understood.
    warnings.filterwarnings(
        "ignore", message=".*attribute `retry_after`", category=PTBDeprecationWarning
    )
    return Bot(
        token,
        base_url=f"{base}/bot",
        base_file_url=f"{base}/file/bot",
        request=AiohttpRequest(),
        get_updates_request=AiohttpRequest(limit=2),
    )


async def connect(bot: Bot, stop: asyncio.Event) -> None:
    """Ask Telegram who this bot is, again and again until there is an answer or ``stop`` is set.

    Raises:
        InvalidToken: Telegram does not know the token.
    """
    _tell_server(bot)
    # An attempt can hang for half a minute, and a stop does not wait for it.
    reached = asyncio.create_task(_reach(bot))
    stopped = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({reached, stopped}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        reached.cancel()
        stopped.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await reached


def _tell_server(bot: Bot) -> None:
    base = bot.base_url.removesuffix(f"/bot{bot.token}")
    if base != OFFICIAL_API:
        address = urlsplit(base)
        host = address.netloc.rpartition("@")[2]
        log.info("using the Bot API server at %s", address._replace(netloc=host).geturl())


async def _reach(bot: Bot) -> None:
    backoff = Backoff(log, "the first contact")
    while True:
        try:
            with understood():
                await bot.initialize()
        except InvalidToken:
            raise
        except TelegramError as error:
            pause = backoff.failed(f"Telegram cannot be reached yet: {said(error)}")
            await asyncio.sleep(pause)
        else:
            log.info("ready as @%s", bot.username)
            return

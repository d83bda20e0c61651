"""Long polling: every update is stored before the next request acknowledges it."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from telegram import Bot
from telegram.error import (
    Conflict,
    EndPointNotFound,
    InvalidToken,
    RetryAfter,
    TelegramError,
)

from bot.clock import Clock
from bot.transport.answers import GarbledError, is_update, said
from bot.transport.backoff import Backoff
from bot.transport.contact import Contact
from bot.transport.request import pause_asked, token_refused
from storage.database import Database
from storage.errors import StorageError
from storage.store import Store

log = logging.getLogger(__name__)

POLL_SECONDS = 30
"""How long Telegram may hold a request open when there is nothing to tell."""

LONGEST_PAUSE = 600.0
"""Seconds. Telegram may ask for a longer one, but nobody is to be left without an answer for hours
because of one odd number."""

ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member", "channel_post"]


class Poller:
    """The loop that brings updates from Telegram into the inbox.

    It starts without an offset and goes on with the last id *of the batch just stored* plus one:
    after a week without updates Telegram's ids begin anew, so a stored maximum would be wrong.

    Args:
        bot: the client of the Bot API.
        database: where updates are stored.
        clock: where the time comes from.
        contact: notes that Telegram was in contact.
        on_stored: called when something new was stored.
    """

    def __init__(
        self,
        bot: Bot,
        database: Database,
        clock: Clock,
        contact: Contact,
        on_stored: Callable[[], None],
    ) -> None:
        self._bot = bot
        self._db = database
        self._clock = clock
        self._contact = contact
        self._on_stored = on_stored
        self._offset: int | None = None
        self._backoff = Backoff(log, "polling")
        self._webhook_gone = False
        self.caught_up = asyncio.Event()

    async def run(self) -> None:
        """Poll until cancelled.

        Raises:
            InvalidToken: Telegram does not know the token (any more).
        """
        while True:
            try:
                await self._poll()
            except (InvalidToken, EndPointNotFound) as error:
                # The library takes the 401 for a method that does not exist.
                if token_refused(error):
                    raise InvalidToken from None
                await asyncio.sleep(self._backoff.failed("there is no such method there"))
            except Conflict as error:
                await asyncio.sleep(self._backoff.failed(_rival(error)))
            except RetryAfter as error:
                await asyncio.sleep(min(pause_asked(error), LONGEST_PAUSE))
            except (TelegramError, StorageError) as error:
                await asyncio.sleep(self._backoff.failed(said(error)))
            else:
                self._backoff.worked()

    async def part(self) -> None:
        """Note the last contact before the bot stops, if there was one until now.

        Raises:
            StorageError: it cannot be noted.
        """
        if self.caught_up.is_set() and not self._backoff.failures:
            await self._contact.made()

    async def _poll(self) -> None:
        if not self._webhook_gone:
            # With a webhook in place Telegram answers no polls.
            await self._bot.delete_webhook()
            self._webhook_gone = True
        # What waits is fetched at once, also after a failure; then it is worth waiting for more.
        waits = self.caught_up.is_set() and not self._backoff.failures
        seconds = POLL_SECONDS if waits else 0
        kwargs: dict[str, Any] = {"timeout": seconds, "allowed_updates": ALLOWED_UPDATES}
        if self._offset is not None:
            kwargs["offset"] = self._offset
        answer = await self._bot.do_api_request(
            "getUpdates", api_kwargs=kwargs, read_timeout=seconds + 10
        )
        batch = _updates(answer)
        await self._contact.made()
        if not batch:
            self.caught_up.set()
            return
        now = self._clock.now()
        stored = await self._db.write(lambda conn: Store(conn).inbox.store(batch, now))
        self._offset = batch[-1]["update_id"] + 1
        if stored:
            self._on_stored()


def _updates(answer: object) -> list[dict[str, Any]]:
    """The updates in an answer to getUpdates; what has no id cannot be kept and is passed over.

    Raises:
        GarbledError: it is no list, or nothing in it is an update.
    """
    if not isinstance(answer, list):
        raise GarbledError("the answer to getUpdates is no list")
    batch = [update for update in answer if is_update(update)]
    if answer and not batch:
        raise GarbledError("no update has an id")
    if len(batch) < len(answer):
        log.error("%d of %d updates have no id and are lost", len(answer) - len(batch), len(answer))
    return batch


def _rival(conflict: Conflict) -> str:
    if "webhook" in str(conflict).lower():
        return "another program has set a webhook for this token"
    return "another program polls with this token"

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
from bot.logs import where
from bot.transport.request import pause_asked
from storage.database import Database
from storage.errors import StorageError
from storage.store import Store

log = logging.getLogger(__name__)

POLL_SECONDS = 30
"""How long Telegram may hold a request open when there is nothing to tell."""

ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member", "channel_post"]

BACKOFF = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds between attempts while Telegram cannot be reached."""


class Poller:
    """The loop that brings updates from Telegram into the inbox.

    It starts without an offset and goes on with the last id *of the batch just stored* plus one:
    after a week without updates Telegram's ids begin anew, so a stored maximum would be wrong.
    """

    def __init__(
        self, bot: Bot, database: Database, clock: Clock, on_stored: Callable[[], None]
    ) -> None:
        self._bot = bot
        self._db = database
        self._clock = clock
        self._on_stored = on_stored
        self._offset: int | None = None
        self._failures = 0

    async def run(self) -> None:
        """Poll until cancelled.

        Raises:
            InvalidToken: Telegram does not know the token (any more).
        """
        while True:
            try:
                await self._poll()
                self._failures = 0
            except (InvalidToken, EndPointNotFound):
                # The library takes the 401 for a method that does not exist.
                raise InvalidToken from None
            except Conflict:
                await self._wait("another program polls with this token")
            except RetryAfter as error:
                await asyncio.sleep(pause_asked(error))
            except (TelegramError, StorageError) as error:
                await self._wait(where(error))

    async def _poll(self) -> None:
        kwargs: dict[str, Any] = {"timeout": POLL_SECONDS, "allowed_updates": ALLOWED_UPDATES}
        if self._offset is not None:
            kwargs["offset"] = self._offset
        batch = await self._bot.do_api_request(
            "getUpdates", api_kwargs=kwargs, read_timeout=POLL_SECONDS + 10
        )
        if not isinstance(batch, list) or not batch:
            return
        now = self._clock.now()
        stored = await self._db.write(lambda conn: Store(conn).inbox.store(batch, now))
        self._offset = int(batch[-1]["update_id"]) + 1
        if stored:
            self._on_stored()

    async def _wait(self, reason: str) -> None:
        pause = BACKOFF[min(self._failures, len(BACKOFF) - 1)]
        self._failures += 1
        log.warning("polling failed (%s); again in %g s", reason, pause)
        await asyncio.sleep(pause)

"""The webhook: Telegram brings updates, and hears that one arrived only after it was stored."""

import asyncio
import hmac
import logging
import secrets
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from telegram import Bot
from telegram.error import BadRequest, EndPointNotFound, InvalidToken, RetryAfter, TelegramError

from bot.clock import Clock
from bot.logs import where
from bot.transport.answers import is_update, read_json, said, understood
from bot.transport.backoff import Backoff
from bot.transport.contact import Contact
from bot.transport.polling import ALLOWED_UPDATES, LONGEST_PAUSE
from bot.transport.request import pause_asked, token_refused
from storage.database import Database
from storage.errors import StorageError
from storage.store import Store

log = logging.getLogger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name, no secret

MAX_CONNECTIONS = 40
"""So many updates Telegram may bring at once; what arrives together shares a commit."""

BODY_SECONDS = 30.0
"""So long an update may take to arrive; a connection that is only half used is not kept open."""

LOOK_EVERY = timedelta(minutes=5)
"""How often Telegram is asked whether it can bring what it has ..."""

FIRST_LOOKS = 10
"""... and so often, once a second, after the start, until it has brought everything."""

TOLD_AT = frozenset({1, 10, 100, 1000, 10_000})
"""Refused requests that are logged: anybody can send as many as they like."""


class Webhook:
    """Tells Telegram where to bring updates, and takes them.

    Telegram brings an update again until it hears 200, for a day. A second delivery of the same
    update is known by its id. What belongs to one chat it brings one after the other.

    Args:
        bot: the client of the Bot API.
        database: where updates are stored.
        clock: where the time comes from.
        contact: notes that Telegram was in contact.
        on_stored: called when something new was stored.
        url: where Telegram reaches the bot.
        secret: what Telegram sends along; a new one for each start if it is None.
    """

    def __init__(
        self,
        bot: Bot,
        database: Database,
        clock: Clock,
        contact: Contact,
        on_stored: Callable[[], None],
        url: str,
        secret: str | None = None,
    ) -> None:
        self._bot = bot
        self._db = database
        self._clock = clock
        self._contact = contact
        self._on_stored = on_stored
        self._url = url
        self._secret = secret or secrets.token_urlsafe(32)
        self._refused = 0
        self._looks = 0
        self._reached = False
        self._backoff = Backoff(log, "setting the webhook")
        self.caught_up = asyncio.Event()

    def add_to(self, app: web.Application) -> None:
        """Take updates at the path of the address."""
        app.router.add_post(urlsplit(self._url).path or "/", self.take)

    async def take(self, request: web.Request) -> web.Response:
        """Store one update; 200 only after it is durable."""
        given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, self._secret.encode()):
            return self._refuse(403, "without the secret")
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await request.read()
        except web.HTTPRequestEntityTooLarge:
            return self._refuse(413, "too large")
        except TimeoutError:
            return self._refuse(408, "too slow")
        except web.RequestPayloadError:
            return self._refuse(400, "not as it says it is encoded")
        update = _update(body)
        if update is None:
            return self._refuse(400, "not an update")
        try:
            await self._contact.made()
            now = self._clock.now()
            stored = await self._db.write(lambda conn: Store(conn).inbox.store([update], now))
        except StorageError as error:
            log.error("an update could not be stored; Telegram brings it again: %s", where(error))
            return web.Response(status=503)
        if stored:
            self._on_stored()
        return web.Response()

    async def run(self) -> None:
        """Tell Telegram where to bring updates, and look now and then whether it can; until
        cancelled.

        Raises:
            InvalidToken: Telegram does not know the token (any more).
        """
        await self._until_it_works(self._announce)
        log.info("Telegram brings updates to this bot")
        while True:
            await self._until_it_works(self._look)
            await asyncio.sleep(1.0 if self._arriving() else LOOK_EVERY.total_seconds())

    def _arriving(self) -> bool:
        """Whether what waited before the start may still be on its way."""
        return self._looks < FIRST_LOOKS and not self.caught_up.is_set()

    async def part(self) -> None:
        """Note the last contact before the bot stops, if there was one until now.

        Raises:
            StorageError: it cannot be noted.
        """
        if self._reached:
            await self._contact.made()

    async def _until_it_works(self, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await work()
            except RetryAfter as error:
                await asyncio.sleep(min(pause_asked(error), LONGEST_PAUSE))
            except (TelegramError, StorageError) as error:
                await asyncio.sleep(self._backoff.failed(_reason(error)))
            else:
                self._backoff.worked()
                return

    async def _announce(self) -> None:
        await self._bot.set_webhook(
            self._url,
            max_connections=MAX_CONNECTIONS,
            allowed_updates=ALLOWED_UPDATES,
            secret_token=self._secret,
        )

    async def _look(self) -> None:
        with understood():
            info = await self._bot.get_webhook_info()
            elsewhere = _place(info.url) != _place(self._url)
        self._looks += 1
        if elsewhere:
            log.warning("another program has set or removed the webhook; it is set anew")
            await self._announce()
            return
        failed_at = info.last_error_date
        recently = failed_at is not None and self._clock.now() - failed_at < LOOK_EVERY
        self._reached = not (recently and info.pending_update_count)
        if self._reached:
            await self._contact.made()
            if not info.pending_update_count:
                self.caught_up.set()
        elif not self._arriving():
            # Telegram's words name a status, or what is wrong with the address.
            log.warning("Telegram cannot bring updates: %s", info.last_error_message)
            # Somebody may have set another secret for the same address.
            await self._announce()

    def _refuse(self, status: int, reason: str) -> web.Response:
        self._refused += 1
        if self._refused in TOLD_AT:
            log.warning("a request at the webhook was refused: %s (%d)", reason, self._refused)
        response = web.Response(status=status)
        # What could not be read of it must not be taken for the next request.
        response.force_close()
        return response


def _place(url: str) -> tuple[str | None, int, str]:
    """Host, port and path: Telegram gives an address back in its own spelling."""
    parts = urlsplit(url)
    return parts.hostname, parts.port or 443, parts.path or "/"


def _reason(error: TelegramError | StorageError) -> str:
    """What has failed, for the log.

    Raises:
        InvalidToken: it is the token that Telegram does not know.
    """
    if isinstance(error, EndPointNotFound | InvalidToken):
        if token_refused(error):
            raise InvalidToken from None
        return "this Bot API server knows no webhooks"
    if isinstance(error, BadRequest):
        return f"Telegram does not take WEBHOOK_URL: {error}"
    return said(error)


def _update(body: bytes) -> dict[str, Any] | None:
    """The update in a request, or None if there is none that could be stored."""
    try:
        update = read_json(body)
    except ValueError:
        return None
    return update if is_update(update) else None

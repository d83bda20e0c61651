"""What listens: the one address at which the webhook and ``/healthz`` are reached."""

import asyncio
import logging
import resource
from collections import Counter
from collections.abc import Iterable
from typing import Any, Protocol

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.addresses import Address
from bot.logs import where

log = logging.getLogger(__name__)

MOST_BYTES = 1024 * 1024
"""An update is a few kilobytes; nobody needs to send more than this."""

MOST_OPEN = 256
"""So many connections may be open at once; Telegram needs some forty. Where the system allows only
few files, a quarter of them: the database, its backups and what is sent need some, too."""

IDLE_SECONDS = 75.0
"""So long a connection may wait for the whole head of its next request; as web servers do."""

BACKLOG = 64
"""So many may stand at the door while others are let in."""

TOLD_AT = frozenset({1, 10, 100, 1000, 10_000, 100_000})
"""Strangers can cause as many of these as they like, so only so many of each are logged."""


class Door(Protocol):
    """Something that answers requests."""

    def add_to(self, app: web.Application) -> None:
        """Add its paths."""
        ...


class Doors:
    """Listens while it is entered.

    Whoever opens connections and sends nothing keeps nobody out: where too many are open, the one
    that has waited longest without a request is closed for the new one.

    Args:
        address: where to listen.
        doors: what answers there.
    """

    def __init__(self, address: Address, doors: Iterable[Door]) -> None:
        self.address = address
        self._doors = list(doors)
        self._runner: web.AppRunner | None = None
        self._listening: asyncio.Server | None = None
        self._answering: set[object] = set()
        self._noise = Noise(log)

    async def __aenter__(self) -> "Doors":
        app = web.Application(client_max_size=MOST_BYTES, middlewares=[self._answer])
        for door in self._doors:
            door.add_to(app)
        # The access log would write addresses, and the path of a webhook is nobody's business.
        runner = web.AppRunner(
            app,
            access_log=None,
            logger=self._noise,
            keepalive_timeout=IDLE_SECONDS,
            shutdown_timeout=1.0,
        )
        await runner.setup()
        self._runner = runner
        loop = asyncio.get_running_loop()
        try:
            self._listening = await loop.create_server(
                self._let_in, self.address.host, self.address.port, backlog=BACKLOG
            )
        except BaseException:
            await self.__aexit__()
            raise
        loop.set_exception_handler(self._noise.of_loop)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._listening is not None:
            listening, self._listening = self._listening, None
            listening.close()
            asyncio.get_running_loop().set_exception_handler(None)
        if self._runner is not None:
            runner, self._runner = self._runner, None
            await runner.cleanup()

    def _let_in(self) -> asyncio.Protocol:
        """What speaks with a new connection."""
        server = self._runner and self._runner.server
        if not server:
            raise ConnectionAbortedError("closed")
        # What is being closed has no transport any more; those that came first stand first.
        open_ = [guest for guest in server.connections if guest.transport is not None]
        open_.sort(key=lambda guest: guest in self._answering)
        for guest in open_[: max(0, len(open_) - most_open() + 1)]:
            self._noise.tell("too many connections are open, and one that waits is closed")
            guest.force_close()
        return server()

    @web.middleware
    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        protocol = request.protocol
        self._answering.add(protocol)
        try:
            return await handler(request)
        finally:
            self._answering.discard(protocol)


class Noise:
    """A log of what strangers can cause; aiohttp takes it for a logger.

    Neither the address of whoever calls is written nor anything that was sent.
    """

    def __init__(self, log: logging.Logger) -> None:
        self._log = log
        self._counts: Counter[str] = Counter()

    def tell(self, what: str) -> None:
        """Count it, and log it if it is time to."""
        self._counts[what] += 1
        if self._counts[what] in TOLD_AT:
            self._log.warning("%s (%d)", what, self._counts[what])

    def exception(self, *_: object, exc_info: object = None) -> None:
        """A request could not be answered."""
        if isinstance(exc_info, web.RequestPayloadError):
            # It was refused, and what is left of it is no better.
            return
        known = where(exc_info) if isinstance(exc_info, BaseException) else "unknown"
        self.tell(f"a request could not be answered: {known}")

    def debug(self, *_: object, **__: object) -> None:
        """What is not worth a line."""

    warning = debug

    def of_loop(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """What the event loop complains about; it does so hundreds of times a second."""
        if str(context.get("message", "")).startswith("socket.accept()"):
            reason = getattr(context.get("exception"), "strerror", None)
            self.tell(f"no more connections can be let in: {reason}")
        else:
            loop.default_exception_handler(context)


def most_open() -> int:
    """How many connections may be open at once on this system."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MOST_OPEN if files < 0 else max(1, min(MOST_OPEN, files // 4))

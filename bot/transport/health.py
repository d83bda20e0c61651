"""``/healthz``: whether the bot works, in numbers that name nobody."""

import asyncio
import logging
import math
import time
from collections.abc import Callable

from aiohttp import web

from bot.addresses import HEALTH_PATH
from bot.clock import Clock
from bot.logs import where
from storage.connection import Connection
from storage.database import Database
from storage.errors import StorageError
from storage.health import lag
from storage.store import Store

log = logging.getLogger(__name__)

FACT = "checked"
"""The fact that is written to see whether anything can be."""

ANSWERS_WITHIN = 5.0
"""Seconds after which a database that does not answer counts as broken."""

FRESH_SECONDS = 5.0
"""However often somebody asks, the database is asked no more often than this."""

STALLED_SECONDS = 60.0
"""Without a tick for so long nothing that falls due is sent."""


class Health:
    """Answers whether the tick ticks and the database can be written.

    Args:
        database: the open database.
        clock: where the time comes from.
        stalled: for how many seconds the tick has not worked.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        stalled: Callable[[], float],
    ) -> None:
        self._db = database
        self._clock = clock
        self._stalled = stalled
        self._numbers: dict[str, int] | None = None
        self._asked = -math.inf
        self._lock = asyncio.Lock()

    def add_to(self, app: web.Application) -> None:
        """Answer at ``/healthz``."""
        app.router.add_get(HEALTH_PATH, self.answer)

    async def answer(self, _: web.Request) -> web.Response:
        """200 and a few counts, or 503."""
        numbers = await self._counted()
        stalled = self._stalled() > STALLED_SECONDS
        ok = numbers is not None and not stalled
        state: dict[str, object] = {"ok": ok, **(numbers or {"database": "cannot be written"})}
        if stalled:
            state["tick"] = "has stalled"
        return web.json_response(state, status=200 if ok else 503)

    async def _counted(self) -> dict[str, int] | None:
        """The counts, at most some seconds old; None if the database cannot be written."""
        async with self._lock:
            if time.monotonic() - self._asked >= FRESH_SECONDS:
                try:
                    async with asyncio.timeout(ANSWERS_WITHIN):
                        self._numbers = await self._count()
                except (StorageError, TimeoutError) as error:
                    log.error("the database cannot be written: %s", where(error))
                    self._numbers = None
                self._asked = time.monotonic()
            return self._numbers

    async def _count(self) -> dict[str, int]:
        now = self._clock.now()

        def look(conn: Connection) -> dict[str, int]:
            store = Store(conn)
            return {
                "lag_seconds": int(lag(conn, now).total_seconds()),
                "inbox": store.inbox.waiting(),
                "outbox": store.outbox.waiting(),
            }

        await self._db.write(lambda conn: Store(conn).facts.set(FACT, now.isoformat()))
        return await self._db.read(look)

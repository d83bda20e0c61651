"""When Telegram was last in contact, so that a long silence can be told to those it concerns."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.clock import Clock
from storage.connection import Connection
from storage.database import Database
from storage.restoring import RESTORED
from storage.store import Store

FACT = "contact"
"""The fact that holds the instant."""

KEPT_BY_TELEGRAM = timedelta(hours=24)
"""Telegram keeps updates for so long (https://core.telegram.org/bots/api#getting-updates); what was
sent earlier than that in a longer silence may be lost."""

NOTED_EVERY = timedelta(minutes=1)

OnReturn = Callable[[Store, datetime, datetime], None]
"""Called after a silence that was too long, or when a backup has become the database, with the
moments between which something may be lost."""


def uptime() -> float:
    """Seconds since the machine was started, time in which it slept included."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if _HAS_BOOTTIME else time.monotonic()


_HAS_BOOTTIME = hasattr(time, "CLOCK_BOOTTIME")


class Contact:
    """Notes that Telegram has answered, or has brought something.

    How long the silence was between two contacts of this process is told by a clock that nobody
    sets; from one run to the next only the wall clock knows.

    Args:
        database: where it is noted.
        clock: where the time comes from.
        on_return: what is done after a silence that is too long, in the same transaction.
        elapsed: seconds that have passed in truth, whatever the clock was set to.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        on_return: OnReturn,
        elapsed: Callable[[], float] = uptime,
    ) -> None:
        self._db = database
        self._clock = clock
        self._on_return = on_return
        self._elapsed = elapsed
        self._noted: tuple[datetime, float] | None = None

    async def made(self) -> None:
        """Telegram is in contact now; to be called before what it brought is stored.

        Raises:
            StorageError: it cannot be noted.
        """
        now, elapsed = self._clock.now(), self._elapsed()
        quiet: float | None = None
        if self._noted is not None:
            noted_at, noted_elapsed = self._noted
            quiet = elapsed - noted_elapsed
            if abs(now - noted_at) < NOTED_EVERY and quiet < NOTED_EVERY.total_seconds():
                return
        slept = quiet is None or quiet > KEPT_BY_TELEGRAM.total_seconds()
        await self._db.write(lambda conn: self._note(conn, now, may_be_back=slept))
        self._noted = now, elapsed

    def _note(self, conn: Connection, now: datetime, *, may_be_back: bool) -> None:
        store = Store(conn)
        known = store.facts.get(FACT)
        last = None if known is None else datetime.fromisoformat(known)
        store.facts.set(FACT, now.isoformat(timespec="seconds"))
        restored = store.facts.get(RESTORED)
        store.facts.clear(RESTORED)
        if last is None or not may_be_back:
            return
        lost_until = now - KEPT_BY_TELEGRAM
        if restored is not None:
            lost_until = max(lost_until, datetime.fromisoformat(restored))
        if lost_until - last > NOTED_EVERY:
            self._on_return(store, last, lost_until)

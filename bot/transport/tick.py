"""The tick: once a second, whatever has fallen due is put into the outbox."""

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from bot.clock import Clock
from bot.logs import where
from bot.transport.nightly import LOOK_SECONDS, Nightly
from storage.connection import Connection, translated
from storage.database import Database
from storage.errors import StorageError
from storage.outbox import Outgoing
from storage.schedule import Due
from storage.store import Store

log = logging.getLogger(__name__)

TICK_SECONDS = 1
CHUNK = 100
"""So many due rows share a piece of the writer's work: others wait for some 0.1 s at most, and
SQLite's savepoints, one a row within that of the piece, grow dearer with its length."""

STALLED_SECONDS = 3.0
"""Without a tick for so long by the monotonic clock, the wall clock must have stepped back."""

AFTER_FAILURE = timedelta(hours=1)
"""What could not be made is tried again after this time."""

BETWEEN_CHUNKS = 0.05
"""Seconds in which others have the writer to themselves while everybody is looked after."""

TIDY_SECONDS = 3600
"""How often the house is tidied: old ids and finished updates are forgotten."""


class Rhythm(Protocol):
    """What answers due rows: the rooms of ``bot/chat``."""

    def fall_due(self, store: Store, due: Due) -> list[Outgoing]:
        """Have the effects of a due row, schedule what comes next, and give the messages."""
        ...

    def clock_corrected(self, store: Store) -> int:
        """Plan anew what a clock that ran ahead has put too far off; give how many rows."""
        ...

    def nightly(self, store: Store) -> tuple[list[Outgoing], bool]:
        """Remove what was kept long enough, of some people; give messages, and if more is left."""
        ...


class Tick:
    """APScheduler's one short job, and a monotonic watchdog over it.

    APScheduler waits for a wall-clock time: when the clock steps back by an hour, its next run lies
    an hour ahead. The watchdog measures with the monotonic clock and arms the job anew.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        rhythm: Rhythm,
        on_messages: Callable[[], None],
        nightly: Nightly,
    ) -> None:
        self._db = database
        self._clock = clock
        self._rhythm = rhythm
        self._on_messages = on_messages
        self._nightly = nightly
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._last = self._worked = time.monotonic()
        self._lock = asyncio.Lock()

    def start(self) -> None:
        """Start ticking on the running event loop."""
        self._scheduler.add_job(
            self._tick,
            _FromNow(),
            id="tick",
            next_run_time=datetime.now(UTC),
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
        )
        self._scheduler.add_job(
            self._tidy,
            "interval",
            seconds=TIDY_SECONDS,
            id="tidy",
            next_run_time=datetime.now(UTC),
            misfire_grace_time=None,
        )
        self._scheduler.add_job(
            self._nightly.look,
            "interval",
            seconds=LOOK_SECONDS,
            id="nightly",
            max_instances=1,
            misfire_grace_time=None,
            coalesce=True,
        )
        self._scheduler.start()

    def stop(self) -> None:
        """Stop ticking; a tick in progress finishes by itself."""
        self._nightly.stop()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def stalled(self) -> float:
        """For how many seconds nobody has worked on what falls due."""
        return time.monotonic() - self._worked

    async def watch(self) -> None:
        """Re-arm the tick whenever it has stalled; run until cancelled."""
        while True:
            await asyncio.sleep(TICK_SECONDS)
            if time.monotonic() - self._last > STALLED_SECONDS:
                log.warning("no tick for a while: the clock stepped back, the tick is armed anew")
                self._last = time.monotonic()
                now = datetime.now(UTC)
                for job in ("tick", "tidy", "nightly"):
                    self._scheduler.modify_job(job, next_run_time=now)

    async def run_due(self) -> int:
        """Work on everything that is due by the clock now and give how much that was."""
        total = 0
        async with self._lock:
            worked = CHUNK
            while worked == CHUNK:
                worked = await self._db.write(self._chunk)
                # A long catch-up is no clock that has stepped back.
                self._last = self._worked = time.monotonic()
                total += worked
                if worked:
                    self._on_messages()
        return total

    def _chunk(self, conn: Connection) -> int:
        store = Store(conn)
        now = self._clock.now()
        due = store.schedule.due(now, CHUNK)
        for row in due:
            conn.execute("SAVEPOINT due")
            try:
                store.outbox.add(self._rhythm.fall_due(store, row))
            except Exception as error:
                if isinstance(translated(error), StorageError):
                    # No fault of this row: all of them wait for the disk.
                    raise
                conn.execute("ROLLBACK TO due")
                log.error("a %s could not be made: %s", row.kind, where(error))
                store.schedule.set(row.person_id, row.kind, now + AFTER_FAILURE)
            conn.execute("RELEASE due")
        return len(due)

    async def tidy(self) -> None:
        """Forget old ids, and remove what was kept long enough; each person once a day.

        Raises:
            StorageError: the database failed; the rest is done the next time.
        """

        def work(conn: Connection) -> None:
            store = Store(conn)
            now = self._clock.now()
            store.inbox.prune(now)
            store.messages.prune(now)
            store.uses.prune(now)
            store.covers.prune(now)
            # A clock that ran ahead for a while has planned things too far off.
            self._rhythm.clock_corrected(store)

        await self._db.write(work)
        while await self._db.write(self._some_people):
            self._on_messages()
            await asyncio.sleep(BETWEEN_CHUNKS)
        self._on_messages()
        # What was removed lives on in the write-ahead log until that is emptied.
        await self._db.scrub()

    def _some_people(self, conn: Connection) -> bool:
        store = Store(conn)
        messages, more = self._rhythm.nightly(store)
        store.outbox.add(messages)
        return more

    async def _tick(self) -> None:
        self._last = time.monotonic()
        try:
            await self.run_due()
        except asyncio.CancelledError:
            # The scheduler cancels what runs when it stops; what the writer has begun it finishes.
            return
        except StorageError as error:
            log.error("what is due has to wait: %s", where(error))
        self._last = time.monotonic()

    async def _tidy(self) -> None:
        try:
            await self.tidy()
        except asyncio.CancelledError:
            return
        except StorageError as error:
            log.error("tidying has to wait: %s", where(error))


class _FromNow(BaseTrigger):  # type: ignore[misc]  # APScheduler publishes no types
    """The next tick is a second from now, whenever the last one was.

    The library's interval would count every second that the clock has leapt over, one by one.
    """

    def get_next_fire_time(self, _: datetime | None, now: datetime) -> datetime:
        """When to tick next."""
        return now + timedelta(seconds=TICK_SECONDS)

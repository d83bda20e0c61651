"""The nightly work: a fresh file after deletions, a backup, and one line about how things are."""

import asyncio
import logging
import threading
import time
from datetime import UTC, datetime, timedelta
from datetime import time as wall_time

from bot.clock import Clock
from bot.logs import where
from storage.backups import Backups
from storage.connection import DriverError, connect, translated
from storage.database import Database
from storage.errors import StorageError
from storage.facts import Facts
from storage.health import Health, lag, look

log = logging.getLogger(__name__)

LOOK_SECONDS = 60
"""How often it is looked whether something is to be done."""

FIRST_AFTER = timedelta(minutes=10)
"""So long after a start a backup is made if there is none at all."""

AGAIN_SECONDS = 3600.0
"""What failed, or was complained about, is tried or said again after this time."""

LATE = timedelta(seconds=60)
"""Something on the schedule that is due for longer is worth a warning."""

SWEPT_EVERY_NIGHT = 200 * 1024 * 1024
"""Bytes. A file up to this size is written anew every night (two seconds), a larger one only after
somebody was deleted."""

_SWEPT = "swept"
"""The fact that says when the file was last written anew and the day summed up."""


class Nightly:
    """Looks once a minute whether the night's work is due; ``run`` does it.

    Due is what has not been done since the last time that the clock showed the hour, so a machine
    that sleeps at night catches up in the morning.

    Args:
        database: the open database.
        clock: where the time comes from.
        at: the wall time of the night's work, in UTC.
        backups: where backups go; None makes none.
        keep: how many of them are kept.
    """

    def __init__(
        self, database: Database, clock: Clock, at: wall_time, backups: Backups | None, keep: int
    ) -> None:
        self._db = database
        self._clock = clock
        self._at = at
        self._backups = backups
        self._keep = keep
        self._started = clock.now()
        self._stop = threading.Event()
        self._quiet: dict[str, float] = {}

    def stop(self) -> None:
        """Give up a backup that is being made; no half of one stays."""
        self._stop.set()

    async def look(self) -> None:
        """Warn of what is late, and do the night's work if it is due."""
        try:
            await self._warn_of_lag()
            if await self._sweep_is_due() and self._may("sweep"):
                await self._sweep()
            if self._backups is not None and self._due(self._backups) and self._may("backup"):
                await self._back_up(self._backups)
        except asyncio.CancelledError:
            # The scheduler cancels what runs when it stops.
            self._stop.set()
        except StorageError as error:
            log.error("the night's work has to wait: %s", where(error))

    async def _warn_of_lag(self) -> None:
        now = self._clock.now()
        late = await self._db.read(lambda conn: lag(conn, now))
        if late > LATE and self._may("lag"):
            log.warning("the schedule lags by %d s", late.total_seconds())

    async def _sweep_is_due(self) -> bool:
        now = self._clock.now()
        noted = await self._db.read(lambda conn: Facts(conn).get(_SWEPT))
        swept = None if noted is None else datetime.fromisoformat(noted)
        if swept is None or swept > now:
            # A new database, or a clock that ran ahead: nights are counted from here.
            swept = min(self._started, now)
            await self._note_sweep(swept)
        return swept < latest(self._at, now)

    async def _sweep(self) -> None:
        """Write the file anew and sum the day up."""
        now = self._clock.now()
        small = self._db.path.stat().st_size <= SWEPT_EVERY_NIGHT
        await self._db.scrub(whole=small or self._db.has_residue)
        log.info("%s", self.summary(await asyncio.to_thread(self._counted, now)))
        await self._note_sweep(now)

    async def _note_sweep(self, now: datetime) -> None:
        await self._db.write(lambda conn: Facts(conn).set(_SWEPT, now.isoformat()))

    def _counted(self, now: datetime) -> Health:
        # On a connection of its own: it takes a while, and nobody's message is to wait for it.
        conn = connect(self._db.path, self._db.key, read_only=True)
        try:
            return look(conn, now)
        except DriverError as error:
            raise translated(error) from None
        finally:
            conn.close()

    async def _back_up(self, backups: Backups) -> None:
        now = self._clock.now()
        begun = time.monotonic()
        try:
            made = await asyncio.to_thread(backups.make, self._db.key, now, self._stop)
        except StorageError as error:
            if not self._stop.is_set():
                log.error("no backup was made: %s", error)
            return
        size, took = made.path.stat().st_size / 1e6, time.monotonic() - begun
        log.info("backup %s: %.1f MB in %.1f s", made.path.name, size, took)
        try:
            await asyncio.to_thread(backups.rotate, self._keep, now)
        except StorageError as error:
            log.error("the backup is made, but older ones are not removed: %s", error)

    def summary(self, health: Health) -> str:
        """The day in one line of counts."""
        people = ", ".join(f"{count} {state}" for state, count in sorted(health.people.items()))
        parts = [
            f"people: {people or 'none'}",
            f"in a day: {health.updates} updates, {health.questions} questions,"
            f" {health.answers} answers, {health.taps} taps",
            f"waiting: {health.inbox.get('new', 0)} in, {health.outbox.get('queued', 0)} out",
            f"set aside: {health.inbox.get('quarantined', 0)}",
            f"refused: {health.outbox.get('failed', 0)}",
            f"late: {health.lag.total_seconds():.0f} s",
            f"database: {self._db.path.stat().st_size / 1e6:.1f} MB",
        ]
        return "health: " + "; ".join(parts)

    def _due(self, backups: Backups) -> bool:
        now = self._clock.now()
        newest = backups.newest(now)
        if newest is None:
            return now - self._started >= FIRST_AFTER
        return newest.made_at < latest(self._at, now)

    def _may(self, what: str) -> bool:
        """Whether this was not tried or said for a while."""
        now = time.monotonic()
        if now < self._quiet.get(what, now):
            return False
        self._quiet[what] = now + AGAIN_SECONDS
        return True


def latest(at: wall_time, now: datetime) -> datetime:
    """The last instant at which a clock in UTC showed ``at``."""
    today = datetime.combine(now.astimezone(UTC).date(), at, UTC)
    return today if today <= now else today - timedelta(days=1)

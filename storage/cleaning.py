"""Letting nothing stay behind of what was removed: in the log, in free pages, between rows."""

import logging
import time
from pathlib import Path

from storage.connection import Connection, DriverError, connect, transaction
from storage.erasures import Erasures, Marks
from storage.errors import MarksError, StorageError, StorageFullError
from storage.facts import Facts
from storage.files import beside, discard, make_private
from storage.leaving import leave_out

log = logging.getLogger(__name__)

REBUILT_AT_ONCE = 128 * 1024 * 1024
"""Bytes. A file up to this size is rebuilt right after a deletion. Meanwhile nobody else is served:
a second at this size, two and a half with a key."""

BETWEEN_REBUILDS = 10.0
SHARE_OF_REBUILDS = 1 / 30
"""Seconds, and the share of the time. Many deletions in a row share a rebuild."""

RETRIES = (0.2, 1.0, 1.0, 5.0, 30.0, 60.0)
"""Seconds between attempts while a reader or a full disk is in the way."""

LEFTOVERS = (".rebuilding", ".restoring", ".restored", ".rekeyed")
"""What a kill may leave beside the database; none of it is needed again."""

_RESIDUE = "residue"
_CHECKPOINT_WAIT_MS = 100


def checkpoint(conn: Connection) -> bool:
    """Bring the write-ahead log into the file and empty it; False if a reader is in the way."""
    (timeout,) = conn.execute("PRAGMA busy_timeout").fetchone()
    conn.execute(f"PRAGMA busy_timeout = {_CHECKPOINT_WAIT_MS}")
    try:
        busy, _, _ = conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        conn.execute(f"PRAGMA busy_timeout = {timeout}")
    return not busy


def rebuild(conn: Connection, path: Path, key: str | None) -> None:
    """Write the whole file anew, in one transaction.

    ``secure_delete`` overwrites what is removed where it stands. When pages are split or merged,
    SQLite also leaves copies of rows in the unused middle of a page, and these it does not find
    again. A fresh copy has none. It is written beside the database first, because VACUUM in place
    would hold all of it in memory.

    Raises:
        StorageError: it cannot be done; the database is as it was.
    """
    fresh = beside(path, ".rebuilding")
    discard(fresh)
    make_private(fresh)
    try:
        conn.execute("VACUUM INTO ?", (str(fresh),))
        copy = connect(fresh, key, journal=None)
        try:
            copy.backup(conn)
        finally:
            copy.close()
    finally:
        discard(fresh)


class Cleaner:
    """What the writer does between two commits; all methods run in its thread.

    A deletion is marked outside the database, the log is emptied, and the file is rebuilt: at once
    where it is small, otherwise by whoever calls ``sweep`` (the nightly work). What is still to be
    done stands in the database, so a kill does not forget it.

    Attributes:
        residue: Whether somebody was deleted since the file was last written anew.
    """

    def __init__(self, path: Path, key: str | None) -> None:
        self._path = path
        self._key = key
        self._marks = Marks(path, key)
        self._checkpoint = False
        self.residue = False
        self._not_before = 0.0
        self._failures = 0
        self._again = 0.0

    def begin(self, conn: Connection) -> None:
        """Look what an earlier run has left to do."""
        for ending in LEFTOVERS:
            discard(beside(self._path, ending))
        try:
            self._mark(conn)
            self._leave_out(conn)
        except StorageFullError as error:
            log.warning("deletions cannot be marked yet: %s", error)
        self.residue = Facts(conn).get(_RESIDUE) is not None
        self._checkpoint = True

    def pause(self) -> float | None:
        """Seconds until ``work`` has something to do even if nothing is written, or None."""
        times = []
        if self._failures or self._checkpoint:
            times.append(self._again)
        if self.residue and self._small():
            times.append(max(self._again, self._not_before))
        return max(0.01, min(times) - time.monotonic()) if times else None

    def work(self, conn: Connection) -> None:
        """Do what is to be done now. Failures are logged and tried again later."""
        try:
            self._mark(conn)
            now = time.monotonic()
            if now < self._again:
                return
            if self.residue and self._small() and now >= self._not_before:
                self._rebuild(conn)
            if self._checkpoint:
                self._checkpoint = not checkpoint(conn)
            done = not self._checkpoint
        except (StorageError, DriverError, OSError) as error:
            done = False
            if not self._failures:
                log.warning("what was removed is not cleaned away yet (%s)", type(error).__name__)
        self._failures = 0 if done else self._failures + 1
        wait = 0.0 if done else RETRIES[min(self._failures, len(RETRIES)) - 1]
        self._again = time.monotonic() + wait

    def sweep(self, conn: Connection, *, whole: bool) -> bool:
        """Empty the log now and, with ``whole``, rebuild the file; False if a reader is in the way.

        Raises:
            StorageError: it cannot be done.
        """
        self._mark(conn)
        if whole:
            self._rebuild(conn)
        self._checkpoint = not checkpoint(conn)
        return not self._checkpoint

    def _leave_out(self, conn: Connection) -> None:
        """A file that was put here by hand may hold people who were deleted since."""
        try:
            erased = leave_out(conn, self._marks)
        except MarksError as error:
            # Where the file of marks itself cannot be read this raises again, and nothing starts.
            erased = leave_out(conn, self._marks, forget_marks=True)
            log.warning("%s", error)
        if erased:
            log.warning("this is an older file; deleted since and removed again: %d", erased)
            with transaction(conn):
                Facts(conn).set(_RESIDUE, "yes")

    def _mark(self, conn: Connection) -> None:
        pending = Erasures(conn).pending()
        if not pending:
            return
        self._marks.write(pending)
        with transaction(conn):
            Erasures(conn).marked(pending)
            Facts(conn).set(_RESIDUE, "yes")
        self._checkpoint = self.residue = True
        self._again = 0.0

    def _small(self) -> bool:
        try:
            return self._path.stat().st_size <= REBUILT_AT_ONCE
        except OSError:
            return False

    def _rebuild(self, conn: Connection) -> None:
        begun = time.monotonic()
        rebuild(conn, self._path, self._key)
        with transaction(conn):
            Facts(conn).clear(_RESIDUE)
        ended = time.monotonic()
        self._not_before = ended + max(BETWEEN_REBUILDS, (ended - begun) / SHARE_OF_REBUILDS)
        self.residue = False
        self._checkpoint = True

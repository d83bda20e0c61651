"""One writer thread with group commit, one reader thread with short transactions."""

import asyncio
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from storage.cleaning import Cleaner
from storage.connection import (
    Connection,
    check_soundness,
    check_writable,
    connect,
    rollback,
    transaction,
    translated,
)
from storage.errors import StorageError
from storage.files import beside, cannot_write, check_permission, make_private
from storage.lock import InstanceLock
from storage.migrations import migrate

T = TypeVar("T")
Work = Callable[[Connection], T]

GROUP_LIMIT = 200
"""At most so many pieces of work share a commit, so that none waits long for its neighbours."""

CHECKED_AT_START = 64 * 1024 * 1024
"""Bytes. A file up to this size is checked in whole before anything is done (0.1 s; with a key
half a second). A larger one is checked with each backup, and by ``ampersand doctor``."""


@dataclass(slots=True)
class _Job:
    work: Work[Any]
    future: "Future[Any]"
    alone: bool = False
    result: Any = None
    error: BaseException | None = None


class Database:
    """The file, and the only two ways to it.

    ``write`` runs a function in the writer thread inside ``BEGIN IMMEDIATE``. What has gathered in
    the queue is committed together, each piece in a savepoint of its own: a piece that raises is
    undone alone. The result is given only after the commit, so "kept" is never said too early.
    ``read`` runs a function on a second connection in a short transaction of its own: an open
    reader would keep deleted text alive in the write-ahead log.
    """

    def __init__(self, path: Path | str, key: str | None = None) -> None:
        self.path = Path(path)
        self.key = key
        self._lock = InstanceLock(self.path)
        self._cleaner = Cleaner(self.path, key)
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._reads: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._closed = False

    def open(self) -> "Database":
        """Open the file, bring its schema up to date and start the two threads.

        Raises:
            InUseError: another process has it open.
            StorageError: the file cannot be opened, has another key, is damaged or is newer, or
                may not be written.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageError(f"cannot make the folder {self.path.parent}") from error
        try:
            folder = self.path.is_dir()
        except OSError as error:
            raise cannot_write(self.path, error) from None
        if folder:
            raise StorageError(f"cannot open the database {self.path}: it is a folder")
        self._lock.acquire()
        try:
            writer, reader = self._connected()
        except BaseException:
            self._lock.release()
            raise
        self._threads = [
            threading.Thread(target=self._write_loop, args=(writer,), name="db-writer"),
            threading.Thread(target=self._read_loop, args=(reader,), name="db-reader"),
        ]
        for thread in self._threads:
            thread.start()
        return self

    def _connected(self) -> tuple[Connection, Connection]:
        if not self.path.exists():
            make_private(self.path)
        # Asked before it is opened: SQLite would make a log that may only be read as well.
        for ending in ("", "-wal", "-shm"):
            check_permission(beside(self.path, ending))
        writer = connect(self.path, self.key)
        try:
            if self.path.stat().st_size <= CHECKED_AT_START:
                check_soundness(writer, self.path)
            check_writable(writer)
            migrate(writer)
            self._cleaner.begin(writer)
            return writer, connect(self.path, self.key, read_only=True)
        except Exception as error:
            writer.close()
            raise translated(error) from None

    def close(self) -> None:
        """Finish what was asked, then close both connections. May be called twice."""
        if self._closed:
            return
        self._closed = True
        self._jobs.put(None)
        self._reads.put(None)
        for thread in self._threads:
            thread.join()
        self._lock.release()

    async def write(self, work: Work[T]) -> T:
        """Run ``work(connection)`` in a transaction and return its result once it is durable.

        Raises:
            StorageError: the database failed; nothing of this piece was kept.
        """
        return await asyncio.wrap_future(self.submit(work))

    async def read(self, work: Work[T]) -> T:
        """Run ``work(connection)`` on the read connection and return its result."""
        return await asyncio.wrap_future(self._submit(self._reads, work))

    async def scrub(self, *, whole: bool = False) -> bool:
        """Empty the write-ahead log, in which removed text would live on.

        With ``whole`` the file is written anew as well. Gives False if a reader was in the way;
        then it is tried again by itself.

        Raises:
            StorageError: it cannot be done now.
        """
        work = partial(self._cleaner.sweep, whole=whole)
        return await asyncio.wrap_future(self._submit(self._jobs, work, alone=True))

    @property
    def has_residue(self) -> bool:
        """Whether somebody was deleted since the file was last written anew."""
        return self._cleaner.residue

    def submit(self, work: Work[T]) -> "Future[T]":
        """Queue ``work`` for the writer; for callers without an event loop."""
        return self._submit(self._jobs, work)

    def _submit(
        self, jobs: "queue.SimpleQueue[_Job | None]", work: Work[T], *, alone: bool = False
    ) -> "Future[T]":
        if self._closed:
            raise StorageError("the database is closed")
        future: Future[T] = Future()
        # From here on a cancelled caller no longer stops the work: it may be half of a commit.
        future.set_running_or_notify_cancel()
        jobs.put(_Job(work, future, alone))
        return future

    def _write_loop(self, conn: Connection) -> None:
        open_ = True
        while open_:
            jobs, open_ = self._gathered()
            group = [job for job in jobs if not job.alone]
            if group:
                _commit(conn, group)
            for job in jobs:
                if job.alone:
                    _run_alone(conn, job)
            self._cleaner.work(conn)
        rollback(conn)
        conn.close()

    def _gathered(self) -> tuple[list[_Job], bool]:
        """What has gathered, and whether more may come; nothing when it is time to clean."""
        jobs: list[_Job] = []
        try:
            job = self._jobs.get(timeout=self._cleaner.pause())
            while job is not None:
                jobs.append(job)
                if len(jobs) >= GROUP_LIMIT:
                    return jobs, True
                job = self._jobs.get_nowait()
        except queue.Empty:
            return jobs, True
        return jobs, False

    def _read_loop(self, conn: Connection) -> None:
        while (job := self._reads.get()) is not None:
            try:
                conn.execute("BEGIN")
                try:
                    job.result = job.work(conn)
                finally:
                    rollback(conn)
            except BaseException as error:
                job.error = translated(error)
            _resolve(job)
        conn.close()


def _commit(conn: Connection, group: list[_Job]) -> None:
    try:
        with transaction(conn):
            for job in group:
                _run_in_savepoint(conn, job)
    except BaseException as error:
        for job in group:
            job.error = job.error or error
    for job in group:
        _resolve(job)


def _run_alone(conn: Connection, job: _Job) -> None:
    """Work that cannot be part of a transaction."""
    try:
        try:
            job.result = job.work(conn)
        finally:
            rollback(conn)
    except BaseException as error:
        job.error = translated(error)
    _resolve(job)


def _run_in_savepoint(conn: Connection, job: _Job) -> None:
    conn.execute("SAVEPOINT piece")
    try:
        job.result = job.work(conn)
    except BaseException as error:
        # Whatever it is, it is the caller's: without this thread all would wait for ever.
        job.error = translated(error)
        if not conn.in_transaction:
            # SQLite has rolled everything back by itself (disk full): the whole group must know.
            raise
        conn.execute("ROLLBACK TO piece")
    conn.execute("RELEASE piece")


def _resolve(job: _Job) -> None:
    if isinstance(job.error, StopIteration):
        # asyncio takes any exception but this one, and its caller would wait for ever.
        job.future.set_exception(RuntimeError("the work raised StopIteration"))
    elif job.error is not None:
        job.future.set_exception(job.error)
    else:
        job.future.set_result(job.result)

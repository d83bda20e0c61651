"""One process a database: a lock of the operating system, which ends with its process."""

import fcntl
import os
import socket
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from storage.errors import InUseError, StorageError
from storage.files import beside, cannot_write, hand_over

_TRIES = 5
_BETWEEN_TRIES = 0.1
"""Seconds. ``holder`` takes the lock for a moment, and nobody is to be refused for that."""


class InstanceLock:
    """The right to use a database, taken by locking ``<database>.lock``.

    The lock belongs to the open file, so SIGKILL and power cuts leave none behind, and the file
    itself may stay. It tells who has it; that is only for people, nothing is decided by it.
    Containers with the same volume see each other's locks, though not each other's processes.

    Raises:
        StorageError: the path of the database leads nowhere.
    """

    def __init__(self, database: Path) -> None:
        self._database = database
        self._path = _lock_of(database)
        self._number: int | None = None

    def acquire(self) -> "InstanceLock":
        """Take the lock.

        Raises:
            InUseError: another process has it; the message says which.
            StorageError: the file cannot be made or locked.
        """
        try:
            number = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            hand_over(self._path, self._path.parent)
        except OSError as error:
            raise cannot_write(self._path, error) from None
        try:
            self._lock(number)
        except OSError as error:
            os.close(number)
            raise StorageError(f"cannot lock {self._path}: {error.strerror}") from None
        except InUseError:
            os.close(number)
            raise
        # On a full disk nobody can be told who it is; the lock holds all the same.
        with suppress(OSError):
            os.ftruncate(number, 0)
            os.pwrite(number, _myself().encode(), 0)
        self._number = number
        return self

    def release(self) -> None:
        """Give the lock back; may be called twice."""
        if self._number is not None:
            number, self._number = self._number, None
            with suppress(OSError):
                os.ftruncate(number, 0)
            os.close(number)

    def __enter__(self) -> "InstanceLock":
        return self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()

    def _lock(self, number: int) -> None:
        for left in reversed(range(_TRIES)):
            try:
                fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if not left:
                    raise InUseError(f"{self._database} is in use by {_who(number)}") from None
                time.sleep(_BETWEEN_TRIES)
            else:
                return


def holder(database: Path) -> str | None:
    """Who uses this database now ("process 12 on host, since ..."), or None.

    Raises:
        StorageError: its path leads nowhere.
    """
    try:
        number = os.open(_lock_of(database), os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(number, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _who(number)
    except OSError:
        return None
    else:
        return None
    finally:
        os.close(number)


def _lock_of(database: Path) -> Path:
    # Two names of one file are one database.
    try:
        return beside(database.resolve(), ".lock")
    except RuntimeError:
        # That is how pathlib tells of such a circle.
        raise StorageError(f"cannot open {database}: its symbolic links go in a circle") from None
    except OSError as error:
        raise cannot_write(database, error) from None


def _who(number: int) -> str:
    return os.pread(number, 200, 0).decode("utf-8", "replace").strip() or "another process"


def _myself() -> str:
    since = datetime.now(UTC).isoformat(sep=" ", timespec="seconds").removesuffix("+00:00")
    return f"process {os.getpid()} on {socket.gethostname()}, since {since} UTC\n"

"""Files around the database: made private, put in place in one step, overwritten before they go."""

import errno
import os
from pathlib import Path

from storage.errors import ReadOnlyError, StorageError, StorageFullError

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}
_ZEROS = bytes(1 << 20)


def beside(path: Path, ending: str) -> Path:
    """The file next to ``path`` whose name has this ending added."""
    return path.parent / f"{path.name}{ending}"


def make_private(path: Path) -> None:
    """Make an empty file that only its owner can read; SQLite gives its log the same mode.

    Raises:
        StorageFullError: it cannot be made (for want of permission: ReadOnlyError), or is there.
    """
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as error:
        raise cannot_write(path, error) from None


def cannot_write(path: Path, error: OSError) -> StorageError:
    """The operating system's reason, as an error of ours that says whether waiting may help."""
    kind = StorageFullError if error.errno in _NO_ROOM else ReadOnlyError
    return kind(f"{path} cannot be written: {error.strerror}")


def sync_folder(folder: Path) -> None:
    """Let the names in a folder survive a power cut."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def put_in_place(fresh: Path, target: Path) -> None:
    """Let a finished file take the place of another in one step that survives a power cut.

    Raises:
        StorageError: it cannot be done; ``target`` is as it was.
    """
    try:
        with fresh.open("rb") as file:
            os.fsync(file.fileno())
        fresh.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        raise StorageError(f"cannot put {target} in place: {error.strerror}") from None


def overwrite(path: Path) -> None:
    """Overwrite a file with zeros and remove it; nothing happens when it is not there.

    A file with another name elsewhere (a hard link) is only removed: its bytes are somebody
    else's too. What a disk keeps beneath the file system, such as the spare blocks of an SSD or a
    snapshot, cannot be reached from here.

    Raises:
        StorageError: it cannot be removed.
    """
    try:
        with path.open("r+b") as file:
            if os.fstat(file.fileno()).st_nlink == 1:
                fill_with_zeros(file.fileno())
        path.unlink()
    except FileNotFoundError:
        return
    except OSError as error:
        raise StorageError(f"cannot remove {path}: {error.strerror}") from None


def fill_with_zeros(number: int) -> None:
    """Overwrite all of an open file, in place.

    Raises:
        OSError: it cannot be written.
    """
    left = os.fstat(number).st_size
    os.lseek(number, 0, os.SEEK_SET)
    while left > 0:
        left -= os.write(number, _ZEROS[:left])
    os.fsync(number)

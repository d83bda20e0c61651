"""Files around the database: made private, put in place in one step, overwritten before they go."""

import errno
import os
from contextlib import suppress
from glob import escape
from pathlib import Path
from tempfile import mkstemp

from storage.errors import ReadOnlyError, StorageError, StorageFullError

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}
_UNFINISHED = ".new"
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
        hand_over(path, path.parent)
    except OSError as error:
        raise cannot_write(path, error) from None


def hand_over(path: Path, model: Path) -> None:
    """Of what root makes, let the owner of ``model`` be the owner: the bot has to open it later.

    SQLite does so with its logs. For anybody else nothing happens, nor where a file system knows
    no owners.
    """
    if os.geteuid() == 0:
        with suppress(OSError):
            owner = model.stat()
            os.chown(path, owner.st_uid, owner.st_gid)


def write_private(path: Path, text: str) -> None:
    """Write a small file that only its owner can read: whole, durably and in one step.

    Raises:
        OSError: it cannot be written; what was there is as it was.
    """
    # A name of its own: any that could be foretold may be somebody else's file.
    number, name = mkstemp(prefix=f"{path.name}.", suffix=_UNFINISHED, dir=path.parent)
    fresh = Path(name)
    try:
        with os.fdopen(number, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(number)
        hand_over(fresh, path.parent)
        fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def drop_unfinished(path: Path) -> None:
    """Remove what kills have left of ``write_private``, beside a file whose name is ours alone.

    Raises:
        OSError: it cannot be removed.
    """
    for left in path.parent.glob(f"{escape(path.name)}.*{_UNFINISHED}"):
        left.unlink(missing_ok=True)


def check_permission(path: Path) -> None:
    """Look whether a file that is there may be read and written.

    Raises:
        ReadOnlyError: it may not.
    """
    effective = os.access in os.supports_effective_ids
    if path.exists() and not os.access(path, os.R_OK | os.W_OK, effective_ids=effective):
        raise ReadOnlyError(f"{path} cannot be written: no permission")


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
        if target.exists():
            hand_over(fresh, target)
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


def discard(path: Path) -> None:
    """Overwrite and remove a database that was being made, and the journal of a kill meanwhile.

    Raises:
        StorageError: it cannot be removed.
    """
    overwrite(path)
    overwrite(beside(path, "-journal"))


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

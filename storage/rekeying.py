"""Another key for the database, or one for the first time, or none any more."""

import os
from pathlib import Path

from storage.connection import Connection, DriverError, connect, translated
from storage.copying import Tell, check_copy, export, silently
from storage.errors import StorageError, WrongKeyError
from storage.files import beside, discard, fill_with_zeros, put_in_place
from storage.lock import InstanceLock
from storage.mark_keys import MarkKeyFile
from storage.solitude import alone


def rekey(database: Path, old: str | None, new: str | None, tell: Tell = silently) -> bool:
    """Write the database anew under another key; None is no key. False: it has that key already.

    The new file is written beside the old one, compared with it and put in its place in one step,
    so that a kill at any point leaves one whole database, under one key or the other. Then the
    former bytes are overwritten where they stood. That is all a program can do: copies that the
    disk or the file system keeps for itself (spare blocks of an SSD, snapshots, a journal) stay.

    Raises:
        InUseError: the bot runs, or another program has the file open.
        WrongKeyError: ``old`` is not its key.
        StorageError: it cannot be done; the database is as it was.
    """
    marks = MarkKeyFile(database)
    with InstanceLock(database):
        fresh = beside(database, ".rekeyed")
        discard(fresh)
        if not database.exists():
            raise StorageError(f"there is no database at {database}")
        try:
            conn = alone(database, old)
        except WrongKeyError:
            # A rekeying that was killed after it had done its work is asked for once more.
            if not _opens(database, new):
                raise
            marks.wrap_anew([old, new], [new])
            return False
        # Whichever key the database has at the end of a kill, it opens this one.
        marks.wrap_anew([old, new], [old, new])
        # Closing any other handle of the old file would end SQLite's locks on it, so this one
        # is closed last.
        former = os.open(database, os.O_RDWR | os.O_CLOEXEC)
        try:
            _replace(conn, database, fresh, new, tell)
            marks.wrap_anew([new], [new])
            _forget(former, tell)
        finally:
            os.close(former)
            discard(fresh)
    return True


def _replace(conn: Connection, database: Path, fresh: Path, new: str | None, tell: Tell) -> None:
    try:
        tell("writing the new file")
        held = export(conn, fresh, new)
        tell("comparing it with the old one")
        check_copy(fresh, new, held)
        tell("putting it in place")
        put_in_place(fresh, database)
    except DriverError as error:
        raise translated(error) from None
    finally:
        conn.close()


def _opens(database: Path, key: str | None) -> bool:
    try:
        connect(database, key, read_only=True).close()
    except WrongKeyError:
        return False
    return True


def _forget(number: int, tell: Tell) -> None:
    if os.fstat(number).st_nlink > 0:
        # With another name (a hard link) it is also somebody else's file.
        tell("leaving the former file as it is: it has another name, too")
        return
    tell("overwriting the former file")
    try:
        fill_with_zeros(number)
    except OSError as error:
        raise StorageError(
            "the database has its new key, but the former file could not be overwritten:"
            f" {error.strerror}"
        ) from None

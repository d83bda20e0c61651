"""Putting a backup in the place of the database, without bringing anybody back who was deleted."""

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from storage.backups import stamp
from storage.connection import (
    Connection,
    DriverError,
    check_soundness,
    connect,
    transaction,
    translated,
)
from storage.copying import Tell, check_copy, export, silently
from storage.erasures import Marks
from storage.errors import DamagedError, StorageError, WrongKeyError
from storage.files import beside, cannot_write, discard, make_private, put_in_place, sync_folder
from storage.leaving import leave_out
from storage.lock import InstanceLock
from storage.mark_keys import MarkKeyFile
from storage.migrations import NAME, migrate
from storage.solitude import settle_alone
from storage.store import Store

RESTORED = "restored"
"""The fact that holds when a backup was put in place: what came since the backup is not in it."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore has done: people now, people left out, and where the former file is."""

    people: int
    erased: int
    aside: Path | None


def restore(
    database: Path,
    key: str | None,
    backup: Path,
    backup_key: str | None,
    now: datetime,
    *,
    forget_marks: bool = False,
    tell: Tell = silently,
) -> Restored:
    """Make a backup the database, encrypted with ``key``; the former file is kept aside.

    Everybody who was deleted after the backup was made is left out, and nothing of them gets into
    the new file: it is written anew from what remains. Messages that waited to be sent when the
    backup was made may have been sent since; they are sent once more at most. A kill at any point
    leaves the database as it was, or restored.

    Args:
        database: what is replaced; it need not be there.
        key: the key of the database as it shall be.
        backup: the file to restore; it is not changed.
        backup_key: what it is encrypted with.
        now: for the name of the former file.
        forget_marks: go on even if it cannot be told who was deleted since.
        tell: hears what is being done.

    Raises:
        InUseError: the bot runs.
        MarksError: it cannot be told who was deleted since.
        StorageError: it cannot be done; the database is as it was.
    """
    if database.exists() and backup.exists() and backup.samefile(database):
        raise StorageError(f"{backup} is the database itself")
    marks = Marks(database, key, backup_key)
    with InstanceLock(database):
        work, fresh = beside(database, ".restoring"), beside(database, ".restored")
        discard(work)
        discard(fresh)
        aside = _copied_with_log(database, now)
        try:
            tell(f"copying {backup}")
            conn = _copied(backup, backup_key, work)
            try:
                tell("leaving out who was deleted since")
                _mark_pending(database, key, marks)
                erased = _leave_out(conn, marks, now, forget_marks=forget_marks)
                people = Store(conn).people.count()
                tell("writing the new file")
                check_copy(fresh, key, export(conn, fresh, key))
            except DriverError as error:
                raise translated(error) from None
            finally:
                conn.close()
            aside = _settled(database, key, now, aside)
            if backup_key != key:
                MarkKeyFile(database).wrap_anew([key, backup_key], [key])
            tell("putting it in place")
            put_in_place(fresh, database)
        except BaseException:
            if aside is not None:
                _drop(aside)
            raise
        finally:
            discard(work)
            discard(fresh)
    return Restored(people, erased, aside)


def _copied(backup: Path, key: str | None, work: Path) -> Connection:
    """A copy of the backup to work on, sound and with today's schema."""
    if not backup.is_file():
        raise StorageError(f"there is no backup at {backup}")
    source = connect(backup, key, journal=None)
    try:
        check_soundness(source, backup)
        _check_kind(source, backup)
        make_private(work)
        source.execute("VACUUM INTO ?", (str(work),))
    except DriverError as error:
        raise translated(error) from None
    finally:
        source.close()
    # A kill makes the copy worthless anyway, so it needs no journal that could outlive it.
    conn = connect(work, key, journal="MEMORY")
    try:
        migrate(conn)
    except Exception as error:
        conn.close()
        raise translated(error) from None
    return conn


def _check_kind(conn: Connection, path: Path) -> None:
    """An empty file is a sound database, too, and so is that of any other program.

    Raises:
        StorageError: it is none of Ampersand's.
    """
    found = conn.execute(
        "SELECT count(*) FROM sqlite_master WHERE type = 'table'"
        " AND name IN ('people', '_sqlite_migrations')"
    ).fetchone()
    ours = (
        found[0] == 2
        and conn.execute(
            "SELECT count(*) FROM _sqlite_migrations WHERE migration_set = ?", (NAME,)
        ).fetchone()[0]
    )
    if not ours:
        raise StorageError(f"{path} is no backup of Ampersand's database")


def _mark_pending(database: Path, key: str | None, marks: Marks) -> None:
    """Mark what the present file still has to mark: it was killed right after a deletion."""
    if not database.exists():
        return
    try:
        conn = connect(database, key, read_only=True)
    except (DamagedError, WrongKeyError):
        return
    try:
        pending = Store(conn).erasures.pending()
    except DriverError:
        # Damaged, or older than deletions are counted.
        pending = []
    finally:
        conn.close()
    if pending:
        marks.write(pending)


def _leave_out(conn: Connection, marks: Marks, now: datetime, *, forget_marks: bool) -> int:
    erased = leave_out(conn, marks, forget_marks=forget_marks)
    with transaction(conn):
        store = Store(conn)
        store.outbox.doubt()
        store.facts.set(RESTORED, now.isoformat(timespec="seconds"))
        if conn.execute("PRAGMA foreign_key_check").fetchone() is not None:
            raise DamagedError("the backup is damaged: rows hang on nobody")
    return erased


def _copied_with_log(database: Path, now: datetime) -> Path | None:
    """Keep a file that was not closed as it is: opening it would already change it or its log."""
    log = beside(database, "-wal")
    if not log.exists() or log.stat().st_size == 0:
        return None
    aside = _free_name(database, now)
    try:
        _copy_file(log, beside(aside, "-wal"))
        _copy_file(database, aside)
    except StorageError:
        _drop(aside)
        raise
    return aside


def _settled(database: Path, key: str | None, now: datetime, aside: Path | None) -> Path | None:
    """Make sure that the present file is nobody's, has no log, and has a second name that stays."""
    if not database.exists():
        return aside
    # What cannot be read any more has nothing to settle.
    with suppress(DamagedError):
        settle_alone(database, key)
    if aside is None:
        aside = _free_name(database, now)
        try:
            os.link(database, aside)
        except OSError:
            _copy_file(database, aside)
    # The new file must never meet the log of the old one.
    for ending in ("-wal", "-shm"):
        beside(database, ending).unlink(missing_ok=True)
    sync_folder(database.parent)
    return aside


def _copy_file(source: Path, copy: Path) -> None:
    make_private(copy)
    try:
        shutil.copyfile(source, copy)
    except OSError as error:
        raise cannot_write(copy, error) from None


def _free_name(database: Path, now: datetime) -> Path:
    while (aside := beside(database, f".before-restore-{stamp(now)}")).exists():
        now += timedelta(seconds=1)
    return aside


def _drop(aside: Path) -> None:
    for path in (aside, beside(aside, "-wal")):
        path.unlink(missing_ok=True)

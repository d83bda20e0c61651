"""Backups: made while the bot runs, proved, put in place in one step, rotated."""

import os
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from storage.connection import check_soundness, connect
from storage.copying import check_copy, export
from storage.errors import StorageError
from storage.files import discard, hand_over, overwrite, put_in_place

_UNFINISHED = ".part"
_ABANDONED_SECONDS = 6 * 3600
_STEPS_BETWEEN_LOOKS = 1_000
"""So many steps of SQLite's machine (hundreds of rows) pass until a stop is noticed."""

_ASIDE = re.compile(r"\.before-restore-(\d{8}T\d{6}Z)(-wal)?")


@dataclass(frozen=True, slots=True)
class Backup:
    """One finished backup, and when it was begun (UTC)."""

    path: Path
    made_at: datetime


class Backups:
    """The folder with the backups of one database.

    Args:
        folder: where they are; it is made when it is needed.
        database: the file they are made of; its name is part of theirs.
    """

    def __init__(self, folder: Path, database: Path) -> None:
        self.folder = folder
        self.database = database
        self._name = re.compile(rf"{re.escape(database.stem)}-(\d{{8}}T\d{{6}}Z)\.db")

    def make(self, key: str | None, now: datetime, stop: threading.Event | None = None) -> Backup:
        """Make a backup of the database as it is now; the bot may run and write meanwhile.

        It is encrypted with the same key, and holds nothing that was removed before: it is
        written row by row, not page by page. It gets its name once it has proved to be sound and to
        hold as many rows as there were when it was begun. Setting ``stop`` gives up.

        Raises:
            StorageError: it could not be made, or did not prove to be good; no half of one stays.
        """
        final = self.folder / f"{self.database.stem}-{stamp(now)}.db"
        part = self.folder / f"{final.name}.{os.getpid()}{_UNFINISHED}"
        if not self.database.exists():
            raise StorageError(f"there is no database at {self.database}")
        try:
            if not self.folder.is_dir():
                self.folder.mkdir(parents=True, mode=0o700)
                hand_over(self.folder, self.database.parent)
        except OSError as error:
            raise StorageError(f"cannot make the folder {self.folder}: {error.strerror}") from None
        discard(part)
        try:
            self._copy(part, key, stop)
            put_in_place(part, final)
        finally:
            discard(part)
        return Backup(final, now.astimezone(UTC).replace(microsecond=0))

    def _copy(self, part: Path, key: str | None, stop: threading.Event | None) -> None:
        source = connect(self.database, key, journal=None)
        try:
            if stop is not None:
                source.set_progress_handler(stop.is_set, _STEPS_BETWEEN_LOOKS)
            held = export(source, part, key)
        finally:
            source.close()
        check_copy(part, key, held)

    def all(self) -> list[Backup]:
        """All finished backups, the newest first."""
        return sorted(self._found(), key=lambda backup: backup.made_at, reverse=True)

    def newest(self, now: datetime) -> Backup | None:
        """The newest backup; one from the future was dated by a wrong clock and does not count."""
        limit = now + timedelta(hours=1)
        return next((backup for backup in self.all() if backup.made_at <= limit), None)

    def newest_good(self, key: str | None) -> Backup | None:
        """The newest backup that opens with this key and is sound."""
        return next((backup for backup in self.all() if is_good(backup.path, key)), None)

    def rotate(self, keep: int, now: datetime) -> int:
        """Remove all but the newest ``keep`` backups, and leftovers; give how many went.

        What a restore has put aside goes after ``keep`` days.

        Raises:
            StorageError: something cannot be removed.
        """
        limit = now + timedelta(hours=1)
        dated = sorted(self.all(), key=lambda backup: backup.made_at > limit)
        old = [backup.path for backup in dated[keep:]]
        for path in [*old, *self._abandoned(), *self.aside(now - timedelta(days=keep))]:
            overwrite(path)
        return len(old)

    def aside(self, before: datetime) -> list[Path]:
        """The files that restores have put aside before an instant."""
        found = []
        for path in self.database.parent.glob(f"{self.database.name}.before-restore-*"):
            name = _ASIDE.fullmatch(path.name.removeprefix(self.database.name))
            made_at = None if name is None else from_stamp(name[1])
            if made_at is not None and made_at < before:
                found.append(path)
        return found

    def _found(self) -> Iterator[Backup]:
        if not self.folder.is_dir():
            return
        for path in self.folder.iterdir():
            name = self._name.fullmatch(path.name)
            made_at = None if name is None else from_stamp(name[1])
            if made_at is not None:
                yield Backup(path, made_at)

    def _abandoned(self) -> list[Path]:
        limit = time.time() - _ABANDONED_SECONDS
        parts = self.folder.glob(f"{self.database.stem}-*{_UNFINISHED}")
        return [path for path in parts if path.stat().st_mtime < limit]


def is_good(path: Path, key: str | None) -> bool:
    """Whether a file opens with this key and is sound."""
    try:
        conn = connect(path, key, read_only=True)
    except StorageError:
        return False
    try:
        check_soundness(conn)
    except StorageError:
        return False
    finally:
        conn.close()
    return True


def stamp(now: datetime) -> str:
    """An instant as it stands in a file's name."""
    return now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def from_stamp(text: str) -> datetime | None:
    """The instant that stands in a file's name; None if there is no such day or hour."""
    try:
        return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None

"""Who was deleted, in a form that names nobody: so that an old backup brings nobody back.

A deletion leaves a row in ``erasures``, in its own transaction. Right after the commit it becomes a
line of ``<database>.erased``, outside the database and its backups, and the row goes. A kill in
between loses nothing: what is in the table is written (again) at the next start.

A line holds the number of the deletion, the day, which key was used, and HMAC-SHA256 of the chat's
id under a random key of this installation (see ``storage/mark_keys.py``). Numbers only grow, and a
backup holds the last one given, so the deletions since it was made are known exactly, whatever the
clock has done.
"""

import hashlib
import hmac
import logging
import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from storage.connection import Connection
from storage.errors import MarksError, StorageFullError
from storage.facts import Facts
from storage.files import beside, cannot_write, hand_over, sync_folder
from storage.mark_keys import MarkKeyFile, name_of

log = logging.getLogger(__name__)

_LINE = re.compile(r"(\d+) (\d{4}-\d{2}-\d{2}) ([0-9a-f]{8}) ([0-9a-f]{64})")
_COUNTER = "erasures"
_NUMBER = re.compile(r"[0-9]{1,18}")
"""What SQLite can still add one to; no count of deletions is longer."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """One deletion that has not been marked outside the database yet."""

    number: int
    chat_id: int
    day: str


class Erasures:
    """The repository of deletions that are still to be marked."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def pending(self) -> list[Erasure]:
        """What is still to be marked, in order."""
        rows = self._conn.execute("SELECT id, chat_id, day FROM erasures ORDER BY id")
        return [Erasure(*row) for row in rows]

    def add(self, chat_id: int) -> None:
        """Note a deletion, in the transaction that deletes."""
        row = self._conn.execute(
            "INSERT INTO facts (name, value) VALUES (?, '1')"
            " ON CONFLICT (name) DO UPDATE SET value = CAST(value AS INTEGER) + 1 RETURNING value",
            (_COUNTER,),
        ).fetchone()
        self._conn.execute(
            "INSERT INTO erasures (id, chat_id, day) VALUES (?, ?, date('now'))",
            (int(row[0]), chat_id),
        )

    def marked(self, erasures: Iterable[Erasure]) -> None:
        """Forget deletions whose marks are written."""
        self._conn.executemany(
            "DELETE FROM erasures WHERE id = ?", [(erasure.number,) for erasure in erasures]
        )

    def last_number(self) -> int:
        """The number of the last deletion that this file knows of, 0 if of none.

        Raises:
            MarksError: what stands there is no number. Taking it for 0 would also remove whoever
                has come back after a deletion, and give numbers a second time.
        """
        value = Facts(self._conn).get(_COUNTER)
        if value is None:
            return 0
        if not _NUMBER.fullmatch(value):
            raise MarksError("the database is damaged: its count of deletions is no number")
        return int(value)

    def go_on_from(self, number: int) -> None:
        """Let the next deletion have a higher number than this one."""
        Facts(self._conn).set(_COUNTER, str(number))


class Marks:
    """The marks of one database, in their file.

    Args:
        database: whose deletions they are.
        keys: what the database is encrypted with, or may have been until now; None is no key.
    """

    def __init__(self, database: Path, *keys: str | None) -> None:
        self.path = beside(database, ".erased")
        self._file = MarkKeyFile(database)
        self._keys = keys or (None,)
        self._secret: bytes | None = None

    def write(self, erasures: Iterable[Erasure]) -> None:
        """Add marks, durably.

        Raises:
            StorageFullError: they cannot be written; nothing may be forgotten yet.
        """
        try:
            key = self._key_to_write_with()
            name = name_of(key)
            lines = [f"{e.number} {e.day} {name} {_mark(key, e.chat_id)}\n" for e in erasures]
            number = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
            hand_over(self.path, self.path.parent)
            try:
                size = os.fstat(number).st_size
                # A kill in the middle of a line must not spoil the next one.
                torn = size > 0 and os.pread(number, 1, size - 1) != b"\n"
                whole = (("\n" if torn else "") + "".join(lines)).encode()
                if os.write(number, whole) != len(whole):
                    raise StorageFullError(f"{self.path} cannot be written: no room")
                os.fsync(number)
            finally:
                os.close(number)
            sync_folder(self.path.parent)
        except OSError as error:
            raise cannot_write(self.path, error) from None

    def last_number(self) -> int:
        """The highest number that was marked, 0 if none was.

        Raises:
            MarksError: the marks cannot be read.
        """
        return max((number for number, *_ in self._lines()), default=0)

    def deleted_since(self, number: int) -> Callable[[int], bool]:
        """What tells of a chat whether it was deleted after this number.

        Raises:
            MarksError: the marks cannot be read; or there are such deletions, and the key they
                were marked with is not there.
        """
        later = [line for line in self._lines() if line[0] > number]
        if not later:
            return lambda _: False
        key = self._key()
        if key is None or any(name != name_of(key) for _, name, _ in later):
            raise MarksError(
                f"{self.path} says that people were deleted since, but {self._file.path} is not the"
                " key it was written with"
            )
        marks = frozenset(mark for *_, mark in later)
        return lambda chat_id: _mark(key, chat_id) in marks

    def _lines(self) -> list[tuple[int, str, str]]:
        """The number, the name of the key and the mark of each line that is whole."""
        try:
            text = self.path.read_text(encoding="ascii")
        except FileNotFoundError:
            return []
        except OSError as error:
            raise self._unread(f"cannot be read: {error.strerror}") from None
        except UnicodeDecodeError:
            raise self._unread("is damaged") from None
        found = [match for match in map(_LINE.fullmatch, text.splitlines()) if match]
        if not all(_NUMBER.fullmatch(match[1]) for match in found):
            raise self._unread("is damaged")
        return [(int(match[1]), match[3], match[4]) for match in found]

    def _unread(self, reason: str) -> MarksError:
        return MarksError(f"{self.path} {reason} (so it cannot be told who was deleted)")

    def _key(self) -> bytes | None:
        """The key, unwrapped once (that takes a fifth of a second) as long as its file is there."""
        if self._secret is None or not self._file.path.exists():
            self._secret = self._file.read(*self._keys)
        return self._secret

    def _key_to_write_with(self) -> bytes:
        """Deleting must not wait for a key that cannot be read; it is put aside for a new one."""
        try:
            key = self._key()
        except MarksError as error:
            log.warning("%s; from now on deletions are marked with a new one", error)
            self._file.put_aside()
            key = None
        if key is None:
            key = self._secret = self._file.make(self._keys[0])
        return key


def _mark(key: bytes, chat_id: int) -> str:
    return hmac.new(key, str(chat_id).encode(), hashlib.sha256).hexdigest()

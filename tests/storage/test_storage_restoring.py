"""Restoring: everything comes back but whoever was deleted since, wherever it is killed."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from storage import copying, files, leaving, restoring, solitude
from storage.backups import Backup, Backups
from storage.connection import connect
from storage.database import Database
from storage.erasures import Marks
from storage.errors import InUseError, MarksError, StorageError
from storage.people import People
from storage.restoring import Restored, restore
from storage.store import Store
from tests.crowd import FIRST, KEY, NOW, OTHER_KEY, contents, fill, forget, people_in, traces
from tests.kills import killed_everywhere
from tests.pages import decrypted

Opener = Callable[..., Database]
LATER = NOW + timedelta(hours=8)


def back_up(database: Database) -> Backup:
    """A backup of an open database."""
    return Backups(database.path.parent / "backups", database.path).make(database.key, NOW)


def plain(path: Path, key: str | None) -> Path:
    """A file with the pages as they are without a key, for looking at their bytes."""
    if key is None:
        return path
    shown = path.parent / "pages"
    shown.write_bytes(decrypted(path, key))
    return shown


@pytest.mark.parametrize("key", [None, KEY])
def test_of_a_thousand_two_are_left_out_with_every_byte(
    tmp_path: Path, opened: Opener, key: str | None
) -> None:
    path = tmp_path / "ampersand.db"
    database = opened(path, key)
    fill(database, 1000, each=2)
    backup = back_up(database)
    forget(database, 123, 777)
    database.close()
    done = restore(path, key, backup.path, key, LATER)
    assert done == Restored(998, 2, tmp_path / "ampersand.db.before-restore-20260302T200000Z")
    assert people_in(path, key) == 998
    assert traces(plain(path, key), 123, 777) == {}
    assert traces(plain(path, key), 124, 776) != {}
    # All that the others had is there.
    before, after = contents(backup.path, key), contents(path, key)
    assert before.keys() == after.keys()
    numbers = {row[0] for row in before["people"]} - {row[0] for row in after["people"]}
    assert len(numbers) == 2
    assert after["answers"] == [row for row in before["answers"] if row[1] not in numbers]
    assert after["beads"] == before["beads"]
    opened(path, key)


def test_a_restored_file_knows_of_all_deletions(tmp_path: Path, opened: Opener) -> None:
    """Somebody who came back after their deletion stays, though an older mark names them."""
    path = tmp_path / "ampersand.db"
    database = opened(path)
    fill(database, 10)
    first = back_up(database)
    forget(database, 3)
    database.close()
    assert restore(path, None, first.path, None, LATER).erased == 1
    database = opened(path)
    database.submit(lambda conn: People(conn).add(FIRST + 3, LATER)).result()
    second = Backups(tmp_path / "backups", path).make(None, LATER)
    forget(database, 4)
    database.close()
    assert restore(path, None, second.path, None, LATER + timedelta(1)) == Restored(
        9, 1, tmp_path / "ampersand.db.before-restore-20260303T200000Z"
    )
    # The first backup is from before both deletions.
    assert restore(path, None, first.path, None, LATER + timedelta(2)).erased == 2


def test_a_deletion_that_was_not_marked_yet_counts(tmp_path: Path, opened: Opener) -> None:
    """The bot was killed right after it, and the next thing is a restore."""
    path = tmp_path / "ampersand.db"
    database = opened(path)
    fill(database, 10)
    backup = back_up(database)
    database.close()
    conn = connect(path)
    person = People(conn).in_chat(FIRST + 3)
    assert person is not None
    People(conn).delete(person)
    conn.close()
    assert restore(path, None, backup.path, None, LATER).erased == 1
    assert traces(path, 3).keys() <= {"ampersand.db.before-restore-20260302T200000Z"}


def test_what_waited_to_be_sent_is_sent_once_at_most(tmp_path: Path, opened: Opener) -> None:
    """It may have been sent after the backup was made."""
    path = tmp_path / "ampersand.db"
    database = opened(path)
    fill(database, 5)
    backup = back_up(database)
    database.close()
    restore(path, None, backup.path, None, LATER)
    database = opened(path)
    waiting = database.submit(lambda conn: Store(conn).outbox.next(LATER, 100)).result()
    assert [message.doubted for message in waiting] == [True] * 5


def test_it_refuses_while_the_bot_runs(tmp_path: Path, opened: Opener) -> None:
    path = tmp_path / "ampersand.db"
    database = opened(path)
    fill(database, 5)
    backup = back_up(database)
    with pytest.raises(InUseError, match="in use by process"):
        restore(path, None, backup.path, None, LATER)
    database.close()
    reader = connect(path, read_only=True)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM people").fetchone()
    with pytest.raises(InUseError, match="another program"):
        restore(path, None, backup.path, None, LATER)
    reader.close()
    assert restore(path, None, backup.path, None, LATER).people == 5


def test_without_the_key_of_the_marks_nobody_is_brought_back_silently(
    tmp_path: Path, opened: Opener
) -> None:
    path = tmp_path / "ampersand.db"
    database = opened(path)
    fill(database, 5)
    backup = back_up(database)
    forget(database, 3)
    database.close()
    (tmp_path / "ampersand.db.erased.key").unlink()
    before = path.read_bytes()
    with pytest.raises(MarksError, match="people were deleted since"):
        restore(path, None, backup.path, None, LATER)
    assert path.read_bytes() == before
    assert restore(path, None, backup.path, None, LATER, forget_marks=True).people == 5


@pytest.mark.parametrize(("was", "shall"), [(None, KEY), (KEY, None), (OTHER_KEY, KEY)])
def test_the_backup_may_have_another_key(
    tmp_path: Path, opened: Opener, was: str | None, shall: str | None
) -> None:
    path = tmp_path / "ampersand.db"
    database = opened(path, was)
    fill(database, 10)
    backup = back_up(database)
    forget(database, 3)
    rows = contents(path, was)
    database.close()
    # The present file has the former key, so it cannot be read; it is kept as it is.
    done = restore(path, shall, backup.path, was, LATER)
    assert (done.people, done.erased) == (9, 1)
    assert Marks(path, shall).deleted_since(0)(FIRST + 3)
    assert done.aside is not None
    assert contents(done.aside, was) == rows
    assert contents(path, shall)["answers"] == rows["answers"]


def test_a_damaged_database_is_kept_aside_with_its_log(tmp_path: Path, opened: Opener) -> None:
    path = tmp_path / "ampersand.db"
    database = opened(path)
    fill(database, 10)
    backup = back_up(database)
    database.close()
    path.write_bytes(b"\xff" * 8192)
    (tmp_path / "ampersand.db-wal").write_bytes(b"what it held")
    done = restore(path, None, backup.path, None, LATER)
    assert done.aside is not None
    assert done.aside.read_bytes() == b"\xff" * 8192
    assert done.aside.with_name(f"{done.aside.name}-wal").read_bytes() == b"what it held"
    assert people_in(path) == 10
    opened(path)


@pytest.mark.parametrize("what", ["nothing", "words", "torn", "itself", "key"])
def test_what_is_no_good_backup_is_refused_and_nothing_changes(
    tmp_path: Path, opened: Opener, what: str
) -> None:
    path, other = tmp_path / "ampersand.db", tmp_path / "other.db"
    database = opened(path)
    fill(database, 10)
    backup = back_up(database)
    database.close()
    before = path.read_bytes()
    if what == "words":
        other.write_text("no database at all " * 500)
    elif what == "torn":
        other.write_bytes(backup.path.read_bytes()[:30_000])
    elif what == "itself":
        other = path
    elif what == "key":
        shutil.copy(backup.path, other)
    with pytest.raises(StorageError):
        restore(path, None, other, KEY if what == "key" else None, LATER)
    assert path.read_bytes() == before
    assert {file.name for file in tmp_path.iterdir()} <= {
        *("ampersand.db", "ampersand.db.lock", "backups"),
        *(() if what in {"nothing", "itself"} else ("other.db",)),
    }


def test_a_kill_anywhere_leaves_the_one_or_the_other(tmp_path: Path, opened: Opener) -> None:
    """After each death the next start finds everybody, and nobody who was deleted."""
    path, key = tmp_path / "ampersand.db", None
    database = opened(path, key)
    fill(database, 12, each=2)
    backup = back_up(database)
    forget(database, 3)
    database.submit(lambda conn: People(conn).add(FIRST + 99, NOW)).result()
    database.close()
    present = path.read_bytes()
    was, becomes = contents(path, key)["people"], None
    modules = (restoring, copying, files, leaving, solitude)
    deaths = 0

    def work() -> Any:
        return restore(path, key, backup.path, key, LATER)

    for _ in killed_everywhere(work, modules):
        deaths += 1
        people = contents(path, key)["people"]
        Database(path, key).open().close()
        if people == was:
            continue
        becomes = becomes or people
        assert people == becomes
        _back_to(path, present)
    assert deaths > 30
    assert becomes is not None
    assert len(becomes) == 11
    assert contents(path, key)["people"] == becomes
    assert [file.name for file in tmp_path.iterdir() if "restor" in file.name.split("-")[0]] == []


def _back_to(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    for ending in ("-wal", "-shm"):
        path.with_name(f"{path.name}{ending}").unlink(missing_ok=True)

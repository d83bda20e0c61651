"""Backups: whole, proved, private, rotated; and no half of one ever stands for a whole."""

import stat
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from storage.backups import Backups, is_good, stamp
from storage.connection import Connection, connect, is_plain
from storage.database import Database
from storage.errors import StorageError
from storage.people import People
from tests.crowd import KEY, NOW, OTHER_KEY, contents, fill, forget, people_in, traces

Opener = Callable[..., Database]


@pytest.mark.parametrize("key", [None, KEY])
def test_a_backup_of_a_running_bot_holds_everything(
    tmp_path: Path, opened: Opener, key: str | None
) -> None:
    path = tmp_path / "ampersand.db"
    fill(opened(path, key), 30)
    backups = Backups(tmp_path / "backups", path)
    made = backups.make(key, NOW)
    assert made.path == tmp_path / "backups" / "ampersand-20260302T120000Z.db"
    assert contents(made.path, key) == contents(path, key)
    assert is_plain(made.path) is (key is None)
    assert is_good(made.path, key)
    assert not is_good(made.path, OTHER_KEY)
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    assert [file.name for file in (tmp_path / "backups").iterdir()] == [made.path.name]


def test_while_it_is_made_the_bot_writes_on(tmp_path: Path, opened: Opener) -> None:
    """A backup is one moment: it holds whole transactions, and those before it began."""
    database = opened(tmp_path / "ampersand.db")
    fill(database, 100, each=5)
    ended = threading.Event()

    def pair(number: int, conn: Connection) -> None:
        for chat_id in (2 * number, 2 * number + 1):
            People(conn).add(chat_id, NOW)

    def go_on() -> None:
        number = 0
        while not ended.is_set():
            database.submit(partial(pair, number)).result()
            number += 1

    writer = threading.Thread(target=go_on)
    writer.start()
    try:
        backups = Backups(tmp_path / "backups", database.path)
        made = [backups.make(None, NOW + timedelta(seconds=n)) for n in range(5)]
    finally:
        ended.set()
        writer.join()
    counts = [people_in(backup.path) for backup in made]
    assert counts == sorted(counts)
    assert all(count >= 100 and count % 2 == 0 for count in counts)


def test_a_backup_holds_nothing_that_was_deleted_before(tmp_path: Path, opened: Opener) -> None:
    database = opened(tmp_path / "ampersand.db")
    fill(database, 60, each=8)
    forget(database, 7, 8)
    made = Backups(tmp_path / "backups", database.path).make(None, NOW)
    assert traces(made.path, 7, 8) == {}
    assert traces(made.path, 9) != {}


def test_the_newest_are_kept(tmp_path: Path, opened: Opener) -> None:
    database = opened(tmp_path / "ampersand.db")
    backups = Backups(tmp_path / "backups", database.path)
    days = [NOW + timedelta(days=n) for n in range(10)]
    for day in days:
        backups.make(None, day)
        backups.rotate(7, day)
    assert [backup.made_at for backup in backups.all()] == days[:2:-1]
    (tmp_path / "backups" / "notes.txt").write_text("mine")
    (tmp_path / "backups" / "other-20200101T000000Z.db").write_text("another database's")
    (tmp_path / "backups" / "ampersand-20209999T000000Z.db").write_text("no day that there is")
    assert backups.rotate(2, days[-1]) == 5
    assert sorted(file.name for file in (tmp_path / "backups").iterdir()) == [
        "ampersand-20209999T000000Z.db",
        "ampersand-20260310T120000Z.db",
        "ampersand-20260311T120000Z.db",
        "notes.txt",
        "other-20200101T000000Z.db",
    ]


def test_a_wrong_clock_neither_hides_nor_pushes_out_a_backup(
    tmp_path: Path, opened: Opener
) -> None:
    """One that is dated years ahead is no reason to make none until then, and the first to go."""
    database = opened(tmp_path / "ampersand.db")
    backups = Backups(tmp_path / "backups", database.path)
    ahead = backups.make(None, NOW + timedelta(days=2000))
    assert backups.newest(NOW) is None
    made = [backups.make(None, NOW + timedelta(days=n)) for n in range(3)]
    now = NOW + timedelta(days=2)
    assert backups.newest(now) == made[2]
    assert backups.rotate(3, now) == 1
    assert not ahead.path.exists()


def test_what_a_restore_has_put_aside_goes_with_its_time(tmp_path: Path, opened: Opener) -> None:
    database = opened(tmp_path / "ampersand.db")
    aside = [
        tmp_path / f"ampersand.db.before-restore-{stamp(NOW - timedelta(days=days))}{end}"
        for days in (8, 6)
        for end in ("", "-wal")
    ]
    for file in aside:
        file.write_text("a former file")
    Backups(tmp_path / "backups", database.path).rotate(7, NOW)
    assert [file.exists() for file in aside] == [False, False, True, True]


def test_a_damaged_database_gives_no_backup(tmp_path: Path, opened: Opener) -> None:
    path = tmp_path / "ampersand.db"
    fill(opened(path), 60)
    good = Backups(tmp_path / "backups", path).make(None, NOW)
    opened(tmp_path / "other.db").close()
    damaged = bytearray(good.path.read_bytes())
    damaged[8 * 4096 : 12 * 4096] = b"\xff" * (4 * 4096)
    (tmp_path / "other.db").write_bytes(damaged)
    backups = Backups(tmp_path / "backups", tmp_path / "other.db")
    with pytest.raises(StorageError):
        backups.make(None, NOW)
    assert [file.name for file in (tmp_path / "backups").iterdir()] == [good.path.name]


@pytest.mark.parametrize("given", [OTHER_KEY, None])
def test_with_another_key_there_is_none(tmp_path: Path, opened: Opener, given: str | None) -> None:
    database = opened(tmp_path / "ampersand.db", KEY)
    backups = Backups(tmp_path / "backups", database.path)
    with pytest.raises(StorageError):
        backups.make(given, NOW)
    assert list((tmp_path / "backups").iterdir()) == []


def test_a_stop_gives_up_and_leaves_nothing(tmp_path: Path, opened: Opener) -> None:
    database = opened(tmp_path / "ampersand.db")
    fill(database, 200, each=5)
    backups = Backups(tmp_path / "backups", database.path)
    stop = threading.Event()
    stop.set()
    with pytest.raises(StorageError):
        backups.make(None, NOW, stop)
    assert list((tmp_path / "backups").iterdir()) == []


def test_the_newest_good_one_is_found(tmp_path: Path, opened: Opener) -> None:
    """Behind one that is damaged and one with another key."""
    database = opened(tmp_path / "ampersand.db", KEY)
    backups = Backups(tmp_path / "backups", database.path)
    assert backups.newest_good(KEY) is None
    good, damaged, _ = (backups.make(KEY, day) for day in _days(3))
    damaged.path.write_bytes(damaged.path.read_bytes()[:10_000])
    conn = connect(backups.all()[0].path, KEY, journal=None)
    conn.execute(f'PRAGMA rekey = "{OTHER_KEY}"')
    conn.close()
    assert backups.newest_good(KEY) == good


def _days(number: int) -> list[datetime]:
    return [NOW + timedelta(days=day) for day in range(number)]


def test_without_a_database_there_is_nothing_to_back_up(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="there is no database"):
        Backups(tmp_path / "backups", tmp_path / "ampersand.db").make(None, NOW)
    assert not (tmp_path / "ampersand.db").exists()

"""A machine that is in the way: no permission, no room, a file that is damaged."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from storage.backups import Backups
from storage.connection import connect
from storage.database import Database
from storage.errors import DamagedError, ReadOnlyError, StorageError, StorageFullError
from storage.rekeying import rekey
from storage.restoring import restore
from tests.crowd import KEY, NOW, fill, forget, people_in

Opener = Callable[..., Database]
NOBODY = 65534


@contextmanager
def powerless() -> Iterator[None]:
    """Go on as somebody without rights: to root no file is read-only."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that belongs to nobody; pytest's own are closed to them."""
    made = Path(tempfile.mkdtemp())
    if os.geteuid() == 0:
        os.chown(made, NOBODY, NOBODY)
    yield made
    made.chmod(0o700)
    shutil.rmtree(made)


def test_a_file_that_may_only_be_read_is_refused_at_the_start(folder: Path) -> None:
    path = folder / "ampersand.db"
    with powerless():
        Database(path).open().close()
        path.chmod(0o400)
        with pytest.raises(ReadOnlyError, match=r"ampersand\.db cannot be written: no permission"):
            Database(path).open()
        path.chmod(0o600)
        Database(path).open().close()


def test_a_folder_that_may_only_be_read_is_refused_at_the_start(folder: Path) -> None:
    path = folder / "ampersand.db"
    with powerless():
        Database(path).open().close()
        (folder / "ampersand.db.lock").unlink()
        folder.chmod(0o500)
        with pytest.raises(ReadOnlyError, match=r"ampersand\.db\.lock cannot be written"):
            Database(path).open()


def test_what_root_has_made_the_bot_can_use(folder: Path) -> None:
    """Whoever runs the bot types sudo; as anybody else this shows only that all of it works."""
    path = folder / "ampersand.db"
    with powerless():
        database = Database(path).open()
        fill(database, 5)
        database.close()
    for ending in ("", ".lock"):
        assert (folder / f"ampersand.db{ending}").stat().st_uid == folder.stat().st_uid
    (folder / "ampersand.db.lock").unlink()
    rekey(path, None, KEY)
    backups = Backups(folder / "backups", path)
    backup = backups.make(KEY, NOW)
    database = Database(path, KEY).open()
    forget(database, 3)
    database.close()
    restore(path, KEY, backup.path, KEY, NOW)
    assert {file.stat().st_uid for file in folder.rglob("*")} == {folder.stat().st_uid}
    assert backups.all() == [backup]
    with powerless():
        Database(path, KEY).open().close()
        backups.make(KEY, NOW + timedelta(days=1))
        assert backups.rotate(1, NOW + timedelta(days=30)) == 1
        assert people_in(path, KEY) == 4


@pytest.mark.parametrize("key", [None, KEY])
@pytest.mark.parametrize("where", ["first", "middle", "end"])
def test_a_damaged_file_is_refused_at_the_start(
    tmp_path: Path, opened: Opener, key: str | None, where: str
) -> None:
    path = tmp_path / "ampersand.db"
    database = opened(path, key)
    fill(database, 60)
    database.close()
    content = bytearray(path.read_bytes())
    pages = len(content) // 4096
    if where == "first":
        content[:4096] = b"\xff" * 4096
    elif where == "middle":
        content[pages // 3 * 4096 : pages // 2 * 4096] = bytes((pages // 2 - pages // 3) * 4096)
    else:
        del content[pages // 2 * 4096 + 100 :]
    path.write_bytes(content)
    with pytest.raises(StorageError) as caught:
        Database(path, key).open()
    assert not isinstance(caught.value, StorageFullError)
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value)
    assert where == "first" or isinstance(caught.value, DamagedError)
    # Nothing of it was changed: it may be all that there is.
    assert path.read_bytes() == bytes(content)


def test_a_power_cut_in_a_commit_leaves_the_commits_before(tmp_path: Path, opened: Opener) -> None:
    """The log is torn at any place: the file opens, sound, as some commit has left it."""
    path, copy = tmp_path / "ampersand.db", tmp_path / "copy.db"
    database = opened(path)
    fill(database, 20, each=1)
    counts = []
    log = (tmp_path / "ampersand.db-wal").read_bytes()
    for length in range(0, len(log), max(1, len(log) // 25)):
        shutil.copy(path, copy)
        (tmp_path / "copy.db-wal").write_bytes(log[:length])
        opened(copy).close()
        counts.append(people_in(copy))
    assert counts == sorted(counts)
    assert set(counts) <= {0, 20}
    assert counts[-1] == 20


async def test_without_room_nothing_is_said_to_be_kept(tmp_path: Path, opened: Opener) -> None:
    """SQLite is told that the disk is full; with room again everything goes on."""
    database = opened(tmp_path / "ampersand.db")
    pages = await database.read(lambda conn: conn.execute("PRAGMA page_count").fetchone()[0])
    await database.write(lambda conn: conn.execute(f"PRAGMA max_page_count = {pages}").fetchone())
    with pytest.raises(StorageFullError):
        fill(database, 200)
    await database.write(lambda conn: conn.execute("PRAGMA max_page_count = 100000").fetchone())
    fill(database, 200)
    database.close()
    conn = connect(tmp_path / "ampersand.db")
    assert conn.execute("SELECT count(*) FROM people").fetchone()[0] == 200
    conn.close()

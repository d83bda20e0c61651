"""One process a database, and no lock that outlives its process."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from storage.database import Database
from storage.errors import InUseError, StorageError
from storage.lock import InstanceLock, holder
from tests.crowd import KEY

Opener = Callable[..., Database]


@pytest.mark.parametrize("key", [None, KEY])
def test_a_second_one_is_refused_and_told_who_has_it(
    tmp_path: Path, opened: Opener, key: str | None
) -> None:
    path = tmp_path / "ampersand.db"
    first = opened(path, key)
    with pytest.raises(InUseError) as caught:
        Database(path, key).open()
    assert f"process {os.getpid()} on {os.uname().nodename}, since 20" in str(caught.value)
    assert "\n" not in str(caught.value)
    first.close()
    Database(path, key).open().close()


def test_two_names_of_one_file_are_one_database(tmp_path: Path, opened: Opener) -> None:
    path, alias = tmp_path / "ampersand.db", tmp_path / "alias.db"
    alias.symlink_to(path)
    first = opened(path)
    with pytest.raises(InUseError):
        Database(alias).open()
    first.close()


def test_a_path_in_a_circle_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ampersand.db"
    path.symlink_to(path)
    for ask in (lambda: InstanceLock(path), lambda: holder(path), lambda: Database(path).open()):
        with pytest.raises(StorageError, match="its symbolic links go in a circle"):
            ask()


def test_a_killed_process_leaves_no_lock(tmp_path: Path) -> None:
    """The file stays, with the dead process in it, and is in nobody's way."""
    path = tmp_path / "ampersand.db"
    told, tell = os.pipe()
    child = os.fork()
    if child == 0:
        InstanceLock(path).acquire()
        os.write(tell, b"locked")
        signal.pause()
    assert os.read(told, 6) == b"locked"
    assert str(holder(path)).startswith(f"process {child} on ")
    with pytest.raises(InUseError, match=f"process {child} on"):
        InstanceLock(path).acquire()
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    for end in (told, tell):
        os.close(end)
    assert f"process {child}" in (tmp_path / "ampersand.db.lock").read_text()
    assert holder(path) is None
    with InstanceLock(path):
        assert f"process {os.getpid()}" in str(holder(path))
    assert holder(path) is None


def test_only_the_owner_may_read_what_is_made(tmp_path: Path, opened: Opener) -> None:
    path = tmp_path / "ampersand.db"
    database = opened(path)
    modes = {file.name: file.stat().st_mode & 0o777 for file in tmp_path.iterdir()}
    database.close()
    assert modes.keys() == {f"ampersand.db{end}" for end in ("", "-wal", "-shm", ".lock")}
    assert set(modes.values()) == {0o600}

"""Another key: everything stays, nothing of the former file does, and no kill loses a row."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from storage import copying, files, mark_keys, rekeying, solitude
from storage.connection import connect, is_plain
from storage.database import Database
from storage.erasures import Marks
from storage.errors import InUseError, MarksError, StorageError, WrongKeyError
from storage.mark_keys import MarkKeyFile
from storage.rekeying import rekey
from tests.crowd import FIRST, KEY, OTHER_KEY, contents, fill, forget
from tests.kills import killed_everywhere

Opener = Callable[..., Database]
CHANGES = [(None, KEY), (KEY, None), (KEY, OTHER_KEY), ("it's a passphrase", None)]


@pytest.mark.parametrize(("old", "new"), CHANGES)
def test_everything_is_under_the_new_key_and_only_there(
    tmp_path: Path, opened: Opener, old: str | None, new: str | None
) -> None:
    path = tmp_path / "ampersand.db"
    database = opened(path, old)
    fill(database, 20)
    database.close()
    rows = contents(path, old)
    told: list[str] = []
    assert rekey(path, old, new, told.append)
    assert len(told) == 4
    assert contents(path, new) == rows
    assert is_plain(path) is (new is None)
    with pytest.raises(WrongKeyError):
        connect(path, old)
    assert {file.name for file in tmp_path.iterdir()} == {"ampersand.db", "ampersand.db.lock"}
    # Asked for once more, because nobody saw how it ended.
    assert not rekey(path, old, new)
    opened(path, new)


def test_the_former_bytes_are_overwritten_where_they_stood(tmp_path: Path, opened: Opener) -> None:
    path = tmp_path / "ampersand.db"
    database = opened(path)
    fill(database, 20)
    database.close()
    # What was opened before can be read on, as an undelete tool would.
    with path.open("rb") as former:
        size = os.fstat(former.fileno()).st_size
        assert b"Zq0007wv" in former.read()
        rekey(path, None, KEY)
        former.seek(0)
        assert former.read() == bytes(size)


def test_a_copy_by_hard_link_is_left_alone(tmp_path: Path, opened: Opener) -> None:
    """Some make their snapshots like that: these bytes are no longer only ours."""
    path = tmp_path / "ampersand.db"
    opened(path).close()
    os.link(path, tmp_path / "snapshot.db")
    before = path.read_bytes()
    rekey(path, None, KEY)
    # The header notes that the file has left WAL; nothing else has changed.
    assert (tmp_path / "snapshot.db").read_bytes()[100:] == before[100:]


def test_it_refuses_while_anybody_has_the_file_open(tmp_path: Path, opened: Opener) -> None:
    path = tmp_path / "ampersand.db"
    database = opened(path)
    with pytest.raises(InUseError, match="in use by process"):
        rekey(path, None, KEY)
    database.close()
    reader = connect(path, read_only=True)
    with pytest.raises(InUseError, match="another program"):
        rekey(path, None, KEY)
    reader.close()
    assert rekey(path, None, KEY)


def test_a_wrong_key_changes_nothing(tmp_path: Path, opened: Opener) -> None:
    path = tmp_path / "ampersand.db"
    opened(path, KEY).close()
    before = path.read_bytes()
    with pytest.raises(WrongKeyError):
        rekey(path, OTHER_KEY, None)
    assert path.read_bytes() == before
    with pytest.raises(StorageError, match="there is no database"):
        rekey(tmp_path / "nothing.db", KEY, None)
    assert not (tmp_path / "nothing.db").exists()


@pytest.mark.parametrize(("old", "new"), CHANGES[:3])
def test_the_marks_of_deletions_open_with_the_new_key_only(
    tmp_path: Path, opened: Opener, old: str | None, new: str | None
) -> None:
    path = tmp_path / "ampersand.db"
    database = opened(path, old)
    fill(database, 5)
    forget(database, 3)
    database.close()
    rekey(path, old, new)
    assert Marks(path, new).deleted_since(0)(FIRST + 3)
    if new is not None:
        with pytest.raises(MarksError):
            Marks(path, old).deleted_since(0)


@pytest.mark.parametrize(("old", "new"), CHANGES[:2])
def test_a_kill_anywhere_loses_nothing(
    tmp_path: Path, opened: Opener, old: str | None, new: str | None
) -> None:
    """After each death the whole database is there, under one key or the other."""
    path = tmp_path / "ampersand.db"
    database = opened(path, old)
    fill(database, 12)
    forget(database, 3)
    database.close()
    rows = contents(path, old)
    former = path.read_bytes()
    modules = (rekeying, copying, files, solitude, mark_keys)
    key_file = MarkKeyFile(path)
    wrapped = key_file.path.read_text()
    ends: list[bool] = []
    for _ in killed_everywhere(lambda: rekey(path, old, new), modules):
        try:
            assert contents(path, old) == rows
            ends.append(False)
        except WrongKeyError:
            assert contents(path, new) == rows
            ends.append(True)
        present = new if ends[-1] else old
        Database(path, present).open().close()
        unfinished = list(tmp_path.glob("ampersand.db.erased.key.*.new"))
        assert len(unfinished) <= 1
        assert {file.name for file in tmp_path.iterdir() if file not in unfinished} <= {
            f"ampersand.db{end}" for end in ("", ".lock", ".erased", ".erased.key")
        }
        assert Marks(path, present).deleted_since(0)(FIRST + 3)
        if ends[-1]:
            path.write_bytes(former)
            key_file.path.write_text(wrapped)
    assert len(ends) > 30
    assert {False, True} == set(ends)
    assert contents(path, new) == rows

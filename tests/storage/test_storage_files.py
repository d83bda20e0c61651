"""Small files that something depends on: there whole, or as they were."""

import stat
from pathlib import Path

import pytest

from storage import files
from storage.errors import StorageError
from storage.files import overwrite, write_private
from tests.kills import killed_everywhere


@pytest.mark.parametrize("former", [None, "the former key\n"])
def test_a_kill_leaves_a_small_file_whole_or_as_it_was(tmp_path: Path, former: str | None) -> None:
    """A key of which half is there would open nothing, and no second run could make another."""
    path = tmp_path / "database.key"
    if former is not None:
        path.write_text(former)
    seen = set()
    for _ in killed_everywhere(lambda: write_private(path, "the new key\n"), (files,)):
        seen.add(path.read_text() if path.exists() else None)
    killed = set(tmp_path.iterdir()) - {path}
    write_private(path, "the new key\n")
    assert seen == {former, "the new key\n"}
    assert set(tmp_path.iterdir()) == {path, *killed}
    assert {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()} == {0o600}


def test_what_others_have_beside_a_small_file_stays_theirs(tmp_path: Path) -> None:
    theirs = tmp_path / "database.key.new"
    theirs.write_text("the key that was made by hand\n")
    write_private(tmp_path / "database.key", "the new key\n")
    assert theirs.read_text() == "the key that was made by hand\n"


def test_a_small_file_that_cannot_be_put_in_place_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "database.key" / "in the way").mkdir(parents=True)
    with pytest.raises(OSError, match=r"database\.key"):
        write_private(tmp_path / "database.key", "the new key\n")
    assert [path.name for path in tmp_path.iterdir()] == ["database.key"]


def test_what_is_removed_is_overwritten_unless_it_is_somebody_elses_too(tmp_path: Path) -> None:
    alone, shared = tmp_path / "alone", tmp_path / "shared"
    for path in (alone, shared):
        path.write_bytes(b"words" * 1000)
    (tmp_path / "snapshot").hardlink_to(shared)
    with alone.open("rb") as file:
        overwrite(alone)
        assert file.read() == bytes(5000)
    overwrite(shared)
    assert (tmp_path / "snapshot").read_bytes() == b"words" * 1000
    assert [path.name for path in tmp_path.iterdir()] == ["snapshot"]
    overwrite(alone)
    with pytest.raises(StorageError, match="cannot remove"):
        overwrite(tmp_path)

"""Files that cannot be opened: each in one clear exception, and nothing on the screen."""

from pathlib import Path

import pytest

from storage.connection import check_soundness, connect, transaction
from storage.database import Database
from storage.errors import DamagedError, StorageError, StorageFullError, WrongKeyError


def made(path: Path, key: str | None = None) -> Path:
    """A database with something in it."""
    conn = connect(path, key)
    with transaction(conn):
        conn.execute("CREATE TABLE notes (text TEXT)")
        conn.executemany("INSERT INTO notes VALUES (?)", [("something to be read",)] * 500)
    conn.close()
    return path


@pytest.mark.parametrize(("right", "given"), [("secret", "other"), ("secret", None), (None, "one")])
def test_another_key_is_refused_in_silence(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], right: str | None, given: str | None
) -> None:
    path = made(tmp_path / "kept.db", right)
    with pytest.raises(WrongKeyError, match="not a database, or another key is needed"):
        connect(path, given)
    with pytest.raises(WrongKeyError):
        Database(path, given).open()
    assert capfd.readouterr() == ("", "")


def test_with_a_key_nothing_can_be_read_in_the_file(tmp_path: Path) -> None:
    plain = made(tmp_path / "plain.db").read_bytes()
    hidden = made(tmp_path / "hidden.db", "it's a key").read_bytes()
    assert plain.startswith(b"SQLite format 3\x00")
    assert b"something to be read" in plain
    assert not hidden.startswith(b"SQLite format 3\x00")
    assert b"something to be read" not in hidden
    conn = connect(tmp_path / "hidden.db", "it's a key")
    assert conn.execute("SELECT count(*) FROM notes").fetchone()[0] == 500
    conn.close()


@pytest.mark.parametrize("content", [b"not a database" * 100, b"\x00" * 4096, b"short"])
def test_another_kind_of_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "letter.db"
    path.write_bytes(content)
    with pytest.raises(StorageError):
        Database(path).open()
    assert path.read_bytes() == content


def test_a_damaged_file_is_told_from_a_foreign_one(tmp_path: Path) -> None:
    path = made(tmp_path / "kept.db")
    whole = bytearray(path.read_bytes())
    whole[4096:8192] = b"\xff" * 4096
    path.write_bytes(whole)
    conn = connect(path)
    with pytest.raises(DamagedError):
        check_soundness(conn)
    conn.close()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="cannot make the folder"):
        Database(tmp_path / "file" / "kept.db").open()


def test_a_full_device_is_told_as_such() -> None:
    """/dev/full takes nothing."""
    with pytest.raises(StorageError) as caught:
        Database(Path("/dev/full")).open()
    assert isinstance(caught.value, StorageFullError | WrongKeyError)

"""backup, restore and rekey: what whoever runs the bot types, and what they are told."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage.backups import Backups
from storage.connection import is_plain
from storage.database import Database
from tests.commands.typed import ampersand
from tests.crowd import contents, fill, forget, people_in

PASSPHRASE = "correct horse battery staple"

pytestmark = pytest.mark.usefixtures("settings")


def refused(*arguments: str) -> str:
    """The one line with which a command refuses."""
    result = ampersand(*arguments)
    assert result.exit_code == 2
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("ampersand: ")
    return lines[0]


def test_a_backup_and_back(path: Path) -> None:
    result = ampersand("backup")
    assert result.exit_code == 0, result.output
    assert "checked and good" in result.output
    (backup,) = (path.parent / "backups").iterdir()
    rows = contents(path)
    database = Database(path).open()
    fill(database, 12, seed=2, each=0)
    forget(database, 3)
    database.close()
    result = ampersand("restore", str(backup))
    assert result.exit_code == 0, result.output
    assert "Restored: 9 people. Left out, deleted since: 1." in result.output
    (aside,) = path.parent.glob("ampersand.db.before-restore-*")
    assert people_in(aside) == 11
    assert people_in(path) == 9
    assert len(contents(path)["answers"]) < len(rows["answers"])


def test_backups_are_rotated_and_may_be_elsewhere(
    path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BACKUP_FOLDER", str(tmp_path / "far" / "away"))
    monkeypatch.setenv("BACKUP_KEEP", "2")
    backups = Backups(tmp_path / "far" / "away", path)
    for days in (1, 2, 3):
        backups.make(None, datetime.now(UTC) - timedelta(days=days))
    assert "Older backups removed: 2." in ampersand("backup").output
    assert len(backups.all()) == 2
    monkeypatch.setenv("BACKUP_FOLDER", "none")
    assert "BACKUP_FOLDER is none" in refused("backup")


def test_restore_and_rekey_refuse_while_the_bot_runs_and_backup_does_not(path: Path) -> None:
    database = Database(path).open()
    try:
        assert ampersand("backup").exit_code == 0
        (backup,) = (path.parent / "backups").iterdir()
        for command in (("restore", str(backup)), ("rekey", "--new-key-file", "new.key")):
            said = refused(*command)
            assert "is in use by process" in said
            assert said.endswith("; stop the bot first")
    finally:
        database.close()
    assert people_in(path) == 10


def test_a_key_for_the_first_time_another_one_and_none(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = contents(path)
    assert ampersand("backup").exit_code == 0
    result = ampersand("rekey", "--new-key-file", "first.key")
    assert result.exit_code == 0, result.output
    assert "Made a new key in first.key" in result.output
    assert "Copies made before have the former key still, or none: 1" in result.output
    assert "out of reach" in result.output
    assert result.output.endswith(
        "Then make a backup (ampersand backup): those made before are not encrypted.\n"
    )
    first = Path("first.key").read_text().strip()
    assert re.fullmatch("x'[0-9a-f]{64}'", first)
    assert first not in result.output
    assert Path("first.key").stat().st_mode & 0o777 == 0o600
    assert contents(path, first) == rows
    monkeypatch.setenv("DATABASE_KEY_FILE", "first.key")
    Path("second.key").write_text(f"{PASSPHRASE}\n")
    result = ampersand("rekey", "--new-key-file", "second.key", "--remove-backups")
    assert result.exit_code == 0, result.output
    assert "Former copies removed: 1." in result.output
    assert "Then make a backup" not in result.output
    assert contents(path, PASSPHRASE) == rows
    (backup,) = (path.parent / "backups").iterdir()
    assert contents(backup, PASSPHRASE) == rows
    # After a kill one may not know whether it was done.
    assert "had this key already" in ampersand("rekey", "--new-key-file", "second.key").output
    monkeypatch.delenv("DATABASE_KEY_FILE")
    monkeypatch.setenv("DATABASE_KEY", PASSPHRASE)
    result = ampersand("rekey", "--to-plain")
    assert result.exit_code == 0, result.output
    assert PASSPHRASE not in result.output
    assert "ampersand.db is not encrypted any more." in result.output
    assert "new key" not in result.output
    assert "those made before open with the former key only" in result.output
    assert is_plain(path)
    assert contents(path) == rows
    assert "ampersand.db had no key already." in ampersand("rekey", "--to-plain").output


def test_a_backup_with_another_key_is_restored_with_it(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ampersand("backup").exit_code == 0
    (backup,) = (path.parent / "backups").iterdir()
    assert ampersand("rekey", "--new-key-file", "a.key").exit_code == 0
    monkeypatch.setenv("DATABASE_KEY_FILE", "a.key")
    assert refused("restore", str(backup)).endswith("This backup is not encrypted; add --plain")
    result = ampersand("restore", str(backup), "--plain")
    assert result.exit_code == 0, result.output
    assert people_in(path, Path("a.key").read_text().strip()) == 10


def test_without_its_key_a_database_is_not_called_damaged(path: Path) -> None:
    """A good backup without a key lies there, and taking it would lose whatever came since."""
    assert ampersand("backup").exit_code == 0
    assert ampersand("rekey", "--new-key-file", "a.key").exit_code == 0
    for command in (("run",), ("backup",), ("rekey", "--new-key-file", "b.key")):
        said = refused(*command)
        assert "it looks encrypted and no key is set: is DATABASE_KEY_FILE missing" in said
        assert "ampersand restore" not in said


def test_without_its_marks_a_restore_asks_for_a_word(path: Path) -> None:
    assert ampersand("backup").exit_code == 0
    (backup,) = (path.parent / "backups").iterdir()
    database = Database(path).open()
    forget(database, 3)
    database.close()
    path.with_name("ampersand.db.erased.key").unlink()
    assert "--forget-marks" in refused("restore", str(backup))
    assert ampersand("restore", str(backup), "--forget-marks").exit_code == 0
    assert people_in(path) == 10


def test_what_cannot_be_read_as_marks_is_not_forgotten_either(path: Path) -> None:
    """Then --forget-marks is not offered again to whoever has said it."""
    assert ampersand("backup").exit_code == 0
    (backup,) = (path.parent / "backups").iterdir()
    path.with_name("ampersand.db.erased").write_bytes(b"1 2026-01-01 \xff\n")
    assert "--forget-marks" in refused("restore", str(backup))
    said = refused("restore", str(backup), "--forget-marks")
    assert "ampersand.db.erased is damaged" in said
    assert "; what cannot be read at all has to be put right" in said
    assert people_in(path) == 10


def test_one_person_is_no_people(tmp_path: Path) -> None:
    database = Database(tmp_path / "ampersand.db").open()
    fill(database, 1)
    database.close()
    assert ampersand("backup").exit_code == 0
    (backup,) = (tmp_path / "backups").iterdir()
    assert "Restored: 1 person. Left out" in ampersand("restore", str(backup)).output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "either --new-key-file FILE or --to-plain"),
        (("--to-plain", "--new-key-file", "a.key"), "either --new-key-file FILE or --to-plain"),
        (("--to-plain",), "the key it has in the settings already"),
        (("--new-key-file", "empty.key"), "has to hold the key, in one line"),
        (("--new-key-file", "no/such/folder.key"), "cannot make no/such/folder.key"),
    ],
)
def test_rekey_says_what_it_needs(path: Path, arguments: tuple[str, ...], said: str) -> None:
    Path("empty.key").write_text("\n")
    assert said in refused("rekey", *arguments)
    assert people_in(path) == 10


@pytest.mark.parametrize(
    ("key", "content", "said"),
    [
        ("one", "two", "not both"),
        (None, None, "cannot be read: No such file"),
        (None, "", "has to hold the key"),
        (None, "two\nlines", "has to hold the key"),
    ],
)
def test_a_key_that_cannot_be_is_refused_before_anything_is_opened(
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
    key: str | None,
    content: str | None,
    said: str,
) -> None:
    monkeypatch.setenv("DATABASE_KEY_FILE", "given.key")
    if key is not None:
        monkeypatch.setenv("DATABASE_KEY", key)
    if content is not None:
        Path("given.key").write_text(content)
    assert said in refused("backup")
    assert said in refused("run")


def test_a_key_file_that_everybody_can_read_is_a_warning(
    path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from bot.config import read_key

    Path("given.key").write_text(f"{PASSPHRASE}\r\n")
    Path("given.key").chmod(0o600)
    assert read_key(Path("given.key")) == PASSPHRASE
    assert caplog.text == ""
    Path("given.key").chmod(0o644)
    assert read_key(Path("given.key")) == PASSPHRASE
    assert "can be read by everybody" in caplog.text
    assert PASSPHRASE not in caplog.text


def test_a_damaged_database_without_backups_says_so(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:30_000])
    assert "is damaged; no good backup in backups" in refused("run")

"""rekey, backup and restore under SIGKILL, and a machine that is in the way: real processes."""

import ctypes
import os
import resource
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest

from storage.backups import Backups, is_good
from storage.connection import connect
from storage.database import Database
from storage.erasures import Marks
from storage.errors import WrongKeyError
from tests.crowd import FIRST, KEY, OTHER_KEY, contents, fill, forget, people_in, traces
from tests.patience import PATIENCE
from tests.processes import environment

Rows = dict[str, list[tuple[object, ...]]]
DELAYS = (0.0, 0.002, 0.01, 0.03, 0.1)
"""Seconds from a line that the command says to the kill."""


def start(folder: Path, *words: str, **variables: str) -> "subprocess.Popen[str]":
    """A command, in a folder with a database and without a Telegram."""
    return subprocess.Popen(  # noqa: S603 - a command of this project
        [sys.executable, "-m", "bot", *words],
        cwd=folder,
        env=environment(
            folder,
            **{
                "BOT_TOKEN": "123456789:a-token-for-a-test",
                "TELEGRAM_API_BASE": "http://127.0.0.1:9",
                "DATABASE_PATH": str(folder / "ampersand.db"),
                **variables,
            },
        ),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Of a command that is root nothing would be read-only.
        preexec_fn=_without_override,  # noqa: PLW1509 - these tests have no other threads
    )


def _without_override() -> None:
    drop, override = 24, 1  # PR_CAPBSET_DROP, CAP_DAC_OVERRIDE
    ctypes.CDLL(None).prctl(drop, override, 0, 0, 0)


def succeeded(process: "subprocess.Popen[str]") -> str:
    """What a command has said that came to its end."""
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, err
    return out


def kill_after(process: "subprocess.Popen[str]", lines: int, delay: float) -> bool:
    """Kill it so long after so many lines; whether it was still there to be killed."""
    assert process.stdout is not None
    for _ in range(lines):
        process.stdout.readline()
    time.sleep(delay)
    process.kill()
    process.communicate()
    return process.returncode < 0


def key_of(path: Path, *keys: str | None) -> str | None:
    """Which of these keys opens a database."""
    for key in keys:
        try:
            connect(path, key, journal=None).close()
        except WrongKeyError:
            continue
        return key
    raise AssertionError("no key opens it")


def settings_for(key: str | None) -> dict[str, str]:
    """The environment of a command that is to use this key."""
    return {} if key is None else {"DATABASE_KEY": key}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database with 150 people in it, one of whom was deleted; closed."""
    database = Database(tmp_path / "ampersand.db").open()
    fill(database, 150)
    forget(database, 3)
    database.close()
    return database.path


def test_a_killed_rekey_leaves_everything_under_one_key_and_a_second_run_finishes(
    path: Path,
) -> None:
    """To a key, to another one, back to none, and again: killed at every step of its work."""
    folder = path.parent
    for name, key in (("one", KEY), ("two", OTHER_KEY)):
        (folder / name).write_text(f"{key}\n")
        (folder / name).chmod(0o600)
    rows = contents(path)
    killed = 0
    changes = ((None, KEY, "one"), (KEY, OTHER_KEY, "two"), (OTHER_KEY, None, None))
    for turn, (lines, delay) in enumerate(product(range(5), DELAYS)):
        old, new, file = changes[turn % 3]
        words = ("rekey", *(("--to-plain",) if file is None else ("--new-key-file", file)))
        killed += kill_after(start(folder, *words, **settings_for(old)), lines, delay)
        present = key_of(path, old, new)
        assert contents(path, present) == rows
        assert Marks(path, present).deleted_since(0)(FIRST + 3)
        succeeded(start(folder, *words, **settings_for(old)))
        assert contents(path, new) == rows
        assert Marks(path, new).deleted_since(0)(FIRST + 3)
        leftovers = {file.name for file in folder.iterdir() if "rekeyed" in file.name}
        assert leftovers == set()
    assert killed > 0


@pytest.mark.parametrize("key", [None, KEY])
def test_a_killed_backup_never_stands_for_a_whole_one(tmp_path: Path, key: str | None) -> None:
    """Whatever has a backup's name is whole, and the next one is made as if nothing had been."""
    database = Database(tmp_path / "ampersand.db", key).open()
    fill(database, 300, each=5)
    folder = tmp_path / "backups"
    whole = database.path.stat().st_size
    try:
        for share in (0.0, 0.2, 0.4, 0.6, 0.8, 0.9, 0.99, 1.0):
            process = start(tmp_path, "backup", **settings_for(key))
            while process.poll() is None:
                parts = folder.glob(f"*.{process.pid}.part")
                if any(part.stat().st_size >= share * whole for part in parts):
                    break
            process.kill()
            process.communicate()
            for backup in Backups(folder, database.path).all():
                assert is_good(backup.path, key)
                assert people_in(backup.path, key) == 300
        assert any(file.suffix == ".part" for file in folder.iterdir())
        assert "checked and good" in succeeded(start(tmp_path, "backup", **settings_for(key)))
        newest = Backups(folder, database.path).newest(datetime.now(UTC))
        assert newest is not None
        assert people_in(newest.path, key) == 300
    finally:
        database.close()


def test_a_killed_restore_leaves_the_one_or_the_other_and_a_second_run_finishes(
    path: Path,
) -> None:
    backup = Backups(path.parent / "backups", path).make(None, datetime.now(UTC))
    database = Database(path).open()
    forget(database, 7)
    fill(database, 149, each=0, seed=2)
    database.close()
    was = path.read_bytes()
    before = contents(path)["people"]
    for lines, delay in product(range(1, 5), DELAYS[::2]):
        process = start(path.parent, "restore", str(backup.path))
        kill_after(process, lines, delay)
        people = contents(path)["people"]
        assert people == before or (len(people) == 148 and FIRST + 7 not in chats(people))
        said = succeeded(start(path.parent, "restore", str(backup.path)))
        assert "Restored: 148 people. Left out, deleted since: 1." in said
        assert people_in(path) == 148
        aside = list(path.parent.glob("ampersand.db.before-restore-*"))
        assert aside != []
        for file in aside:
            file.unlink()
        assert traces(path, 3, 7) == {}
        path.write_bytes(was)
        for ending in ("-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)


def chats(people: list[tuple[object, ...]]) -> set[object]:
    """The numbers of people's chats."""
    return {row[1] for row in people}


def refused(folder: Path, **variables: str) -> tuple[int, str]:
    """How the bot refuses to start: its exit code, and the one line it says."""
    process = start(folder, "run", **variables)
    out, err = process.communicate(timeout=PATIENCE)
    assert out == ""
    assert "Traceback" not in err
    (line,) = err.splitlines()
    return process.returncode, line.removeprefix("ampersand: ")


def test_a_wrong_key_is_one_line(path: Path) -> None:
    """And none of the library's own, which prints three."""
    code, line = refused(path.parent, DATABASE_KEY=KEY)
    assert code == 2
    assert line.endswith("(it is not encrypted, so it needs no key)")
    (path.parent / "a.key").write_text(f"{KEY}\n")
    (path.parent / "a.key").chmod(0o600)
    succeeded(start(path.parent, "rekey", "--new-key-file", "a.key"))
    for variables in ({}, {"DATABASE_KEY": OTHER_KEY}, {"DATABASE_KEY": "a passphrase"}):
        code, line = refused(path.parent, **variables)
        assert code == 2
        assert "ampersand.db: not a database, or another key is needed" in line
        assert not any(value in line for value in variables.values())


def test_a_file_or_folder_that_may_not_be_written_is_one_line(path: Path) -> None:
    path.chmod(0o400)
    code, line = refused(path.parent)
    assert (code, line) == (2, f"{path} cannot be written: no permission")
    path.chmod(0o600)
    path.parent.chmod(0o500)
    (path.parent / "ampersand.db.lock").unlink(missing_ok=True)
    try:
        code, line = refused(path.parent)
        assert code == 2
        assert line.endswith("ampersand.db.lock cannot be written: Permission denied")
        code, line = refused(path.parent, DATABASE_PATH=str(path.parent / "new" / "a.db"))
        assert (code, line) == (2, f"cannot make the folder {path.parent / 'new'}")
    finally:
        path.parent.chmod(0o700)
    assert people_in(path) == 149


def test_a_folder_that_is_not_there_is_made(tmp_path: Path) -> None:
    """The doctor tells so beforehand, and makes nothing."""
    place = {"DATABASE_PATH": str(tmp_path / "far" / "away" / "ampersand.db")}
    assert "is not there yet" in succeeded(start(tmp_path, "doctor", **place))
    assert list(tmp_path.iterdir()) == []
    Database(Path(place["DATABASE_PATH"])).open().close()
    assert "sound, not encrypted" in succeeded(start(tmp_path, "doctor", **place))


@pytest.mark.parametrize(
    ("damage", "key"), [("words", None), ("zeros", None), ("cut", KEY), ("first page", KEY)]
)
def test_what_cannot_be_read_is_one_line_that_points_to_the_newest_good_backup(
    tmp_path: Path, damage: str, key: str | None
) -> None:
    path = tmp_path / "ampersand.db"
    database = Database(path, key).open()
    fill(database, 60)
    good = Backups(tmp_path / "backups", path).make(key, datetime(2026, 3, 2, tzinfo=UTC))
    newer = tmp_path / "backups" / "ampersand-20260303T000000Z.db"
    newer.write_bytes(good.path.read_bytes()[:50_000])
    database.close()
    content = bytearray(path.read_bytes())
    if damage == "words":
        content[:] = b"This is no database, only words.\n" * 2000
    elif damage == "cut":
        del content[len(content) // 2 :]
    elif damage == "zeros":
        content[8 * 4096 : len(content) // 2] = bytes(len(content) // 2 - 8 * 4096)
    else:
        content[:4096] = os.urandom(4096)
    path.write_bytes(content)
    code, line = refused(tmp_path, **settings_for(key))
    assert code == 2
    assert line.endswith(f"backup can take its place: ampersand restore {good.path}")
    assert path.read_bytes() == bytes(content)
    said = succeeded(start(tmp_path, "restore", str(good.path), **settings_for(key)))
    assert "Restored: 60 people." in said
    assert people_in(path, key) == 60
    aside = next(tmp_path.glob("ampersand.db.before-restore-*"))
    assert aside.read_bytes() == bytes(content)


@pytest.mark.parametrize("command", ["backup", "rekey", "restore"])
def test_without_room_a_command_changes_nothing_and_may_be_tried_again(
    path: Path, command: str
) -> None:
    """No file may grow beyond a part of the database, as on a disk that fills up meanwhile."""
    backup = Backups(path.parent / "backups", path).make(None, datetime(2026, 3, 2, tzinfo=UTC))
    (path.parent / "a.key").write_text(f"{KEY}\n")
    (path.parent / "a.key").chmod(0o600)
    words = {"backup": [], "rekey": ["--new-key-file", "a.key"], "restore": [str(backup.path)]}
    rows = contents(path)
    process = start(path.parent, command, *words[command])
    _, hard = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (path.stat().st_size // 2, hard))
    _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    (line,) = err.splitlines()
    assert "cannot be written: no room" in line or "File too large" in line
    assert contents(path) == contents(backup.path) == rows
    unfinished = (".part", ".rekeyed", ".restoring", ".restored", "-journal")
    assert not any(file.name.endswith(unfinished) for file in path.parent.rglob("*"))
    succeeded(start(path.parent, command, *words[command]))


def test_commands_refuse_in_one_line_too(path: Path) -> None:
    """A folder for backups that is a file, or may not be written; a backup that is none."""
    folder = path.parent
    (folder / "backups").write_text("in the way")
    words = folder / "words.db"
    words.write_text("no database\n" * 500)
    for command, said in (
        (("backup",), "cannot make the folder"),
        (("restore", str(words)), "not a database, or another key is needed"),
        (("rekey", "--new-key-file", "no/such/place"), "cannot make no/such/place"),
    ):
        process = start(folder, *command)
        _, err = process.communicate(timeout=PATIENCE)
        assert process.returncode == 2
        (line,) = err.splitlines()
        assert said in line
    (folder / "backups").unlink()
    (folder / "backups").mkdir(mode=0o500)
    process = start(folder, "backup")
    _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    assert len(err.splitlines()) == 1
    shutil.rmtree(folder / "backups")
    assert people_in(path) == 149

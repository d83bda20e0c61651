"""What goes wrong around the commands: how they end, and what they leave behind."""

import asyncio
import logging
import socket
import sqlite3
from pathlib import Path
from typing import Any, NoReturn

import pytest

from bot import app
from bot.commands.doctor import Level, examine
from bot.demo.server import DEFAULT_TOKEN
from bot.transport import client
from storage.connection import connect
from storage.lock import InstanceLock
from tests.commands.typed import ampersand
from tests.crowd import NOW, people_in
from tests.patience import until

pytestmark = pytest.mark.usefixtures("settings")


def test_a_mistake_in_the_program_lets_it_be_started_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Status 2 is for what has to be put right first; the unit file then starts nothing."""

    async def run(_: Any) -> NoReturn:
        raise app.MistakeError("a mistake in the program has ended it: KeyError")

    monkeypatch.setattr(app, "run", run)
    result = ampersand("run")
    assert result.exit_code == 1
    assert result.stderr == "ampersand: a mistake in the program has ended it: KeyError\n"


def test_a_wrong_setting_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run(_: Any) -> NoReturn:
        raise app.StartError("BOT_TOKEN: Telegram does not know this token")

    monkeypatch.setattr(app, "run", run)
    assert ampersand("run").exit_code == 2


@pytest.mark.parametrize("kind", ["empty", "another program's", "half of ours"])
def test_only_a_database_of_ours_is_restored(path: Path, kind: str) -> None:
    backup = path.with_name("no-backup.db")
    if kind == "empty":
        backup.touch()
    else:
        conn = sqlite3.connect(backup)
        conn.execute("CREATE TABLE people (id INTEGER)")
        if kind == "half of ours":
            conn.execute("CREATE TABLE _sqlite_migrations (migration_set TEXT, name TEXT)")
            conn.execute("INSERT INTO _sqlite_migrations VALUES ('another', 'm001_first_schema')")
            conn.commit()
        conn.close()
    content, before = backup.read_bytes(), sorted(path.parent.iterdir())
    result = ampersand("restore", str(backup))
    assert result.exit_code == 2
    assert result.stderr == f"ampersand: {backup} is no backup of Ampersand's database\n"
    assert people_in(path) == 10
    assert backup.read_bytes() == content
    assert sorted(path.parent.iterdir()) == before


def test_a_refused_rekey_leaves_no_key_behind(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bot runs; another program has the file open; the present key is wrong; no database."""
    with InstanceLock(path):
        result = ampersand("rekey", "--new-key-file", "new.key")
        assert "is in use by process" in result.stderr
        assert "Made a new key" not in result.stdout
        assert not Path("new.key").exists()
    other = connect(path)
    other.execute("BEGIN")
    other.execute("SELECT count(*) FROM people").fetchone()
    result = ampersand("rekey", "--new-key-file", "new.key")
    assert "another program has" in result.stderr
    assert "stop the bot" not in result.stderr
    assert "Removed new.key again." in result.stdout
    assert not Path("new.key").exists()
    other.close()
    monkeypatch.setenv("DATABASE_KEY", "another")
    assert ampersand("rekey", "--new-key-file", "new.key").exit_code == 2
    assert not Path("new.key").exists()
    monkeypatch.delenv("DATABASE_KEY")
    monkeypatch.setenv("DATABASE_PATH", "nowhere.db")
    assert ampersand("rekey", "--new-key-file", "new.key").exit_code == 2
    assert not Path("new.key").exists()
    assert people_in(path) == 10


def test_a_path_in_a_circle_is_refused_in_one_line() -> None:
    Path("ampersand.db").symlink_to("ampersand.db")
    Path("backup.db").touch()
    for command in (("restore", "backup.db"), ("rekey", "--new-key-file", "new.key")):
        result = ampersand(*command)
        assert result.exit_code == 2
        assert result.stderr == (
            "ampersand: cannot open ampersand.db: its symbolic links go in a circle\n"
        )


def test_the_demo_says_who_may_have_its_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = ampersand("demo", "--no-browser", "--port", str(port))
    assert result.exit_code == 2
    assert f"ampersand: port {port}: another program has it, perhaps another demo" in result.stderr


def test_a_refused_rekey_keeps_a_key_that_was_there_before(path: Path) -> None:
    Path("new.key").write_text("correct horse battery staple\n")
    with InstanceLock(path):
        assert ampersand("rekey", "--new-key-file", "new.key").exit_code == 2
    assert Path("new.key").read_text() == "correct horse battery staple\n"


def test_a_key_that_the_database_has_by_now_is_never_removed(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Overwriting the former file fails when the new one is in place already."""

    def full(_: int) -> NoReturn:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("storage.rekeying.fill_with_zeros", full)
    result = ampersand("rekey", "--new-key-file", "new.key")
    assert "the database has its new key" in result.stderr
    assert people_in(path, Path("new.key").read_text().strip()) == 10


@pytest.mark.parametrize(
    ("base", "shown"),
    [
        ("http://olive:S3cretPass@127.0.0.1:9", "http://127.0.0.1:9"),
        ("http://olive:S3cret@Pass@[::1]:9/api", "http://[::1]:9/api"),
        ("http://127.0.0.1:9", "http://127.0.0.1:9"),
    ],
)
def test_the_password_of_an_api_server_is_not_logged(
    caplog: pytest.LogCaptureFixture, base: str, shown: str
) -> None:
    async def begin() -> None:
        stop = asyncio.Event()
        bot = client.make_bot(DEFAULT_TOKEN, base)
        connecting = asyncio.create_task(client.connect(bot, stop))
        await until(lambda: len(caplog.messages) > 1)
        stop.set()
        await connecting
        await bot.shutdown()

    with caplog.at_level(logging.INFO):
        asyncio.run(begin())
    assert caplog.messages[0] == f"using the Bot API server at {shown}"
    assert "Pass" not in caplog.text


def test_the_doctor_looks_whether_the_backups_have_a_folder(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def about_backups() -> tuple[Level, str]:
        found = {finding.about: finding for finding in examine(NOW)}["backups"]
        return found.level, found.words

    assert about_backups() == (Level.WARN, "none in backups yet")
    folder = path.with_name("backups")
    folder.touch()
    assert about_backups() == (Level.FAIL, "backups is no folder (BACKUP_FOLDER)")
    folder.unlink()
    folder.symlink_to("nowhere")
    assert about_backups() == (Level.FAIL, "backups is no folder (BACKUP_FOLDER)")
    folder.unlink()
    folder.mkdir()
    assert about_backups() == (Level.WARN, "none in backups yet")
    monkeypatch.setattr("bot.commands.doctor.os.access", lambda *_, **__: False)
    assert about_backups() == (Level.FAIL, "backups may not be read or written (BACKUP_FOLDER)")

"""backup, restore, rekey and doctor: what whoever runs the bot types, and what they are told."""

import asyncio
import re
import shutil
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.commands.doctor import Level, _clock, _roughly, examine
from bot.demo.server import DEFAULT_TOKEN, BotApiServer
from storage.backups import Backups
from storage.connection import is_plain
from storage.database import Database
from storage.store import Store
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


@pytest.fixture
def telegram(monkeypatch: pytest.MonkeyPatch) -> Iterator[BotApiServer]:
    """A Bot API server, in a thread of its own: the doctor brings an event loop of its own."""
    loop, server = asyncio.new_event_loop(), BotApiServer()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def do(work: Any) -> None:
        asyncio.run_coroutine_threadsafe(work, loop).result(10)

    do(server.__aenter__())
    monkeypatch.setenv("TELEGRAM_API_BASE", server.base_url)
    yield server
    do(server.__aexit__(None, None, None))
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def levels(now: datetime | None = None) -> dict[str, tuple[Level, str]]:
    """What the doctor finds."""
    found = examine(now or datetime.now(UTC))
    return {finding.about: (finding.level, finding.words) for finding in found}


def test_the_doctor_finds_a_healthy_bot_healthy(path: Path, telegram: BotApiServer) -> None:
    Backups(path.parent / "backups", path).make(None, datetime.now(UTC))
    database = Database(path).open()
    try:
        result = ampersand("doctor")
        found = levels()
    finally:
        database.close()
    assert result.exit_code == 0, result.output
    assert found["token"] == (Level.OK, "belongs to @ampersand_demo_bot")
    about = ("settings", "token", "clock", "bot", "database", "people", "schedule", "set aside")
    assert {name: found[name][0] for name in about} == dict.fromkeys(about, Level.OK)
    assert found["backups"][0] is Level.OK
    assert found["people"][1] == "10 active"
    assert "in use by process" in found["bot"][1]
    assert DEFAULT_TOKEN not in result.output
    assert re.search("^ok    database: .*, sound, not encrypted$", result.output, re.MULTILINE)
    assert all(re.match("(ok|warn|fail) +[a-z ]+: ", line) for line in result.output.splitlines())


def test_the_doctor_knows_a_wrong_token_and_a_wrong_clock(
    path: Path, telegram: BotApiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = "987654321:not-the-token-of-this-bot"
    monkeypatch.setenv("BOT_TOKEN", other)
    result = ampersand("doctor")
    assert result.exit_code == 1
    assert "fail  token: Telegram does not know it" in result.output
    assert other not in result.output
    now = datetime.now(UTC)
    for off, level in ((10, Level.OK), (60, Level.WARN), (-3600, Level.FAIL)):
        assert levels(now + timedelta(seconds=off))["clock"][0] is level


@pytest.mark.parametrize("date", ["", "yesterday", "Tue, 24 Nov 2026 11:00:00 -0000"])
def test_a_date_that_tells_nothing_is_no_finding(date: str) -> None:
    assert list(_clock(datetime.now(UTC), date)) == []


def test_the_doctor_says_how_old_the_help_lines_are(path: Path) -> None:
    level, words = levels(datetime(2027, 12, 1, tzinfo=UTC))["help lines"]
    assert level is Level.WARN
    assert re.search(r"the oldest checked (on|in) 20\d\d[-\d]*; \d+ not for 90 days", words)
    assert "`ampersand check --warnings` names them" in words


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (date(2014, 1, 1), "in 2014"),
        (date(2016, 9, 1), "in 2016-09"),
        (date(2019, 3, 17), "on 2019-03-17"),
    ],
)
def test_a_date_is_not_told_more_exactly_than_it_is_known(day: date, told: str) -> None:
    assert _roughly(day) == told


def test_the_doctor_says_that_a_backup_has_another_key(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So it is right after a rekey; a new backup ends it."""
    backups = Backups(path.parent / "backups", path)
    backups.make(None, datetime.now(UTC) - timedelta(minutes=2))
    assert ampersand("rekey", "--new-key-file", "a.key").exit_code == 0
    monkeypatch.setenv("DATABASE_KEY_FILE", "a.key")
    level, words = levels()["backups"]
    assert level is Level.WARN
    assert words.endswith("is not encrypted; `ampersand backup` makes a new one")
    key = Path("a.key").read_text().strip()
    backups.make(key, datetime.now(UTC) - timedelta(minutes=1))
    assert ampersand("rekey", "--new-key-file", "b.key").exit_code == 0
    monkeypatch.setenv("DATABASE_KEY_FILE", "b.key")
    level, words = levels()["backups"]
    assert level is Level.FAIL
    assert "was made under another key, or is damaged; `ampersand backup`" in words
    assert ampersand("backup").exit_code == 0
    assert levels()["backups"][0] is Level.OK


def test_the_doctor_warns_of_a_token_that_everybody_can_read(path: Path) -> None:
    assert "secrets" not in levels()
    file = Path(".env")
    file.write_text(f"BOT_TOKEN={DEFAULT_TOKEN}\n")
    file.chmod(0o600)
    assert "secrets" not in levels()
    file.chmod(0o644)
    level, words = levels()["secrets"]
    assert level is Level.WARN
    assert "`chmod 600 .env`" in words


def test_the_doctor_fails_where_deletions_are_not_known_any_more(path: Path) -> None:
    assert "deletions" not in levels()
    path.with_name("ampersand.db.erased").mkdir()
    level, words = levels()["deletions"]
    assert level is Level.FAIL
    assert "ampersand.db.erased cannot be read: Is a directory" in words


def test_the_doctor_fails_over_a_path_in_a_circle(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.name)
    level, words = levels()["database"]
    assert level is Level.FAIL
    assert "go in a circle" in words


def test_the_doctor_says_what_is_late_full_or_set_aside(path: Path) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    database = Database(path).open()

    def neglect(store: Store) -> None:
        store.schedule.set(1, "question", now - timedelta(minutes=5))
        store.inbox.store([{"update_id": n} for n in (1, 2, 3)], now - timedelta(minutes=9))
        store.inbox.quarantine(1, now)
        store.outbox.fail(1, "refused")

    database.submit(lambda conn: neglect(Store(conn))).result()
    database.close()
    found = levels(now)
    assert found["token"] == (Level.WARN, "Telegram cannot be reached (ClientConnectorError)")
    assert found["schedule"] == (Level.WARN, "300 s behind")
    assert found["inbox"] == (Level.WARN, "2 updates wait, the oldest for 540 s")
    assert found["set aside"][0] is Level.WARN
    assert found["outbox"] == (Level.WARN, "29 messages wait, 1 were refused")
    assert found["bot"] == (Level.WARN, "the bot does not run")
    assert found["backups"][0] is Level.WARN
    # Without Telegram the database tells that the clock has gone back.
    assert found.get("clock") is None
    assert levels(now - timedelta(days=1))["clock"][0] is Level.WARN


@pytest.mark.parametrize("trouble", ["settings", "key", "damage", "backup", "disk"])
def test_the_doctor_fails_where_the_bot_would(
    path: Path, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    backup = Backups(path.parent / "backups", path).make(None, datetime.now(UTC))
    about = "database"
    if trouble == "settings":
        monkeypatch.delenv("BOT_TOKEN")
        about = "settings"
    elif trouble == "key":
        monkeypatch.setenv("DATABASE_KEY", PASSPHRASE)
    elif trouble == "damage":
        path.write_bytes(path.read_bytes()[:30_000])
    elif trouble == "backup":
        backup.path.write_bytes(b"nothing")
        about = "backups"
    else:
        usage = shutil.disk_usage(path)._replace(free=1_000_000)
        monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
        about = "disk"
    found = levels()
    assert found[about][0] is Level.FAIL, found
    assert PASSPHRASE not in str(found)


def test_the_doctor_makes_nothing(tmp_path: Path) -> None:
    found = levels()
    assert found["database"][0] is Level.WARN
    assert list(tmp_path.iterdir()) == []
    assert ampersand("doctor").exit_code == 0

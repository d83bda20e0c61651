"""What the doctor finds, also where something else answers in Telegram's place."""

import asyncio
import json
import re
import shutil
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from bot.commands.doctor import Level, _clock, _roughly, examine
from bot.demo.server import DEFAULT_TOKEN, BotApiServer
from storage.backups import Backups
from storage.database import Database
from storage.store import Store
from tests.commands.typed import ampersand
from tests.crowd import NOW

PASSPHRASE = "correct horse battery staple"

pytestmark = pytest.mark.usefixtures("settings")


class Answering(HTTPServer):
    """Answers everything in the same way."""

    status = 200
    body: Any = None
    paths: list[str]


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        server = self.server
        assert isinstance(server, Answering)
        server.paths.append(self.path)
        body = json.dumps(server.body).encode()
        self.send_response(server.status)
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Answering]:
    made = Answering(("127.0.0.1", 0), _Handler)
    made.paths = []
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    monkeypatch.chdir(tmp_path)
    for name in ("DATABASE_KEY", "DATABASE_KEY_FILE", "BACKUP_FOLDER", "BACKUP_KEEP"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("BOT_TOKEN", DEFAULT_TOKEN)
    monkeypatch.setenv("TELEGRAM_API_BASE", f"http://127.0.0.1:{made.server_port}")
    monkeypatch.setenv("DATABASE_PATH", "ampersand.db")
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


OWNER = {"ok": True, "result": {"id": 1, "is_bot": True, "username": "ampersand_bot"}}
REFUSED = {"ok": False, "error_code": 401, "description": "Unauthorized"}


@pytest.mark.parametrize(
    ("status", "body", "level", "words"),
    [
        (200, OWNER, Level.OK, "belongs to @ampersand_bot"),
        (401, REFUSED, Level.FAIL, "Telegram does not know it"),
        (401, {"error_code": 401}, Level.WARN, "Telegram answers with 401"),
        (302, OWNER, Level.WARN, "Telegram answers with 302"),
        (200, {"ok": True, "result": "a portal"}, Level.WARN, "Telegram answers with 200"),
        (200, OWNER["result"], Level.WARN, "Telegram answers with 200"),
        (429, {}, Level.WARN, "Telegram answers with 429"),
    ],
)
def test_only_telegram_itself_says_whether_it_knows_the_token(
    server: Answering, status: int, body: Any, level: Level, words: str
) -> None:
    server.status, server.body = status, body
    found = {finding.about: finding for finding in examine(NOW)}["token"]
    assert (found.level, found.words) == (level, words)
    # The token is told to nobody else.
    assert server.paths == [f"/bot{DEFAULT_TOKEN}/getMe"]


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

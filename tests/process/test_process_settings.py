"""Settings that are wrong or missing: one clear line, exit code 2, and the token is never shown."""

import os
import subprocess
import sys
from contextlib import chdir
from pathlib import Path
from unittest.mock import patch

import pytest
from click.testing import CliRunner

from bot.__main__ import cli
from bot.demo.server import DEFAULT_TOKEN, BotApiServer
from tests.patience import PATIENCE
from tests.processes import BotProcess, environment

SECRET = "12345678:a-token-that-nobody-may-see"
HERE = "http://127.0.0.1:9"
WEBHOOK = {"WEBHOOK_URL": "https://bot.example.org/hook"}
RATE = "SEND_RATE: a number above 0, 1000 at the most"


def refused(folder: Path, **variables: str) -> str:
    """The one line with which ``ampersand run`` refuses these settings; a folder without .env."""
    with chdir(folder), patch.dict(os.environ, environment(folder, **variables), clear=True):
        done = CliRunner().invoke(cli, ["run"])
    return _line(done.exit_code, done.stdout, done.stderr)


def refused_outside(folder: Path, **variables: str) -> str:
    """The same, by a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", "run"],
        cwd=folder,
        env=environment(folder, **variables),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    return _line(done.returncode, done.stdout, done.stderr)


def _line(code: int, output: str, errors: str) -> str:
    assert code == 2
    assert output == ""
    assert SECRET not in errors
    assert len(errors.splitlines()) == 1
    assert errors.startswith("ampersand: ")
    return errors.removeprefix("ampersand: ").strip()


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({}, "BOT_TOKEN is missing. Talk to @BotFather"),
        ({"BOT_TOKEN": ""}, "BOT_TOKEN is missing. Talk to @BotFather"),
        ({"BOT_TOKEN": SECRET.replace(":", "")}, "BOT_TOKEN: does not look like"),
        ({"BOT_TOKEN": f"{SECRET} "}, "BOT_TOKEN: does not look like"),
        ({"BOT_TOKEN": f"{SECRET}/getMe"}, "BOT_TOKEN: does not look like"),
        ({"TELEGRAM_API_BASE": "api.telegram.org"}, "TELEGRAM_API_BASE: must begin with"),
        ({"TELEGRAM_API_BASE": "http://"}, "TELEGRAM_API_BASE: is no address"),
        ({"TELEGRAM_API_BASE": f"http://bot:{SECRET}"}, "TELEGRAM_API_BASE: is no address"),
        ({"BOT_TOKEN": "123456:ABC"}, "BOT_TOKEN: too short"),
        ({"SEND_RATE": "fast"}, RATE),
        ({"SEND_RATE": "0"}, RATE),
        ({"SEND_RATE": "1001"}, RATE),
        ({"BACKUP_AT": "half past three"}, "BACKUP_AT: a time like 03:30"),
        ({"BACKUP_AT": "03:30+01:00"}, "BACKUP_AT: is a time in UTC, like 03:30"),
        ({"BACKUP_KEEP": "0"}, "BACKUP_KEEP: a whole number from 1 to 1000"),
        ({"INVITE_CODE": "a b"}, "INVITE_CODE: takes 1 to 64 letters, digits, - and _"),
        ({"INVITE_CODE": "x" * 65}, "INVITE_CODE: takes 1 to 64 letters, digits, - and _"),
        ({"LOG_LEVEL": "loud"}, "LOG_LEVEL: DEBUG, INFO, WARNING or ERROR"),
        ({"LOG_FORMAT": "xml"}, "LOG_FORMAT: text or json"),
        ({"DATABASE_PATH": "."}, "cannot open the database"),
        ({"DATABASE_PATH": "words.txt/ampersand.db"}, "cannot make the folder words.txt"),
        ({"DATABASE_PATH": "words.txt"}, "words.txt: not a database, or another key is needed"),
        ({**WEBHOOK, "WEBHOOK_LISTEN": "a..b:8080"}, "WEBHOOK_LISTEN: cannot listen at a..b:8080"),
        ({"SEND_RATE": "x", "LOG_FORMAT": "y"}, f"{RATE}; LOG_FORMAT: text or json"),
    ],
)
def test_a_setting_is_refused_with_one_line(
    tmp_path: Path, variables: dict[str, str], said: str
) -> None:
    (tmp_path / "words.txt").write_text("Not a database at all, only words.\n" * 40)
    given = {"BOT_TOKEN": SECRET, "TELEGRAM_API_BASE": HERE, **variables}
    if not variables:
        del given["BOT_TOKEN"]
    assert refused(tmp_path, **given).startswith(said)


def test_every_wrong_setting_is_named_at_once(tmp_path: Path) -> None:
    line = refused(tmp_path, BOT_TOKEN=f"{SECRET}!", SEND_RATE="x", LOG_FORMAT="y")
    assert [part.partition(":")[0] for part in line.split("; ")] == [
        "BOT_TOKEN",
        "SEND_RATE",
        "LOG_FORMAT",
    ]


def test_a_process_says_so_too(tmp_path: Path) -> None:
    assert refused_outside(tmp_path).startswith("BOT_TOKEN is missing. Talk to @BotFather")
    (tmp_path / "file").touch()
    line = refused_outside(tmp_path, BOT_TOKEN=SECRET, DATABASE_PATH="file/ampersand.db")
    assert line == "cannot make the folder file"


def test_the_file_is_read_and_has_to_be_readable(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"BOT_TOKEN={SECRET}\nLOG_LEVEL=LOUD\n", encoding="utf-8")
    assert refused(tmp_path).startswith("LOG_LEVEL: ")
    (tmp_path / ".env").write_bytes(f"BOT_TOKEN={SECRET}\nOPERATOR_NAME=Zo\xe9".encode("latin-1"))
    assert refused(tmp_path) == ".env cannot be read; it has to be a text file in UTF-8"


def test_a_misspelt_name_is_told_with_the_right_one(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / ".env").write_text(
        f"BOTTOKEN={SECRET}\nBACKUPKEEP=3\nFAVOURITE_COLOUR=green\nLOG_FORMAT=xml\nSEND_RATE=5\n",
        encoding="utf-8",
    )
    assert refused(tmp_path).startswith("BOT_TOKEN is missing")
    assert caplog.messages == [
        ".env: BOTTOKEN is not a setting; did you mean BOT_TOKEN?",
        ".env: BACKUPKEEP is not a setting; did you mean BACKUP_KEEP?",
        ".env: FAVOURITE_COLOUR is not a setting",
    ]


async def test_a_token_that_telegram_does_not_know_is_refused(
    server: BotApiServer, database_path: Path, tmp_path: Path
) -> None:
    bot = BotProcess(tmp_path, server, database_path, BOT_TOKEN=SECRET)
    await bot.start()
    assert await bot.ended() == 2
    log = bot.log.read_text(encoding="utf-8")
    assert log.splitlines()[-1] == "ampersand: BOT_TOKEN: Telegram does not know this token"
    assert SECRET not in log
    assert "Traceback" not in log


async def test_the_address_need_not_answer_when_the_bot_starts(
    server: BotApiServer, bot: BotProcess
) -> None:
    """As with a network that comes up after the bot, or names that cannot be looked up yet."""
    port = int(server.base_url.rpartition(":")[2])
    await server.stop()
    await bot.start()
    await bot.logs("Telegram cannot be reached yet")
    await server.start(port)
    await bot.ready()
    ada = server.person(7)
    await ada.send_text("Hello there, are you awake?")
    await ada.wait_for("Send /start", timeout=PATIENCE)
    await bot.stop()


async def test_the_name_may_be_unknown_when_the_bot_starts(
    server: BotApiServer, database_path: Path, tmp_path: Path
) -> None:
    bot = BotProcess(
        tmp_path, server, database_path, TELEGRAM_API_BASE="http://no-such-host.invalid"
    )
    await bot.start()
    await bot.logs("Telegram cannot be reached yet: NotSentError")
    await bot.stop()
    assert DEFAULT_TOKEN not in bot.log.read_text(encoding="utf-8")

"""The webhook's settings: a wrong one is one clear line and exit code 2, and shows no secret."""

import os
from contextlib import chdir
from pathlib import Path
from unittest.mock import patch

import pytest
from click.testing import CliRunner

from bot.__main__ import cli
from bot.config import ConfigError, load_settings
from tests.processes import environment

TOKEN = "12345678:a-token-that-nobody-may-see"
SECRET = "a secret that nobody may see"
GOOD = {
    "BOT_TOKEN": TOKEN,
    "WEBHOOK_URL": "https://bot.example.org/hook",
    "WEBHOOK_LISTEN": "127.0.0.1:8080",
    "WEBHOOK_SECRET": "letters-DIGITS_09",
}
"""Telegram itself is meant, so nothing here may ever begin to run."""

BAD_URL = "WEBHOOK_URL: has to begin with https:// and a host"
BAD_LISTEN = "WEBHOOK_LISTEN: is no address to listen at, like 127.0.0.1:8080"
BAD_SECRET = "WEBHOOK_SECRET: takes 1 to 256 letters, digits, - and _"
BAD_PATH = "WEBHOOK_URL: has to have a path of letters, digits, -, ., _, ~ and /"


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"WEBHOOK_URL": "http://bot.example.org/hook"}, BAD_URL),
        ({"WEBHOOK_URL": "bot.example.org"}, BAD_URL),
        ({"WEBHOOK_URL": "https://"}, BAD_URL),
        ({"WEBHOOK_URL": f"https://me:{TOKEN}@bot.example.org/"}, BAD_URL),
        ({"WEBHOOK_URL": f"https://bot.example.org:{TOKEN}/"}, "WEBHOOK_URL: is no address"),
        ({"WEBHOOK_URL": "https://bot.example.org/a b"}, "WEBHOOK_URL: is no address"),
        (
            {"WEBHOOK_URL": "https://bot.example.org:8080/hook"},
            "WEBHOOK_URL: has to have one of the ports 443, 80, 88 and 8443",
        ),
        (
            {"WEBHOOK_URL": "https://bot.example.org/healthz"},
            "WEBHOOK_URL: needs another path; /healthz is taken",
        ),
        (
            {"WEBHOOK_URL": "https://bot.example.org/hook?key=1"},
            "WEBHOOK_URL: has to end with its path",
        ),
        ({"WEBHOOK_URL": "https://bot.example.org/{hook}"}, BAD_PATH),
        ({"WEBHOOK_URL": "https://bot.example.org/%7Bhook"}, BAD_PATH),
        ({"WEBHOOK_LISTEN": "8080"}, BAD_LISTEN),
        ({"WEBHOOK_LISTEN": ":8080"}, BAD_LISTEN),
        ({"WEBHOOK_LISTEN": "localhost"}, BAD_LISTEN),
        ({"WEBHOOK_LISTEN": "localhost:http"}, BAD_LISTEN),
        ({"WEBHOOK_LISTEN": "localhost:65536"}, BAD_LISTEN),
        ({"WEBHOOK_SECRET": SECRET}, BAD_SECRET),
        ({"WEBHOOK_SECRET": "s\u00e9cret"}, BAD_SECRET),
        ({"WEBHOOK_SECRET": "x" * 257}, BAD_SECRET),
    ],
)
def test_a_wrong_setting_is_one_line(tmp_path: Path, variables: dict[str, str], said: str) -> None:
    given = environment(tmp_path, **GOOD | variables)
    with chdir(tmp_path), patch.dict(os.environ, given, clear=True):
        done = CliRunner().invoke(cli, ["run"])
    assert done.exit_code == 2
    assert done.stdout == ""
    assert done.stderr == f"ampersand: {said}\n"
    assert TOKEN not in done.stderr
    assert SECRET not in done.stderr


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"WEBHOOK_URL": ""},
        {"WEBHOOK_URL": "https://bot.example.org"},
        {"WEBHOOK_URL": "https://bot.example.org:8443/a/b-c_d.e~f"},
        {"WEBHOOK_URL": "http://127.0.0.1:8080/hook", "TELEGRAM_API_BASE": "http://127.0.0.1:9"},
        {"WEBHOOK_LISTEN": "0.0.0.0:80"},
        {"WEBHOOK_LISTEN": "[::1]:8080"},
        {"WEBHOOK_SECRET": "x" * 256},
        {"WEBHOOK_SECRET": ""},
    ],
)
def test_what_is_right_is_taken(tmp_path: Path, variables: dict[str, str]) -> None:
    given = environment(tmp_path, **GOOD | variables)
    with chdir(tmp_path), patch.dict(os.environ, given, clear=True):
        settings = load_settings()
    assert GOOD["WEBHOOK_SECRET"] not in repr(settings)
    assert TOKEN not in repr(settings)


def test_several_wrong_ones_are_named_at_once(tmp_path: Path) -> None:
    wrong = GOOD | {"WEBHOOK_URL": "x", "WEBHOOK_LISTEN": "x", "WEBHOOK_SECRET": "x y"}
    given = environment(tmp_path, **wrong)
    with (
        chdir(tmp_path),
        patch.dict(os.environ, given, clear=True),
        pytest.raises(ConfigError) as refused,
    ):
        load_settings()
    assert str(refused.value) == "; ".join([BAD_URL, BAD_LISTEN, BAD_SECRET])

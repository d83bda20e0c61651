"""The doctor asks Telegram: whose the token is, and what else may answer in Telegram's place."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from bot.commands.doctor import Level, examine
from bot.demo.server import DEFAULT_TOKEN
from tests.crowd import NOW


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

"""Somebody who calls at the bot's address: Telegram, a stranger, or who asks how it is."""

import io
import json
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import aiohttp
from pydantic import SecretStr

from bot.transport.webhook import SECRET_HEADER
from storage.connection import connect
from tests.house import House, open_house

SECRET = "a-Secret_0f-ours"


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        return int(chosen.getsockname()[1])


@asynccontextmanager
async def open_called_house(database_path: Path) -> AsyncIterator[House]:
    """The whole bot, running, with updates brought to it."""
    port = free_port()
    async with open_house(
        database_path,
        webhook_url=f"http://127.0.0.1:{port}/hook",
        webhook_listen=f"127.0.0.1:{port}",
        webhook_secret=SecretStr(SECRET),
    ) as opened:
        yield opened


class Caller:
    """Somebody who calls at the bot's address."""

    def __init__(self, house: House, session: aiohttp.ClientSession) -> None:
        self._base = f"http://{house.settings.webhook_listen}"
        self._session = session

    async def post(
        self, body: bytes | str, secret: str | None = SECRET, encoding: str | None = None
    ) -> int:
        """Bring something to the webhook and give the status of the answer."""
        headers = {} if secret is None else {SECRET_HEADER: secret}
        if encoding is not None:
            headers["Content-Encoding"] = encoding
        data = io.BytesIO(body.encode() if isinstance(body, str) else body)
        async with self._session.post(f"{self._base}/hook", data=data, headers=headers) as answer:
            assert encoding is not None or await answer.read() == b""
            return answer.status

    async def health(self) -> tuple[int, dict[str, Any]]:
        """Ask how the bot is."""
        async with self._session.get(f"{self._base}/healthz") as answer:
            return answer.status, await answer.json()

    async def get(self, path: str) -> int:
        """Look at another path."""
        async with self._session.get(f"{self._base}{path}") as answer:
            return answer.status


@asynccontextmanager
async def calling(house: House) -> AsyncIterator[Caller]:
    """Somebody who calls at this house."""
    async with aiohttp.ClientSession() as session:
        yield Caller(house, session)


def update(update_id: int, text: str, chat_id: int = 11) -> str:
    """An update as Telegram brings it."""
    chat = {"id": chat_id, "type": "private", "first_name": "Ada"}
    message = {"message_id": update_id, "date": 1_772_442_000, "chat": chat, "text": text}
    return json.dumps({"update_id": update_id, "message": message})


@contextmanager
def locked(house: House) -> Iterator[None]:
    """Another program keeps the database to itself for longer than the bot waits."""
    house.app.database.submit(lambda conn: conn.execute("PRAGMA busy_timeout = 20")).result()
    other = connect(house.settings.database_path)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()

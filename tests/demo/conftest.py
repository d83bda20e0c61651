"""A server on a free port, two ways to call it, and a clock that tests can move."""

from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import pytest
from aiohttp import ClientSession
from telegram import Bot

from bot.demo.control import ShiftedClock
from bot.demo.people import Person
from bot.demo.server import BotApiServer


@pytest.fixture
def clock() -> ShiftedClock:
    return ShiftedClock()


@pytest.fixture
async def server(clock: ShiftedClock) -> AsyncIterator[BotApiServer]:
    async with BotApiServer(clock=clock) as running:
        yield running


@pytest.fixture
async def http() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session


@pytest.fixture
def call(server: BotApiServer, http: ClientSession) -> Callable[..., Coroutine[Any, Any, Any]]:
    """Posts JSON to the named method and returns the parsed answer."""

    async def post(method: str, **params: Any) -> Any:
        url = f"{server.base_url}/bot{server.token}/{method}"
        async with http.post(url, json=params) as answer:
            parsed = await answer.json()
            assert answer.status == (200 if parsed["ok"] else parsed["error_code"])
            return parsed

    return post


@pytest.fixture
async def ada(server: BotApiServer, call: Callable[..., Coroutine[Any, Any, Any]]) -> Person:
    """Somebody who has pressed Start; the update about it is confirmed."""
    person = server.person(7, "Ada")
    await person.send_text("/start")
    await call("getUpdates", offset=-1)
    await call("getUpdates", offset=server.pending[-1]["update_id"] + 1)
    return person


@pytest.fixture
async def bot(server: BotApiServer) -> AsyncIterator[Bot]:
    """python-telegram-bot's own client."""
    client = Bot(
        server.token,
        base_url=f"{server.base_url}/bot",
        base_file_url=f"{server.base_url}/file/bot",
    )
    async with client:
        yield client

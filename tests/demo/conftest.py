"""A server on a free port, two ways to call it, and a clock that tests can move.

For the chat page: a demo, a browser, and pages that fail the test where the browser complains.
"""

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import ClientSession
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect
from telegram import Bot

from bot.demo.control import ShiftedClock
from bot.demo.demo import Demo
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


CHROMIUM = Path("/usr/bin/chromium")
QUIETLY = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
START = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
"""A Monday: what the clock shows when somebody new comes."""

NewPage = Callable[..., Awaitable[Page]]


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def demo() -> AsyncIterator[Demo]:
    """A demo on a free port, one for all tests of a module."""
    running = Demo(start=START)
    await running.open(0)
    yield running
    await running.close()


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Where Debian's Chromium is."""
    if not CHROMIUM.exists():
        if os.environ.get("AMPERSAND_REQUIRE_PACKAGES") == "1":
            pytest.fail(f"{CHROMIUM} is missing; on Debian: apt-get install chromium")
        pytest.skip(f"{CHROMIUM} is missing; on Debian: apt-get install chromium")
    return CHROMIUM


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def browser(chromium: Path) -> AsyncIterator[Browser]:
    """The browser, without a window."""
    expect.set_options(timeout=60_000)
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=chromium, args=[*QUIETLY])
        yield running
        await running.close()


@pytest_asyncio.fixture(loop_scope="session")
async def new_page(demo: Demo, browser: Browser) -> AsyncIterator[NewPage]:
    """Opens pages of their own, phone width by default; what they complain of fails the test."""
    complaints: list[str] = []
    contexts: list[BrowserContext] = []

    async def open_page(path: str = "", *, width: int = 360, **options: Any) -> Page:
        context = await browser.new_context(
            viewport={"width": width, "height": 740},
            locale="en-GB",
            timezone_id="Europe/Lisbon",
            permissions=["clipboard-read", "clipboard-write"],
            **options,
        )
        contexts.append(context)
        context.set_default_timeout(60_000)
        page = await context.new_page()
        page.on("console", lambda said: complaints.append(f"{said.type}: {said.text}"))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto(f"{demo.address}{path}")
        return page

    yield open_page
    for context in contexts:
        await context.close()
    assert complaints == []


@pytest_asyncio.fixture(loop_scope="session")
async def page(new_page: NewPage) -> Page:
    """The page of somebody new."""
    return await new_page()

"""A Bot API server for a bot in a process of its own, and an ear on what that process logs."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.demo.server import BotApiServer
from tests.leaks import Overheard, listening
from tests.processes import BotProcess


@pytest.fixture(autouse=True)
def overheard(tmp_path: Path) -> Iterator[Overheard]:
    """Fails a test in which a typed sentence or the token was logged."""
    with listening() as heard:
        heard.logs.append(tmp_path / "bot.log")
        yield heard
    assert heard.leaks() == []


@pytest.fixture
async def server(overheard: Overheard) -> AsyncIterator[BotApiServer]:
    """Telegram's side; at the end every request must have been one that Telegram takes."""
    async with BotApiServer() as running:
        yield running
    assert running.violations == []


@pytest.fixture
async def bot(
    server: BotApiServer, database_path: Path, tmp_path: Path
) -> AsyncIterator[BotProcess]:
    """A bot that has not been started yet."""
    process = BotProcess(tmp_path, server, database_path, SEND_RATE="100")
    try:
        yield process
    finally:
        await process.close()

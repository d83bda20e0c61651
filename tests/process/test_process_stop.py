"""SIGTERM while messages are on their way, and once more: the stop is soon, nothing is lost."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.demo.server import BotApiServer
from tests.leaks import Overheard
from tests.meeting import meet
from tests.patience import PATIENCE, until
from tests.processes import BotProcess, WatchedServer
from tests.sendings import notes, reactions

CROWD = 50


@pytest.fixture
async def server(overheard: Overheard) -> AsyncIterator[WatchedServer]:
    """Telegram's side, which tells whether the bot polls."""
    running = WatchedServer()
    async with running:
        yield running
    assert running.violations == []


async def test_a_second_sigterm_in_the_drain_loses_nothing(
    bot: BotProcess, server: WatchedServer
) -> None:
    people = meet(server, bot.database, CROWD)
    for person in people:
        await person.send_text(f"A line from person {person.id}.")
    held = server.faults.hold(method="sendMessage", times=-1)
    await bot.start()
    await held.reached.wait()
    await bot.ready()
    assert server.polls
    bot.terminate()
    await until(lambda: not server.polls)
    assert bot.runs
    bot.terminate()
    server.faults.clear()
    assert await bot.ended() == 0
    await bot.start()
    await bot.settled()
    await bot.stop()
    assert bot.rows("SELECT count(*), count(DISTINCT text) FROM answers") == [(CROWD, CROWD)]
    # In the drain nothing was in doubt, so everything has come once.
    assert notes(server) == Counter(person.id for person in people)
    assert set(reactions(server).values()) == {1}


async def test_a_message_that_hangs_does_not_hold_up_the_stop_and_comes_after_the_next_start(
    bot: BotProcess, server: BotApiServer
) -> None:
    """Telegram has a message and does not answer; the stop waits a few seconds, not for ever."""
    first, second = meet(server, bot.database, 2)
    hanging = server.faults.hold(method="sendMessage", chat_id=first.id, times=-1)
    await first.send_text("Something that is answered late.")
    await second.send_text("Something that is answered at once.")
    await bot.start()
    await hanging.reached.wait()
    await until(lambda: bot.rows("SELECT DISTINCT chat_id FROM outbox") == [(first.id,)])
    await bot.stop()
    assert not hanging.released.is_set()
    assert notes(server) == Counter({second.id: 1})
    # It stands there as one that may have arrived, and whatever follows in its chat waits behind.
    assert bot.rows("SELECT count(*) FROM outbox WHERE state = 'sending'") == [(1,)]
    hanging.times = 0
    await bot.start()
    await bot.settled()
    await bot.stop()
    assert notes(server) == Counter({first.id: 1, second.id: 1})
    assert bot.rows("SELECT count(*), count(DISTINCT text) FROM answers") == [(2, 2)]


async def test_a_stop_while_the_list_of_places_is_made_is_a_stop(
    tmp_path: Path, server: WatchedServer
) -> None:
    """Another process says the list faster than it is kept, and is still speaking."""
    bot = BotProcess(tmp_path, server, tmp_path / "new.db")
    try:
        await bot.start()
        await bot.ready()
        await until(lambda: bot.rows("SELECT count(*) > 0 FROM places") == [(1,)])
        bot.terminate()
        async with asyncio.timeout(PATIENCE / 4):
            assert await bot.ended() == 0
    finally:
        await bot.close()

"""SIGKILL while Telegram brings updates: nothing is lost and nothing is doubled."""

import asyncio
from collections import Counter
from pathlib import Path

import aiohttp

from bot.demo.people import Person
from bot.demo.server import BotApiServer
from bot.demo.world import Change
from tests.end_to_end.callers import SECRET, free_port
from tests.leaks import Overheard
from tests.meeting import meet
from tests.patience import PATIENCE, until
from tests.processes import BotProcess
from tests.sendings import Sendings, notes

CROWD = 20
KILLS = (("reaction", 3), ("sent", 1), ("sent", 1), ("sent", 9))
"""What Telegram has just done when the bot is killed, and how often in that run."""


async def _healthy(bot: BotProcess, port: int) -> None:
    async with asyncio.timeout(PATIENCE), aiohttp.ClientSession() as session:
        while True:
            try:
                async with session.get(f"http://127.0.0.1:{port}/healthz") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            assert bot.runs
            await asyncio.sleep(0.05)


async def test_kills_lose_nothing_that_was_brought(
    database_path: Path, tmp_path: Path, overheard: Overheard
) -> None:
    """Four times 20 messages wait, and the bot is killed at another point of its work each time."""
    overheard.logs.append(tmp_path / "bot.log")
    port = free_port()
    async with BotApiServer(webhook_pauses=(0.02, 0.1)) as server:
        bot = BotProcess(
            tmp_path,
            server,
            database_path,
            SEND_RATE="100",
            WEBHOOK_URL=f"http://127.0.0.1:{port}/hook",
            WEBHOOK_LISTEN=f"127.0.0.1:{port}",
            WEBHOOK_SECRET=SECRET,
        )
        people = meet(server, database_path, CROWD)
        sendings = Sendings(bot, server)
        try:
            await _live_through_kills(bot, server, people, sendings)
            await _healthy(bot, port)
            await until(lambda: not server.pending and not bot.boxes())
            await bot.stop()
        finally:
            await bot.close()
        assert server.violations == []
        assert server.calls("getUpdates") == []
        kept = Counter(row[0] for row in bot.rows("SELECT text FROM answers"))
    assert set(kept.values()) == {1}
    assert len(kept) == CROWD * len(KILLS)
    # A message that was under way at a kill may have been sent twice; nothing else may.
    assert sendings.wrong() == [], sendings.summary()
    noted = notes(server)
    left_out = sum(max(0, len(KILLS) - noted[person.id]) for person in people)
    assert left_out <= sum(doubts > 1 for doubts in sendings.doubts.values())


async def _live_through_kills(
    bot: BotProcess, server: BotApiServer, people: list[Person], sendings: Sendings
) -> None:
    kind, left = "", 0

    def killing(change: Change) -> None:
        nonlocal left
        if change.kind == kind and change.message is not None:
            left -= change.message.from_bot or kind == "reaction"
            if left == 0:
                bot.kill()

    server.subscribe(killing)
    for turn, moment in enumerate(KILLS):
        kind, left = moment
        for person in people:
            await person.send_text(f"Note {turn} about the day, by {person.id}.")
        await bot.start()
        assert await bot.ended() == -9
        sendings.note_kill()
    kind = ""
    await bot.start()

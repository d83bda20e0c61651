"""Two processes on one database, and a disk without room: with real processes, to be killed."""

import asyncio
import os
import resource
import subprocess
import sys
from asyncio.subprocess import PIPE
from collections import Counter
from pathlib import Path

import pytest

from bot.demo.server import BotApiServer
from storage.connection import connect, is_plain
from storage.database import Database
from tests.crowd import KEY
from tests.meeting import meet
from tests.patience import PATIENCE, until
from tests.processes import BotProcess, environment


async def second(folder: Path, bot: BotProcess, server: BotApiServer, **more: str) -> str:
    """Start another bot on the same database; give the line with which it ends, with code 2."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot", "run"),
        cwd=folder,
        env=environment(
            folder,
            BOT_TOKEN=server.token,
            TELEGRAM_API_BASE=server.base_url,
            DATABASE_PATH=str(bot.database),
            **more,
        ),
        stdout=PIPE,
        stderr=PIPE,
    )
    async with asyncio.timeout(PATIENCE):
        out, err = await process.communicate()
    assert process.returncode == 2
    assert out == b""
    (line,) = err.decode().splitlines()
    return line


@pytest.mark.parametrize("key", [None, KEY])
async def test_a_second_bot_is_refused_and_a_killed_one_is_in_nobodys_way(
    server: BotApiServer, tmp_path: Path, key: str | None
) -> None:
    more = {} if key is None else {"DATABASE_KEY": key}
    bot = BotProcess(tmp_path, server, tmp_path / "ampersand.db", **more)
    meet(server, bot.database, 1, key)
    try:
        await bot.start()
        await bot.ready()
        line = await second(tmp_path, bot, server, **more)
        assert f"is in use by process {bot.pid} on {os.uname().nodename}, since 20" in line
        assert is_plain(bot.database) is (key is None)
        bot.kill()
        await bot.ended()
        await bot.start()
        await until(lambda: bot.log.read_text(encoding="utf-8").count("ready as") == 2)
        await bot.stop()
    finally:
        await bot.close()


async def test_without_room_no_update_is_taken_and_with_room_none_is_missing(
    bot: BotProcess, server: BotApiServer
) -> None:
    """No file may grow for a while, as on a full disk; the log is one of them."""
    people = meet(server, bot.database, 20)
    await bot.start()
    await bot.ready()
    _, hard = resource.prlimit(bot.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (512, hard))
    for person in people:
        await person.send_text(f"Written by {person.id} on a full disk.")
    asked = len(server.calls("getUpdates"))
    await until(lambda: len(server.calls("getUpdates")) >= asked + 3)
    # Telegram still has all of them, so a kill now would lose none.
    assert len(server.pending) == 20
    assert bot.runs
    assert bot.rows("SELECT count(*) FROM inbox WHERE state = 'new'") == [(0,)]
    resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (hard, hard))
    await until(lambda: bot.rows("SELECT count(*) FROM answers") == [(20,)] and not server.pending)
    await until(lambda: bot.rows("SELECT count(*) FROM outbox") == [(0,)])
    await bot.stop()
    assert bot.rows("SELECT count(DISTINCT text) FROM answers") == [(20,)]
    reactions = Counter(c.chat_id for c in server.calls("setMessageReaction") if c.status == 200)
    assert reactions == Counter(range(1, 21))


async def test_what_was_sent_is_not_sent_again_because_the_disk_was_full(
    bot: BotProcess, server: BotApiServer
) -> None:
    """Telegram has taken a message, and that cannot be noted until there is room."""
    (person,) = meet(server, bot.database, 1)
    await bot.start()
    await bot.ready()
    held = server.faults.hold(method="setMessageReaction", after=True)
    await person.send_text("Something that is kept.")
    async with asyncio.timeout(PATIENCE):
        await held.reached.wait()
    _, hard = resource.prlimit(bot.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (512, hard))
    held.release()
    await asyncio.sleep(1.5)
    assert bot.rows("SELECT count(*) FROM outbox WHERE state = 'sending'") == [(1,)]
    resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (hard, hard))
    await until(lambda: bot.rows("SELECT count(*) FROM outbox") == [(0,)])
    await bot.stop()
    assert len([c for c in server.calls("setMessageReaction") if c.status == 200]) == 1


def test_a_start_without_room_may_be_tried_again(tmp_path: Path) -> None:
    """One line, and the exit code that lets a service manager start it again."""
    path = tmp_path / "ampersand.db"
    Database(path).open().close()
    command = f'ulimit -f 0; exec "{sys.executable}" -m bot run'
    done = subprocess.run(  # noqa: S603 - a command of this file
        ["/bin/sh", "-c", command],
        cwd=tmp_path,
        env=environment(
            tmp_path,
            BOT_TOKEN="123456789:a-token-for-a-test",
            TELEGRAM_API_BASE="http://127.0.0.1:9",
            DATABASE_PATH=str(path),
        ),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "cannot be written: no room" in line
    conn = connect(path, read_only=True)
    assert conn.execute("SELECT count(*) FROM people").fetchone()[0] == 0
    conn.close()

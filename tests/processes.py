"""The bot as its users meet it: a process of its own, to be killed, stopped and started again."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from contextlib import suppress
from pathlib import Path

import aiohttp
from aiohttp import web

from bot.demo.server import BotApiServer
from storage.connection import connect
from tests.patience import PATIENCE

ROOT = Path(__file__).resolve().parents[1]


def environment(folder: Path, **variables: str) -> dict[str, str]:
    """What a process needs from its surroundings, and nothing that happens to be set here."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "error",
        **variables,
    }


class WatchedServer(BotApiServer):
    """A Bot API server that knows whether anybody is still there for its answers."""

    _poll: web.Request | None = None

    async def answer(self, request: web.Request) -> web.Response:
        """Answer one request, and remember it if it is a poll."""
        if request.match_info["method"].lower() == "getupdates":
            self._poll = request
        return await super().answer(request)

    @property
    def polls(self) -> bool:
        """Whether the newest poll's connection still stands."""
        transport = None if self._poll is None else self._poll.transport
        return transport is not None and not transport.is_closing()


class BotProcess:
    """``python -m bot run`` beside a local Bot API server; all its runs write into one log.

    Args:
        folder: where it runs and logs; there is no ``.env``.
        server: the Bot API server, listening.
        database: the file that everything is kept in.
        variables: more of its environment.
    """

    def __init__(
        self, folder: Path, server: BotApiServer, database: Path, **variables: str
    ) -> None:
        self.log = folder / "bot.log"
        self.database = database
        self._folder = folder
        self._server = server
        self._environment = environment(
            folder,
            **{
                "BOT_TOKEN": server.token,
                "TELEGRAM_API_BASE": server.base_url,
                "DATABASE_PATH": str(database),
                "OPERATOR_NAME": "Olive",
                "LOG_LEVEL": "DEBUG",
                **variables,
            },
        )
        self._process: Process | None = None

    async def start(self) -> None:
        """Start it, without waiting for anything."""
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "bot", "run"),
                cwd=self._folder,
                env=self._environment,
                stdin=DEVNULL,
                stdout=log,
                stderr=log,
            )

    async def ready(self) -> None:
        """Wait until it has nothing left to fetch."""
        polled = asyncio.create_task(self._server.polled())
        ended = asyncio.create_task(self._running().wait())
        try:
            async with asyncio.timeout(PATIENCE):
                await asyncio.wait({polled, ended}, return_when=asyncio.FIRST_COMPLETED)
            if ended.done():
                raise RuntimeError(f"the bot has ended: {self.log.read_text(encoding='utf-8')}")
        finally:
            for task in (polled, ended):
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

    async def logs(self, words: str) -> None:
        """Wait until these words stand in the log."""
        async with asyncio.timeout(PATIENCE):
            while words not in self.log.read_text(encoding="utf-8"):  # noqa: ASYNC110 - another process writes it
                await asyncio.sleep(0.02)

    def kill(self) -> None:
        """SIGKILL, at this very moment."""
        with suppress(ProcessLookupError):
            self._running().kill()

    def terminate(self) -> None:
        """SIGTERM, without waiting for the end."""
        self._running().send_signal(signal.SIGTERM)

    @property
    def pid(self) -> int:
        """The number of the process that runs now."""
        return self._running().pid

    @property
    def runs(self) -> bool:
        """Whether it has not ended yet."""
        return self._process is not None and self._process.returncode is None

    async def ended(self) -> int:
        """Wait for the end and give the exit code, negative for a signal.

        What it had sent by then has been answered as well, if to nobody.
        """
        async with asyncio.timeout(PATIENCE):
            code = await self._running().wait()
        self._process = None
        await self._forgotten()
        return code

    async def _forgotten(self) -> None:
        """Wait until the server is through with the process that has ended.

        Its requests lie in the sockets still, and would pass for those of the next run. They lie
        before any new one. Its long poll would wait on, as if a bot were there.
        """
        with suppress(aiohttp.ClientError):
            async with aiohttp.ClientSession() as session, session.get(self._server.base_url):
                pass
        self._server.world.updates.interrupt("the process that polled has ended")

    async def stop(self) -> None:
        """SIGTERM and wait, as at the end of a day."""
        self.terminate()
        assert await self.ended() == 0

    async def close(self) -> None:
        """End it if it still runs."""
        if self._process is not None:
            self.kill()
            await self.ended()

    def boxes(self) -> int:
        """How many updates and messages its database still has work with."""
        return self._number(
            "SELECT (SELECT count(*) FROM inbox WHERE state = 'new')"
            " + (SELECT count(*) FROM outbox WHERE state <> 'failed')"
        )

    def due(self) -> int:
        """How much has fallen due by the machine's clock and was not worked on yet."""
        return self._number("SELECT count(*) FROM schedule WHERE due_at <= unixepoch()")

    def _number(self, query: str) -> int:
        ((number,),) = self.rows(query)
        return int(str(number))

    async def settled(self) -> None:
        """Wait until everything was fetched, worked on and sent."""
        async with asyncio.timeout(PATIENCE):
            while True:
                await self.ready()
                if not self._server.pending and not self.due() and not self.boxes():
                    return
                await asyncio.sleep(0.05)

    def rows(self, query: str, *values: object) -> list[tuple[object, ...]]:
        """The rows of a query on its database, also while it runs."""
        conn = connect(self.database, read_only=True)
        try:
            return [tuple(row) for row in conn.execute(query, values)]
        finally:
            conn.close()

    def _running(self) -> Process:
        if self._process is None:
            raise RuntimeError("the bot does not run")
        return self._process

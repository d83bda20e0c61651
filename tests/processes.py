"""The bot as its users meet it: a process of its own, to be killed, stopped and started again."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from contextlib import suppress
from pathlib import Path

from bot.demo.server import BotApiServer
from storage.connection import connect

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
            async with asyncio.timeout(20):
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
        async with asyncio.timeout(20):
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
    def runs(self) -> bool:
        """Whether it has not ended yet."""
        return self._process is not None and self._process.returncode is None

    async def ended(self) -> int:
        """Wait for the end and give the exit code, negative for a signal."""
        async with asyncio.timeout(20):
            code = await self._running().wait()
        self._process = None
        return code

    async def stop(self) -> None:
        """SIGTERM and wait, as at the end of a day."""
        self.terminate()
        assert await self.ended() == 0

    async def close(self) -> None:
        """End it if it still runs."""
        if self._process is not None:
            self.kill()
            await self.ended()

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

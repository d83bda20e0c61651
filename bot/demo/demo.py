"""The demo as a whole: rooms with a real bot in each, and one address for the page."""

import errno
from datetime import datetime
from pathlib import Path

from aiohttp import web

from bot.demo.lives import load_lives
from bot.demo.pages import Pages
from bot.demo.rooms import Rooms

HOST = "127.0.0.1"
"""Nobody but this machine is listened to."""

USUAL_PORT = 8460
"""Taken where it is free and no other was asked for, so that addresses stay the same."""

_TAKEN = "another program has it, perhaps another demo; --port 0 takes a free one"


class PortError(Exception):
    """The port cannot be listened on."""


class Demo:
    """Starts and stops everything that ``ampersand demo`` needs.

    Args:
        keep: a database file that outlives the demo, for the first person; None keeps nothing.
        start: what a new person's clock shows at first; the machine's time without one.

    Raises:
        ForeignFileError: the file is there and no demo has written it.
    """

    def __init__(self, keep: Path | None = None, start: datetime | None = None) -> None:
        self.rooms = Rooms(keep, start)
        self.address = ""
        self._runner: web.AppRunner | None = None

    async def open(self, port: int | None = None) -> str:
        """Listen and return the address of the page; port 0 takes a free one.

        Raises:
            ContentError: a file of ``lives/`` cannot be used.
            PortError: the port is taken.
        """
        app = Pages(self.rooms, load_lives()).application()
        # The access log would hold tokens; long answers (events) end with the demo.
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        try:
            await self._listen(self._runner, port)
        except OSError as error:
            await self._runner.cleanup()
            taken = error.errno == errno.EADDRINUSE
            reason = _TAKEN if taken else error.strerror
            raise PortError(f"port {port}: {reason}") from None
        base = f"http://{HOST}:{self._runner.addresses[0][1]}"
        self.rooms.prepare(base)
        self.address = f"{base}/"
        return self.address

    async def close(self) -> None:
        """Stop all bots, forget what is not kept, and listen no more."""
        await self.rooms.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _listen(self, runner: web.AppRunner, port: int | None) -> None:
        try:
            await web.TCPSite(runner, HOST, USUAL_PORT if port is None else port).start()
        except OSError:
            if port is not None:
                raise
            await web.TCPSite(runner, HOST, 0).start()

"""What listens: the one address at which the webhook and ``/healthz`` are reached."""

from collections.abc import Iterable
from typing import Protocol

from aiohttp import web

from bot.addresses import Address

MOST_BYTES = 1024 * 1024
"""An update is a few kilobytes; nobody needs to send more than this."""


class Door(Protocol):
    """Something that answers requests."""

    def add_to(self, app: web.Application) -> None:
        """Add its paths."""
        ...


class Doors:
    """Listens while it is entered.

    Args:
        address: where to listen; None listens nowhere.
        doors: what answers there.
    """

    def __init__(self, address: Address | None, doors: Iterable[Door]) -> None:
        self.address = address
        self._doors = list(doors)
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> "Doors":
        if self.address is None:
            return self
        app = web.Application(client_max_size=MOST_BYTES)
        for door in self._doors:
            door.add_to(app)
        # The access log would write addresses, and the path of a webhook is nobody's business.
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        try:
            await web.TCPSite(runner, self.address.host, self.address.port).start()
        except BaseException:
            await runner.cleanup()
            raise
        self._runner = runner
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._runner is not None:
            runner, self._runner = self._runner, None
            await runner.cleanup()

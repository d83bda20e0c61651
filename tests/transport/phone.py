"""The other end of a sender, and what is put into the outbox for it."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from typing import Any

from bot.clock import SystemClock
from bot.transport.pace import Pacer
from bot.transport.sender import Sender
from storage.connection import Connection
from storage.database import Database
from storage.outbox import Outgoing
from storage.store import Store
from tests.patience import PATIENCE


class Phone:
    """A client of the Bot API whose answers can be held back."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int, str]] = []
        self.answered: list[tuple[str, int, str]] = []
        self.answers = asyncio.Event()
        self.answers.set()

    async def do_api_request(self, method: str, api_kwargs: dict[str, Any]) -> dict[str, int]:
        """Take a request."""
        request = (method, api_kwargs["chat_id"], api_kwargs["text"])
        self.asked.append(request)
        await self.answers.wait()
        self.answered.append(request)
        return {"message_id": len(self.answered)}

    @property
    def texts(self) -> list[str]:
        """The texts it was asked to send, in their order."""
        return [text for _, _, text in self.asked]


def text(chat_id: int, words: str, **more: Any) -> Outgoing:
    """A message to a chat."""
    return Outgoing(chat_id, "sendMessage", {"text": words}, **more)


def queue(database: Database, messages: Iterable[Outgoing], *, doubted: bool = False) -> None:
    """Put messages into the outbox."""

    def work(conn: Connection) -> None:
        Store(conn).outbox.add(messages)
        if doubted:
            Store(conn).outbox.doubt()

    database.submit(work).result(30)


def rows(database: Database, columns: str) -> list[tuple[Any, ...]]:
    """What stands in the outbox."""
    return database.submit(
        lambda conn: [tuple(row) for row in conn.execute(f"SELECT {columns} FROM outbox")]  # noqa: S608 - columns of our own
    ).result(30)


@asynccontextmanager
async def sending(database: Database, phone: Phone) -> AsyncIterator[Sender]:
    """A sender that runs, and is cancelled in the end."""
    made = Sender(phone, database, SystemClock(), Pacer(1000))  # type: ignore[arg-type]  # as much of a bot as is asked for
    made._limit = 8
    running = asyncio.create_task(made.run())
    try:
        yield made
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            async with asyncio.timeout(PATIENCE):
                await running

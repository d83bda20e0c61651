"""Files that are made just before they are sent: an outbox row holds only what is to be made.

A payload with ``make`` names a maker and gives it an ``order``; ``otherwise`` is the payload of a
``sendMessage`` that goes in the file's place if it cannot be made. Everything else in the payload
are parameters of the method.
"""

import asyncio
import inspect
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol, cast

from telegram import InputFile

from bot.logs import where
from storage.connection import Connection
from storage.database import Database
from storage.errors import StorageError
from storage.outbox import Queued
from storage.store import Store

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class File:
    """A file that was made. ``parameter`` is where the method takes it: "document", "photo"."""

    parameter: str
    name: str
    content: bytes


Build = Callable[[], File] | Callable[[], Awaitable[File]]
"""Makes the file: a plain function does so in a thread, a coroutine function where it likes."""


class Maker(Protocol):
    """What makes one kind of file."""

    def gather(self, store: Store, chat_id: int, order: Mapping[str, Any]) -> Build | None:
        """Fetch what the file is made of, and give a function that makes it of that.

        Runs on the read connection in a short transaction; the function it gives runs in a thread
        of its own and must not touch the store. None: there is nothing to make any more.
        """
        ...


async def with_file(
    database: Database, makers: Mapping[str, Maker], message: Queued
) -> Queued | None:
    """The message with its file, if it asks for one; None if there is nothing to send.

    Raises:
        StorageError: the database cannot be read.
    """
    name = message.payload.get("make")
    if name is None:
        return message
    rest = {
        key: value
        for key, value in message.payload.items()
        if key not in {"make", "order", "otherwise"}
    }
    order: Mapping[str, Any] = message.payload.get("order", {})
    try:
        build = await database.read(_gathering(makers[name], message.chat_id, order))
        if build is None:
            return None
        file = await _built(build)
    except StorageError:
        raise
    except Exception as error:
        log.error("a file could not be made: %s", where(error))
        otherwise = message.payload.get("otherwise")
        if otherwise is None:
            return None
        return replace(message, method="sendMessage", payload=otherwise)
    sent = InputFile(file.content, filename=file.name)
    return replace(message, payload={**rest, file.parameter: sent})


async def _built(build: Build) -> File:
    if inspect.iscoroutinefunction(build):
        made: File = await build()
        return made
    plain = cast("Callable[[], File]", build)
    return await asyncio.to_thread(plain)


def _gathering(
    maker: Maker, chat_id: int, order: Mapping[str, Any]
) -> Callable[[Connection], Build | None]:
    return lambda conn: maker.gather(Store(conn), chat_id, order)

"""Many small notes of one kind in one piece of writing, because each piece has its price."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from itertools import count
from typing import Generic, TypeVar

from bot.logs import where
from storage.connection import Connection
from storage.database import Database
from storage.errors import StorageError

log = logging.getLogger(__name__)

Item = TypeVar("Item")
Result = TypeVar("Result")

GATHERED_LIMIT = 100
"""So many at once at most, so that what else is to be written does not wait long."""

PAUSE = 1.0
"""Seconds until it is tried again whether the database can be written."""

TOLD_EVERY = 60
"""Of so many failures in a row one is logged."""


class Gathering(Generic[Item, Result]):
    """Writes items as they come; those that come while others are being written go together.

    Args:
        database: where they are written.
        work: writes all items of a group. If it raises, none of them is kept, so it raises for
            nothing that is the fault of a single item.
    """

    def __init__(
        self, database: Database, work: Callable[[Connection, Sequence[Item]], Result]
    ) -> None:
        self._db = database
        self._work = work
        self._waiting: list[tuple[Item, asyncio.Future[Result]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def write(self, item: Item) -> Result:
        """Write one item and give what ``work`` gave for its group, once that is durable.

        Raises:
            StorageError: the database failed; nothing of this item was kept.
        """
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        return await future

    async def _write(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting[:GATHERED_LIMIT], self._waiting[GATHERED_LIMIT:]
            try:
                result = await self._written([item for item, _ in group])
            except Exception as error:
                for _, future in group:
                    if not future.done():
                        future.set_exception(error)
            else:
                for _, future in group:
                    if not future.done():
                        future.set_result(result)

    async def _written(self, items: Sequence[Item]) -> Result:
        return await self._db.write(lambda conn: self._work(conn, items))


async def until_kept(write: Callable[[], Awaitable[Result]]) -> Result:
    """Write what is known by now, however long that cannot be done: it must not be forgotten.

    It ends when its task is cancelled; a stop does so, after a while, with whatever sends.
    """
    for failures in count():
        try:
            return await write()
        except StorageError as error:
            if failures % TOLD_EVERY == 0:
                log.error("what became of a message cannot be noted yet: %s", where(error))
            await asyncio.sleep(PAUSE)
    raise AssertionError("counting has ended")

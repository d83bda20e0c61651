"""From the inbox to the conversations: each update has its effect once, in order."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from bot.clock import Clock
from bot.logs import where
from storage.connection import Connection
from storage.database import Database
from storage.errors import StorageError, StorageFullError
from storage.inbox import Received
from storage.outbox import Outgoing
from storage.store import Store

log = logging.getLogger(__name__)

BATCH = 100
"""How many updates are taken from the inbox at once; they share a commit where they can."""


RETRY_SECONDS = 1.0

ATTEMPTS = 3
"""So often an update is tried that the database does not take; then it is set aside."""


class Conversations(Protocol):
    """What answers updates: the rooms of ``bot/chat``."""

    def answer(self, store: Store, raw: str) -> list[Outgoing]:
        """Have the update's effects in ``store`` and give the messages that speak of them.

        Whatever it raises, the update is set aside and stops nobody.
        """
        ...

    def apologise(self, store: Store, raw: str) -> list[Outgoing]:
        """Give the messages for an update that failed; none if it cannot even be read."""
        ...


class Worker:
    """The loop that empties the inbox.

    Each update is one piece of work for the writer: its effects, its messages and the mark "done"
    commit together or not at all, so a kill at any point repeats it from the start.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        conversations: Conversations,
        on_messages: Callable[[], None],
    ) -> None:
        self._db = database
        self._clock = clock
        self._conversations = conversations
        self._on_messages = on_messages
        self._wake = asyncio.Event()
        self._nothing_left = asyncio.Event()
        self._stopping = False

    def wake(self) -> None:
        """Something may have arrived: look now."""
        self._nothing_left.clear()
        self._wake.set()

    async def idle(self) -> None:
        """Wait until everything that was stored so far has been worked on."""
        await self._nothing_left.wait()

    def stop(self) -> None:
        """Finish what is in hand and return from ``run``."""
        self._stopping = True
        self._wake.set()

    async def run(self) -> None:
        """Work until ``stop`` is called."""
        while not self._stopping:
            self._wake.clear()
            try:
                worked = await self._batch()
            except StorageError as error:
                log.error("updates wait: %s", where(error))
                worked = True
                await asyncio.sleep(RETRY_SECONDS)
            if not worked and not self._stopping:
                if not self._wake.is_set():
                    self._nothing_left.set()
                await self._pause()

    async def _pause(self) -> None:
        # Not wait_for, which forgets that it was cancelled if it is woken at the same time.
        with suppress(TimeoutError):
            async with asyncio.timeout(5.0):
                await self._wake.wait()

    async def _batch(self) -> bool:
        received = await self._db.read(lambda conn: Store(conn).inbox.new(BATCH))
        results = await asyncio.gather(
            *(self._db.write(self._piece(update)) for update in received), return_exceptions=True
        )
        waits: StorageError | None = None
        for update, result in zip(received, results, strict=True):
            if isinstance(result, StorageFullError):
                raise result
            if isinstance(result, StorageError) and update.attempts + 1 < ATTEMPTS:
                waits = result
                await self._count_failure(update)
            elif isinstance(result, BaseException):
                await self._set_aside(update, result)
        if received:
            self._on_messages()
        if waits is not None:
            raise waits
        return bool(received)

    def _piece(self, update: Received) -> Callable[[Connection], None]:
        def work(conn: Connection) -> None:
            store = Store(conn)
            now = self._clock.now()
            messages = self._conversations.answer(store, update.raw)
            store.outbox.add(messages)
            store.inbox.done(update.update_id, now)

        return work

    async def _count_failure(self, update: Received) -> None:
        await self._db.write(lambda conn: Store(conn).inbox.failed(update.update_id))

    async def _set_aside(self, update: Received, error: BaseException) -> None:
        log.error("update %d is set aside: %s", update.update_id, where(error))

        def set_aside(conn: Connection) -> None:
            Store(conn).inbox.quarantine(update.update_id, self._clock.now())

        def with_apology(conn: Connection) -> None:
            set_aside(conn)
            store = Store(conn)
            store.outbox.add(self._conversations.apologise(store, update.raw))

        try:
            await self._db.write(with_apology)
        except Exception as failure:
            # What broke the answer may break the apology, too; the others must not wait for it.
            log.error("nobody could be told so: %s", where(failure))
            await self._db.write(set_aside)

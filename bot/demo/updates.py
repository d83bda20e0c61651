"""The queue of updates between people and the bot, with Telegram's rules for confirming them."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final

from bot.demo.refusals import conflict

Json = dict[str, Any]

KEPT_FOR: Final = timedelta(hours=24)
"""Telegram keeps updates no longer than a day (https://core.telegram.org/bots/api#getting-updates)."""

UNASKED: Final = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
"""Kinds that come only when ``allowed_updates`` names them."""

MAX_POLL_SECONDS: Final = 50
_FUTURE_TOLERANCE: Final = 10


@dataclass(slots=True)
class Queued:
    """One update that waits. ``raw`` marks one that a test pushed as it is."""

    update_id: int
    payload: Json
    at: datetime
    raw: bool = False
    delivered: bool = False


class UpdateQueue:
    """Updates that are not yet confirmed, in the order of their arrival.

    An offset confirms every update below it. An offset far beyond the newest id is ignored, as
    Telegram does: that is what makes a stored offset useless after a week without updates.
    """

    def __init__(self, clock: Callable[[], datetime], first_id: int = 700_000_001) -> None:
        self._clock = clock
        self._waiting: deque[Queued] = deque()
        self._raw_ones = 0
        self._next_id = first_id
        self._arrived = asyncio.Event()
        self._poll: asyncio.Future[None] | None = None
        self._polled = asyncio.Event()
        self._removed = asyncio.Event()
        self.allowed: frozenset[str] | None = None
        self.confirmed_offset = 0

    @property
    def next_id(self) -> int:
        """The id that the next update gets."""
        return self._next_id

    @property
    def pending(self) -> list[Json]:
        """The payloads of all updates that are not yet confirmed."""
        self._expire()
        return [queued.payload for queued in self._waiting]

    def add(self, kind: str, content: Json) -> int | None:
        """Queue an update of this kind; None where the bot did not ask for its kind."""
        wanted = kind not in UNASKED if self.allowed is None else kind in self.allowed
        if not wanted:
            return None
        update_id = self._next_id
        self._next_id += 1
        self._put(Queued(update_id, {"update_id": update_id, kind: content}, self._clock()))
        return update_id

    def add_raw(self, payload: Json) -> int:
        """Queue exactly this payload, however odd; it gets the next id where it has none.

        A raw update is delivered at least once even if its id lies below the confirmed offset.
        """
        given = payload.get("update_id")
        if isinstance(given, int):
            update_id = given
            self._next_id = max(self._next_id, update_id + 1)
        else:
            update_id = self._next_id
            self._next_id += 1
            payload = {"update_id": update_id} | payload
        self._put(Queued(update_id, payload, self._clock(), raw=True))
        return update_id

    def jump(self, to: int) -> None:
        """Continue with the id ``to``, as Telegram does after a week without updates.

        Raises:
            ValueError: updates are still pending, so that no week without updates has passed.
        """
        if self.pending:
            raise ValueError("updates are pending: ids jump only after a week without any")
        self._next_id = to
        self.confirmed_offset = 0

    def _put(self, queued: Queued) -> None:
        self._waiting.append(queued)
        self._raw_ones += queued.raw
        self._arrived.set()

    def _expire(self) -> None:
        oldest = self._clock() - KEPT_FOR
        while self._waiting and self._waiting[0].at < oldest:
            self._raw_ones -= self._waiting.popleft().raw

    def drop(self) -> None:
        """Forget everything that waits (``drop_pending_updates``)."""
        self._waiting.clear()
        self._raw_ones = 0
        self._removed.set()

    def confirm(self, offset: int) -> None:
        """Forget every update below ``offset``; raw ones only once they were delivered."""
        if self._raw_ones:
            self._confirm_out_of_order(offset)
        while self._waiting and not self._raw_ones and self._waiting[0].update_id < offset:
            self._waiting.popleft()
        self.confirmed_offset = offset
        self._removed.set()

    def _confirm_out_of_order(self, offset: int) -> None:
        self._waiting = deque(
            queued
            for queued in self._waiting
            if queued.update_id >= offset or (queued.raw and not queued.delivered)
        )
        self._raw_ones = sum(queued.raw for queued in self._waiting)

    def head(self) -> Queued | None:
        """The oldest update, for the webhook."""
        self._expire()
        return self._waiting[0] if self._waiting else None

    def done(self, queued: Queued) -> None:
        """The webhook's receiver has answered 2xx for this update."""
        if queued in self._waiting:
            self._waiting.remove(queued)
            self._raw_ones -= queued.raw
        self.confirmed_offset = queued.update_id + 1
        self._removed.set()

    async def drained(self) -> None:
        """Wait until nothing is pending; returns at once where nothing is."""
        while self.head() is not None:
            self._removed.clear()
            await self._removed.wait()

    async def arrival(self) -> None:
        """Wait until an update arrives; returns at once where one waits."""
        while self.head() is None:
            self._arrived.clear()
            await self._arrived.wait()

    async def poll(
        self, offset: int, limit: int, seconds: float, allowed: Iterable[str] | None = None
    ) -> list[Json]:
        """Answer ``getUpdates``.

        Args:
            offset: first update wanted; negative counts from the end and forgets the rest.
            limit: at most so many, 1 to 100.
            seconds: how long to wait while nothing is there, 0 to 50.
            allowed: kinds wanted from now on; None leaves the setting, empty means the default.

        Raises:
            Refusal: 409, for this poll when another begins meanwhile.
        """
        self.interrupt("terminated by other getUpdates request; make sure that only one bot "
                       "instance is running")  # fmt: skip
        if allowed is not None:
            self.allowed = frozenset(allowed) or None
        self._take_offset(offset)
        batch = self._batch(limit)
        if not batch and seconds > 0:
            await self._wait(seconds)
            batch = self._batch(limit)
        return [queued.payload for queued in batch]

    def _take_offset(self, offset: int) -> None:
        self._expire()
        if offset < 0:
            ids = [queued.update_id for queued in self._waiting]
            if ids:
                self.confirm(ids[max(len(ids) + offset, 0)])
        elif 0 < offset <= self._next_id + _FUTURE_TOLERANCE:
            self.confirm(offset)

    def _batch(self, limit: int) -> list[Queued]:
        self._expire()
        batch = list(islice(self._waiting, limit))
        for queued in batch:
            queued.delivered = True
        return batch

    async def _wait(self, seconds: float) -> None:
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._poll = mine
        self._polled.set()
        self._arrived.clear()
        arrived = asyncio.ensure_future(self._arrived.wait())
        try:
            either: set[asyncio.Future[Any]] = {mine, arrived}
            await asyncio.wait(either, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            if mine.done():
                mine.result()
        finally:
            arrived.cancel()
            if self._poll is mine:
                self._stand_alone()

    def _stand_alone(self) -> None:
        self._poll = None
        self._polled.clear()

    async def polled(self) -> None:
        """Wait until a long poll waits here, that is, until the bot has nothing to fetch."""
        await self._polled.wait()

    def interrupt(self, reason: str) -> None:
        """End the poll that waits, if any, with 409 and this reason."""
        if self._poll is not None and not self._poll.done():
            self._poll.set_exception(conflict(reason))
        self._stand_alone()

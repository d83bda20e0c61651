"""A room: one person with a phone, and a bot that talks to nobody else, on a clock of their own."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from bot.demo.clockwork import Clockwork
from bot.demo.feed import Feed, event_of
from bot.demo.messages import Json
from bot.demo.people import Person
from bot.demo.server import BotApiServer
from bot.demo.world import Change
from bot.logs import where
from storage.people import Person as StoredPerson
from storage.store import Store

log = logging.getLogger(__name__)

ASKING: Final = ("question", "check_in")
"""What on a person's schedule asks them something."""

_LOOK_EVERY = 1.0
_GATHER = 0.03


class Step(StrEnum):
    """How far the clock is moved: to whatever asks next, or to the same time another day."""

    QUESTION = "question"
    DAY = "day"
    WEEK = "week"


class RefusalError(Exception):
    """What was asked for cannot be done now; ``reason`` is a word that the page knows."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(slots=True)
class Progress:
    """How far a life has been lived.

    ``told_week`` is the week, from 1, whose report told of a change, and ``told_in`` that message.
    """

    life: str
    name: str
    about: str
    weeks: int
    week: int = 0
    day: int = 0
    state: str = "running"
    told_week: int | None = None
    told_in: int | None = None

    def as_json(self) -> Json:
        """The progress as the page is told of it."""
        return {
            "life": self.life,
            "name": self.name,
            "about": self.about,
            "weeks": self.weeks,
            "week": self.week,
            "day": self.day,
            "state": self.state,
            "told_week": self.told_week,
            "told_in": self.told_in,
        }


class Room:
    """One person, their phone, the bot behind it, and the pages that look on.

    Args:
        key: the room's part of the address.
        clockwork: the bot, not yet started.
        person: whose phone it is.
    """

    def __init__(self, key: str, clockwork: Clockwork, person: Person) -> None:
        self.key = key
        self.clockwork = clockwork
        self.person = person
        self.feed = Feed()
        self.progress: Progress | None = None
        self.left_at = 0.0
        self._lock = asyncio.Lock()
        self._moving = False
        self._dirty = asyncio.Event()
        self._status: Json = {}
        self._zone: str | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._unsubscribe: Callable[[], None] = clockwork.server.subscribe(self._tell)

    @property
    def server(self) -> BotApiServer:
        """The Bot API server of this room."""
        return self.clockwork.server

    @property
    def busy(self) -> bool:
        """Whether the clock is being moved or a life is being lived."""
        return self._moving or self._living

    @property
    def _living(self) -> bool:
        return self.progress is not None and self.progress.state == "running"

    async def start(self) -> None:
        """Start the bot and watch what becomes of the person.

        Raises:
            ContentError: a file of ``prompts/`` cannot be used.
        """
        await self.clockwork.start()
        self._status = await self._look()
        self._tasks.append(asyncio.create_task(self._watch(), name="watch"))

    async def stop(self) -> None:
        """Stop everything in good order."""
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._unsubscribe()
        self.feed.close()
        await self.clockwork.stop()
        await self.server.stop()

    def snapshot(self) -> Json:
        """Everything a page needs to show the room as it is."""
        return {
            "event": "hello",
            "bot": {"name": self.server.world.bot["first_name"]},
            "person": {"name": self.person.user["first_name"]},
            "messages": [message.as_json() for message in self.person.visible],
            "gone": [one.sent_at.isoformat() for one in self.person.messages if one.deleted],
            "status": self._status | {"now": self.clockwork.clock.now().isoformat()},
        }

    async def act(self, work: Callable[[Person], Awaitable[object]]) -> None:
        """Let the person do something.

        Raises:
            RefusalError: a life is being lived, or the phone does not allow it.
        """
        if self._living:
            raise RefusalError("busy")
        # While the clock is being moved, the person's finger waits a moment.
        async with self._lock:
            try:
                await work(self.person)
            except (ValueError, LookupError):
                raise RefusalError("phone") from None

    async def move(self, step: Step) -> None:
        """Let time pass; what falls due on the way happens in its order.

        Raises:
            RefusalError: the clock is being moved already, or no question lies ahead.
        """
        if self.busy:
            raise RefusalError("busy")
        self._moving = True
        self._dirty.set()
        try:
            async with self._lock:
                await self.clockwork.move_to(await self._target(step))
        finally:
            self._moving = False
            self._dirty.set()

    def begin(self, progress: Progress, live: Callable[["Room"], Awaitable[None]]) -> None:
        """Let a life be lived in this room, in the background."""
        self.progress = progress
        self._tasks.append(asyncio.create_task(self._live(live), name="life"))

    async def due(self, kind: str) -> datetime | None:
        """When the person's schedule has something of a kind, or None."""

        def look(store: Store) -> datetime | None:
            stored = self._stored(store)
            return None if stored is None else store.schedule.get(stored.id, kind)

        return await self.clockwork.read(look)

    async def told(self) -> int:
        """How many changes the reports have told of."""

        def look(store: Store) -> int:
            stored = self._stored(store)
            return 0 if stored is None else len(store.reports.told(stored.id))

        return await self.clockwork.read(look)

    def note(self) -> None:
        """Something that the status tells has changed."""
        self._dirty.set()

    async def _live(self, live: Callable[["Room"], Awaitable[None]]) -> None:
        if self.progress is None:
            raise RuntimeError("nobody's life was begun")
        state = "failed"
        try:
            async with self._lock:
                await live(self)
            state = "over"
        except Exception as error:
            log.error("a life could not be lived to its end: %s", where(error))
        finally:
            self.progress.state = state
            self._dirty.set()

    async def _target(self, step: Step) -> datetime:
        now = self.clockwork.clock.now()
        stored = await self.clockwork.read(self._stored)
        if step is Step.QUESTION:
            asking = [await self.due(kind) for kind in ASKING]
            ahead = [due for due in asking if due is not None]
            if not ahead:
                raise RefusalError("no-question")
            return max(min(ahead), now)
        zone = ZoneInfo("UTC" if stored is None or stored.zone is None else stored.zone)
        # The same time on the person's clock, also where a night is an hour longer or shorter.
        local = now.astimezone(zone) + timedelta(days=1 if step is Step.DAY else 7)
        return local.astimezone(UTC)

    def _tell(self, change: Change) -> None:
        if change.chat_id == self.person.id:
            event = event_of(change)
            if event is not None:
                self.feed.tell(event)
            self._dirty.set()

    async def _watch(self) -> None:
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._dirty.wait(), _LOOK_EVERY)
            await asyncio.sleep(_GATHER)
            self._dirty.clear()
            before, self._status = self._status, await self._look()
            if {**before, "now": ""} != {**self._status, "now": ""} or self._leapt(before):
                self.feed.tell({"event": "status"} | self._status)

    def _leapt(self, before: Json) -> bool:
        """Whether the clock has gone further than it goes by itself between two looks."""
        then, now = (datetime.fromisoformat(one["now"]) for one in (before, self._status))
        return now - then > timedelta(seconds=20)

    async def _look(self) -> Json:
        stored, due = await self.clockwork.read(self._due)
        if stored is not None and stored.zone is not None:
            # Whoever is forgotten still has the chat, with its times as they were.
            self._zone = stored.zone
        return {
            "now": self.clockwork.clock.now().isoformat(),
            "zone": None if stored is None else stored.zone,
            "stamps": self._zone,
            "place": None if stored is None else stored.place,
            "state": "new" if stored is None else stored.state,
            "due": due,
            "busy": self.busy,
            "progress": None if self.progress is None else self.progress.as_json(),
            "menu": self.person.menu,
            "description": self.server.world.texts.get(("description", ""), ""),
        }

    def _stored(self, store: Store) -> StoredPerson | None:
        return store.people.in_chat(self.person.id)

    def _due(self, store: Store) -> tuple[StoredPerson | None, Json]:
        stored = self._stored(store)
        if stored is None:
            return None, {}
        found = {kind: store.schedule.get(stored.id, kind) for kind in ASKING}
        return stored, {kind: at.isoformat() for kind, at in found.items() if at is not None}

"""All rooms of a demo: opened for whoever comes, forgotten in the end, but for the one kept."""

import asyncio
import logging
import secrets
import shutil
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bot.demo.furnishing import make_room
from bot.demo.keeping import Keeper
from bot.demo.lives import STARTS, Life
from bot.demo.living import live
from bot.demo.room import Progress, RefusalError, Room
from bot.logs import where
from bot.places import fill_places
from storage.database import Database

log = logging.getLogger(__name__)

MOST_ROOMS: Final = 12
"""So many bots at once; then the room left longest ago is given up."""

YOU: Final = "You"
"""The name of a person who is nobody's made-up life."""


class Rooms:
    """Opens rooms, finds them by key or by their bot's token, and closes them.

    Args:
        keep: a database file that outlives the demo, for the first person; None keeps nothing.
        start: what a new room's clock shows at first; the machine's time without one.

    Raises:
        ForeignFileError: the file is there and no demo has written it.
    """

    def __init__(self, keep: Path | None = None, start: datetime | None = None) -> None:
        self._keeper = None if keep is None else Keeper(keep)
        self._base_url = ""
        self._start = start
        self._folder = TemporaryDirectory(prefix="ampersand-demo-", ignore_cleanup_errors=True)
        self._rooms: dict[str, Room] = {}
        self._by_token: dict[str, Room] = {}
        self._template: asyncio.Task[Path] | None = None
        self._made = 0
        self._opening = asyncio.Lock()

    def prepare(self, base_url: str) -> None:
        """Begin to make the list of places, which every room's database is born with.

        Args:
            base_url: where the rooms' bots find their Bot API.
        """
        self._base_url = base_url
        self._template = asyncio.create_task(self._make_template(), name="template")

    def find(self, key: str) -> Room | None:
        """The room with this key, or None."""
        return self._rooms.get(key)

    def with_token(self, token: str) -> Room | None:
        """The room whose bot has this token, or None."""
        return self._by_token.get(token)

    async def open(self, *, new: bool = False) -> Room:
        """A room for somebody who types: the kept one while nobody is in it, or else a new one.

        Args:
            new: a new one in any case.

        Raises:
            ContentError: a file of ``prompts/`` cannot be used.
            RefusalError: there are too many rooms, and somebody is in each of them.
        """
        async with self._opening:
            keeper = self._keeper
            if keeper is None or new:
                return await self._open_new(YOU, self._start)
            if keeper.room is None:
                return await self._open_kept(keeper)
            if keeper.room.feed.listeners:
                return await self._open_new(YOU, self._start)
            return keeper.room

    async def open_life(self, life: Life) -> Room:
        """A new room in which a life begins to be lived at once.

        Raises:
            ContentError: a file of ``prompts/`` cannot be used.
            RefusalError: there are too many rooms, and somebody is in each of them.
        """
        async with self._opening:
            room = await self._open_new(life.name, STARTS)
        progress = Progress(life.id, life.name, life.about, life.weeks)
        room.begin(progress, lambda lived: live(lived, life))
        return room

    async def close(self) -> None:
        """Close all rooms; what is not kept is gone."""
        if self._template is not None:
            self._template.cancel()
            with suppress(asyncio.CancelledError):
                await self._template
        if self._keeper is not None:
            await self._keeper.close()
        await asyncio.gather(*(_stop(room) for room in self._rooms.values()))
        self._rooms.clear()
        self._by_token.clear()
        self._folder.cleanup()

    async def _open_new(self, name: str, start: datetime | None) -> Room:
        await self._make_place()
        path = Path(self._folder.name) / f"room-{self._made + 1}.db"
        await self._begin_with_places(path)
        return await self._started(self._make(secrets.token_hex(4), name, path, start))

    async def _open_kept(self, keeper: Keeper) -> Room:
        fresh = not keeper.path.exists()
        if fresh:
            await self._begin_with_places(keeper.path)
        start = keeper.clock() or self._start
        room = self._make(keeper.key() or secrets.token_hex(4), YOU, keeper.path, start)
        keeper.restore(room)
        try:
            await self._started(room)
        except BaseException:
            if fresh:
                keeper.path.unlink()
            raise
        keeper.watch(room)
        return room

    def _make(self, key: str, name: str, path: Path, start: datetime | None) -> Room:
        self._made += 1
        return make_room(key, self._made, name, self._base_url, path, start)

    async def _started(self, room: Room) -> Room:
        token = room.server.token
        self._by_token[token] = room
        try:
            await room.start()
        except BaseException:
            del self._by_token[token]
            raise
        room.left_at = time.monotonic()
        self._rooms[room.key] = room
        return room

    async def _make_place(self) -> None:
        if len(self._rooms) < MOST_ROOMS:
            return
        kept = None if self._keeper is None else self._keeper.room
        empty = [
            room
            for room in self._rooms.values()
            if not room.feed.listeners and not room.busy and room is not kept
        ]
        if not empty:
            raise RefusalError("full")
        oldest = min(empty, key=lambda room: room.left_at)
        del self._rooms[oldest.key]
        await _stop(oldest)
        del self._by_token[oldest.server.token]

    async def _begin_with_places(self, path: Path) -> None:
        if self._template is None:
            raise RuntimeError("the list of places was not prepared")
        template = await asyncio.shield(self._template)
        path.parent.mkdir(parents=True, exist_ok=True)
        await asyncio.to_thread(shutil.copyfile, template, path)

    async def _make_template(self) -> Path:
        path = Path(self._folder.name) / "template.db"
        database = Database(path).open()
        try:
            await fill_places(database)
        finally:
            await asyncio.to_thread(database.close)
        return path


async def _stop(room: Room) -> None:
    """Stop a room; one that cannot be stopped in good order is no reason to keep the others."""
    try:
        await room.stop()
    except Exception as error:
        log.error("a room did not stop in good order: %s", where(error))

"""All rooms of a demo: opened for whoever comes, forgotten in the end, but for the one kept."""

import asyncio
import secrets
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bot.demo.keeping import Keeper
from bot.demo.lives import STARTS, Life
from bot.demo.living import live
from bot.demo.room import Progress, RefusalError, Room, make_room
from bot.places import fill_places
from storage.database import Database

MOST_ROOMS: Final = 12
"""So many bots at once; then the room left longest ago is given up."""

YOU: Final = "You"
"""The name of a person who is nobody's made-up life."""


class Rooms:
    """Opens rooms, finds them by key or by their bot's token, and closes them.

    Args:
        keep: a database file that outlives the demo, for the first person; None keeps nothing.
        start: what a new room's clock shows at first; the machine's time without one.
    """

    def __init__(self, keep: Path | None = None, start: datetime | None = None) -> None:
        self.base_url = ""
        self._start = start
        self._folder = TemporaryDirectory(prefix="ampersand-demo-", ignore_cleanup_errors=True)
        self._rooms: dict[str, Room] = {}
        self._by_token: dict[str, Room] = {}
        self._keeper = None if keep is None else Keeper(keep)
        self._template: asyncio.Task[Path] | None = None
        self._made = 0
        self._opening = asyncio.Lock()

    def prepare(self) -> None:
        """Begin to make the list of places, which every room's database is born with."""
        self._template = asyncio.create_task(self._make_template(), name="template")

    def find(self, key: str) -> Room | None:
        """The room with this key, or None."""
        return self._rooms.get(key)

    def with_token(self, token: str) -> Room | None:
        """The room whose bot has this token, or None."""
        return self._by_token.get(token)

    async def open(self, life: Life | None = None) -> Room:
        """A new room, for a life that is then lived in it or for somebody who types.

        The first room of a demo that keeps something is the one that was kept.

        Raises:
            ContentError: a file of ``prompts/`` cannot be used.
            RefusalError: there are too many rooms, and somebody is in each of them.
        """
        async with self._opening:
            kept = self._keeper is not None and life is None and not self._keeper.taken
            await self._make_place()
            room = await (self._open_kept() if kept else self._open_new(life))
            self._rooms[room.key] = room
        if life is not None:
            chosen = life
            progress = Progress(life.id, life.name, life.about, life.weeks)
            room.begin(progress, lambda lived: live(lived, chosen))
        return room

    async def close(self) -> None:
        """Close all rooms; what is not kept is gone."""
        if self._template is not None:
            self._template.cancel()
            with suppress(asyncio.CancelledError):
                await self._template
        if self._keeper is not None:
            await self._keeper.close()
        await asyncio.gather(*(room.stop() for room in self._rooms.values()))
        self._rooms.clear()
        self._by_token.clear()
        self._folder.cleanup()

    async def _open_new(self, life: Life | None) -> Room:
        path = Path(self._folder.name) / f"room-{self._made + 1}.db"
        await asyncio.to_thread(shutil.copyfile, await self._wait_for_template(), path)
        name, start = (YOU, self._start) if life is None else (life.name, STARTS)
        return await self._started(lambda key, number: self._make(key, number, name, path, start))

    async def _open_kept(self) -> Room:
        keeper = self._keeper
        if keeper is None:
            raise RuntimeError("this demo keeps nothing")
        if not keeper.path.exists():
            template = await self._wait_for_template()
            await asyncio.to_thread(shutil.copyfile, template, keeper.path)
        start = keeper.clock() or self._start
        room = await self._started(
            lambda key, number: self._make(key, number, YOU, keeper.path, start), keeper.restore
        )
        keeper.watch(room)
        return room

    def _make(self, key: str, number: int, name: str, path: Path, start: datetime | None) -> Room:
        return make_room(key, number, name, self.base_url, path, start)

    async def _started(
        self, make: Callable[[str, int], Room], fill: Callable[[Room], None] | None = None
    ) -> Room:
        self._made += 1
        room = make(secrets.token_hex(4), self._made)
        if fill is not None:
            fill(room)
        token = room.server.token
        self._by_token[token] = room
        try:
            await room.start()
        except BaseException:
            del self._by_token[token]
            raise
        room.left_at = time.monotonic()
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
        await oldest.stop()
        del self._by_token[oldest.server.token]

    async def _wait_for_template(self) -> Path:
        if self._template is None:
            self.prepare()
        if self._template is None:
            raise RuntimeError("there is no template to wait for")
        return await asyncio.shield(self._template)

    async def _make_template(self) -> Path:
        path = Path(self._folder.name) / "template.db"
        database = Database(path).open()
        try:
            await fill_places(database)
        finally:
            await asyncio.to_thread(database.close)
        return path

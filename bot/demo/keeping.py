"""Keeping the first person of a demo beyond its end: the bot's database, and the phone beside it.

The bot's database is an ordinary one. What the phone shows is no business of the bot's, so it has
a file of its own, ``FILE.phone``.
"""

import asyncio
import json
from base64 import b64decode, b64encode
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from bot.demo.messages import Json, Kind, Message, StoredFile
from bot.demo.room import Room
from bot.demo.world import World

_SAVE_EVERY: Final = 2.0
_PLAIN: Final = ("text", "entities", "keyboard", "markup", "extra", "silent", "protected",
                 "spoiler", "link_preview", "reactions")  # fmt: skip


class ForeignFileError(Exception):
    """The file is a database of somebody else's: a demo would take its people for gone."""


class Keeper:
    """The database file and the phone's file.

    Args:
        path: the database.

    Raises:
        ForeignFileError: it is there and no demo has written it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.room: Room | None = None
        self._phone = path.with_name(f"{path.name}.phone")
        if path.exists() and not self._phone.exists():
            raise ForeignFileError(f"{path} is there and was not kept by a demo; take another name")
        self._task: asyncio.Task[None] | None = None
        self._saved = -1

    def clock(self) -> datetime | None:
        """What the clock showed when it was last saved; None where nothing is kept yet."""
        kept = self._read()
        return datetime.fromisoformat(kept["clock"]) if kept else None

    def key(self) -> str | None:
        """The kept room's part of the address; None where nothing is kept yet."""
        kept = self._read()
        return str(kept["key"]) if kept else None

    def restore(self, room: Room) -> None:
        """Put what was kept onto the room's phone."""
        kept = self._read()
        if kept:
            fill_phone(room, kept)

    def watch(self, room: Room) -> None:
        """Save the room's phone from now on, a moment after each change."""
        self.room = room
        self._save(room)
        self._task = asyncio.create_task(self._save_again_and_again(room), name="keep")

    async def close(self) -> None:
        """Save for the last time."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        if self.room is not None:
            with suppress(TimeoutError, RuntimeError):
                async with asyncio.timeout(2):
                    await self.room.clockwork.settle()
            self._save(self.room)

    async def _save_again_and_again(self, room: Room) -> None:
        while True:
            await asyncio.sleep(_SAVE_EVERY)
            if room.server.world.revision != self._saved:
                self._save(room)

    def _save(self, room: Room) -> None:
        self._saved = room.server.world.revision
        fresh = self._phone.with_name(f"{self._phone.name}.new")
        fresh.write_text(json.dumps(phone_of(room), ensure_ascii=False), encoding="utf-8")
        fresh.replace(self._phone)

    def _read(self) -> Json:
        if not self.path.exists() or not self._phone.exists():
            return {}
        kept: Json = json.loads(self._phone.read_text(encoding="utf-8"))
        return kept


def phone_of(room: Room) -> Json:
    """What a phone shows and what it takes to go on, as plain JSON."""
    world = room.server.world
    chat = world.chats[room.person.id]
    return {
        "key": room.key,
        "clock": room.clockwork.clock.now().isoformat(),
        "person": room.person.id,
        "next_update": world.updates.next_id,
        "next_message": chat.next_message_id,
        "opened": chat.opened,
        "blocked": chat.blocked,
        "messages": [_message(message) for message in room.person.visible],
    }


def fill_phone(room: Room, kept: Json) -> None:
    """Make a new room's phone show what another one showed.

    Raises:
        KeyError: the file was not written by ``phone_of``.
    """
    server = room.server
    room.person = server.person(kept["person"], room.person.user["first_name"])
    world = server.world
    chat = world.chats[room.person.id]
    chat.opened, chat.blocked = kept["opened"], kept["blocked"]
    chat.status = "member" if chat.opened else chat.status
    for one in kept["messages"]:
        message = _restored(world, room, chat.messages, one)
        chat.messages[message.message_id] = message
    chat.next_message_id = kept["next_message"]
    # The bot remembers the updates it has had: new ones need ids of their own.
    world.updates.jump(kept["next_update"])


def _message(message: Message) -> Json:
    made: Json = {name: getattr(message, name) for name in _PLAIN}
    made |= {
        "message_id": message.message_id,
        "from_bot": message.from_bot,
        "kind": message.kind.value,
        "sent_at": message.sent_at.isoformat(),
        "edited_at": message.edited_at.isoformat() if message.edited_at else None,
        "reply_to": message.reply_to.message_id if message.reply_to else None,
        "file": None,
    }
    if message.file is not None:
        made["file"] = {
            "name": message.file.name,
            "mime": message.file.mime,
            "folder": message.file.path.partition("/")[0],
            "content": b64encode(message.file.content).decode(),
        }
    return made


def _restored(world: World, room: Room, there: dict[int, Message], one: Json) -> Message:
    fields: dict[str, Any] = {name: one[name] for name in _PLAIN}
    edited = one["edited_at"]
    return Message(
        message_id=one["message_id"],
        chat=world.chats[room.person.id].api,
        sender=world.bot if one["from_bot"] else room.person.user,
        from_bot=one["from_bot"],
        sent_at=datetime.fromisoformat(one["sent_at"]),
        edited_at=datetime.fromisoformat(edited) if edited else None,
        kind=Kind(one["kind"]),
        reply_to=there.get(one["reply_to"]),
        file=_file(world, one["file"]),
        **fields,
    )


def _file(world: World, kept: Json | None) -> StoredFile | None:
    if kept is None:
        return None
    content = b64decode(kept["content"])
    return world.add_file(kept["name"], kept["mime"], content, kept["folder"])

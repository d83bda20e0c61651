"""Everything the server knows: chats, messages, files, menus, and who listens for changes."""

import asyncio
import hashlib
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from bot.demo.messages import Json, Kind, Message, StoredFile
from bot.demo.pictures import dimensions
from bot.demo.refusals import Refusal, bad_request, forbidden
from bot.demo.updates import UpdateQueue

DELETABLE_FOR: Final = timedelta(hours=48)
"""Messages can be deleted for so long (https://core.telegram.org/bots/api#deletemessage)."""


@dataclass(slots=True, eq=False)
class Chat:
    """A chat with the bot: a person's private chat, a group or a channel.

    ``opened`` says whether the person has written first, ``status`` is the bot's in the chat
    ("member", "kicked", "left", "administrator").
    """

    api: Json
    instance: str
    opened: bool = False
    blocked: bool = False
    deactivated: bool = False
    status: str = "left"
    messages: dict[int, Message] = field(default_factory=dict)
    next_message_id: int = 1
    actions: list[str] = field(default_factory=list)
    answers: list[Json] = field(default_factory=list)
    menu_button: Json | None = None

    @property
    def chat_id(self) -> int:
        """The chat's id; for a private chat the person's."""
        return int(self.api["id"])

    @property
    def private(self) -> bool:
        """Whether this is a chat with one person."""
        return bool(self.api["type"] == "private")


@dataclass(frozen=True, slots=True)
class Change:
    """Something visible happened in a chat.

    ``kind`` is "sent", "edited", "deleted", "reaction", "action" or "callback_answer"; ``detail``
    holds what has no message of its own.
    """

    kind: str
    chat_id: int
    message: Message | None = None
    detail: Json = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Press:
    """A pressed button that waits for the bot's answer."""

    query_id: str
    chat_id: int
    at: datetime
    answer: Json | None = None


def utc_now() -> datetime:
    """The wall clock, aware, in UTC."""
    return datetime.now(UTC)


class World:
    """The state that people and the bot share.

    Args:
        bot: the bot's own ``User`` object.
        clock: gives aware UTC instants for all dates.
        press_lifetime: how long a pressed button can be answered.
    """

    def __init__(self, bot: Json, clock: Callable[[], datetime], press_lifetime: timedelta) -> None:
        self.bot = bot
        self.clock = clock
        self.press_lifetime = press_lifetime
        self.updates = UpdateQueue(clock)
        self.chats: dict[int, Chat] = {}
        self.users: dict[int, Json] = {}
        self.files: dict[str, StoredFile] = {}
        self.presses: dict[str, Press] = {}
        self.commands: dict[str, list[Json]] = {}
        self.texts: dict[tuple[str, str], str] = {}
        self.menu_button: Json = {"type": "commands"}
        self.revision = 0
        self._listeners: list[Callable[[Change], None]] = []
        self._waiters: set[asyncio.Future[None]] = set()
        self._random = random.Random(1)  # noqa: S311 - ids need to look random, not to be secret

    def big_number(self) -> str:
        """A number that looks like Telegram's query ids and chat instances."""
        return str(self._random.getrandbits(62))

    def add_chat(self, api: Json, **fields: Any) -> Chat:
        """Register a chat; returns the one that is there already where there is one."""
        chat = self.chats.get(api["id"])
        if chat is None:
            chat = Chat(api, self.big_number(), **fields)
            self.chats[chat.chat_id] = chat
        return chat

    def known_chat(self, chat_id: int | None) -> Chat:
        """The chat with this id.

        Raises:
            Refusal: 400 where there is none.
        """
        if chat_id is None:
            raise bad_request("chat_id is empty")
        chat = self.chats.get(chat_id)
        if chat is None:
            raise bad_request("chat not found")
        return chat

    def open_chat(self, chat_id: int | None) -> Chat:
        """The chat, if the bot may write there.

        Raises:
            Refusal: 400 or 403, as Telegram words them.
        """
        chat = self.known_chat(chat_id)
        refusal = _closed(chat)
        if refusal is not None:
            raise refusal
        return chat

    def message(self, chat: Chat, message_id: int | None, purpose: str) -> Message:
        """A message that is still there; ``purpose`` completes "message to ... not found".

        Raises:
            Refusal: 400 where there is none.
        """
        found = chat.messages.get(message_id) if message_id is not None else None
        if found is None or found.deleted:
            raise bad_request(f"message to {purpose} not found")
        return found

    def add_message(
        self, chat: Chat, sender: Json, *, kind: Kind = Kind.TEXT, **fields: Any
    ) -> Message:
        """Put a message into a chat and tell the listeners."""
        message = Message(
            message_id=chat.next_message_id,
            chat=chat.api,
            sender=sender,
            from_bot=sender["id"] == self.bot["id"],
            sent_at=self.now(),
            kind=kind,
            **fields,
        )
        chat.next_message_id += 1
        chat.messages[message.message_id] = message
        self.changed("sent", chat, message)
        return message

    def delete_message(self, chat: Chat, message: Message) -> None:
        """Take a message out of both phones."""
        message.deleted = True
        self.changed("deleted", chat, message)

    def add_file(self, name: str, mime: str, content: bytes, folder: str) -> StoredFile:
        """Keep a file and give it ids and a path."""
        digest = hashlib.sha256(content).hexdigest()
        number = len(self.files)
        width, height = dimensions(content)
        suffix = name.rpartition(".")[2] if "." in name else "bin"
        file = StoredFile(
            file_id=f"F{digest[:40]}{number}",
            unique_id=f"U{digest[:14]}",
            path=f"{folder}/file_{number}.{suffix}",
            content=content,
            name=name,
            mime=mime,
            width=width,
            height=height,
        )
        self.files[file.file_id] = file
        return file

    def now(self) -> datetime:
        """The server's time in whole seconds, which is all that Telegram tells."""
        return self.clock().replace(microsecond=0)

    def subscribe(self, callback: Callable[[Change], None]) -> Callable[[], None]:
        """Call ``callback`` on each visible change; the returned function ends that."""
        self._listeners.append(callback)
        return lambda: self._listeners.remove(callback)

    def changed(self, kind: str, chat: Chat, message: Message | None = None, **detail: Any) -> None:
        """Number a change and tell everybody who waits for one."""
        self.revision += 1
        if message is not None:
            message.revision = self.revision
        for listener in list(self._listeners):
            listener(Change(kind, chat.chat_id, message, detail))
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)
        self._waiters.clear()

    async def next_change(self) -> None:
        """Wait for the next visible change anywhere."""
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters.add(waiter)
        try:
            await waiter
        finally:
            self._waiters.discard(waiter)


def _closed(chat: Chat) -> Refusal | None:
    if chat.private:
        if chat.deactivated:
            return forbidden("user is deactivated")
        if not chat.opened:
            return forbidden("bot can't initiate conversation with a user")
        return forbidden("bot was blocked by the user") if chat.blocked else None
    kind = chat.api["type"]
    if chat.status == "kicked":
        return forbidden(f"bot was kicked from the {kind} chat")
    if chat.status == "left":
        return forbidden(f"bot is not a member of the {kind} chat")
    return None

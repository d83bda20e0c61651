"""People with phones: what they do reaches the bot, and what the bot does shows on their phones."""

from typing import Any, Final

from bot.demo.formatting import cleaned, detected, trimmed
from bot.demo.messages import Json, Kind, Message
from bot.demo.phones import Phone
from bot.demo.profile import member_change
from bot.demo.tags import Entity
from bot.demo.world import DELETABLE_FOR, Press

TINY_PICTURE: Final = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)
"""A valid PNG of one pixel, for people who send photos."""


def typed(text: str) -> tuple[str, list[Entity]]:
    """What arrives of a text that somebody typed: trimmed, with commands and links found."""
    plain, _ = trimmed(cleaned(text), [])
    return trimmed(plain, detected(plain, []))


class Person(Phone):
    """One person with their phone. Created by ``BotApiServer.person``."""

    async def send_text(self, text: str, reply_to: int | None = None) -> Message:
        """Write to the bot; ``/start`` included.

        Raises:
            ValueError: Telegram would not send this text, or the bot is blocked.
        """
        plain, entities = typed(text)
        if not plain:
            raise ValueError("Telegram sends no empty message")
        return self._say(Kind.TEXT, reply_to, text=plain, entities=entities)

    async def send_photo(self, content: bytes = TINY_PICTURE, caption: str = "") -> Message:
        """Send a picture."""
        plain, entities = typed(caption)
        file = self._world.add_file("photo.png", "image/png", content, "photos")
        return self._say(Kind.PHOTO, file=file, text=plain, entities=entities)

    async def send_document(
        self, content: bytes = b"demo", name: str = "notes.txt", caption: str = ""
    ) -> Message:
        """Send a file."""
        plain, entities = typed(caption)
        file = self._world.add_file(name, "application/octet-stream", content, "documents")
        return self._say(Kind.DOCUMENT, file=file, text=plain, entities=entities)

    async def send_voice(self) -> Message:
        """Send a voice message of two seconds."""
        file = self._world.add_file("voice.oga", "audio/ogg", b"OggS", "voice")
        return self._say(Kind.VOICE, file=file)

    async def send_sticker(self) -> Message:
        """Send a sticker."""
        file = self._world.add_file("sticker.webp", "image/webp", b"RIFF", "stickers")
        return self._say(Kind.STICKER, file=file)

    async def send_location(self, latitude: float = 52.52, longitude: float = 13.4) -> Message:
        """Send a place."""
        place = {"latitude": latitude, "longitude": longitude}
        return self._say(Kind.LOCATION, extra={"location": place})

    async def edit_text(self, message_id: int, text: str) -> Message:
        """Edit an own text, which Telegram allows for 48 hours.

        Raises:
            ValueError: the message is not the person's own text, gone, or too old.
        """
        message = self._there(message_id)
        if message.from_bot or message.kind is not Kind.TEXT:
            raise ValueError("only own texts can be edited")
        if self._world.clock() - message.sent_at >= DELETABLE_FOR:
            raise ValueError("messages can be edited for 48 hours")
        self._act()
        message.remember(self._world.now())
        message.text, message.entities = typed(text)
        self._world.changed("edited", self._chat, message)
        self._world.updates.add("edited_message", message.as_api())
        return message

    async def press(self, message_id: int, data_or_label: str) -> Press:
        """Press an inline button, found by its callback data or its label.

        Raises:
            LookupError: the message shows no such button.
            ValueError: the button does not call the bot (a link, copying a text).
        """
        message = self._there(message_id)
        button = message.button(data_or_label)
        if button is None:
            raise LookupError(f"no button {data_or_label!r} among {message.labels}")
        if "callback_data" not in button:
            raise ValueError(f"the button {data_or_label!r} does not call the bot")
        return self._press(message, button["callback_data"])

    async def tap(self, data_or_label: str) -> Press:
        """Press a button on the newest visible message that has it.

        Raises:
            LookupError: no message shows it.
        """
        for message in reversed(self.from_bot):
            if message.button(data_or_label):
                return await self.press(message.message_id, data_or_label)
        raise LookupError(f"no button {data_or_label!r} is to be seen")

    async def press_raw(self, data: str, message_id: int | None = None) -> Press:
        """Send callback data that no button has, as a forged client can.

        The message may be one that is deleted by now: the update then says that it is
        inaccessible, as when a press and a deletion cross.

        Raises:
            LookupError: there never was such a message.
        """
        if message_id is None:
            return self._press(self.last, data)
        if message_id not in self._chat.messages:
            raise LookupError(f"no message {message_id} in the chat of {self.id}")
        return self._press(self._chat.messages[message_id], data)

    async def react(self, message_id: int, emoji: str) -> None:
        """React to a message; the bot hears of it only where it asked for such updates."""
        message = self._there(message_id)
        self._act()
        content = {
            "chat": self._chat.api,
            "message_id": message.message_id,
            "user": self.user,
            "date": int(self._world.now().timestamp()),
            "old_reaction": [],
            "new_reaction": [{"type": "emoji", "emoji": emoji}],
        }
        self._world.updates.add("message_reaction", content)

    async def delete(self, message_id: int) -> None:
        """Delete a message on both phones; the bot never hears of it."""
        self._world.delete_message(self._chat, self._there(message_id))

    async def delete_chat(self) -> None:
        """Delete the whole conversation on both phones; the bot never hears of it."""
        for message in self.visible:
            self._world.delete_message(self._chat, message)

    async def block(self) -> None:
        """Block the bot, which it hears of as ``my_chat_member``."""
        if not self._chat.blocked:
            self._act()
            self._chat.blocked = True
            self._member("member", "kicked")

    async def unblock(self) -> None:
        """Unblock the bot, which it hears of as ``my_chat_member``."""
        if self._chat.blocked:
            self._act()
            self._chat.blocked = False
            self._member("kicked", "member")

    async def leave_telegram(self) -> None:
        """Delete the account: the bot is refused from now on and never hears why."""
        self._chat.deactivated = True

    def _act(self) -> None:
        self._mark = self._world.revision

    def _say(self, kind: Kind, reply_to: int | None = None, **fields: Any) -> Message:
        if self._chat.blocked:
            raise ValueError("a blocked bot cannot be written to; unblock it first")
        self._chat.opened = True
        self._chat.status = "member"
        replied = None if reply_to is None else self._there(reply_to)
        message = self._world.add_message(
            self._chat, self.user, kind=kind, reply_to=replied, **fields
        )
        self._act()
        self._world.updates.add("message", message.as_api())
        return message

    def _press(self, message: Message, data: str) -> Press:
        self._act()
        press = Press(self._world.big_number(), self.id, self._world.clock())
        self._world.presses[press.query_id] = press
        content = {
            "id": press.query_id,
            "from": self.user,
            "message": self._inaccessible(message) if message.deleted else message.as_api(),
            "chat_instance": self._chat.instance,
            "data": data,
        }
        self._world.updates.add("callback_query", content)
        return press

    def _inaccessible(self, message: Message) -> Json:
        return {"chat": self._chat.api, "message_id": message.message_id, "date": 0}

    def _member(self, old: str, new: str) -> None:
        change = member_change(self._world, self._chat.api, self.user, old, new)
        self._world.updates.add("my_chat_member", change)

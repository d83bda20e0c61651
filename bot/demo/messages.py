"""One message as a person's phone shows it, and as the Bot API describes it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.demo.formatting import to_html
from bot.demo.tags import Entity

Json = dict[str, Any]


class Kind(StrEnum):
    """What a message carries."""

    TEXT = "text"
    PHOTO = "photo"
    DOCUMENT = "document"
    STICKER = "sticker"
    VOICE = "voice"
    LOCATION = "location"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that Telegram keeps. ``width`` and ``height`` are 0 for everything but pictures."""

    file_id: str
    unique_id: str
    path: str
    content: bytes = field(repr=False)
    name: str
    mime: str
    width: int = 0
    height: int = 0

    def as_api(self) -> Json:
        """The fields that every kind of file has in the Bot API."""
        return {
            "file_id": self.file_id,
            "file_unique_id": self.unique_id,
            "file_size": len(self.content),
        }


@dataclass(frozen=True, slots=True)
class Edit:
    """What a message showed before it was edited at ``at``."""

    at: datetime
    text: str
    entities: tuple[Entity, ...]
    keyboard: tuple[tuple[Json, ...], ...]


@dataclass(slots=True, eq=False)
class Message:
    """A message in a chat; it changes in place when it is edited, reacted to or deleted.

    ``text`` is the caption where there is a file. ``sender`` and ``chat`` are Bot API objects.
    ``keyboard`` holds the inline buttons, ``markup`` any other reply markup as it was sent.
    ``reactions`` are the bot's own, ``silent`` means sent without a sound.
    """

    message_id: int
    chat: Json
    sender: Json
    from_bot: bool
    sent_at: datetime
    kind: Kind = Kind.TEXT
    text: str = ""
    entities: list[Entity] = field(default_factory=list)
    keyboard: list[list[Json]] = field(default_factory=list)
    markup: Json | None = None
    reply_to: "Message | None" = None
    file: StoredFile | None = None
    extra: Json = field(default_factory=dict)
    silent: bool = False
    protected: bool = False
    spoiler: bool = False
    link_preview: Json | None = None
    reactions: list[str] = field(default_factory=list)
    deleted: bool = False
    edited_at: datetime | None = None
    history: list[Edit] = field(default_factory=list)
    revision: int = 0

    @property
    def html(self) -> str:
        """The text with its formatting as Telegram's HTML, escaped."""
        return to_html(self.text, self.entities)

    @property
    def buttons(self) -> list[Json]:
        """The inline buttons from left to right, top to bottom."""
        return [button for row in self.keyboard for button in row]

    @property
    def labels(self) -> list[str]:
        """What is written on the inline buttons."""
        return [button["text"] for button in self.buttons]

    @property
    def photo(self) -> bytes | None:
        """The picture's bytes, where the message is a photo."""
        return self.file.content if self.file and self.kind is Kind.PHOTO else None

    @property
    def document(self) -> bytes | None:
        """The file's bytes, where the message is a document."""
        return self.file.content if self.file and self.kind is Kind.DOCUMENT else None

    def button(self, data_or_label: str) -> Json | None:
        """The button with this callback data or this label."""
        for key in ("callback_data", "text"):
            for button in self.buttons:
                if button.get(key) == data_or_label:
                    return button
        return None

    def remember(self, at: datetime) -> None:
        """Put what the message shows now into its history, before it is edited."""
        rows = tuple(tuple(row) for row in self.keyboard)
        self.history.append(Edit(at, self.text, tuple(self.entities), rows))
        self.edited_at = at

    def as_api(self, *, with_reply: bool = True) -> Json:
        """The ``Message`` object of the Bot API."""
        result: Json = {
            "message_id": self.message_id,
            "from": self.sender,
            "chat": self.chat,
            "date": int(self.sent_at.timestamp()),
        }
        if self.chat["type"] == "channel":
            result["sender_chat"] = self.chat
            del result["from"]
        if self.edited_at is not None:
            result["edit_date"] = int(self.edited_at.timestamp())
        if self.reply_to is not None and with_reply:
            result["reply_to_message"] = self.reply_to.as_api(with_reply=False)
        if self.protected:
            result["has_protected_content"] = True
        if self.link_preview is not None:
            result["link_preview_options"] = self.link_preview
        if self.keyboard:
            result["reply_markup"] = {"inline_keyboard": self.keyboard}
        return result | self._content() | self.extra

    def _content(self) -> Json:
        if self.kind is Kind.TEXT:
            return {"text": self.text} | ({"entities": self.entities} if self.entities else {})
        result: Json = {}
        if self.file is not None:
            result[self.kind.value] = _described(self.kind, self.file)
        if self.text:
            result["caption"] = self.text
            if self.entities:
                result["caption_entities"] = self.entities
        if self.spoiler:
            result["has_media_spoiler"] = True
        return result

    def as_json(self) -> Json:
        """The message as the control end point and the live page tell it: plain JSON."""
        return {
            "message_id": self.message_id,
            "from_bot": self.from_bot,
            "kind": self.kind.value,
            "text": self.text,
            "html": self.html,
            "entities": self.entities,
            "keyboard": self.keyboard,
            "markup": self.markup,
            "reply_to": self.reply_to.message_id if self.reply_to else None,
            "reactions": self.reactions,
            "deleted": self.deleted,
            "silent": self.silent,
            "protected": self.protected,
            "spoiler": self.spoiler,
            "sent_at": self.sent_at.isoformat(),
            "edited_at": self.edited_at.isoformat() if self.edited_at else None,
            "edits": len(self.history),
            "file": self.file.path if self.file else None,
            "file_name": self.file.name if self.file else None,
            "file_size": len(self.file.content) if self.file else None,
            "width": self.file.width if self.file else 0,
            "height": self.file.height if self.file else 0,
        }


def _described(kind: Kind, file: StoredFile) -> Any:
    if kind is Kind.PHOTO:
        return [file.as_api() | {"width": file.width, "height": file.height}]
    if kind is Kind.DOCUMENT:
        return file.as_api() | {"file_name": file.name, "mime_type": file.mime}
    if kind is Kind.VOICE:
        return file.as_api() | {"duration": 2, "mime_type": file.mime}
    return file.as_api() | {
        "width": 512,
        "height": 512,
        "type": "regular",
        "is_animated": False,
        "is_video": False,
    }

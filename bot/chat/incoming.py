"""What has come in, reduced to what conversations need to know."""

import json
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeAlias

from telegram.constants import ChatMemberStatus, ChatType

_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0\ufe0e\ufe0f")
"""Hangul fillers, the empty braille cell and variation selectors: drawn as nothing."""

_NOTES = ("pinned_message", "message_auto_delete_timer_changed")
"""Messages by which Telegram notes what was done in a private chat: nobody has said anything."""


class UnreadableError(Exception):
    """An update that is not what the Bot API describes."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text in a private chat; ``edited`` if it replaces what the same message said before."""

    chat_id: int
    message_id: int
    text: str
    at: datetime
    reply_to: int | None
    edited: bool


@dataclass(frozen=True, slots=True)
class Press:
    """A button that was pressed in a private chat."""

    chat_id: int
    message_id: int
    data: str
    query_id: str


@dataclass(frozen=True, slots=True)
class Wordless:
    """A sticker, a picture, a voice note: anything in a private chat that holds no text.

    ``caption`` is what is written under it, ``edited`` says that only this has been changed.
    """

    chat_id: int
    message_id: int
    at: datetime
    caption: str = ""
    edited: bool = False


@dataclass(frozen=True, slots=True)
class Membership:
    """The person has blocked the bot (``present`` false) or let it in again."""

    chat_id: int
    present: bool


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Anything in a group or a channel; ``inside`` if the bot is a member there now."""

    chat_id: int
    inside: bool


@dataclass(frozen=True, slots=True)
class Nothing:
    """An update that asks for no answer."""


Incoming: TypeAlias = Text | Press | Wordless | Membership | Elsewhere | Nothing


def parse(raw: str) -> Incoming:
    """Read one update as received, without what nobody here asks for.

    The library would make objects of all of it, which takes longer than to read what was written.

    Raises:
        UnreadableError: what is needed of it is not as the Bot API describes it.
    """
    try:
        return _reduced(json.loads(raw))
    except Exception as error:
        raise UnreadableError(type(error).__name__) from None


def command(text: str) -> tuple[str | None, str]:
    """The command a text begins with (without slash and bot name) and what follows it."""
    if not text.startswith("/") or len(text) < 2 or not text[1].isalpha():
        return None, ""
    word, *rest = text[1:].split(maxsplit=1)
    return word.partition("@")[0].casefold(), "".join(rest).strip()


def _reduced(update: Any) -> Incoming:
    if (query := update.get("callback_query")) is not None:
        return _press(query)
    if (change := update.get("my_chat_member")) is not None:
        return _membership(change)
    if (message := update.get("message")) is not None:
        return _message(message, edited=False)
    if (message := update.get("edited_message")) is not None:
        return _message(message, edited=True)
    if (post := update.get("channel_post")) is not None:
        return Elsewhere(_number(post["chat"]["id"]), inside=True)
    return Nothing()


def _press(query: Any) -> Incoming:
    _number(query["from"]["id"])  # nobody presses without being somebody
    message, data = query.get("message"), query.get("data")
    if message is None or data is None:
        return Nothing()
    chat_id = _number(message["chat"]["id"])
    if not _private(message):
        return Elsewhere(chat_id, inside=True)
    message_id = _number(message["message_id"])
    return Press(chat_id, message_id, _whole(_string(data)), _string(query["id"]))


def _membership(change: Any) -> Incoming:
    chat_id = _number(change["chat"]["id"])
    status = _string(change["new_chat_member"]["status"])
    present = status not in (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)
    return Membership(chat_id, present) if _private(change) else Elsewhere(chat_id, present)


def _message(message: Any, *, edited: bool) -> Incoming:
    chat_id = _number(message["chat"]["id"])
    if not _private(message):
        # Members leaving and other service messages come after the bot has left, too.
        if message.get("left_chat_member") is not None:
            return Nothing()
        return Elsewhere(chat_id, inside=True)
    text = message.get("text")
    if text is None or _looks_empty(_string(text)):
        return _wordless(message, edited=edited)
    reply = message.get("reply_to_message")
    return Text(
        chat_id=chat_id,
        message_id=_number(message["message_id"]),
        text=_whole(text),
        at=_instant(message["date"]),
        reply_to=None if reply is None else _number(reply["message_id"]),
        edited=edited,
    )


def _wordless(message: Any, *, edited: bool) -> Incoming:
    if any(message.get(note) is not None for note in _NOTES):
        return Nothing()
    chat_id, message_id = _number(message["chat"]["id"]), _number(message["message_id"])
    caption = _whole(_string(message.get("caption") or ""))
    if edited and not caption:
        return Nothing()
    return Wordless(chat_id, message_id, _instant(message["date"]), caption, edited)


def _private(within: Any) -> bool:
    return _string(within["chat"]["type"]) == ChatType.PRIVATE


def _number(value: object) -> int:
    """The same, if it is a number as Telegram gives them.

    Raises:
        TypeError: it is none.
        ValueError: it is beyond what Telegram gives.
    """
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("not a number")
    if abs(value) >= 2**53:
        raise ValueError("no number of Telegram's")
    return value


def _string(value: object) -> str:
    """The same, if it is a text.

    Raises:
        TypeError: it is none.
    """
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def _instant(value: object) -> datetime:
    return datetime.fromtimestamp(_number(value), UTC)


def _whole(text: str) -> str:
    """The text with halves of surrogate pairs replaced: nothing can store or send them."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _looks_empty(text: str) -> bool:
    """Whether nothing of a text can be seen: spaces, joiners and letters that are drawn blank."""
    return all(c in _BLANK or unicodedata.category(c) in {"Cc", "Cf", "Zs"} for c in text)

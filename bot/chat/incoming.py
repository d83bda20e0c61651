"""What has come in, reduced to what conversations need to know."""

import json
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from telegram import CallbackQuery, ChatMemberUpdated, Message, Update
from telegram.constants import ChatMemberStatus, ChatType

_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0\ufe0e\ufe0f")
"""Hangul fillers, the empty braille cell and variation selectors: drawn as nothing."""


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
    """A sticker, a picture, a voice note: anything in a private chat that holds no text."""

    chat_id: int
    message_id: int
    at: datetime


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
    """Read one update as received.

    Raises:
        UnreadableError: it is not an update as the Bot API describes it.
    """
    try:
        update = Update.de_json(json.loads(raw), None)
        return _checked(_reduced(update))
    except Exception as error:
        raise UnreadableError(type(error).__name__) from None


def _checked(incoming: Incoming) -> Incoming:
    """The same, if everything in it is of its kind; the library takes any JSON for anything.

    Raises:
        TypeError: something is of another kind.
        ValueError: a number is beyond what Telegram gives.
    """
    if isinstance(incoming, Nothing):
        return incoming
    numbers: list[object] = [incoming.chat_id]
    texts: list[object] = []
    if isinstance(incoming, Text | Press | Wordless):
        numbers.append(incoming.message_id)
    if isinstance(incoming, Text):
        texts.append(incoming.text)
        if incoming.reply_to is not None:
            numbers.append(incoming.reply_to)
    if isinstance(incoming, Press):
        texts += [incoming.data, incoming.query_id]
    for number in numbers:
        if not isinstance(number, int) or isinstance(number, bool):
            raise TypeError("not a number")
        if abs(number) >= 2**53:
            raise ValueError("no number of Telegram's")
    if isinstance(incoming, Text | Wordless) and not isinstance(incoming.at, datetime):
        raise TypeError("not an instant")
    if not all(isinstance(text, str) for text in texts):
        raise TypeError("not a text")
    return incoming


def command(text: str) -> tuple[str | None, str]:
    """The command a text begins with (without slash and bot name) and what follows it."""
    if not text.startswith("/") or len(text) < 2 or not text[1].isalpha():
        return None, ""
    word, *rest = text[1:].split(maxsplit=1)
    return word.partition("@")[0].casefold(), "".join(rest).strip()


def _reduced(update: Update) -> Incoming:
    if update.callback_query is not None:
        return _press(update.callback_query)
    if update.my_chat_member is not None:
        return _membership(update.my_chat_member)
    message = update.message or update.edited_message
    if message is not None:
        return _message(message, edited=update.message is None)
    if update.channel_post is not None:
        return Elsewhere(update.channel_post.chat.id, inside=True)
    return Nothing()


def _press(query: CallbackQuery) -> Incoming:
    if query.message is None or query.data is None:
        return Nothing()
    if query.message.chat.type != ChatType.PRIVATE:
        return Elsewhere(query.message.chat.id, inside=True)
    message = query.message
    return Press(message.chat.id, message.message_id, _whole(query.data), query.id)


def _membership(change: ChatMemberUpdated) -> Incoming:
    status = change.new_chat_member.status
    present = status not in (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)
    if change.chat.type == ChatType.PRIVATE:
        return Membership(change.chat.id, present)
    return Elsewhere(change.chat.id, present)


def _message(message: Message, *, edited: bool) -> Incoming:
    if message.chat.type != ChatType.PRIVATE:
        # Members leaving and other service messages come after the bot has left, too.
        if message.left_chat_member is not None:
            return Nothing()
        return Elsewhere(message.chat.id, inside=True)
    if message.text is None or _looks_empty(message.text):
        return Nothing() if edited else _wordless(message)
    reply = message.reply_to_message
    return Text(
        chat_id=message.chat.id,
        message_id=message.message_id,
        text=_whole(message.text),
        at=message.date,
        reply_to=None if reply is None else reply.message_id,
        edited=edited,
    )


def _whole(text: str) -> str:
    """The text with halves of surrogate pairs replaced: nothing can store or send them."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _looks_empty(text: str) -> bool:
    """Whether nothing of a text can be seen: spaces, joiners and letters that are drawn blank."""
    return all(c in _BLANK or unicodedata.category(c) in {"Cc", "Cf", "Zs"} for c in text)


def _wordless(message: Message) -> Incoming:
    if message.pinned_message is not None or message.message_auto_delete_timer_changed is not None:
        return Nothing()
    return Wordless(message.chat.id, message.message_id, message.date)

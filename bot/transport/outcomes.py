"""What has become of a message: what Telegram's answer means, and what is noted of it."""

from datetime import datetime
from enum import StrEnum

from telegram.error import (
    BadRequest,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.transport.request import NotSentError, UnavailableError, token_refused
from storage.connection import Connection
from storage.outbox import Queued
from storage.store import Store

_MEANING_GONE = ("chat not found", "user is deactivated", "peer_id_invalid")

_HARMLESS = (
    "message is not modified",
    "query is too old",
    "message to edit not found",
    "message to delete not found",
    "message can't be edited",
    "message can't be deleted",
    "message to react not found",
    "message to be replied not found",
)


class Outcome(StrEnum):
    """What an error says about a message."""

    PAUSE = "pause"
    """Telegram asks for a pause; the message was not taken."""
    UNSENT = "unsent"
    """It is known not to have reached the person."""
    DOUBTFUL = "doubtful"
    """It may have been delivered, or not."""
    GONE = "gone"
    """The person cannot be reached any more."""
    SETTLED = "settled"
    """What it was to change is no longer there, or is so already."""
    REFUSED = "refused"
    """Telegram will never take it."""


def outcome_of(error: TelegramError) -> Outcome:
    """What an error says about the message that was being sent."""
    match error:
        case RetryAfter():
            return Outcome.PAUSE
        case Forbidden():
            return Outcome.GONE
        case NotSentError() | UnavailableError():
            return Outcome.UNSENT
        case EndPointNotFound() | InvalidToken() if token_refused(error):
            # The receiver sees to it that the bot ends; the message waits for the next start.
            return Outcome.UNSENT
        case NetworkError() if not isinstance(error, BadRequest):
            return Outcome.DOUBTFUL
    reason = reason_of(error)
    if any(known in reason for known in _MEANING_GONE):
        return Outcome.GONE
    return Outcome.SETTLED if any(known in reason for known in _HARMLESS) else Outcome.REFUSED


def reason_of(error: TelegramError) -> str:
    """Telegram's words up to the first colon: they hold no part of what was sent."""
    return str(error).partition(":")[0].lower()


def is_over(message: Queued, now: datetime) -> bool:
    """Whether a message is no longer worth sending."""
    return message.expires_at is not None and now >= message.expires_at


def note_sent(conn: Connection, message: Queued, result: object, now: datetime) -> None:
    """It has arrived; ``result`` is what Telegram has answered."""
    store = Store(conn)
    store.outbox.sent(message.id)
    # Of strangers, and of people who have just had everything removed, nothing is kept.
    known = store.people.in_chat(message.chat_id) is not None
    if known and isinstance(result, dict) and message.method.startswith("send"):
        message_id = int(result["message_id"])
        store.messages.add(message.chat_id, message_id, now, mine=True, subject=message.subject)
        kind, _, number = (message.subject or "").partition(":")
        if kind == "asked":
            store.asked.set_message(int(number), message_id)


def note_over(conn: Connection, *messages: Queued) -> None:
    """Their time is over. A question that was never seen is no question that had no answer."""
    store = Store(conn)
    for message in messages:
        store.outbox.sent(message.id)
        asked = None if message.doubted else _asked_in(store, message)
        if asked is not None:
            store.asked.expire(asked)


def _asked_in(store: Store, message: Queued) -> int | None:
    """The question that a message brings, perhaps under a cover, which goes with it."""
    subject = message.subject or ""
    if subject.startswith("cover:"):
        person = store.people.in_chat(message.chat_id)
        number = int(subject.removeprefix("cover:"))
        held = None if person is None else store.covers.take(person.id, number)
        subject = (held or {}).get("subject") or ""
    return int(subject.removeprefix("asked:")) if subject.startswith("asked:") else None


def note_gone(conn: Connection, chat_id: int) -> None:
    """Nothing is sent to this chat any more until the person writes again."""
    store = Store(conn)
    store.outbox.drop_chat(chat_id)
    person = store.people.in_chat(chat_id)
    if person is not None and person.state == "active":
        store.people.update(person, state="gone")
        store.schedule.clear(person.id)

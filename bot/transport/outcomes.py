"""What has become of a message: what Telegram's answer means, and what is noted of it."""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from telegram.error import (
    BadRequest,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.logs import where
from bot.transport.answers import UnavailableError, message_id_of
from bot.transport.pace import UNPACED
from bot.transport.request import NotSentError, token_refused
from storage.connection import Connection, translated
from storage.errors import StorageError
from storage.outbox import Priority, Queued
from storage.store import Store

log = logging.getLogger(__name__)

Note: TypeAlias = Callable[[Connection, Queued], None]
"""Notes what has become of a message."""

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


GRAVE_SENDINGS = 8
"""So often a grave message is sent at most if each time nobody knows whether it has arrived; with
the pauses between them that takes two minutes."""


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


class Doubts:
    """Counts what may have been delivered, or not: it is sent once more, and then given up.

    What is grave is sent more often: twice is better than never.
    """

    def __init__(self) -> None:
        self._grave: Counter[int] = Counter()

    def are_final(self, message: Queued) -> bool:
        """Count a sending in doubt, and tell whether it was the last."""
        if message.priority is not Priority.GRAVE:
            return message.doubted
        self._grave[message.id] += 1
        if final := self._grave[message.id] >= GRAVE_SENDINGS:
            self.settle(message)
        return final

    def settle(self, message: Queued) -> None:
        """It has arrived: there is nothing left to count."""
        self._grave.pop(message.id, None)


def is_last_time(message: Queued) -> bool:
    """Whether a message is given up if a kill finds it on its way: it was in doubt before."""
    return message.doubted and message.priority is not Priority.GRAVE


def may_go(
    messages: Iterable[Queued], on_their_way: Iterable[Queued], most: int
) -> Iterator[Queued]:
    """The first of the messages that may go now; of those whose last time it is, one by one.

    If many of these were on their way when the bot is killed, those among them that had not left
    either time would never be sent.
    """
    settling = any(map(is_last_time, on_their_way))
    for message in messages:
        if most <= 0:
            return
        if settling and is_last_time(message):
            continue
        settling = settling or is_last_time(message)
        most -= 1
        yield message


def is_over(message: Queued, now: datetime) -> bool:
    """Whether a message is no longer worth sending."""
    return message.expires_at is not None and now >= message.expires_at


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message that has arrived, as which one in its chat (None: it is no message), and when."""

    message: Queued
    message_id: int | None
    at: datetime


def arrival_of(message: Queued, result: object, now: datetime) -> Arrival:
    """What there is to note of a message; ``result`` is what Telegram has answered.

    Raises:
        GarbledError: it is a message, and the answer does not say which.
    """
    if message.method.startswith("send") and message.method not in UNPACED:
        return Arrival(message, message_id_of(result), now)
    return Arrival(message, None, now)


def note_leaving(conn: Connection, message_ids: Sequence[int]) -> frozenset[int]:
    """They go on the wire now; give those that are still to be sent."""
    return Store(conn).outbox.leave(*message_ids)


def note_sent(conn: Connection, arrivals: Sequence[Arrival]) -> None:
    """They have arrived."""
    store = Store(conn)
    store.outbox.sent(*(arrival.message.id for arrival in arrivals))
    for arrival in arrivals:
        message, message_id = arrival.message, arrival.message_id
        # Of strangers, and of people who have just had everything removed, nothing is kept.
        if message_id is None or store.people.in_chat(message.chat_id) is None:
            continue
        subject = message.subject
        store.messages.add(message.chat_id, message_id, arrival.at, mine=True, subject=subject)
        if (asked := _number_in(subject, "asked")) is not None:
            store.asked.set_message(asked, message_id)


def note_each(conn: Connection, messages: Iterable[Queued], note: Note) -> None:
    """Note the same of some messages; one of which it cannot be noted is set aside alone.

    Raises:
        StorageError: the database failed; nothing was noted.
    """
    for message in messages:
        conn.execute("SAVEPOINT note")
        try:
            note(conn, message)
        except Exception as error:
            if isinstance(translated(error), StorageError):
                raise
            conn.execute("ROLLBACK TO note")
            log.error("a %s is set aside: %s", message.method, where(error))
            Store(conn).outbox.fail(message.id, where(error))
        conn.execute("RELEASE note")


def note_interrupted(conn: Connection) -> int:
    """After a start: what was being sent is in doubt. Give how many are sent once more.

    A message that was in doubt before is given up: it is repeated at most once. What is grave is
    not, nor are edits, reactions and the like, which nobody sees twice.
    """
    outbox = Store(conn).outbox
    note_each(conn, filter(is_last_time, outbox.interrupted()), note_given_up)
    return outbox.recover()


def note_over(conn: Connection, message: Queued) -> None:
    """Its time is over; a cover that was never seen is lifted by nobody."""
    store = Store(conn)
    note_given_up(conn, message)
    number = None if message.doubted else _number(message, "cover")
    person = None if number is None else store.people.in_chat(message.chat_id)
    if number is not None and person is not None:
        store.covers.take(person.id, number)


def note_given_up(conn: Connection, message: Queued) -> None:
    """Perhaps it has arrived, perhaps not. Who may not have been asked is not silent."""
    store = Store(conn)
    store.outbox.sent(message.id)
    _expire(store, message)
    _unsay(store, message)


def note_refused(conn: Connection, message: Queued, reason: str) -> None:
    """Telegram will not take it, or it cannot be made."""
    store = Store(conn)
    store.outbox.fail(message.id, reason)
    if not message.doubted:
        _expire(store, message)
    _unsay(store, message)


def _unsay(store: Store, message: Queued) -> None:
    """A reply to something grave that has not arrived is given again when it is due again."""
    if message.priority is Priority.GRAVE:
        person = store.people.in_chat(message.chat_id)
        if person is not None:
            store.uses.clear_replies(person.id)


def _expire(store: Store, message: Queued) -> None:
    """A question that a message brings, perhaps under a cover, waits for no answer any more."""
    number = _number(message, "cover")
    subject = message.subject
    if number is not None:
        person = store.people.in_chat(message.chat_id)
        held = None if person is None else store.covers.look(person.id, number)
        subject = (held or {}).get("subject")
    if (asked := _number_in(subject, "asked")) is not None:
        store.asked.expire(asked)


def _number(message: Queued, kind: str) -> int | None:
    return _number_in(message.subject, kind)


def _number_in(subject: str | None, kind: str) -> int | None:
    """The number in the subject of a message, if it is of this kind."""
    found, _, number = (subject or "").partition(":")
    return int(number) if found == kind and number.isdecimal() and len(number) < 19 else None


def note_gone(conn: Connection, message: Queued) -> None:
    """Nothing is sent to this chat any more until the person writes again.

    What was queued since is for somebody who may have come back meanwhile, and is tried.
    """
    store = Store(conn)
    is_all = store.outbox.drop_until(message)
    person = store.people.in_chat(message.chat_id)
    if person is None:
        return
    store.uses.clear_replies(person.id)
    if is_all and person.state == "active":
        store.people.update(person, state="gone")
        store.schedule.clear(person.id)

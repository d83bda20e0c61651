"""Where a stored request goes: the parameters that are known only when it is sent."""

from enum import Enum
from typing import Any

from storage.connection import Connection
from storage.database import Database
from storage.outbox import Queued
from storage.store import Store

ABOUT_NO_CHAT = frozenset({"answerCallbackQuery", "setMyCommands", "deleteMyCommands"})
"""Methods that take no ``chat_id``."""


class Missing(Enum):
    """Why a change has no message that it could go to."""

    YET = "yet"
    """The message is still to be sent itself."""
    GONE = "gone"
    """There is none, and none will come."""


async def addressed(database: Database, message: Queued) -> dict[str, Any] | Missing:
    """The method's parameters, with the chat and the message that they are about.

    Raises:
        StorageError: the database cannot be read.
    """
    payload = dict(message.payload)
    if message.method not in ABOUT_NO_CHAT:
        payload["chat_id"] = message.chat_id
    target = message.target
    if target is None:
        return payload

    def look(conn: Connection) -> int | Missing:
        store = Store(conn)
        found = store.messages.of_subject(message.chat_id, target)
        if found is not None:
            return found
        return Missing.YET if store.outbox.holds(message.chat_id, target) else Missing.GONE

    message_id = await database.read(look)
    return message_id if isinstance(message_id, Missing) else {**payload, "message_id": message_id}

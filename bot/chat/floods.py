"""Floods of which nothing may be noted, or of which each is too small to be: counted in memory.

What people write is counted by the ids of their messages (see ``limits``). Of strangers no trace
is kept, and a press leaves none: both are counted here, and forgotten when the program ends.
"""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime

from bot.chat.incoming import Press, Text, Wordless
from bot.chat.limits import FLOOD, FLOOD_SAID_EVERY, FLOOD_WITHIN, line, unheld
from bot.chat.memory import Memory
from bot.chat.messages import send, toast
from bot.chat.turn import Content, Turn
from storage.outbox import Outgoing

PRESSES = 120
"""More presses within a minute than this have their effect, but are not answered one by one. A quiz
tapped in haste is some 60 a minute."""

CHATS = 2_000
"""So many chats are counted at once; then those that were quiet for longest are forgotten."""


@dataclass(slots=True)
class _Chat:
    moments: deque[datetime] = field(default_factory=deque)
    said_at: datetime | None = None


class Counter:
    """Counts what comes from each chat within a minute.

    Args:
        most: more than so many are a flood.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._chats = Memory(CHATS, _Chat)

    def count(self, chat_id: int, now: datetime) -> bool:
        """Count one, and tell whether it is part of a flood."""
        chat = self._chats.of(chat_id)
        chat.moments.append(now)
        while len(chat.moments) > self._most + 1:
            chat.moments.popleft()
        return len(chat.moments) > self._most and abs(now - chat.moments[0]) <= FLOOD_WITHIN

    def may_say(self, chat_id: int, now: datetime) -> bool:
        """Whether the line about a flood is due, which is then taken for said."""
        chat = self._chats.of(chat_id)
        if chat.said_at is not None and abs(now - chat.said_at) < FLOOD_SAID_EVERY:
            return False
        chat.said_at = now
        return True


class Floods:
    """Holds back the answers to floods of strangers and of presses."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._written = Counter(FLOOD)
        self._pressed = Counter(PRESSES)

    def of_strangers(
        self, incoming: Text | Wordless | Press, messages: list[Outgoing], now: datetime
    ) -> list[Outgoing]:
        """The answers to a stranger; in a flood one line in place of what can be held back."""
        chat_id = incoming.chat_id
        counter = self._pressed if isinstance(incoming, Press) else self._written
        if not counter.count(chat_id, now):
            return messages
        left = unheld(messages)
        if not counter.may_say(chat_id, now):
            return left
        text = self._content.words(line(agreed=False))
        if isinstance(incoming, Press):
            return [*left, toast(incoming, text)]
        return [*left, send(chat_id, text)]

    def of_presses(self, turn: Turn, press: Press, messages: list[Outgoing]) -> list[Outgoing]:
        """The answers to a press; in a flood one line in place of what can be held back."""
        now = turn.now
        if not self._pressed.count(turn.chat_id, now) or turn.forgotten:
            return messages
        left = unheld(messages)
        if not self._pressed.may_say(turn.chat_id, now):
            return left
        agreed = turn.person.consent is not None
        return [*left, toast(press, turn.label(line(agreed=agreed)))]

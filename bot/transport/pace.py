"""How fast messages may leave: evenly over all chats, and with manners in each chat."""

import asyncio
import time
from collections import deque
from collections.abc import Callable

CHAT_BURST = 5
"""So many messages may go to one chat at once ..."""

CHAT_INTERVAL = 1.0
"""... and after that one in so many seconds (Telegram asks for about one a second)."""

_JITTER_LEAST, _JITTER_MOST = 0.005, 0.03
"""Seconds by which one message may be slower on the network than the next, and still no second
sees more than the rate there: as long as one message's share of a second, within these bounds."""

_SLACK = 0.004
"""Turns come by so much more slowly than the door lets through, so that a bunch dissolves."""

_MADE_UP_FOR = 0.1
"""Seconds, or twice the time from turn to turn where that is longer. Messages that are late by no
more than this are made up for, so that the mean rate is kept; after a longer stall all goes on
evenly from there. It is also about as long as a message waits at the door."""

UNPACED = frozenset(
    {
        "answerCallbackQuery",
        "deleteMessage",
        "deleteMessages",
        "editMessageCaption",
        "editMessageMedia",
        "editMessageReplyMarkup",
        "editMessageText",
        "leaveChat",
        "sendChatAction",
        "setMessageReaction",
        "setMyCommands",
        "deleteMyCommands",
        "setChatMenuButton",
    }
)
"""Methods that are no messages: Telegram counts them elsewhere."""


class Pacer:
    """Evenly spaced turns from the first second on, a door, and one bucket of tokens a chat.

    A full bucket for all, as most limiters start with, would let twice the rate through in the
    first second. Between its turn and its departure each message is noted in the database, which
    takes now a few milliseconds and now a hundred, so that messages bunch however even their turns
    are: the door counts what has really left.

    Args:
        rate: messages a second over all chats.
        chat_interval: seconds between two messages to one chat, once its burst is spent.
        monotonic: the clock that measures.
    """

    def __init__(
        self,
        rate: float,
        *,
        chat_interval: float = CHAT_INTERVAL,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.rate = rate
        self._chat_interval = chat_interval
        whole = max(1, int(rate))
        self._second = 1 + min(_JITTER_MOST, max(_JITTER_LEAST, 1 / rate))
        self._interval = (self._second + _SLACK) / min(rate, whole)
        self._made_up_for = max(_MADE_UP_FOR, 2 * self._interval)
        self._monotonic = monotonic
        self._next_turn = 0.0
        self._waiting = 0
        self._halted_until = 0.0
        self._left: deque[float] = deque(maxlen=whole)
        self._door = asyncio.Lock()
        self._chats: dict[int, tuple[float, float]] = {}
        self._asked_to_rest: dict[int, float] = {}

    async def turn(self) -> None:
        """Wait until the next message may get ready to leave."""
        self._waiting += 1
        try:
            start = self._take_turn()
            while (wait := start - self._monotonic()) > 0:
                await asyncio.sleep(wait)
                if self._is_void(start):
                    start = self._take_turn()
        finally:
            self._waiting -= 1

    async def departure(self) -> bool:
        """Wait until one more may leave in this second, and count it: it has to leave at once.

        Whoever had a turn waits shortly here or not at all, in the order of coming. False: a halt
        has come since the turn, which is to be taken anew.
        """
        async with self._door:
            while not (halted := self._monotonic() < self._halted_until):
                if (wait := self._full_until() - self._monotonic()) <= 0:
                    self._left.append(self._monotonic())
                    break
                await asyncio.sleep(wait)
            return not halted

    def _full_until(self) -> float:
        full = len(self._left) == self._left.maxlen
        return self._left[0] + self._second if full else 0.0

    def _is_void(self, start: float) -> bool:
        """Whether a turn that was waited for must be taken anew, or all would leave at once.

        A halt came meanwhile, or the loop has stalled, or one second ago messages left late in a
        bunch: then the turns after it would come to stand at the door.
        """
        now = self._monotonic()
        return (
            start < self._halted_until
            or start < now - self._made_up_for
            or now < self._full_until() - self._made_up_for
        )

    def _take_turn(self) -> float:
        # Time without messages saves up no turns: only where others wait is it made up for.
        late = self._made_up_for if self._waiting > 1 else 0.0
        start = max(
            self._monotonic() - late,
            self._next_turn,
            self._halted_until,
            self._full_until() - self._made_up_for,
        )
        self._next_turn = start + self._interval
        return start

    def halt(self, seconds: float) -> None:
        """Let nothing leave for so many seconds (Telegram's ``retry_after``)."""
        self._halted_until = max(self._halted_until, self._monotonic() + seconds)

    def rest(self, chat_id: int, seconds: float) -> None:
        """Let nothing leave for this chat for so many seconds."""
        until = self._monotonic() + seconds
        self._asked_to_rest[chat_id] = max(until, self._asked_to_rest.get(chat_id, until))

    def spend(self, chat_id: int) -> None:
        """Note that a message goes to this chat."""
        tokens, _ = self._level(chat_id)
        self._chats[chat_id] = (tokens - 1, self._monotonic())

    def resting(self) -> dict[int, float]:
        """Chats that had enough for now, with the seconds until each may have one more."""
        rest: dict[int, float] = {}
        for chat_id in list(self._chats):
            tokens, full = self._level(chat_id)
            if full:
                del self._chats[chat_id]
            elif tokens < 1:
                rest[chat_id] = (1 - tokens) * self._chat_interval
        now = self._monotonic()
        for chat_id, until in list(self._asked_to_rest.items()):
            if until <= now:
                del self._asked_to_rest[chat_id]
            else:
                rest[chat_id] = max(until - now, rest.get(chat_id, 0.0))
        return rest

    def _level(self, chat_id: int) -> tuple[float, bool]:
        tokens, at = self._chats.get(chat_id, (float(CHAT_BURST), self._monotonic()))
        tokens = min(float(CHAT_BURST), tokens + (self._monotonic() - at) / self._chat_interval)
        return tokens, tokens >= CHAT_BURST

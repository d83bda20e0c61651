"""How fast messages may leave: evenly over all chats, and with manners in each chat."""

import asyncio
import time
from collections import deque
from collections.abc import Callable

CHAT_BURST = 5
"""So many messages may go to one chat at once ..."""

CHAT_INTERVAL = 1.0
"""... and after that one in so many seconds (Telegram asks for about one a second)."""

_HEADROOM = 0.99
"""Leaves room for the network's jitter, so that no second ever sees more than the rate."""

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
    """Evenly spaced turns from the first second on, and one bucket of tokens a chat.

    A full bucket, as most limiters start with, would let twice the
    rate through in the first second.

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
        self._interval = 1 / (rate * _HEADROOM)
        self._monotonic = monotonic
        self._next_turn = 0.0
        self._halted_until = 0.0
        self._left: deque[float] = deque(maxlen=max(1, int(rate)))
        self._chats: dict[int, tuple[float, float]] = {}
        self._asked_to_rest: dict[int, float] = {}

    async def turn(self) -> None:
        """Wait until the next message may leave."""
        start = self._take_turn()
        while (wait := start - self._monotonic()) > 0:
            await asyncio.sleep(wait)
            if start < self._halted_until:
                # A halt came while this turn waited: it queues anew, or all would leave at once.
                start = self._take_turn()
            else:
                # After a stall several turns are past at once; a second still holds the rate only.
                start = max(start, self._second_is_full_until())
        self._left.append(self._monotonic())

    def _second_is_full_until(self) -> float:
        full = len(self._left) == self._left.maxlen
        return self._left[0] + 1 / _HEADROOM if full else 0.0

    def halt(self, seconds: float) -> None:
        """Let nothing leave for so many seconds (Telegram's ``retry_after``)."""
        self._halted_until = max(self._halted_until, self._monotonic() + seconds)

    def rest(self, chat_id: int, seconds: float) -> None:
        """Let nothing leave for this chat for so many seconds."""
        until = self._monotonic() + seconds
        self._asked_to_rest[chat_id] = max(until, self._asked_to_rest.get(chat_id, until))

    def _take_turn(self) -> float:
        start = max(self._monotonic(), self._next_turn, self._halted_until)
        self._next_turn = start + self._interval
        return start

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

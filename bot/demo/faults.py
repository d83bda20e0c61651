"""Things that go wrong on demand: refusals, broken connections, slow answers, Telegram's caps."""

import asyncio
import time
from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum
from math import ceil

from bot.demo.refusals import Refusal, forbidden, too_many


class Trouble(StrEnum):
    """What a fault does to the request that it meets."""

    REFUSE = "refuse"
    DROP_BEFORE = "drop_before"
    DROP_AFTER = "drop_after"
    SLOW = "slow"
    HOLD_BEFORE = "hold_before"
    HOLD_AFTER = "hold_after"


@dataclass(slots=True, eq=False)
class Fault:
    """One scripted fault.

    Args:
        trouble: what happens.
        method: the method it waits for, in any case; "*" meets every method but getUpdates.
        chat_id: only for requests to this chat.
        times: so many requests meet it; a negative number means all of them.
        skip: so many matching requests pass first.
        seconds: for SLOW, how long the answer takes (after the request took effect).
        refusal: for REFUSE, what is answered.
    """

    trouble: Trouble
    method: str = "*"
    chat_id: int | None = None
    times: int = 1
    skip: int = 0
    seconds: float = 0.0
    refusal: Refusal | None = None
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    met: int = 0

    @property
    def holds(self) -> bool:
        """Whether requests may still be held by this fault."""
        held = self.trouble in {Trouble.HOLD_BEFORE, Trouble.HOLD_AFTER}
        return held and not self.released.is_set()

    def release(self) -> None:
        """Let the requests that are held go on."""
        self.released.set()

    def _matches(self, method: str, chat_id: int | None) -> bool:
        if self.chat_id is not None and self.chat_id != chat_id:
            return False
        if self.method == "*":
            return method != "getupdates"
        return self.method.lower() == method

    def meets(self, method: str, chat_id: int | None) -> bool:
        """Whether this request meets the fault; counts the passing of ``skip`` and ``times``."""
        if self.times == 0 or not self._matches(method, chat_id):
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        self.times -= 1
        self.met += 1
        return True


class Faults:
    """The script of faults; each request meets the first that matches it."""

    def __init__(self) -> None:
        self._script: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        """Append a fault to the script and return it."""
        self._script.append(fault)
        return fault

    def clear(self) -> None:
        """Forget all faults and let held requests go on."""
        for fault in self._script:
            fault.release()
        self._script.clear()

    def meet(self, method: str, chat_id: int | None) -> Fault | None:
        """The fault that this request meets, if any."""
        found = next((fault for fault in self._script if fault.meets(method, chat_id)), None)
        self._script = [fault for fault in self._script if fault.times != 0 or fault.holds]
        return found

    def refuse(
        self,
        status: int,
        description: str,
        *,
        method: str = "*",
        chat_id: int | None = None,
        times: int = 1,
        skip: int = 0,
        retry_after: int | None = None,
    ) -> Fault:
        """Answer with this error instead of doing what was asked."""
        refusal = Refusal(status, description, retry_after)
        return self.add(
            Fault(Trouble.REFUSE, method, chat_id, times=times, skip=skip, refusal=refusal)
        )

    def too_many(
        self, retry_after: int, *, method: str = "*", chat_id: int | None = None, times: int = 1
    ) -> Fault:
        """Answer 429 and ask for a pause of ``retry_after`` seconds."""
        refusal = too_many(retry_after)
        return self.add(Fault(Trouble.REFUSE, method, chat_id, times=times, refusal=refusal))

    def forbidden(self, chat_id: int, *, method: str = "*", times: int = 1) -> Fault:
        """Answer 403 "bot was blocked by the user" without the person having blocked it."""
        refusal = forbidden("bot was blocked by the user")
        return self.add(Fault(Trouble.REFUSE, method, chat_id, times=times, refusal=refusal))

    def server_error(self, status: int = 502, *, method: str = "*", times: int = 1) -> Fault:
        """Answer 5xx with Telegram's usual "Bad Gateway"."""
        return self.refuse(status, "Bad Gateway", method=method, times=times)

    def drop_before(
        self, *, method: str = "*", chat_id: int | None = None, times: int = 1, skip: int = 0
    ) -> Fault:
        """Close the connection before the request takes effect."""
        return self.add(Fault(Trouble.DROP_BEFORE, method, chat_id, times=times, skip=skip))

    def drop_after(
        self, *, method: str = "*", chat_id: int | None = None, times: int = 1, skip: int = 0
    ) -> Fault:
        """Let the request take effect, then close the connection without an answer."""
        return self.add(Fault(Trouble.DROP_AFTER, method, chat_id, times=times, skip=skip))

    def slow(
        self, seconds: float, *, method: str = "*", chat_id: int | None = None, times: int = 1
    ) -> Fault:
        """Let the request take effect at once and answer after ``seconds``."""
        return self.add(Fault(Trouble.SLOW, method, chat_id, times=times, seconds=seconds))

    def hold(
        self,
        *,
        method: str = "*",
        chat_id: int | None = None,
        times: int = 1,
        skip: int = 0,
        after: bool = False,
    ) -> Fault:
        """Stop a request until ``release()``, before or after its effect; no clock is involved.

        ``await fault.reached.wait()`` returns once a request is held.
        """
        trouble = Trouble.HOLD_AFTER if after else Trouble.HOLD_BEFORE
        return self.add(Fault(trouble, method, chat_id, times=times, skip=skip))


class Caps:
    """Telegram's real limits on sending, answered with 429 when they are overstepped.

    30 messages a second overall, one a second to one chat with a short burst
    (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this).

    Args:
        overall: messages in any one second.
        burst: messages that one chat takes at once.
        refill: seconds until one chat takes another.
    """

    def __init__(self, overall: int = 30, burst: int = 5, refill: float = 1.0) -> None:
        self._overall = overall
        self._burst = burst
        self._refill = refill
        self._recent: deque[float] = deque()
        self._chats: dict[int, tuple[float, float]] = {}

    def count(self, chat_id: int, now: float | None = None) -> None:
        """Count one message; ``now`` is monotonic seconds.

        Raises:
            Refusal: 429 where a cap is overstepped; the message then does not count.
        """
        now = time.monotonic() if now is None else now
        while self._recent and self._recent[0] <= now - 1.0:
            self._recent.popleft()
        if len(self._recent) >= self._overall:
            raise too_many(1)
        left, since = self._chats.get(chat_id, (float(self._burst), now))
        left = min(float(self._burst), left + (now - since) / self._refill)
        if left < 1.0:
            raise too_many(max(1, ceil((1.0 - left) * self._refill)))
        self._chats[chat_id] = (left - 1.0, now)
        self._recent.append(now)

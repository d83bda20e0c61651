"""What happens in one chat, told as it happens to every page that shows it."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from bot.demo.messages import Json
from bot.demo.world import Change

BEHIND: Final = 5_000
"""A page that is so many events behind is cut off; it comes back and is told everything anew."""

Queue = asyncio.Queue[Json | None]


class Feed:
    """Events for any number of listeners; None ends a listener."""

    def __init__(self) -> None:
        self._queues: set[Queue] = set()

    @property
    def listeners(self) -> int:
        """How many pages listen."""
        return len(self._queues)

    def tell(self, event: Json) -> None:
        """Let every listener have an event."""
        for queue in list(self._queues):
            try:
                queue.put_nowait(event)
            except asyncio.QueueFull:
                self._cut(queue)

    def close(self) -> None:
        """End every listener."""
        for queue in list(self._queues):
            self._cut(queue)

    @contextmanager
    def listen(self) -> Iterator[Queue]:
        """A queue of all events from now on."""
        queue: Queue = asyncio.Queue(BEHIND)
        self._queues.add(queue)
        try:
            yield queue
        finally:
            self._queues.discard(queue)

    def _cut(self, queue: Queue) -> None:
        self._queues.discard(queue)
        while not queue.empty():
            queue.get_nowait()
        queue.put_nowait(None)


def event_of(change: Change) -> Json | None:
    """A visible change as the page is told of it, or None where it shows nothing."""
    match change.kind:
        case "deleted" if change.message is not None:
            return {"event": "gone", "message_id": change.message.message_id}
        case "sent" | "edited" | "reaction" if change.message is not None:
            return {"event": "message", "how": change.kind, "message": change.message.as_json()}
        case "action":
            return {"event": "doing", "action": change.detail["action"]}
        case "callback_answer":
            answer = {key: change.detail[key] for key in ("query_id", "text", "show_alert")}
            return {"event": "answer"} | answer
    return None

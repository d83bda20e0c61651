"""The server's memory of what the bot asked for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it was answered.

    ``params`` are the values as they came, files by their size only; ``at`` is the server's clock
    and ``seconds`` the monotonic one when the answer was ready; ``status`` is 0 where the
    connection was cut instead of answered.
    """

    method: str
    params: dict[str, Any]
    chat_id: int | None
    at: datetime
    seconds: float
    status: int
    description: str

    def as_json(self) -> dict[str, Any]:
        """The request as the control end point tells it."""
        return {
            "method": self.method,
            "params": self.params,
            "chat_id": self.chat_id,
            "at": self.at.isoformat(),
            "seconds": self.seconds,
            "status": self.status,
            "description": self.description,
        }


def busiest(requests: Iterable[Request], window: float = 1.0) -> int:
    """The largest number of requests that were answered with 200 within any ``window`` seconds."""
    times = sorted(one.seconds for one in requests if one.status == 200)
    most, first = 0, 0
    for last, at in enumerate(times):
        while times[first] <= at - window:
            first += 1
        most = max(most, last - first + 1)
    return most

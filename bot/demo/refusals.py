"""What the server says when it declines a request, worded as Telegram words it."""

from dataclasses import dataclass
from typing import Any


@dataclass(eq=False)
class Refusal(Exception):  # noqa: N818 - an answer that Telegram gives, not a fault of ours
    """A request that is answered with ``ok: false``.

    Args:
        status: the HTTP status, which is also Telegram's ``error_code``.
        description: the full text of the answer, prefix included ("Bad Request: ...").
        retry_after: seconds, only for 429.
    """

    status: int
    description: str
    retry_after: int | None = None

    def as_json(self) -> dict[str, Any]:
        """The body of the answer."""
        answer: dict[str, Any] = {
            "ok": False,
            "error_code": self.status,
            "description": self.description,
        }
        if self.retry_after is not None:
            answer["parameters"] = {"retry_after": self.retry_after}
        return answer

    def __str__(self) -> str:
        return f"{self.status} {self.description}"


def bad_request(reason: str) -> Refusal:
    """A 400 with Telegram's usual prefix."""
    return Refusal(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> Refusal:
    """A 403 with Telegram's usual prefix."""
    return Refusal(403, f"Forbidden: {reason}")


def conflict(reason: str) -> Refusal:
    """A 409, which Telegram gives to a poller that is not alone."""
    return Refusal(409, f"Conflict: {reason}")


def too_many(retry_after: int) -> Refusal:
    """A 429 that asks the caller to wait ``retry_after`` seconds."""
    return Refusal(429, f"Too Many Requests: retry after {retry_after}", retry_after)

"""What the Bot API answers, told apart from what anything on the way may answer in its place.

A proxy, a portal or a server that is just being set up answers as well: with a page, with JSON of
another shape, with a status that would mean something else if it were Telegram's. None of that
says anything about the token, about a person, or about a message.
"""

import json
import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeGuard

from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.logs import where

PAUSE = 5.0
"""Seconds for a 429 that does not say how long."""

LONGEST_PAUSE = 24 * 3600.0
"""A longer one is asked about again after a day."""

_UNAUTHORIZED, _NOT_FOUND, _TOO_LARGE, _TOO_MANY = 401, 404, 413, 429

_REFUSALS: dict[int, type[TelegramError]] = {400: BadRequest, 403: Forbidden, 409: Conflict}


class UnavailableError(NetworkError):
    """Nothing was done: HTTP 5xx, or a refusal that is none of the Bot API's, as a proxy gives."""


class GarbledError(NetworkError):
    """The status says that it was done, and the rest is no answer of the Bot API: who knows."""


def said(error: Exception) -> str:
    """What has failed, for the log: of an answer nothing but its status is shown."""
    ours = isinstance(error, UnavailableError | GarbledError)
    return f"{type(error).__name__}: {error}" if ours else where(error)


def read_json(body: bytes) -> Any:
    """Read JSON that can be stored and searched again, so neither NaN nor endless numbers.

    Raises:
        ValueError: it is none, or nested too deeply.
    """
    try:
        return _DECODER.decode(body.decode("utf-8", "replace"))
    except RecursionError:
        raise ValueError("nested too deeply") from None


def read_answer(body: bytes) -> dict[str, Any]:
    """The answer to a request that was taken; it has a ``result``.

    Raises:
        GarbledError: it is no such answer.
    """
    try:
        answer = read_json(body)
    except ValueError:
        raise GarbledError("the answer is not JSON") from None
    if not (isinstance(answer, dict) and answer.get("ok") is True and "result" in answer):
        raise GarbledError("the answer is none of the Bot API's")
    return answer


def refusal_of(status: int, body: bytes) -> TelegramError:
    """What an answer with another status than 2xx means.

    A refusal of the Bot API repeats its status as ``error_code`` and has a ``description``
    (https://core.telegram.org/bots/api#making-requests). A 429 and a 413 mean the same whoever
    gives them.
    """
    answer = _object(body)
    if status == _TOO_MANY:
        return RetryAfter(math.ceil(_pause(answer)))
    if status == _TOO_LARGE:
        return BadRequest("Request Entity Too Large")
    words = answer.get("description")
    genuine = answer.get("ok") is False and answer.get("error_code") == status
    if not genuine or not isinstance(words, str) or not words:
        return UnavailableError(f"HTTP {status}, not from the Bot API")
    if status in {_UNAUTHORIZED, _NOT_FOUND}:
        # In these words it is recognised once the library has made an error of its own of it.
        return InvalidToken("Unauthorized" if status == _UNAUTHORIZED else "Not Found")
    # Of other refusals only the status is repeated in the log, so it is all that is kept.
    return _REFUSALS[status](words) if status in _REFUSALS else UnavailableError(f"HTTP {status}")


def message_id_of(result: object) -> int:
    """The id of a message that was sent.

    Raises:
        GarbledError: the result is no message.
    """
    message_id = result.get("message_id") if isinstance(result, dict) else None
    if not _is_storable(message_id):
        raise GarbledError("the result is no message")
    return message_id


@contextmanager
def understood() -> Iterator[None]:
    """The library reads a result here; over one of another shape it would stumble.

    Raises:
        GarbledError: it has stumbled.
    """
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError):
        raise GarbledError("the result has another shape") from None


def is_update(value: object) -> TypeGuard[dict[str, Any]]:
    """Whether this is an update that can be stored: it has an id."""
    return isinstance(value, dict) and _is_storable(value.get("update_id"))


def _is_storable(number: object) -> TypeGuard[int]:
    return isinstance(number, int) and not isinstance(number, bool) and 0 <= number < 2**63


def _object(body: bytes) -> dict[str, Any]:
    try:
        answer = read_json(body)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _pause(answer: dict[str, Any]) -> float:
    parameters = answer.get("parameters")
    asked = parameters.get("retry_after") if isinstance(parameters, dict) else None
    if isinstance(asked, bool) or not isinstance(asked, int | float) or asked <= 0:
        return PAUSE
    return min(float(asked), LONGEST_PAUSE)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("endless")
    return number


def _no_number(_: str) -> None:
    raise ValueError("not a number")


_DECODER = json.JSONDecoder(parse_float=_finite, parse_constant=_no_number)

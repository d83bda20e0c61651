"""Logging: text or JSON lines, without answers and without the token."""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Literal

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def where(error: BaseException) -> str:
    """Say what was raised and where, without its message: messages can hold what a person typed."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    places = " < ".join(f"{_short(f.filename)}:{f.lineno} {f.name}" for f in reversed(frames))
    return f"{type(error).__name__} at {places}" if places else type(error).__name__


def set_up_logging(level: str, form: Literal["text", "json"], token: str) -> None:
    """Send the program's log to standard error.

    The token is masked wherever it could appear; tracebacks are reduced to types and places, and
    the HTTP libraries, which log addresses with the token in them, speak from WARNING on only. The
    scheduler speaks from ERROR on: it warns of every tick that it skips, the bot of being late.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonFormatter(token) if form == "json" else _TextFormatter(token))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in ("httpx", "httpcore", "aiohttp", "telegram", "asyncio"):
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(level)))
    logging.getLogger("apscheduler").setLevel(logging.ERROR)


class _TextFormatter(logging.Formatter):
    def __init__(self, token: str) -> None:
        super().__init__()
        self._token = token

    def format(self, record: logging.LogRecord) -> str:
        line = f"{_time(record)} {record.levelname:<7} {record.name}: {_message(record)}"
        return line.replace(self._token, "<token>")


class _JsonFormatter(logging.Formatter):
    def __init__(self, token: str) -> None:
        super().__init__()
        self._token = token

    def format(self, record: logging.LogRecord) -> str:
        line = json.dumps(
            {
                "time": _time(record),
                "level": record.levelname,
                "logger": record.name,
                "message": _message(record),
            },
            ensure_ascii=False,
        )
        return line.replace(self._token, "<token>")


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def _message(record: logging.LogRecord) -> str:
    message = record.getMessage()
    if record.name == "asyncio":
        # What follows shows tasks and arguments, and with them what an exception says.
        message = message.partition("\n")[0]
        if message.startswith("Exception in callback"):
            message = message.partition("(")[0]
    if record.exc_info and record.exc_info[1] is not None:
        message = f"{message} ({where(record.exc_info[1])})"
    return message


def _short(path: str) -> str:
    return "/".join(path.rsplit("/", 2)[-2:])

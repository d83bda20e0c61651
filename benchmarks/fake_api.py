"""A Bot API server in a process of its own that does as little as can be, and keeps a journal.

It speaks just enough HTTP/1.1 for python-telegram-bot's back ends, so that its own work is not
what is measured; the journal says how busy it was.
"""

import asyncio
import json
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from multiprocessing import get_context
from multiprocessing.connection import Connection as Pipe
from typing import Any
from urllib.parse import parse_qsl

TOKEN = "1:a"  # noqa: S105 - there is nothing that it opens
BATCH = 100
"""So many updates Telegram gives at once at most, and without being asked for fewer."""

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_CHAT = re.compile(rb'chat_id"?[=:] ?"?(-?\d+)')
_BOT = {"id": 1, "is_bot": True, "first_name": "Ampersand", "username": "ampersand_bot"}
_MESSAGES = frozenset({"sendMessage", "editMessageText"})


@dataclass(slots=True)
class Journal:
    """What reached the server; instants are those of the machine's monotonic clock.

    Attributes:
        arrivals: when each sendMessage came.
        chats: how many messages each chat got.
        calls: how often each method was called.
        first_poll: when updates were asked for the first time.
        busy: seconds of processor time that the server has taken.
    """

    arrivals: list[float] = field(default_factory=list)
    chats: dict[str, int] = field(default_factory=Counter)
    calls: dict[str, int] = field(default_factory=Counter)
    first_poll: float | None = None
    busy: float = 0.0

    def most_in_a_second(self) -> int:
        """The most messages that came in any second, wherever it begins."""
        most = first = 0
        for number, arrival in enumerate(self.arrivals):
            while arrival - self.arrivals[first] >= 1:
                first += 1
            most = max(most, number - first + 1)
        return most


class _Api:
    """What the methods do."""

    def __init__(self, delay: float, updates: Sequence[dict[str, Any]]) -> None:
        self.journal = Journal()
        self._delay = delay
        self._first = updates[0]["update_id"] if updates else 0
        self._updates = [json.dumps(update).encode() for update in updates]
        self._idle = time.process_time()

    def answer(self, method: str, body: bytes) -> tuple[float, bytes]:
        """After how many seconds to answer a request, and what."""
        journal = self.journal
        journal.calls[method] = journal.calls.get(method, 0) + 1
        match method:
            case "getUpdates":
                return self._given(_parameters(body))
            case "getMe":
                return 0, _ok(_BOT)
            case "journal":
                journal.busy = time.process_time() - self._idle
                return 0, _ok({name: getattr(journal, name) for name in Journal.__slots__})
        if method not in _MESSAGES:
            return 0, _ok(True)
        found = _CHAT.search(body)
        chat = found[1].decode() if found else "0"
        if method == "sendMessage":
            journal.arrivals.append(time.monotonic())
            journal.chats[chat] = journal.chats.get(chat, 0) + 1
        number = sum(map(journal.calls.get, _MESSAGES & journal.calls.keys()))  # type: ignore[arg-type]  # they are there
        message = {
            "message_id": 1_000_000 + number,
            "date": int(time.time()),
            "chat": {"id": int(chat), "type": "private", "first_name": "Somebody"},
            "from": _BOT,
            "text": "Something was said.",
        }
        return self._delay, _ok(message)

    def _given(self, asked: dict[str, Any]) -> tuple[float, bytes]:
        if self.journal.first_poll is None:
            self.journal.first_poll = time.monotonic()
        start = max(0, int(asked.get("offset", 0)) - self._first)
        batch = self._updates[start : start + BATCH]
        # Whoever asks again when there are no more is kept waiting, as Telegram does.
        wait = 0.0 if batch else float(asked.get("timeout", 0))
        return wait, b'{"ok":true,"result":[' + b",".join(batch) + b"]}"


class _Exchange(asyncio.Protocol):
    """One connection; a request is answered before the next one is sent."""

    def __init__(self, api: _Api) -> None:
        self._api = api
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep what answers are written to."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer as soon as the request is there as a whole."""
        self._received += data
        head, end, body = self._received.partition(b"\r\n\r\n")
        found = _LENGTH.search(head)
        if not end or len(body) < (int(found[1]) if found else 0):
            return
        self._received = b""
        target = head.split(b" ", 2)[1]
        delay, answer = self._api.answer(target.rpartition(b"/")[2].decode(), body)
        if delay:
            asyncio.get_running_loop().call_later(delay, self._write, answer)
        else:
            self._write(answer)

    def _write(self, answer: bytes) -> None:
        if not self._transport.is_closing():
            head = (
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            )
            self._transport.write(head % len(answer) + answer)


def _parameters(body: bytes) -> dict[str, Any]:
    """What was asked for: our back end sends JSON, the library's own a form."""
    if body.startswith(b"{"):
        asked: dict[str, Any] = json.loads(body)
        return asked
    return dict(parse_qsl(body.decode()))


def _ok(result: object) -> bytes:
    return json.dumps({"ok": True, "result": result}).encode()


def _serve(ready: Pipe, delay: float, updates: Sequence[dict[str, Any]]) -> None:
    async def serve() -> None:
        api = _Api(delay, updates)
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: _Exchange(api), "127.0.0.1", 0, backlog=1000)
        ready.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(serve())


@contextmanager
def serving(delay: float = 0.0, updates: Sequence[dict[str, Any]] = ()) -> Iterator[str]:
    """Run the server and give its address.

    Args:
        delay: seconds until a message is answered.
        updates: what getUpdates gives; their ids go up by one.
    """
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, delay, updates), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{ours.recv()}"
    finally:
        process.terminate()
        process.join()


def journal_of(base: str) -> Journal:
    """The journal of the server at an address, as it is now."""
    connection = HTTPConnection(base.removeprefix("http://"))
    connection.request("GET", "/journal")
    answer = json.loads(connection.getresponse().read())
    connection.close()
    return Journal(**answer["result"])

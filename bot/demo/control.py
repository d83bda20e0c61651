"""A JSON end point to drive the server from outside, and the server as a process of its own.

``python -m bot.demo.server --port 8081 --token 123:abc`` prints one line with its address and
serves until it is stopped. Everything under ``/control`` is for tests and demonstrations; the
server listens on 127.0.0.1 only.

==========================================  =====================================================
GET     /control/state                      confirmed_offset, pending, violations, clock
GET     /control/requests                   the journal; ``?method=`` and ``?last=`` narrow it
POST    /control/faults                     a fault: trouble, method, chat_id, times, skip, seconds,
                                            status, description, retry_after
DELETE  /control/faults                     forget all faults, let held requests go on
POST    /control/updates                    a raw update
POST    /control/clock                      ``at``, an ISO instant, or ``advance``, seconds
GET     /control/people/ID/messages         what the phone shows
GET     /control/people/ID/answers          answers to pressed buttons
GET     /control/people/ID/wait             ``?text=&timeout=``: the new message that has the text
POST    /control/people/ID                  first_name, language_code: a new person
POST    /control/people/ID/ACTION           text, edit, press, photo, document, voice, sticker,
                                            location, react, delete, block, unblock
==========================================  =====================================================
"""

import argparse
import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Final

from aiohttp import web

from bot.demo.faults import Fault, Trouble
from bot.demo.messages import Json, Message
from bot.demo.people import Person
from bot.demo.refusals import Refusal
from bot.demo.server import DEFAULT_TOKEN, BotApiServer
from bot.demo.world import Press, utc_now

Action = Callable[[Person, Json], Awaitable[Message | Press | None]]


class ShiftedClock:
    """The wall clock, moved on demand; it goes on ticking."""

    def __init__(self) -> None:
        self._shift = timedelta(0)

    def __call__(self) -> datetime:
        """The instant it shows, aware, in UTC."""
        return utc_now() + self._shift

    def advance(self, by: timedelta) -> None:
        """Move forwards or backwards."""
        self._shift += by

    def set(self, at: datetime) -> None:
        """Make it ``at`` now; ``at`` is aware."""
        self._shift = at - utc_now()


async def _press(person: Person, body: Json) -> Press:
    message_id = body.get("message_id")
    if "data" in body:
        return await person.press_raw(body["data"], message_id)
    if message_id is None:
        return await person.tap(body["button"])
    return await person.press(message_id, body["button"])


ACTIONS: Final[dict[str, Action]] = {
    "text": lambda person, body: person.send_text(body["text"], body.get("reply_to")),
    "edit": lambda person, body: person.edit_text(body["message_id"], body["text"]),
    "press": _press,
    "photo": lambda person, body: person.send_photo(caption=body.get("caption", "")),
    "document": lambda person, body: person.send_document(caption=body.get("caption", "")),
    "voice": lambda person, _: person.send_voice(),
    "sticker": lambda person, _: person.send_sticker(),
    "location": lambda person, _: person.send_location(),
    "react": lambda person, body: person.react(body["message_id"], body["emoji"]),
    "delete": lambda person, body: person.delete(body["message_id"]),
    "block": lambda person, _: person.block(),
    "unblock": lambda person, _: person.unblock(),
}


class Control:
    """The end point's handlers around one server.

    Args:
        server: what is driven.
        clock: the server's clock, where it can be moved.
    """

    def __init__(self, server: BotApiServer, clock: ShiftedClock | None = None) -> None:
        self._server = server
        self._clock = clock

    def application(self) -> web.Application:
        """The server's application with the control end point beside it."""
        app = self._server.application()
        app.middlewares.append(_plain_errors)
        app.add_routes(
            [
                web.get("/control/state", self._state),
                web.get("/control/requests", self._requests),
                web.post("/control/faults", self._add_fault),
                web.delete("/control/faults", self._clear_faults),
                web.post("/control/updates", self._push),
                web.post("/control/clock", self._move_clock),
                web.get(r"/control/people/{id:\d+}/messages", self._messages),
                web.get(r"/control/people/{id:\d+}/answers", self._answers),
                web.get(r"/control/people/{id:\d+}/wait", self._wait),
                web.post(r"/control/people/{id:\d+}", self._meet),
                web.post(r"/control/people/{id:\d+}/{action}", self._act),
            ]
        )
        return app

    def _person(self, request: web.Request) -> Person:
        return self._server.person(int(request.match_info["id"]))

    async def _state(self, _: web.Request) -> web.Response:
        server = self._server
        return web.json_response(
            {
                "confirmed_offset": server.confirmed_offset,
                "pending": server.pending,
                "violations": [
                    [one.method, one.parameter, one.problem] for one in server.violations
                ],
                "clock": server.world.clock().isoformat(),
                "revision": server.world.revision,
            }
        )

    async def _requests(self, request: web.Request) -> web.Response:
        method = request.query.get("method")
        found = self._server.calls(method) if method else list(self._server.requests)
        last = int(request.query.get("last", "1000"))
        return web.json_response([one.as_json() for one in found[-last:]])

    async def _add_fault(self, request: web.Request) -> web.Response:
        body = await request.json()
        fields = {
            name: body[name]
            for name in ("method", "chat_id", "times", "skip", "seconds")
            if name in body
        }
        trouble = Trouble(body["trouble"])
        if trouble is Trouble.REFUSE:
            description = body.get("description", "Bad Request: asked for")
            fields["refusal"] = Refusal(body["status"], description, body.get("retry_after"))
        self._server.faults.add(Fault(trouble, **fields))
        return web.json_response({"ok": True})

    async def _clear_faults(self, _: web.Request) -> web.Response:
        self._server.faults.clear()
        return web.json_response({"ok": True})

    async def _push(self, request: web.Request) -> web.Response:
        return web.json_response({"update_id": self._server.push_update(await request.json())})

    async def _move_clock(self, request: web.Request) -> web.Response:
        if self._clock is None:
            raise ValueError("this server's clock cannot be moved")
        body = await request.json()
        if "at" in body:
            self._clock.set(datetime.fromisoformat(body["at"]))
        else:
            self._clock.advance(timedelta(seconds=body["advance"]))
        return web.json_response({"clock": self._clock().isoformat()})

    async def _messages(self, request: web.Request) -> web.Response:
        return web.json_response([one.as_json() for one in self._person(request).messages])

    async def _answers(self, request: web.Request) -> web.Response:
        return web.json_response(self._person(request).callback_answers)

    async def _wait(self, request: web.Request) -> web.Response:
        seconds = float(request.query.get("timeout", "5"))
        wanted = request.query.get("text", "")
        found = await self._person(request).wait_for(wanted, seconds)
        return web.json_response(found.as_json())

    async def _meet(self, request: web.Request) -> web.Response:
        person = self._server.person(int(request.match_info["id"]), **await request.json())
        return web.json_response(person.user)

    async def _act(self, request: web.Request) -> web.Response:
        action = ACTIONS.get(request.match_info["action"])
        if action is None:
            raise LookupError(f"no action {request.match_info['action']!r}")
        body = await request.json() if request.can_read_body else {}
        outcome = await action(self._person(request), body)
        if isinstance(outcome, Message):
            return web.json_response(outcome.as_json())
        return web.json_response({"query_id": outcome.query_id} if outcome else {"ok": True})


@web.middleware
async def _plain_errors(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Tell the caller of the control end point what was wrong, as JSON."""
    if not request.path.startswith("/control/"):
        return await handler(request)
    try:
        return await handler(request)
    except TimeoutError as error:
        return web.json_response({"error": str(error)}, status=408)
    except LookupError as error:
        return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=404)
    except (ValueError, TypeError) as error:
        return web.json_response({"error": str(error)}, status=400)


async def serve(port: int, token: str, username: str) -> None:
    """Serve until SIGTERM or SIGINT; the first line of output is the address."""
    clock = ShiftedClock()
    server = BotApiServer(token, username=username, clock=clock)
    base = await server.start(port, app=Control(server, clock).application())
    sys.stdout.write(f"{base}\n")
    sys.stdout.flush()
    stopped = asyncio.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(one, stopped.set)
    await stopped.wait()
    await server.stop()


def main(arguments: Any = None) -> None:
    """The command line: ``python -m bot.demo.server --port N --token T``."""
    parser = argparse.ArgumentParser(description="A local Bot API server to try the bot against.")
    parser.add_argument("--port", type=int, default=8081, help="0 takes a free one")
    parser.add_argument("--token", default=DEFAULT_TOKEN)
    parser.add_argument("--username", default="ampersand_demo_bot")
    given = parser.parse_args(arguments)
    asyncio.run(serve(given.port, given.token, given.username))

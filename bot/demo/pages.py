"""The chat page and what it talks to.

================================  ==============================================================
GET   /                           the page; it asks for a room of its own
GET   /p/KEY                      the page of a room
GET   /page/NAME                  its styles and scripts
GET   /lives                      the lives to look at
POST  /people                     a room; ``life`` lets somebody's life be lived in it,
                                  ``new`` leaves the kept one alone
GET   /p/KEY/events               everything that happens in it, as server-sent events
POST  /p/KEY/ACTION               text, edit, press, delete, sticker, voice, photo
POST  /p/KEY/clock                ``to``: question, day, week
GET   /p/KEY/files/MESSAGE        the picture or document of a message
*     /bot<token>/METHOD          the Bot API of the room whose bot has this token
================================  ==============================================================
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from aiohttp import web

from bot.demo.gate import add_headers, gate
from bot.demo.lives import Life
from bot.demo.messages import Json, Kind, Message
from bot.demo.people import Person
from bot.demo.room import RefusalError, Room, Step
from bot.demo.rooms import Rooms
from prompts.source import ContentError

PAGE: Final = Path(__file__).parent / "page"
_TYPES: Final = {".html": "text/html", ".css": "text/css", ".js": "text/javascript",
                 ".svg": "image/svg+xml"}  # fmt: skip
_PICTURES: Final = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}
_LARGEST_UPLOAD: Final = 64 * 1024 * 1024
_STILL_HERE: Final = 15.0

Action = Callable[[Person, Json], Awaitable[object]]

ACTIONS: Final[dict[str, Action]] = {
    "text": lambda person, body: person.send_text(_text(body, "text"), body.get("reply_to")),
    "edit": lambda person, body: person.edit_text(_number(body), _text(body, "text")),
    "press": lambda person, body: person.press(_number(body), _text(body, "data")),
    "delete": lambda person, body: person.delete(_number(body)),
    "sticker": lambda person, _: person.send_sticker(),
    "voice": lambda person, _: person.send_voice(),
    "photo": lambda person, _: person.send_photo(),
}


class Pages:
    """The handlers around the rooms of one demo."""

    def __init__(self, rooms: Rooms, lives: tuple[Life, ...]) -> None:
        self._rooms = rooms
        self._lives = {life.id: life for life in lives}

    def application(self) -> web.Application:
        """The aiohttp application: the page, the rooms, and their Bot API."""
        app = web.Application(middlewares=[gate, _plain_errors], client_max_size=_LARGEST_UPLOAD)
        app.on_response_prepare.append(add_headers)
        app.add_routes(
            [
                web.get("/", self._page),
                web.get("/page/{name}", self._asset),
                web.get("/lives", self._list_lives),
                web.post("/people", self._open),
                web.get("/p/{key}", self._page),
                web.get("/p/{key}/events", self._events),
                web.get(r"/p/{key}/files/{message:\d+}", self._file),
                web.post("/p/{key}/clock", self._clock),
                web.post("/p/{key}/{action}", self._act),
                web.route("*", r"/bot{token:[^/]+}/{method}", self._bot_api),
                web.get(r"/file/bot{token:[^/]+}/{path:.+}", self._bot_file),
            ]
        )
        return app

    async def _page(self, _: web.Request) -> web.Response:
        return _asset("index.html")

    async def _asset(self, request: web.Request) -> web.Response:
        return _asset(request.match_info["name"])

    async def _list_lives(self, _: web.Request) -> web.Response:
        return web.json_response(
            [
                {"id": life.id, "name": life.name, "about": life.about, "weeks": life.weeks}
                for life in self._lives.values()
            ]
        )

    async def _open(self, request: web.Request) -> web.Response:
        body = await _body(request)
        if "life" in body:
            room = await self._rooms.open_life(self._lives[_text(body, "life")])
        else:
            room = await self._rooms.open(new=body.get("new") is True)
        return web.json_response({"key": room.key}, status=201)

    async def _act(self, request: web.Request) -> web.Response:
        room = self._room(request)
        action = ACTIONS.get(request.match_info["action"])
        if action is None:
            raise web.HTTPNotFound
        body = await _body(request)
        await room.act(lambda person: action(person, body))
        return web.json_response({})

    async def _clock(self, request: web.Request) -> web.Response:
        room = self._room(request)
        await room.move(Step(_text(await _body(request), "to")))
        return web.json_response({})

    async def _events(self, request: web.Request) -> web.StreamResponse:
        room = self._room(request)
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        with room.feed.listen() as queue:
            await response.prepare(request)
            event: Json | None = room.snapshot()
            try:
                while event is not None:
                    await response.write(_told(event))
                    event = await _next_event(queue)
            except ConnectionResetError:
                pass  # the page was closed
        room.left_at = time.monotonic()
        return response

    async def _file(self, request: web.Request) -> web.Response:
        room = self._room(request)
        wanted = int(request.match_info["message"])
        for message in room.person.visible:
            if message.message_id == wanted and message.file is not None:
                return _download(message)
        raise web.HTTPNotFound

    async def _bot_api(self, request: web.Request) -> web.StreamResponse:
        return await self._room_of_bot(request).server.answer(request)

    async def _bot_file(self, request: web.Request) -> web.StreamResponse:
        return await self._room_of_bot(request).server.download(request)

    def _room(self, request: web.Request) -> Room:
        room = self._rooms.find(request.match_info["key"])
        if room is None:
            raise web.HTTPNotFound
        return room

    def _room_of_bot(self, request: web.Request) -> Room:
        room = self._rooms.with_token(request.match_info["token"])
        if room is None:
            raise web.HTTPUnauthorized
        return room


@web.middleware
async def _plain_errors(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Tell the page in a word what cannot be done, or where a content file is wrong."""
    try:
        return await handler(request)
    except RefusalError as refusal:
        return web.json_response({"reason": refusal.reason}, status=409)
    except ContentError as error:
        return web.json_response({"reason": "content", "detail": str(error)}, status=409)
    except (ValueError, KeyError, TypeError):
        return web.json_response({"reason": "unreadable"}, status=400)


async def _body(request: web.Request) -> Json:
    if not request.can_read_body:
        return {}
    # A form of another site's page cannot send this type.
    if request.content_type != "application/json":
        raise ValueError("JSON is wanted")
    body = await request.json()
    if not isinstance(body, dict):
        raise TypeError("an object is wanted")
    return body


def _text(body: Json, name: str) -> str:
    value = body[name]
    if not isinstance(value, str):
        raise TypeError(f"{name} is a text")
    return value


def _number(body: Json) -> int:
    value = body["message_id"]
    if not isinstance(value, int):
        raise TypeError("message_id is a number")
    return value


async def _next_event(queue: "asyncio.Queue[Json | None]") -> Json | None:
    try:
        return await asyncio.wait_for(queue.get(), _STILL_HERE)
    except TimeoutError:
        return {"event": "still-here"}


def _told(event: Json) -> bytes:
    return f"data: {json.dumps(event, ensure_ascii=False)}\n\n".encode()


def _asset(name: str) -> web.Response:
    path = PAGE / name
    kind = _TYPES.get(path.suffix)
    if kind is None or path.parent != PAGE or not path.is_file():
        raise web.HTTPNotFound
    return web.Response(body=path.read_bytes(), content_type=kind, charset="utf-8")


def _download(message: Message) -> web.Response:
    file: Any = message.file
    picture = next((kind for sign, kind in _PICTURES.items() if file.content.startswith(sign)), "")
    if message.kind is Kind.PHOTO and picture:
        return web.Response(body=file.content, content_type=picture)
    # Nothing else is ever opened within the page: it could hold a script.
    disposition = f"attachment; filename*=UTF-8''{quote(file.name)}"
    return web.Response(
        body=file.content,
        content_type="application/octet-stream",
        headers={"Content-Disposition": disposition},
    )

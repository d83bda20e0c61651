"""A local Bot API server with Telegram's semantics: for tests, and behind the demo's chat page.

The URL shape is Telegram's, ``<base>/bot<token>/<Method>`` and ``<base>/file/bot<token>/<path>``.
People are ``Person`` handles (``bot.demo.people``) or come over ``bot.demo.control``.
"""

import asyncio
import re
import time
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from aiohttp import web

from bot.demo.faults import Caps, Fault, Faults, Trouble
from bot.demo.groups import Group
from bot.demo.journal import Request
from bot.demo.messages import Json
from bot.demo.methods import METHODS, PACED
from bot.demo.parameters import Parameters, read_parameters
from bot.demo.people import Person
from bot.demo.refusals import Refusal, conflict
from bot.demo.strictness import Violation, violations_of
from bot.demo.updates import MAX_POLL_SECONDS
from bot.demo.webhook import Webhook
from bot.demo.world import Change, World, utc_now

DEFAULT_TOKEN: Final = "123456789:local-demo-token-that-opens-nothing"  # noqa: S105 - opens nothing
_TOKEN: Final = re.compile(r"\d{3,12}:[A-Za-z0-9_-]{3,}")


class _DroppedError(Exception):
    """The connection was cut; whatever is answered now reaches nobody."""


class BotApiServer:
    """The server and the handles to everything around it.

    Args:
        token: the bot's token; any other is answered with 401.
        username: the bot's user name without the @.
        clock: gives aware UTC instants for all dates.
        strict: note parameters that are unknown or of the wrong type in ``violations``.
        caps: Telegram's sending caps, where they are to be enforced.
        journal_size: so many requests are remembered.
        press_lifetime: how long a pressed button can be answered.
        webhook_pauses: seconds of the first and the longest pause after a failed delivery.
    """

    def __init__(
        self,
        token: str = DEFAULT_TOKEN,
        *,
        username: str = "ampersand_demo_bot",
        clock: Callable[[], datetime] = utc_now,
        strict: bool = True,
        caps: Caps | None = None,
        journal_size: int = 20_000,
        press_lifetime: timedelta = timedelta(minutes=1),
        webhook_pauses: tuple[float, float] = (0.05, 2.0),
    ) -> None:
        if not _TOKEN.fullmatch(token):
            raise ValueError("a token is digits, a colon, and letters, digits, - or _")
        bot = {"id": int(token.partition(":")[0]), "is_bot": True,
               "first_name": "Ampersand", "username": username}  # fmt: skip
        self.token = token
        self.world = World(bot, clock, press_lifetime)
        self.webhook = Webhook(self.world, *webhook_pauses)
        self.faults = Faults()
        self.caps = caps
        self.requests: deque[Request] = deque(maxlen=journal_size)
        self.violations: list[Violation] = []
        self._strict = strict
        self._people: dict[int, Person] = {}
        self._groups: dict[int, Group] = {}
        self._runner: web.AppRunner | None = None
        self.base_url = ""

    def application(self) -> web.Application:
        """The aiohttp application, for those who serve it themselves."""
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_route("*", r"/bot{token:[^/]+}/{method}", self.answer)
        app.router.add_get(r"/file/bot{token:[^/]+}/{path:.+}", self.download)
        return app

    async def start(self, port: int = 0, *, app: web.Application | None = None) -> str:
        """Listen on 127.0.0.1 and return the base URL; port 0 takes a free one."""
        # the access log would write the token, which is part of every path
        self._runner = web.AppRunner(
            app or self.application(), shutdown_timeout=0.1, access_log=None
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        self.base_url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self.base_url

    async def stop(self) -> None:
        """Close all connections and forget nothing."""
        self.faults.clear()
        await self.webhook.stop()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> "BotApiServer":
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    def person(
        self,
        person_id: int,
        first_name: str = "Ada",
        language_code: str = "en",
        username: str | None = None,
    ) -> Person:
        """The handle of a person, the same one for the same id. They have not written yet."""
        if person_id not in self._people:
            names = {"first_name": first_name} | ({"username": username} if username else {})
            user = {"id": person_id, "is_bot": False} | names | {"language_code": language_code}
            chat = self.world.add_chat({"id": person_id} | names | {"type": "private"})
            self.world.users[person_id] = user
            self._people[person_id] = Person(self.world, user, chat)
        return self._people[person_id]

    def group(self, chat_id: int, title: str = "Friends", kind: str = "supergroup") -> Group:
        """The handle of a group ("group", "supergroup") or "channel"; the id is negative."""
        if chat_id not in self._groups:
            chat = self.world.add_chat({"id": chat_id, "title": title, "type": kind})
            self._groups[chat_id] = Group(self.world, chat)
        return self._groups[chat_id]

    def push_update(self, payload: Json) -> int:
        """Queue exactly this update, however odd, and return its id (given where missing)."""
        return self.world.updates.add_raw(payload)

    def jump_update_ids(self, to: int = 1_200_000_001) -> None:
        """Continue with other update ids, as Telegram does after a week without updates."""
        self.world.updates.jump(to)

    @property
    def confirmed_offset(self) -> int:
        """Every update below this id was confirmed by the bot."""
        return self.world.updates.confirmed_offset

    @property
    def pending(self) -> list[Json]:
        """The updates that are not confirmed yet."""
        return self.world.updates.pending

    async def drained(self) -> None:
        """Wait until the bot has confirmed every update, by offset or by webhook."""
        await self.world.updates.drained()

    async def polled(self) -> None:
        """Wait until the bot waits in a long poll, having fetched everything there is."""
        await self.world.updates.polled()

    def subscribe(self, callback: Callable[[Change], None]) -> Callable[[], None]:
        """Call ``callback`` on each visible change; the returned function ends that."""
        return self.world.subscribe(callback)

    def calls(self, method: str) -> list[Request]:
        """The journal's requests of one method, whose name may be in any case."""
        return [one for one in self.requests if one.method.lower() == method.lower()]

    async def answer(self, request: web.Request) -> web.Response:
        """Answer one request to ``/bot<token>/<method>``; for those who serve it themselves."""
        method = request.match_info["method"]
        given = Parameters()
        try:
            self._check_token(request.match_info["token"])
            given = await read_parameters(request)
            result = await self._serve(request, method, given)
        except Refusal as refusal:
            self._note(method, given, refusal.status, refusal.description)
            return _refused(refusal)
        except _DroppedError:
            self._note(method, given, 0, "connection dropped")
            return web.Response()
        self._note(method, given, 200, "")
        return web.json_response({"ok": True, "result": result})

    def _check_token(self, token: str) -> None:
        if not _TOKEN.fullmatch(token):
            raise Refusal(404, "Not Found")
        if token != self.token:
            raise Refusal(401, "Unauthorized")

    async def _serve(self, request: web.Request, method: str, given: Parameters) -> Any:
        name = method.lower()
        if self._strict:
            self.violations.extend(violations_of(name, given))
        fault = self.faults.meet(name, given.chat_id())
        if fault is not None:
            await self._before(request, fault)
        if self.caps is not None and name in PACED:
            self.caps.count(given.chat_id() or 0)
        result = await self._perform(name, given)
        if fault is not None:
            await self._after(request, fault)
        return result

    async def _before(self, request: web.Request, fault: Fault) -> None:
        fault.reached.set()
        if fault.trouble is Trouble.REFUSE and fault.refusal is not None:
            raise fault.refusal
        if fault.trouble is Trouble.DROP_BEFORE:
            _drop(request)
        if fault.trouble is Trouble.HOLD_BEFORE:
            await fault.released.wait()

    async def _after(self, request: web.Request, fault: Fault) -> None:
        if fault.trouble is Trouble.DROP_AFTER:
            _drop(request)
        if fault.trouble is Trouble.SLOW:
            await asyncio.sleep(fault.seconds)
        if fault.trouble is Trouble.HOLD_AFTER:
            await fault.released.wait()

    async def _perform(self, name: str, given: Parameters) -> Any:
        match name:
            case "getupdates":
                return await self._get_updates(given)
            case "setwebhook":
                return await self.webhook.set(given)
            case "deletewebhook":
                return await self.webhook.delete(given)
            case "getwebhookinfo":
                return self.webhook.info()
            case "logout" | "close":
                return True
        function = METHODS.get(name)
        if function is None:
            raise Refusal(404, "Not Found: method not found")
        return await function(self.world, given)

    async def _get_updates(self, given: Parameters) -> list[Json]:
        if self.webhook.hook is not None:
            raise conflict(
                "can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first"
            )
        limit = given.integer("limit")
        return await self.world.updates.poll(
            given.integer("offset") or 0,
            min(max(100 if limit is None else limit, 1), 100),
            min(max(given.integer("timeout") or 0, 0), MAX_POLL_SECONDS),
            _kinds(given.structure("allowed_updates")),
        )

    async def download(self, request: web.Request) -> web.Response:
        """Answer one request to ``/file/bot<token>/<path>``."""
        try:
            self._check_token(request.match_info["token"])
        except Refusal as refusal:
            return _refused(refusal)
        path = request.match_info["path"]
        for file in self.world.files.values():
            if file.path == path:
                return web.Response(body=file.content, content_type=file.mime.partition(";")[0])
        return _refused(Refusal(404, "Not Found"))

    def _note(self, method: str, given: Parameters, status: int, description: str) -> None:
        self.requests.append(
            Request(
                method=method,
                params=given.journal(),
                chat_id=given.chat_id(),
                at=self.world.clock(),
                seconds=time.monotonic(),
                status=status,
                description=description,
            )
        )


def _kinds(given: Any) -> list[str] | None:
    return [str(one) for one in given] if isinstance(given, list) else None


def _refused(refusal: Refusal) -> web.Response:
    return web.json_response(refusal.as_json(), status=refusal.status)


def _drop(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()
    raise _DroppedError


if __name__ == "__main__":
    from bot.demo.control import main

    main()

"""Updates pushed to the bot's own HTTPS end point, again and again until it says 2xx."""

import asyncio
import re
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.demo.parameters import Parameters
from bot.demo.refusals import bad_request
from bot.demo.updates import Queued
from bot.demo.world import World

Json = dict[str, Any]

SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name, no secret
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{0,256}")


@dataclass(slots=True)
class Hook:
    """Where updates go and what became of the last failure."""

    url: str
    secret: str
    max_connections: int
    last_error_at: int = 0
    last_error: str = ""


class Webhook:
    """Delivers the queue in order, one update at a time, with backoff after failures.

    Args:
        world: the shared state.
        first_pause: seconds before the second try; it doubles from try to try.
        longest_pause: seconds it never exceeds.
    """

    def __init__(self, world: World, first_pause: float = 0.05, longest_pause: float = 2.0) -> None:
        self._world = world
        self._pauses = (first_pause, longest_pause)
        self._task: asyncio.Task[None] | None = None
        self.hook: Hook | None = None
        self.failed = asyncio.Event()
        self.deliveries: deque[tuple[int, int]] = deque(maxlen=20_000)

    async def set(self, given: Parameters) -> bool:
        """``setWebhook``: an empty URL takes it away. Plain http is taken too, as this is local.

        Raises:
            Refusal: 400 where URL or secret are not acceptable.
        """
        url = given.text("url")
        if url and not re.match(r"https?://[^\s]+$", url):
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        secret = given.text("secret_token")
        if not _SECRET.fullmatch(secret):
            raise bad_request("secret token contains unallowed characters")
        if "allowed_updates" in given:
            wanted = given.structure("allowed_updates")
            kinds = frozenset(wanted) if isinstance(wanted, list) else frozenset()
            self._world.updates.allowed = kinds or None
        if given.flag("drop_pending_updates"):
            self._world.updates.drop()
        await self.stop()
        self.hook = None
        if url:
            self._world.updates.interrupt("terminated by setWebhook request")
            self.hook = Hook(url, secret, given.integer("max_connections") or 40)
            self._task = asyncio.create_task(self._deliver(self.hook))
        return True

    async def delete(self, given: Parameters) -> bool:
        """``deleteWebhook``."""
        if given.flag("drop_pending_updates"):
            self._world.updates.drop()
        await self.stop()
        self.hook = None
        return True

    def info(self) -> Json:
        """``getWebhookInfo``."""
        pending = len(self._world.updates.pending)
        if self.hook is None:
            return {"url": "", "has_custom_certificate": False, "pending_update_count": pending}
        info: Json = {
            "url": self.hook.url,
            "has_custom_certificate": False,
            "pending_update_count": pending,
            "max_connections": self.hook.max_connections,
        }
        if self.hook.last_error:
            info["last_error_date"] = self.hook.last_error_at
            info["last_error_message"] = self.hook.last_error
        if self._world.updates.allowed is not None:
            info["allowed_updates"] = sorted(self._world.updates.allowed)
        return info

    async def stop(self) -> None:
        """End the delivery; what waits stays in the queue."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def _deliver(self, hook: Hook) -> None:
        pause, longest = self._pauses
        async with ClientSession(timeout=ClientTimeout(total=30)) as session:
            while True:
                await self._world.updates.arrival()
                queued = self._world.updates.head()
                if queued is None:
                    continue
                if await self._try(session, hook, queued):
                    self._world.updates.done(queued)
                    pause = self._pauses[0]
                else:
                    await asyncio.sleep(pause)
                    pause = min(2 * pause, longest)

    async def _try(self, session: ClientSession, hook: Hook, queued: Queued) -> bool:
        headers = {SECRET_HEADER: hook.secret} if hook.secret else {}
        try:
            async with session.post(
                hook.url, json=queued.payload, headers=headers, allow_redirects=False
            ) as answer:
                status = answer.status
        except (ClientError, TimeoutError, OSError) as error:
            self._note_failure(hook, f"Connection failed: {type(error).__name__}")
            return False
        self.deliveries.append((queued.update_id, status))
        if 200 <= status < 300:
            return True
        self._note_failure(hook, f"Wrong response from the webhook: {status}")
        return False

    def _note_failure(self, hook: Hook, reason: str) -> None:
        hook.last_error = reason
        hook.last_error_at = int(self._world.now().timestamp())
        self.failed.set()

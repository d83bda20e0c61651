"""Updates delivered to the bot's own end point."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import pytest
from aiohttp import web

from bot.demo.people import Person
from bot.demo.server import BotApiServer
from bot.demo.webhook import SECRET_HEADER
from tests.patience import PATIENCE

Call = Callable[..., Coroutine[Any, Any, Any]]


class Receiver:
    """An end point that answers with scripted statuses, 200 once the script is over."""

    def __init__(self) -> None:
        self.script: list[int] = []
        self.got: list[tuple[str, str | None, int]] = []
        self.changed = asyncio.Event()
        self.url = ""

    async def answer(self, request: web.Request) -> web.Response:
        status = self.script.pop(0) if self.script else 200
        body = await request.json()
        text = body.get("message", {}).get("text", "")
        self.got.append((text, request.headers.get(SECRET_HEADER), status))
        self.changed.set()
        return web.Response(status=status)

    async def until(self, count: int) -> None:
        async with asyncio.timeout(PATIENCE):
            while len(self.got) < count:
                self.changed.clear()
                await self.changed.wait()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    it = Receiver()
    app = web.Application()
    app.router.add_post("/hook", it.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    it.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield it
    await runner.cleanup()


async def test_updates_are_pushed_in_order_with_the_secret(
    call: Call, ada: Person, receiver: Receiver, server: BotApiServer
) -> None:
    await ada.send_text("one")
    await ada.send_text("two")
    assert (await call("setWebhook", url=receiver.url, secret_token="s3cret"))["ok"]
    await ada.send_text("three")
    await receiver.until(3)
    assert receiver.got == [(text, "s3cret", 200) for text in ("one", "two", "three")]
    await server.drained()
    assert (await call("getWebhookInfo"))["result"]["pending_update_count"] == 0


async def test_a_failed_delivery_is_tried_again_before_anything_newer(
    call: Call, ada: Person, receiver: Receiver, server: BotApiServer
) -> None:
    receiver.script = [500, 302, 403]
    await call("setWebhook", url=receiver.url)
    await ada.send_text("one")
    await ada.send_text("two")
    await receiver.until(5)
    assert [(text, status) for text, _, status in receiver.got] == [
        ("one", 500), ("one", 302), ("one", 403), ("one", 200), ("two", 200)]  # fmt: skip
    info = (await call("getWebhookInfo"))["result"]
    assert info["last_error_message"] == "Wrong response from the webhook: 403"


async def test_nothing_is_lost_while_nobody_listens(
    call: Call, ada: Person, receiver: Receiver, server: BotApiServer
) -> None:
    await call("setWebhook", url="http://127.0.0.1:9/nobody")
    await ada.send_text("one")
    await server.webhook.failed.wait()
    assert len(server.pending) == 1
    await call("setWebhook", url=receiver.url)
    await receiver.until(1)
    assert receiver.got[0][0] == "one"


async def test_a_webhook_and_polling_exclude_each_other(
    call: Call, receiver: Receiver, server: BotApiServer, ada: Person
) -> None:
    poll = asyncio.create_task(call("getUpdates", timeout=30))
    await server.polled()
    await call("setWebhook", url=receiver.url)
    assert (await poll)["description"] == "Conflict: terminated by setWebhook request"
    refused = await call("getUpdates")
    assert refused["error_code"] == 409
    assert refused["description"] == (
        "Conflict: can't use getUpdates method while webhook is active; "
        "use deleteWebhook to delete the webhook first"
    )
    await call("deleteWebhook")
    await ada.send_text("polled")
    assert len((await call("getUpdates"))["result"]) == 1
    assert receiver.got == []


async def test_pending_updates_can_be_dropped(call: Call, ada: Person) -> None:
    await ada.send_text("one")
    await call("deleteWebhook", drop_pending_updates=True)
    assert (await call("getUpdates"))["result"] == []


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({"url": "ftp://a.b"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        ({"url": "https://a.b", "secret_token": "no spaces"},
         "secret token contains unallowed characters"),
        ({"url": "https://a.b", "secret_token": "x" * 257},
         "secret token contains unallowed characters"),
    ],
)  # fmt: skip
async def test_webhooks_that_telegram_does_not_take(
    call: Call, params: dict[str, Any], reason: str
) -> None:
    answer = await call("setWebhook", **params)
    assert answer["description"] == f"Bad Request: {reason}"
    assert (await call("getWebhookInfo"))["result"]["url"] == ""


async def test_a_webhook_chooses_kinds_too(
    call: Call, ada: Person, receiver: Receiver, server: BotApiServer
) -> None:
    await call("setWebhook", url=receiver.url, allowed_updates=["message"])
    await ada.block()
    await ada.unblock()
    await ada.send_text("one")
    await receiver.until(1)
    assert [text for text, _, _ in receiver.got] == ["one"]
    info = (await call("getWebhookInfo"))["result"]
    assert (info["url"], info["allowed_updates"]) == (receiver.url, ["message"])

"""The HTTP back end: whether a request can have reached Telegram, and nothing in its errors."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from telegram import Bot, InputFile
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.warnings import PTBDeprecationWarning

from bot.transport.answers import UnavailableError
from bot.transport.request import AiohttpRequest, NotSentError, pause_asked
from tests.leaks import listening

TOKEN = "123456:not-to-be-seen-anywhere"


class Telegram:
    """A server that answers what it is told to, and remembers what it got."""

    def __init__(self) -> None:
        self.status, self.body = 200, '{"ok": true, "result": true}'
        self.delay = 0.0
        self.got: list[dict[str, object]] = []
        self.kinds: list[str] = []

    async def answer(self, request: web.Request) -> web.Response:
        self.kinds.append(request.content_type)
        if request.content_type == "application/json":
            self.got.append(await request.json())
            return await self._answered()
        form = await request.post()
        self.got.append(
            {
                name: value.file.read() if isinstance(value, web.FileField) else value
                for name, value in form.items()
            }
        )
        return await self._answered()

    async def _answered(self) -> web.Response:
        await asyncio.sleep(self.delay)
        return web.Response(status=self.status, text=self.body)


@pytest.fixture
async def telegram() -> Telegram:
    return Telegram()


@pytest.fixture
async def bot(telegram: Telegram) -> AsyncIterator[Bot]:
    app = web.Application()
    app.router.add_post("/{path:.*}", telegram.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    request = AiohttpRequest(read_timeout=0.2)
    await request.initialize()
    await request.initialize()
    yield Bot(TOKEN, base_url=f"http://127.0.0.1:{runner.addresses[0][1]}/bot", request=request)
    await request.shutdown()
    await request.shutdown()
    await runner.cleanup()


async def failing(bot: Bot) -> TelegramError:
    """The error of a request, which must not show the address with the token in it."""
    with pytest.raises(TelegramError) as caught:
        await bot.send_message(7, "a private sentence")
    assert TOKEN not in f"{caught.value!r} {caught.value.__cause__!r}"
    assert "a private sentence" not in repr(caught.value)
    return caught.value


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("body", ['{"ok": false, "description": "Bad Gateway"}', "<html>oops"])
async def test_a_server_error_means_that_nothing_was_done(
    bot: Bot, telegram: Telegram, status: int, body: str
) -> None:
    telegram.status, telegram.body = status, body
    assert type(await failing(bot)) is UnavailableError


async def test_no_answer_in_time_means_that_nobody_knows(bot: Bot, telegram: Telegram) -> None:
    telegram.delay = 1.0
    assert type(await failing(bot)) is TimedOut


async def test_no_connection_means_that_nothing_was_sent(bot: Bot) -> None:
    nowhere = Bot(TOKEN, base_url="http://127.0.0.1:9/bot", request=bot.request)
    assert type(await failing(nowhere)) is NotSentError
    unknown = Bot(TOKEN, base_url="http://no-such-host.invalid/bot", request=bot.request)
    assert type(await failing(unknown)) is NotSentError
    closed = Bot(TOKEN, base_url="http://127.0.0.1:9/bot", request=AiohttpRequest())
    assert type(await failing(closed)) is NotSentError


async def test_an_answer_that_cannot_be_read_is_neither_trusted_nor_logged(
    bot: Bot, telegram: Telegram
) -> None:
    telegram.body = '{"ok": true, "result": {"text": "a private sentence", '
    with listening() as heard:
        error = await failing(bot)
    assert isinstance(error, NetworkError)
    assert not isinstance(error, UnavailableError | NotSentError)
    assert "a private sentence" not in heard.logged()


async def test_a_refusal_and_a_pause_keep_their_meaning(bot: Bot, telegram: Telegram) -> None:
    telegram.status = 400
    telegram.body = '{"ok": false, "error_code": 400, "description": "Bad Request: no"}'
    assert isinstance(await failing(bot), BadRequest)
    telegram.status = 429
    telegram.body = '{"ok": false, "description": "slow", "parameters": {"retry_after": 7}}'
    with pytest.warns(PTBDeprecationWarning, match="retry_after"):
        error = await failing(bot)
    assert isinstance(error, RetryAfter)
    with pytest.warns(PTBDeprecationWarning, match="retry_after"):
        assert pause_asked(error) == 7.0


async def test_files_travel_with_their_names_and_values(bot: Bot, telegram: Telegram) -> None:
    telegram.body = (
        '{"ok": true, "result": {"message_id": 1, "date": 1, "chat": {"id": 7, "type": "private"}}}'
    )
    await bot.send_document(7, InputFile(b"line\n" * 3, "notes.txt"), caption="Zoë & I")
    assert telegram.got == [{"chat_id": "7", "caption": "Zoë & I", "document": b"line\n" * 3}]
    assert telegram.kinds == ["multipart/form-data"]


async def test_what_has_no_file_travels_as_it_is(bot: Bot, telegram: Telegram) -> None:
    """Words of all kinds, even half a surrogate pair, and nested values as nested ones."""
    rows = [[{"text": "Zoë", "callback_data": "tap:1:1"}]]
    asked = {
        "chat_id": 7,
        "text": "“&” \U0001f331 \ud83c",
        "disable_notification": False,
        "reply_markup": {"inline_keyboard": rows},
    }
    await bot.do_api_request("sendSomething", api_kwargs=dict(asked))
    await bot.do_api_request("askNothing")
    assert telegram.got == [asked, {}]
    assert telegram.kinds == ["application/json"] * 2

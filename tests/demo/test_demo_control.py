"""The server as a process of its own, driven from outside."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession
from telegram import Bot

from bot.demo.control import Control, ShiftedClock
from bot.demo.server import BotApiServer

Ask = Callable[..., Coroutine[Any, Any, Any]]
ROOT = Path(__file__).parents[2]


@pytest.fixture
async def driven(clock: ShiftedClock) -> AsyncIterator[BotApiServer]:
    server = BotApiServer(clock=clock)
    await server.start(app=Control(server, clock).application())
    yield server
    await server.stop()


@pytest.fixture
def ask(driven: BotApiServer, http: ClientSession) -> Ask:
    async def send(verb: str, path: str, /, expected: int = 200, **body: Any) -> Any:
        url = f"{driven.base_url}/control/{path}"
        async with http.request(verb, url, json=body if verb == "POST" else None) as answer:
            assert answer.status == expected, await answer.text()
            return await answer.json()

    return send


@pytest.fixture
async def client(driven: BotApiServer) -> AsyncIterator[Bot]:
    async with Bot(driven.token, base_url=f"{driven.base_url}/bot") as bot:
        yield bot


async def test_people_are_driven_and_read_from_outside(
    ask: Ask, client: Bot, driven: BotApiServer
) -> None:
    await ask("POST", "people/7", first_name="Ada", language_code="de")
    sent = await ask("POST", "people/7/text", text="/start")
    (update,) = await client.get_updates()
    assert update.effective_user
    assert update.effective_user.language_code == "de"
    markup: Any = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}
    await client.send_message(7, "question", reply_markup=markup)
    found = await ask("GET", "people/7/wait?text=quest&timeout=1")
    assert found["text"] == "question"
    press = await ask("POST", "people/7/press", message_id=found["message_id"], button="Yes")
    await ask("POST", "people/7/press", button="y")
    await ask("POST", "people/7/press", data="forged")
    await ask("POST", "people/7/edit", message_id=sent["message_id"], text="/help")
    for action in ("photo", "voice", "sticker", "location", "block", "unblock"):
        await ask("POST", f"people/7/{action}")
    await client.answer_callback_query(press["query_id"], "kept")
    assert (await ask("GET", "people/7/answers"))[0]["text"] == "kept"
    shown = await ask("GET", "people/7/messages")
    assert [(one["text"], one["from_bot"]) for one in shown][:2] == [
        ("/help", False), ("question", True)]  # fmt: skip
    state = await ask("GET", "state")
    kinds = [next(iter(one.keys() - {"update_id"})) for one in state["pending"]]
    assert kinds == ["message", "callback_query", "callback_query", "callback_query",
                     "edited_message", *["message"] * 4, *["my_chat_member"] * 2]  # fmt: skip


async def test_faults_updates_and_the_clock_are_set_from_outside(
    ask: Ask, client: Bot, driven: BotApiServer
) -> None:
    await ask("POST", "people/7/text", text="/start")
    await ask("POST", "faults", trouble="refuse", status=429, description="x", retry_after=2,
              method="sendMessage")  # fmt: skip
    await ask("POST", "faults", trouble="drop_after", method="sendMessage", times=5)
    await ask("DELETE", "faults")
    await client.send_message(7, "arrives")
    await ask("POST", "faults", trouble="refuse", status=400, method="sendMessage", chat_id=7)
    assert driven.faults.meet("sendmessage", 8) is None
    met = driven.faults.meet("sendmessage", 7)
    assert met
    assert met.refusal
    assert met.refusal.status == 400
    pushed = await ask("POST", "updates", nonsense=1)
    assert driven.pending[-1] == {"update_id": pushed["update_id"], "nonsense": 1}
    moved = await ask("POST", "clock", at="2027-01-01T00:00:00+00:00")
    assert moved["clock"].startswith("2027-01-01T00:00:0")
    moved = await ask("POST", "clock", advance=86_400)
    assert moved["clock"].startswith("2027-01-02T00:00:0")
    journal = await ask("GET", "requests?method=sendMessage&last=1")
    assert journal[0]["params"]["text"] == "arrives"


async def test_mistakes_of_the_driver_are_explained(ask: Ask) -> None:
    await ask("POST", "people/7/text", text="/start")
    assert "no action" in (await ask("POST", "people/7/dance", expected=404))["error"]
    assert "no button" in (await ask("POST", "people/7/press", expected=404, button="x"))["error"]
    assert "text" in (await ask("POST", "people/7/text", expected=404))["error"]
    await ask("POST", "people/7/text", expected=400, text=" ")
    await ask("POST", "faults", expected=400, trouble="earthquake")
    await ask("GET", "people/7/wait?text=x&timeout=0.01", expected=408)


async def test_it_runs_as_a_process_of_its_own(http: ClientSession) -> None:
    token = "42424242:a-token-of-its-own"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.demo.server", "--port", "0", "--token", token,
        stdout=asyncio.subprocess.PIPE, cwd=ROOT,
    )  # fmt: skip
    assert process.stdout
    try:
        base = (await process.stdout.readline()).decode().strip()
        async with http.post(f"{base}/control/people/7/text", json={"text": "hello"}) as answer:
            assert answer.status == 200
        async with http.get(f"{base}/bot{token}/getUpdates") as answer:
            (update,) = (await answer.json())["result"]
        assert update["message"]["text"] == "hello"
    finally:
        process.terminate()
        assert await process.wait() == 0

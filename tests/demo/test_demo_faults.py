"""Faults on demand and Telegram's caps."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout
from telegram import Bot
from telegram.error import BadRequest, Forbidden, NetworkError, TimedOut

from bot.demo.faults import Caps, Fault, Trouble
from bot.demo.journal import Request, busiest
from bot.demo.people import Person
from bot.demo.refusals import Refusal
from bot.demo.server import BotApiServer
from bot.demo.world import utc_now

Call = Callable[..., Coroutine[Any, Any, Any]]


async def test_too_many_requests_name_the_pause_and_do_nothing(
    call: Call, server: BotApiServer, ada: Person
) -> None:
    server.faults.too_many(3, method="sendMessage", times=2)
    for _ in range(2):
        assert await call("sendMessage", chat_id=7, text="x") == {
            "ok": False,
            "error_code": 429,
            "description": "Too Many Requests: retry after 3",
            "parameters": {"retry_after": 3},
        }
    assert ada.from_bot == []
    assert (await call("sendMessage", chat_id=7, text="x"))["ok"]


async def test_refusals_reach_python_telegram_bot_as_its_exceptions(
    bot: Bot, server: BotApiServer, ada: Person
) -> None:
    server.faults.forbidden(7)
    with pytest.raises(Forbidden):
        await bot.send_message(7, "x")
    server.faults.refuse(400, "Bad Request: something new")
    with pytest.raises(BadRequest, match="omething new"):
        await bot.send_message(7, "x")
    server.faults.server_error(502)
    with pytest.raises(NetworkError):
        await bot.send_message(7, "x")
    assert ada.from_bot == []
    assert [one.status for one in server.calls("sendMessage")] == [403, 400, 502]


async def test_a_fault_is_matched_by_method_chat_and_count(
    call: Call, server: BotApiServer, ada: Person
) -> None:
    await server.person(8).send_text("/start")
    server.faults.refuse(400, "Bad Request: no", method="SENDMESSAGE", chat_id=8, skip=1, times=1)
    outcomes = []
    for chat_id in (7, 8, 7, 8, 8):
        outcomes.append((await call("sendMessage", chat_id=chat_id, text="x"))["ok"])
    assert outcomes == [True, True, True, False, True]


async def test_a_fault_for_everything_spares_polling(call: Call, server: BotApiServer) -> None:
    server.faults.server_error(500, times=-1)
    assert (await call("getUpdates"))["ok"]
    assert not (await call("getMe"))["ok"]
    assert not (await call("getMe"))["ok"]
    server.faults.clear()
    assert (await call("getMe"))["ok"]


async def test_polling_can_fail_too(call: Call, server: BotApiServer) -> None:
    server.faults.server_error(500, method="getUpdates")
    assert not (await call("getUpdates"))["ok"]
    assert (await call("getUpdates"))["ok"]


async def test_a_connection_dropped_before_does_nothing_and_after_does_it(
    call: Call, bot: Bot, server: BotApiServer, ada: Person
) -> None:
    server.faults.drop_before(method="sendMessage")
    with pytest.raises(ClientError):
        await call("sendMessage", chat_id=7, text="never")
    assert ada.from_bot == []
    server.faults.drop_after(method="sendMessage")
    with pytest.raises(NetworkError):
        await bot.send_message(7, "arrived")
    assert ada.last.text == "arrived"
    assert [one.status for one in server.calls("sendMessage")] == [0, 0]


async def test_a_slow_answer_comes_after_its_effect(
    bot: Bot, server: BotApiServer, ada: Person
) -> None:
    server.faults.slow(30, method="sendMessage")
    with pytest.raises(TimedOut):
        await bot.send_message(7, "there already", read_timeout=0.2)
    assert (await ada.wait_for("there already")).text == "there already"


async def test_a_request_can_be_held_before_and_after_its_effect(
    call: Call, server: BotApiServer, ada: Person
) -> None:
    before = server.faults.hold(method="sendMessage")
    sending = asyncio.create_task(call("sendMessage", chat_id=7, text="x"))
    await before.reached.wait()
    assert ada.from_bot == []
    before.release()
    assert (await sending)["ok"]
    after = server.faults.hold(method="sendMessage", after=True)
    sending = asyncio.create_task(call("sendMessage", chat_id=7, text="y"))
    await ada.until(lambda: len(ada.from_bot) == 2)
    assert not sending.done()
    after.release()
    assert (await sending)["ok"]


async def test_stopping_lets_held_requests_go() -> None:
    server = BotApiServer()
    await server.start()
    held = server.faults.hold(method="getMe")
    url = f"{server.base_url}/bot{server.token}/getMe"
    async with ClientSession(timeout=ClientTimeout(total=5)) as http:
        asking = asyncio.create_task(http.get(url))
        await held.reached.wait()
        await server.stop()
        (outcome,) = await asyncio.gather(asking, return_exceptions=True)
    assert isinstance(outcome, ClientError | ClientResponse)


def test_a_chat_takes_a_burst_and_then_one_a_second() -> None:
    caps = Caps(burst=3)
    for _ in range(3):
        caps.count(7, now=100.0)
    with pytest.raises(Refusal) as refused:
        caps.count(7, now=100.1)
    assert (refused.value.status, refused.value.retry_after) == (429, 1)
    caps.count(8, now=100.1)
    caps.count(7, now=101.0)
    with pytest.raises(Refusal):
        caps.count(7, now=101.5)


def test_thirty_a_second_are_taken_overall() -> None:
    caps = Caps()
    for chat_id in range(30):
        caps.count(chat_id, now=100.0 + chat_id / 100)
    with pytest.raises(Refusal):
        caps.count(99, now=100.9)
    caps.count(99, now=101.0)


async def test_caps_are_enforced_on_sending_alone(http: ClientSession) -> None:
    async with BotApiServer(caps=Caps(burst=2)) as server:
        await server.person(7).send_text("/start")

        async def status(method: str, **params: Any) -> int:
            url = f"{server.base_url}/bot{server.token}/{method}"
            async with http.post(url, json={"chat_id": 7} | params) as answer:
                return answer.status

        assert [await status("sendMessage", text="x") for _ in range(3)] == [200, 200, 429]
        assert await status("editMessageText", message_id=2, text="y") == 200
        assert await status("sendChatAction", action="typing") == 200


def test_the_busiest_second_is_found_across_whole_seconds() -> None:
    def at(seconds: float, status: int = 200) -> Request:
        return Request("sendMessage", {}, 7, utc_now(), seconds, status, "")

    journal = [at(0.0), at(0.6), at(0.7), at(1.5), at(1.55), at(1.6, 429), at(3.0)]
    assert busiest(journal) == 4
    assert busiest([]) == 0


async def test_the_journal_tells_what_was_asked_and_stays_bounded(http: ClientSession) -> None:
    async with BotApiServer(journal_size=3) as server:
        await server.person(7).send_text("/start")
        for number in range(5):
            url = f"{server.base_url}/bot{server.token}/sendMessage"
            async with http.post(url, json={"chat_id": 7, "text": str(number)}):
                pass
    assert [one.params["text"] for one in server.requests] == ["2", "3", "4"]
    last = server.requests[-1]
    assert (last.method, last.chat_id, last.status) == ("sendMessage", 7, 200)


def test_a_fault_counts_whom_it_met() -> None:
    fault = Fault(Trouble.REFUSE, "sendMessage", times=2)
    assert [fault.meets("sendmessage", 1) for _ in range(3)] == [True, True, False]
    assert not fault.meets("getme", 1)
    assert fault.met == 2

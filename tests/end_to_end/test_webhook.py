"""Updates that Telegram brings: kept before they are acknowledged, from nobody else, once."""

import asyncio
import threading
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from bot.app import StartError
from bot.demo.people import Person
from bot.transport import webhook as room
from bot.transport.polling import ALLOWED_UPDATES
from bot.transport.webhook import MAX_CONNECTIONS, SECRET_HEADER
from storage.connection import connect
from tests.end_to_end.callers import SECRET, Caller, locked, update
from tests.end_to_end.cards import card_of
from tests.house import House
from tests.leaks import Overheard
from tests.patience import until

pytestmark = pytest.mark.usefixtures("brought")


async def test_a_day_over_the_webhook_with_a_restart(house: House, ada: Person) -> None:
    """Onboarding, an answer, the bot off for an hour, the evening's question, a tap."""
    await house.say(ada, "We cooked together this evening.")
    await house.stop()
    await ada.send_text("And then we went for a walk.")
    house.clock.move(timedelta(hours=1))
    house.server.webhook.failed.clear()
    await house.server.webhook.failed.wait()
    assert len(house.server.pending) == 1
    await house.start()
    await house.settle()
    await house.move_to_local("Europe/Berlin", "2026-03-03", "20:00")
    await house.tap(ada, "4")
    await house.say(ada, "Today I was on my own.")
    assert [row[0] for row in house.rows("SELECT text FROM answers ORDER BY id")] == [
        "We cooked together this evening.",
        "And then we went for a walk.",
        "Today I was on my own.",
    ]
    assert house.rows("SELECT value FROM taps") == [(4,)]
    assert "kept" in card_of(ada).text
    assert house.server.calls("getUpdates") == []
    for call in house.server.calls("setWebhook"):
        assert call.params["allowed_updates"] == ALLOWED_UPDATES
        assert call.params["secret_token"] == SECRET
        assert int(call.params["max_connections"]) == MAX_CONNECTIONS


async def test_two_hundred_only_after_the_commit(house: House, caller: Caller) -> None:
    """While the database is busy with something else, Telegram waits for its answer."""
    busy, released = threading.Event(), threading.Event()

    def hold(_: Any) -> None:
        busy.set()
        released.wait(20)

    held = house.app.database.submit(hold)
    await asyncio.to_thread(busy.wait, 20)
    post = asyncio.create_task(caller.post(update(1, "Did you keep this?")))
    await asyncio.sleep(0.2)
    conn = connect(house.settings.database_path, read_only=True)
    assert not post.done()
    assert conn.execute("SELECT count(*) FROM inbox").fetchone()[0] == 0
    released.set()
    assert await post == 200
    assert conn.execute("SELECT count(*) FROM inbox").fetchone()[0] == 1
    conn.close()
    await asyncio.wrap_future(held)


async def test_what_cannot_be_stored_is_brought_again(
    house: House, ada: Person, caller: Caller
) -> None:
    with locked(house):
        await ada.send_text("Written while the disk was away.")
        await until(lambda: 503 in [status for _, status in house.server.webhook.deliveries])
        assert await caller.post(update(1, "x")) == 503
    await house.settle()
    assert house.rows("SELECT text FROM answers") == [("Written while the disk was away.",)]


async def test_an_update_that_is_brought_twice_has_its_effect_once(
    house: House, ada: Person, caller: Caller
) -> None:
    body = update(house.server.world.updates.next_id, "Only once, please.")
    assert await caller.post(body) == 200
    assert await caller.post(body) == 200
    await house.settle()
    assert await caller.post(body) == 200
    await house.settle()
    assert house.rows("SELECT text FROM answers") == [("Only once, please.",)]
    assert "kept" in card_of(ada).text


@pytest.mark.parametrize("secret", [None, "", "a-Secret_0f-our", f"{SECRET}x", "s\u00e9cret"])
async def test_without_the_secret_nothing_is_stored(
    house: House, caller: Caller, secret: str | None, overheard: Overheard
) -> None:
    for number in range(1, 30):
        assert await caller.post(update(number, "I am Telegram, believe me."), secret) == 403
    assert house.rows("SELECT count(*) FROM inbox") == [(0,)]
    assert overheard.logged().count("a request at the webhook was refused") == 2
    assert SECRET not in overheard.logged()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"{}",
        b"\xff\xfe\xff",
        b'{"update_id": "1"}',
        b'{"update_id": true}',
        b'{"update_id": -1}',
        b'{"update_id": 1e300}',
        b'{"update_id": 9223372036854775808}',
        b'{"update_id": 1, "message": NaN}',
        b'{"update_id": ' + b"9" * 5000 + b"}",
        b"[" * 200_000,
    ],
)
async def test_what_is_no_update_is_refused(house: House, caller: Caller, body: bytes) -> None:
    assert await caller.post(body) == 400
    assert house.rows("SELECT count(*) FROM inbox") == [(0,)]
    assert await caller.post(update(1, "Hello there, it is me.")) == 200


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "identity, gzip"])
async def test_what_is_not_encoded_as_it_says_is_refused(
    house: House, caller: Caller, overheard: Overheard, encoding: str
) -> None:
    for _ in range(3):
        assert await caller.post(b"this is no archive", encoding=encoding) == 400
    assert house.rows("SELECT count(*) FROM inbox") == [(0,)]
    assert overheard.logged().count(" WARNING ") + overheard.logged().count(" ERROR ") <= 1
    assert await caller.post(update(1, "Hello there, it is me.")) == 200


async def test_what_comes_too_slowly_is_refused(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "BODY_SECONDS", 0.05)
    host, _, port = house.settings.webhook_listen.rpartition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = f"POST /hook HTTP/1.1\r\nHost: x\r\n{SECRET_HEADER}: {SECRET}\r\n"
    writer.write(f"{head}Content-Length: 50\r\n\r\n{{".encode())
    assert (await reader.readline()).startswith(b"HTTP/1.1 408")
    writer.close()


async def test_what_is_too_large_is_refused(house: House, caller: Caller) -> None:
    assert await caller.post(update(1, "x" * 2_000_000)) == 413
    assert house.rows("SELECT count(*) FROM inbox") == [(0,)]
    assert await caller.post(update(1, "Hello there, it is me.")) == 200


async def test_other_paths_and_methods_give_nothing(house: House, caller: Caller) -> None:
    assert await caller.get("/hook") == 405
    assert await caller.get("/") == 404
    assert house.rows("SELECT count(*) FROM inbox") == [(0,)]


async def test_an_update_that_nobody_can_read_stops_nobody(house: House, ada: Person) -> None:
    """It is stored and set aside; Telegram would bring it again and again otherwise."""
    house.server.push_update({"message": {"chat": {"id": ada.id}, "text": 7}})
    await house.say(ada, "The next one is fine.")
    assert house.rows("SELECT text FROM answers") == [("The next one is fine.",)]
    assert house.rows("SELECT state FROM inbox WHERE state = 'quarantined'") == [("quarantined",)]


async def test_polling_again_takes_the_webhook_away(house: House, ada: Person) -> None:
    await house.stop()
    await ada.send_text("Between the two ways of listening.")
    house.settings = house.settings.model_copy(update={"webhook_url": None})
    await house.start()
    assert house.server.webhook.hook is None
    await house.settle()
    assert house.rows("SELECT text FROM answers") == [("Between the two ways of listening.",)]


async def test_a_webhook_that_somebody_removed_is_set_anew(
    house: House, ada: Person, monkeypatch: pytest.MonkeyPatch, overheard: Overheard
) -> None:
    monkeypatch.setattr(room, "LOOK_EVERY", timedelta(seconds=0.05))
    await house.restart()
    url = f"{house.server.base_url}/bot{house.server.token}/deleteWebhook"
    async with aiohttp.ClientSession() as session, session.post(url):
        await until(lambda: house.server.webhook.hook is not None)
    await house.say(ada, "You can hear me again, can you?")
    assert house.rows("SELECT text FROM answers") == [("You can hear me again, can you?",)]
    assert "another program has set or removed the webhook" in overheard.logged()


async def test_a_secret_that_somebody_changed_is_set_anew(
    house: House, ada: Person, monkeypatch: pytest.MonkeyPatch, overheard: Overheard
) -> None:
    """Another program has set the same address with a secret of its own."""
    monkeypatch.setattr(room, "LOOK_EVERY", timedelta(seconds=2))
    await house.restart()
    url = f"{house.server.base_url}/bot{house.server.token}/setWebhook"
    hook = {"url": house.settings.webhook_url, "secret_token": "another"}
    async with aiohttp.ClientSession() as session, session.post(url, json=hook) as answer:
        assert answer.status == 200
    await house.say(ada, "You can hear me again, can you?")
    assert house.rows("SELECT text FROM answers") == [("You can hear me again, can you?",)]
    assert "Wrong response from the webhook: 403" in overheard.logged()


async def test_telegram_need_not_take_the_webhook_at_once(house: House, ada: Person) -> None:
    """5xx, a pause, a refusal: it is set in the end, and nothing is lost."""
    await house.stop()
    faults = house.server.faults
    faults.server_error(method="setWebhook")
    faults.too_many(1, method="setWebhook")
    faults.refuse(400, "Bad Request: bad webhook: Failed to resolve host", method="setWebhook")
    await ada.send_text("Sent while you were away, too.")
    await house.start()
    await house.settle()
    assert house.rows("SELECT text FROM answers") == [("Sent while you were away, too.",)]


async def test_without_a_setting_each_start_has_a_secret_of_its_own(
    house: House, ada: Person
) -> None:
    house.settings = house.settings.model_copy(update={"webhook_secret": None})
    await house.restart()
    await house.restart()
    await house.say(ada, "Nobody else can have sent this.")
    first, second = [c.params["secret_token"] for c in house.server.calls("setWebhook")][-2:]
    assert first != second
    assert min(len(first), len(second)) >= 32
    assert house.rows("SELECT text FROM answers") == [("Nobody else can have sent this.",)]


async def test_an_address_that_is_taken_is_one_clear_line(house: House) -> None:
    path = house.settings.database_path.with_name("other.db")
    settings = house.settings.model_copy(update={"database_path": path})
    other = House(house.server, house.clock, settings)
    with pytest.raises(StartError, match=r"^WEBHOOK_LISTEN: cannot listen at [\d.:]+: .* in use$"):
        await other.start()

"""Answers that are none of the Bot API's: nobody is lost, nothing ends, little comes twice."""

import json
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.typedefs import Handler

from bot.app import StartError
from bot.demo.people import Person
from bot.demo.server import BotApiServer
from bot.transport import answers, backoff, sender
from bot.transport.outcomes import GRAVE_SENDINGS
from tests.end_to_end.callers import update
from tests.end_to_end.cards import UNKNOWN, unknowns
from tests.house import House, open_house
from tests.leaks import Overheard
from tests.patience import until

ZONE = "Europe/Berlin"
PAGE = "<html>The proxy is not amused.</html>"


class Proxy:
    """Something between the bot and the Bot API, with answers of its own."""

    def __init__(self) -> None:
        self._script: list[tuple[str, int, str, bool]] = []
        self.met = 0

    def answers(
        self, method: str, status: int, body: str, *, times: int = 1, delivers: bool = False
    ) -> None:
        """Answer so many requests like this, having passed them on before, or not at all."""
        self._script += [(method.lower(), status, body, delivers)] * times

    def forget(self) -> None:
        """Be a good proxy again."""
        self._script.clear()

    @web.middleware
    async def pass_on(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Answer as scripted, or let the server answer."""
        method = request.match_info.get("method", "").lower()
        found = next((line for line in self._script if line[0] == method), None)
        if found is None:
            return await handler(request)
        self._script.remove(found)
        self.met += 1
        _, status, body, delivers = found
        if delivers:
            await handler(request)
        return web.Response(status=status, text=body)


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch) -> Proxy:
    """A proxy that is as patient as the rest of a test, which waits for nothing."""
    made = Proxy()
    application = BotApiServer.application

    def behind_it(server: BotApiServer) -> web.Application:
        app = application(server)
        app.middlewares.append(made.pass_on)
        return app

    monkeypatch.setattr(BotApiServer, "application", behind_it)
    monkeypatch.setattr(backoff, "PAUSES", (0.004, 0.008))
    monkeypatch.setattr(sender, "HALT_MAX", 0.008)
    monkeypatch.setattr(sender, "BACKOFF_MAX", 0.02)
    monkeypatch.setattr(answers, "PAUSE", 0.01)
    return made


@pytest.fixture
async def house(database_path: Path, proxy: Proxy) -> AsyncIterator[House]:
    """The whole bot, running, behind the proxy."""
    async with open_house(database_path) as opened:
        yield opened
        proxy.forget()


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, PAGE),
        (200, ""),
        (204, ""),
        (200, "null"),
        (200, '"x"'),
        (200, "[]"),
        (200, "[" * 200_000),
        (200, '{"ok":false}'),
        (200, '{"ok":true}'),
        (200, '{"ok":true,"result":{}}'),
        (200, '{"ok":true,"result":"abc"}'),
        (200, '{"ok":true,"result":[1]}'),
        (200, '{"ok":true,"result":[null]}'),
        (200, '{"ok":true,"result":[[1]]}'),
        (200, '{"ok":true,"result":[{"x":1}]}'),
        (200, '{"ok":true,"result":[{"update_id":"7"}]}'),
        (200, '{"ok":true,"result":[{"update_id":-5}]}'),
        (200, '{"ok":true,"result":[{"update_id":1.5}]}'),
        (200, '{"ok":true,"result":[{"update_id":1e999}]}'),
        (200, '{"ok":true,"result":[{"update_id":9,"message":NaN}]}'),
        (200, '{"ok":true,"result":[{"update_id":9999999999999999999999}]}'),
        (302, PAGE),
        (400, "[]"),
        (400, '{"ok":false,"parameters":null}'),
        (401, PAGE),
        (401, '{"ok":false,"error_code":401}'),
        (401, '{"error_code":401,"description":"Unauthorized"}'),
        (403, PAGE),
        (404, PAGE),
        (404, '{"ok":false,"error_code":404,"description":"Not Found"}'),
        (407, PAGE),
        (429, PAGE),
        (429, '{"ok":false,"parameters":{"retry_after":"x"}}'),
    ],
)
async def test_no_answer_to_a_poll_ends_the_bot(
    house: House, proxy: Proxy, overheard: Overheard, status: int, body: str
) -> None:
    """It is logged without what it says, and tried again."""
    ada = house.server.person(11, "Ada")
    proxy.answers("getUpdates", status, body, times=3)
    for number in (1, 2):
        await house.say(ada, "Hello, is anybody there?")
        assert len(ada.from_bot) == number
    await until(lambda: proxy.met == 3)
    await house.say(ada, "Hello, is anybody there?")
    assert len(ada.from_bot) == 3
    assert "not amused" not in overheard.logged()
    assert "BOT_TOKEN" not in overheard.logged()


async def test_what_has_no_id_is_passed_over_and_nothing_else_of_the_batch(
    house: House, ada: Person, proxy: Proxy, overheard: Overheard
) -> None:
    first = house.server.world.updates.next_id
    good = [json.loads(update(first + n, f"Number {n} of the batch.")) for n in (0, 1)]
    batch = [{"x": 1}, good[0], None, {"update_id": "7"}, good[1], 5]
    proxy.answers("getUpdates", 200, json.dumps({"ok": True, "result": batch}))
    await house.restart()
    await until(lambda: house.rows("SELECT count(*) FROM answers") == [(2,)])
    assert [text for (text,) in house.rows("SELECT text FROM answers ORDER BY id")] == [
        "Number 0 of the batch.",
        "Number 1 of the batch.",
    ]
    assert "4 of 6 updates have no id and are lost" in overheard.logged()
    assert ada.last.text != UNKNOWN


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (404, PAGE),
        (401, PAGE),
        (403, '{"ok":false,"error_code":403,"description":"Forbidden: not here"}'),
        (200, "{}"),
        (200, '{"ok":true,"result":[]}'),
        (200, '{"ok":true,"result":{}}'),
        (200, '{"ok":true,"result":5}'),
    ],
)
async def test_no_answer_to_the_first_contact_but_a_401_ends_the_bot(
    house: House, ada: Person, proxy: Proxy, status: int, body: str
) -> None:
    await house.stop()
    proxy.answers("getMe", status, body, times=3)
    await house.start()
    await house.say(ada, "/unheard_of")
    assert proxy.met == 3
    assert unknowns(ada) == 1


async def test_a_real_401_is_about_the_token(house: House, proxy: Proxy) -> None:
    proxy.answers(
        "getUpdates", 401, '{"ok":false,"error_code":401,"description":"Unauthorized"}', times=9
    )
    await house.server.person(11, "Ada").send_text("Hello, is anybody there?")
    await until(lambda: proxy.met > 0)
    with pytest.raises(StartError, match="does not accept this token any more"):
        await house.stop()


SHAPELESS = [
    PAGE,
    "[]",
    "null",
    "[" * 200_000,
    '{"ok":false}',
    '{"ok":true}',
    '{"ok":true,"result":true}',
    '{"ok":true,"result":{}}',
    '{"ok":true,"result":{"message_id":"x"}}',
    '{"ok":true,"result":{"message_id":99999999999999999999999}}',
    '{"ok":true,"result":{"message_id":-4}}',
]


@pytest.mark.parametrize("body", SHAPELESS)
async def test_a_message_whose_answer_is_none_is_repeated_once(
    house: House, ada: Person, proxy: Proxy, body: str
) -> None:
    proxy.answers("sendMessage", 200, body)
    await house.say(ada, "/unheard_of")
    assert unknowns(ada) == 1
    assert house.rows("SELECT count(*) FROM outbox") == [(0,)]


async def test_a_message_that_may_have_arrived_is_not_sent_a_third_time(
    house: House, ada: Person, proxy: Proxy
) -> None:
    proxy.answers("sendMessage", 200, PAGE, times=5, delivers=True)
    await house.say(ada, "/unheard_of")
    assert unknowns(ada) == 2
    assert house.rows("SELECT count(*) FROM outbox") == [(0,)]


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (302, PAGE),
        (400, "{}"),
        (400, '{"ok":false,"description":5}'),
        (401, PAGE),
        (403, PAGE),
        (403, '{"ok":false}'),
        (403, '{"ok":false,"error_code":403}'),
        (404, PAGE),
        (407, PAGE),
        (429, PAGE),
        (429, '{"ok":false,"error_code":429,"description":"Too Many Requests: retry later"}'),
        (429, '{"ok":false,"description":"Slow","parameters":{"retry_after":"x"}}'),
        (429, '{"ok":false,"description":"Slow","parameters":{"retry_after":-5}}'),
    ],
)
@pytest.mark.parametrize("words", ["/unheard_of", "/safety"])
async def test_a_refusal_of_whoever_it_is_loses_neither_the_message_nor_the_person(
    house: House, ada: Person, proxy: Proxy, status: int, body: str, words: str
) -> None:
    before = len(ada.from_bot)
    proxy.answers("sendMessage", status, body, times=4)
    await house.say(ada, words)
    assert proxy.met == 4
    assert len(ada.from_bot) == before + 1
    assert house.rows("SELECT state FROM people") == [("active",)]


async def test_what_is_grave_is_sent_until_it_has_arrived(
    house: House, ada: Person, proxy: Proxy
) -> None:
    """Twice is better than never; but not for ever."""
    before = len(ada.from_bot)
    proxy.answers("sendMessage", 200, PAGE, times=GRAVE_SENDINGS - 1)
    await house.say(ada, "/safety")
    assert len(ada.from_bot) == before + 1
    proxy.answers("sendMessage", 200, PAGE, times=GRAVE_SENDINGS + 5)
    await house.say(ada, "/safety")
    assert proxy.met == 2 * GRAVE_SENDINGS - 1
    assert house.rows("SELECT count(*) FROM outbox") == [(0,)]


@pytest.mark.parametrize("discreet", [False, True])
async def test_whose_question_was_lost_is_not_silent(
    house: House, ada: Person, proxy: Proxy, discreet: bool
) -> None:
    await house.say(ada, "We cooked together this evening.")
    if discreet:
        await house.say(ada, "/discreet on")
    before = len(house.server.calls("sendMessage"))
    for day in (3, 4):
        proxy.answers("sendMessage", 200, PAGE, times=2)
        await house.move_to(datetime(2026, 3, day, 19, 0, tzinfo=UTC))
    assert len(house.server.calls("sendMessage")) == before
    assert house.rows("SELECT day, state FROM asked WHERE day > '2026-03-02'") == [
        ("2026-03-03", "expired"),
        ("2026-03-04", "expired"),
    ]
    await house.move_to_local(ZONE, "2026-03-05", "20:00")
    assert len(house.server.calls("sendMessage")) == before + 1
    missed = Counter(house.rows("SELECT coalesce(silence ->> 'missed', 0) FROM people"))
    assert missed == {(0,): 1}


async def test_a_question_that_did_arrive_all_the_same_can_be_tapped(
    house: House, ada: Person, proxy: Proxy
) -> None:
    """Twice it arrived, twice the bot did not hear so: a tap counts, and what is written stays."""
    proxy.answers("sendMessage", 200, PAGE, times=2, delivers=True)
    await house.move_to_local(ZONE, "2026-03-03", "20:00")
    await house.tap(ada, "4")
    await house.say(ada, "It came twice, and here I am.")
    assert house.rows("SELECT value FROM taps") == [(4,)]
    assert house.rows("SELECT text FROM answers") == [("It came twice, and here I am.",)]


async def test_what_waits_under_a_cover_that_may_have_arrived_goes_on_waiting(
    house: House, ada: Person, proxy: Proxy
) -> None:
    await house.say(ada, "/discreet on")
    proxy.answers("sendMessage", 200, PAGE, times=2, delivers=True)
    await house.move_to_local(ZONE, "2026-03-03", "20:00")
    assert house.rows("SELECT count(*) FROM outbox") == [(0,)]
    assert house.rows("SELECT count(*) FROM covered") == [(1,)]


async def test_a_question_that_is_refused_for_good_is_not_missed(house: House, ada: Person) -> None:
    await house.say(ada, "We cooked together this evening.")
    house.server.faults.refuse(400, "Bad Request: BUTTON_DATA_INVALID", method="sendMessage")
    await house.move_to_local(ZONE, "2026-03-03", "20:00")
    await house.move_to_local(ZONE, "2026-03-04", "20:00")
    states = house.rows("SELECT state FROM asked WHERE day > '2026-03-02' ORDER BY id")
    assert states == [("expired",), ("open",)]
    assert house.rows("SELECT coalesce(silence ->> 'missed', 0) FROM people") == [(0,)]

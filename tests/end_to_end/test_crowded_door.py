"""Strangers at the door: they keep nobody out, and do not fill the log."""

import asyncio
import errno
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.demo.people import Person
from bot.transport import doors
from tests.end_to_end.callers import Caller, update
from tests.house import House
from tests.leaks import Overheard
from tests.patience import PATIENCE

pytestmark = pytest.mark.usefixtures("brought")

HALF = b"POST /hook HTTP/1.1\r\nHost: x\r\n"


Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@asynccontextmanager
async def crowd(house: House, number: int, said: bytes = HALF) -> AsyncIterator[list[Connection]]:
    """So many connections, one after the other, on each of which this is said and nothing else."""
    host, _, port = house.settings.webhook_listen.rpartition(":")
    made: list[Connection] = []
    try:
        for _ in range(number):
            reader, writer = await asyncio.open_connection(host, int(port))
            made.append((reader, writer))
            writer.write(said)
        yield made
    finally:
        for _, writer in made:
            writer.close()


async def closed(connection: Connection) -> bool:
    """Whether the bot closes a connection; reset counts."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await connection[0].read() == b""
    except ConnectionResetError:
        return True


async def test_whoever_only_stands_in_the_door_keeps_nobody_out(
    house: House,
    ada: Person,
    caller: Caller,
    monkeypatch: pytest.MonkeyPatch,
    overheard: Overheard,
) -> None:
    """Five times as many half requests as may be open, and people are still heard."""
    monkeypatch.setattr(doors, "MOST_OPEN", 10)
    async with crowd(house, 50) as connections:
        assert (await caller.health())[0] == 200
        await house.say(ada, "You can hear me, can you?")
        for connection in connections[:35]:
            assert await closed(connection)
        assert not connections[-1][0].at_eof()
    assert house.rows("SELECT text FROM answers") == [("You can hear me, can you?",)]
    assert overheard.logged().count("too many connections are open") == 2


async def test_half_a_request_is_not_waited_for_for_ever(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doors, "IDLE_SECONDS", 0.1)
    await house.restart()
    for said in (HALF, b"", b"GET /healthz HTTP/1.1\r\nHost: x\r\nX: "):
        async with crowd(house, 1, said) as (connection,):
            assert await closed(connection)


async def test_whoever_is_being_answered_is_not_sent_away(
    house: House, caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doors, "MOST_OPEN", 5)
    arrived, released = asyncio.Event(), asyncio.Event()

    async def made() -> None:
        arrived.set()
        await released.wait()

    # The bot's own look at the webhook is over, so that only the POST comes by there.
    await house.app.receiver.caught_up.wait()
    monkeypatch.setattr(house.app.receiver._contact, "made", made)
    post = asyncio.create_task(caller.post(update(1, "Did you keep this?")))
    await arrived.wait()
    async with crowd(house, 20):
        released.set()
        assert await post == 200


async def test_requests_that_are_none_fill_no_log(house: House, overheard: Overheard) -> None:
    for _ in range(15):
        async with crowd(house, 1, HALF + b"Ba\x00d: my privacy\r\n\r\n") as ((reader, _),):
            assert (await reader.readline()).split()[1] == b"400"
    assert overheard.logged().count("a request could not be answered") == 2
    assert "privacy" not in overheard.logged()


async def test_a_system_without_files_left_fills_no_log(house: House, overheard: Overheard) -> None:
    """The event loop complains of it hundreds of times a second, and of other things as before."""
    assert house.app.doors is not None
    loop = asyncio.get_running_loop()
    trouble = OSError(errno.EMFILE, "Too many open files")
    message = "socket.accept() out of system resource"
    for _ in range(5000):
        loop.call_exception_handler({"message": message, "exception": trouble})
    assert overheard.logged().count("Too many open files") == 4
    loop.call_exception_handler({"message": "something else entirely"})
    assert "something else entirely" in overheard.logged()
    await house.stop()
    assert loop.get_exception_handler() is None


@pytest.mark.parametrize(("files", "most"), [(1024, 256), (100, 25), (-1, 256), (2, 1)])
def test_a_quarter_of_the_files_at_most_is_for_connections(
    monkeypatch: pytest.MonkeyPatch, files: int, most: int
) -> None:
    monkeypatch.setattr("resource.getrlimit", lambda _: (files, files))
    assert doors.most_open() == most

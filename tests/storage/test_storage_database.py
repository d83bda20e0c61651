"""One writer with group commit, one reader: what is kept, what is undone, who is told."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from storage import database as database_module
from storage.connection import Connection, DriverError, connect, rollback
from storage.database import Database
from storage.errors import StorageError, StorageFullError
from tests.patience import PATIENCE


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A new database with a table for these tests."""
    opened = Database(tmp_path / "new folder" / "ampersand.db").open()
    opened.submit(lambda conn: conn.execute("CREATE TABLE lines (text TEXT UNIQUE)")).result()
    yield opened
    opened.close()


def add(text: str, conn: Connection) -> str:
    """Keep a line and give it back."""
    conn.execute("INSERT INTO lines VALUES (?)", (text,))
    return text


def lines(database: Database) -> list[str]:
    """What a program of its own would see in the file."""
    conn = connect(database.path, read_only=True)
    try:
        return [row[0] for row in conn.execute("SELECT text FROM lines ORDER BY rowid")]
    finally:
        conn.close()


class Gate:
    """A piece of work that holds the writer until it is opened."""

    def __init__(self, database: Database) -> None:
        self._entered, self._open = threading.Event(), threading.Event()
        database.submit(self._wait)
        assert self._entered.wait(10)

    def open(self) -> None:
        """Let the writer go on."""
        self._open.set()

    def _wait(self, _: Connection) -> None:
        self._entered.set()
        assert self._open.wait(10)


async def test_what_has_gathered_shares_one_commit(database: Database) -> None:
    statements: list[str] = []
    database.submit(lambda conn: conn.set_trace_callback(statements.append)).result()
    gate = Gate(database)
    pieces = [
        asyncio.ensure_future(database.write(partial(add, f"line {number}")))
        for number in range(150)
    ]
    await asyncio.sleep(0)
    statements.clear()
    gate.open()
    assert await asyncio.gather(*pieces) == [f"line {number}" for number in range(150)]
    # One for the gate, one for everything that waited behind it.
    assert statements.count("COMMIT") == 2
    assert len(lines(database)) == 150


async def test_a_group_has_an_upper_limit(database: Database) -> None:
    """Nobody waits for more than 200 neighbours."""
    statements: list[str] = []
    database.submit(lambda conn: conn.set_trace_callback(statements.append)).result()
    gate = Gate(database)
    pieces = [database.submit(partial(add, f"line {n}")) for n in range(450)]
    statements.clear()
    gate.open()
    for piece in pieces:
        piece.result(10)
    assert statements.count("COMMIT") == 1 + 3


async def test_a_piece_that_fails_is_undone_alone(database: Database) -> None:
    def fail(conn: Connection) -> None:
        add("half of it", conn)
        raise KeyError("what went wrong")

    gate = Gate(database)
    before = database.submit(lambda conn: add("before", conn))
    broken = database.submit(fail)
    double = database.submit(lambda conn: add("before", conn))
    after = database.submit(lambda conn: add("after", conn))
    gate.open()
    assert before.result(10) == "before"
    assert after.result(10) == "after"
    with pytest.raises(KeyError, match="what went wrong"):
        broken.result(10)
    with pytest.raises(StorageError, match="UNIQUE"):
        double.result(10)
    assert lines(database) == ["before", "after"]


@pytest.mark.parametrize("raised", [SystemExit, KeyboardInterrupt, StopIteration, MemoryError])
async def test_whatever_a_piece_raises_goes_to_its_caller_and_the_threads_live_on(
    database: Database, raised: type[BaseException]
) -> None:
    """A thread that ended would leave everybody waiting for ever."""

    def fail(conn: Connection) -> None:
        conn.execute("SELECT 1")
        raise raised

    for way in (database.write, database.read):
        outcome = asyncio.ensure_future(asyncio.wait_for(_told(way(fail)), 10))
        assert await outcome == ("RuntimeError" if raised is StopIteration else raised.__name__)
    assert await database.write(lambda conn: add("still there", conn)) == "still there"
    assert await database.read(lambda conn: conn.execute("SELECT 1").fetchone()[0]) == 1


async def _told(waiting: Coroutine[Any, Any, None]) -> str:
    try:
        await waiting
    except BaseException as error:
        return type(error).__name__
    return "nothing"


async def test_a_result_is_given_only_once_it_is_durable(database: Database) -> None:
    """Nothing of a group is seen before its commit, and all of it when a caller hears of it."""
    hold, held = threading.Event(), threading.Event()

    def slow(conn: Connection) -> str:
        held.set()
        assert hold.wait(10)
        return add("second", conn)

    gate = Gate(database)
    first = asyncio.ensure_future(database.write(lambda conn: add("first", conn)))
    await asyncio.sleep(0)
    second = asyncio.ensure_future(database.write(slow))
    await asyncio.sleep(0)
    gate.open()
    await asyncio.to_thread(held.wait, 10)
    # The first has run, and waits for the commit that it shares with the second.
    assert not first.done()
    assert lines(database) == []
    hold.set()
    assert await first == "first"
    assert lines(database) == ["first", "second"]
    await second


async def test_reads_see_what_was_committed_and_cannot_write(database: Database) -> None:
    await database.write(lambda conn: add("kept", conn))

    def count(conn: Connection) -> int:
        return int(conn.execute("SELECT count(*) FROM lines").fetchone()[0])

    assert await database.read(count) == 1
    with pytest.raises(StorageError):
        await database.read(lambda conn: add("sneaked in", conn))
    with pytest.raises(ZeroDivisionError):
        await database.read(lambda _: 1 // 0)
    assert await database.read(count) == 1


async def test_a_full_disk_fails_everybody_in_the_group_and_later_works_again(
    database: Database,
) -> None:
    def limit(pages: int, conn: Connection) -> None:
        conn.execute(f"PRAGMA max_page_count = {pages}")

    pages = database.submit(lambda conn: conn.execute("PRAGMA page_count").fetchone()[0]).result()
    await database.write(lambda conn: limit(pages + 2, conn))
    gate = Gate(database)
    small = database.submit(lambda conn: add("small", conn))
    large = database.submit(lambda conn: add("x" * 100_000, conn))
    gate.open()
    outcomes = [type(piece.exception(10)) for piece in (small, large)]
    assert outcomes[1] is StorageFullError
    # Whatever was said to be kept is kept, and whatever was not is not.
    assert lines(database) == (["small"] if outcomes[0] is type(None) else [])
    await database.write(lambda conn: limit(1_000_000, conn))
    await database.write(lambda conn: add("x" * 100_000, conn))
    assert lines(database)[-1] == "x" * 100_000


async def test_work_goes_on_when_its_caller_is_cancelled(database: Database) -> None:
    """Half of a group cannot be taken back."""
    gate = Gate(database)
    caller = asyncio.ensure_future(database.write(lambda conn: add("asked for", conn)))
    await asyncio.sleep(0)
    caller.cancel()
    gate.open()
    with pytest.raises(asyncio.CancelledError):
        await caller
    await database.write(lambda conn: add("afterwards", conn))
    assert lines(database) == ["asked for", "afterwards"]


async def test_closing_finishes_what_was_asked(database: Database) -> None:
    pieces = [database.submit(partial(add, f"line {n}")) for n in range(20)]
    database.close()
    database.close()
    assert [piece.result(0) for piece in pieces] == [f"line {n}" for n in range(20)]
    with pytest.raises(StorageError, match="closed"):
        await database.write(lambda conn: add("too late", conn))
    assert len(lines(database)) == 20


async def test_a_reader_that_cannot_end_its_transaction_reads_on(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The thread must live, or all who read would wait for ever."""
    broken = True

    def once_broken(conn: Connection) -> None:
        nonlocal broken
        rollback(conn)
        if broken and threading.current_thread().name == "db-reader":
            broken = False
            raise DriverError("disk I/O error")

    monkeypatch.setattr(database_module, "rollback", once_broken)
    async with asyncio.timeout(PATIENCE):
        with pytest.raises(StorageError):
            await database.read(lambda conn: conn.execute("SELECT 1").fetchone()[0])
        assert await database.read(lambda conn: conn.execute("SELECT 1").fetchone()[0]) == 1

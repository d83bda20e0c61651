"""Notes that gather: each is written once, in order, and a failure is told to whom it concerns."""

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from bot.transport import gathering
from bot.transport.gathering import Gathering, until_kept
from storage.connection import Connection
from storage.database import Database
from storage.errors import StorageError, StorageFullError


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "notes.db").open()
    opened.submit(lambda conn: conn.execute("CREATE TABLE notes (item INTEGER)") and None).result()
    yield opened
    opened.close()


def keep(conn: Connection, items: Sequence[int]) -> list[int]:
    """Write items; what is below zero cannot be written."""
    if min(items) < 0:
        raise StorageError("below zero")
    conn.executemany("INSERT INTO notes VALUES (?)", [(item,) for item in items])
    return list(items)


def kept(database: Database) -> list[int]:
    """What has been written, in its order."""
    return database.submit(
        lambda conn: [row[0] for row in conn.execute("SELECT item FROM notes ORDER BY rowid")]
    ).result()


async def test_what_comes_while_something_is_written_goes_together(database: Database) -> None:
    notes = Gathering(database, keep)
    groups = await asyncio.gather(*(notes.write(item) for item in range(250)))
    assert kept(database) == list(range(250))
    assert all(item in group for item, group in enumerate(groups))
    assert [len(group) for group in groups[::100]] == [100, 100, 50]
    assert await notes.write(250) == [250]


async def test_a_failure_is_told_to_its_own_group_and_ends_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "GATHERED_LIMIT", 2)
    notes = Gathering(database, keep)
    asked = [notes.write(item) for item in (1, 2, 3, -4, 5)]
    told = await asyncio.gather(*asked, return_exceptions=True)
    assert [isinstance(one, StorageError) for one in told] == [False, False, True, True, False]
    assert kept(database) == [1, 2, 5]


async def test_who_no_longer_waits_is_written_all_the_same(database: Database) -> None:
    """A message whose task is cancelled may be half of a commit."""
    notes = Gathering(database, keep)
    first, second = (asyncio.create_task(notes.write(item)) for item in (1, 2))
    await asyncio.sleep(0)
    first.cancel()
    assert await second == [1, 2]
    assert first.cancelled()
    assert kept(database) == [1, 2]


@pytest.mark.parametrize("trouble", [StorageFullError("no room"), StorageError("locked")])
async def test_a_database_that_cannot_be_written_is_waited_for(
    trouble: StorageError, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts = 0

    async def write() -> str:
        nonlocal attempts
        attempts += 1
        if attempts < 3:
            raise trouble
        return "kept"

    monkeypatch.setattr(gathering, "PAUSE", 0.001)
    assert await until_kept(write) == "kept"
    assert attempts == 3

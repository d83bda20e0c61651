"""The tick: a long catch-up goes on, and counts as work."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.clock import SystemClock
from bot.transport import tick as tick_module
from bot.transport.nightly import Nightly
from bot.transport.tick import CHUNK, STALLED_SECONDS, Tick
from storage.connection import Connection
from storage.database import Database
from storage.outbox import Outgoing
from storage.schedule import Due
from storage.store import Store


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "ampersand.db").open()
    yield opened
    opened.close()


class Slow:
    """What falls due takes so long that each piece of work lasts two seconds."""

    def __init__(self) -> None:
        self.now = time.monotonic()
        self.worst = 0.0
        self.tick: Tick | None = None

    def fall_due(self, store: Store, due: Due) -> list[Outgoing]:
        """Take a while."""
        assert self.tick is not None
        self.now += 2 / CHUNK
        self.worst = max(self.worst, self.now - self.tick._last)
        store.schedule.set(due.person_id, due.kind, datetime.now(UTC) + timedelta(days=1))
        return []

    def clock_corrected(self, _: Store) -> int:
        """Nothing to do."""
        return 0

    def nightly(self, _: Store) -> tuple[list[Outgoing], bool]:
        """Nothing to do."""
        return [], False


async def test_a_long_catch_up_is_not_taken_for_a_clock_that_stepped_back(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meet(conn: Connection) -> None:
        store = Store(conn)
        for chat in range(5 * CHUNK):
            person = store.people.add(chat, datetime.now(UTC))
            store.schedule.set(person.id, "question", datetime.now(UTC) - timedelta(hours=1))

    database.submit(meet).result(30)
    slow, clock = Slow(), SystemClock()
    monkeypatch.setattr(tick_module, "time", SimpleNamespace(monotonic=lambda: slow.now))
    slow.tick = Tick(
        database, clock, slow, lambda: None, Nightly(database, clock, clock.now().timetz(), None, 3)
    )
    assert await slow.tick.run_due() == 5 * CHUNK
    assert slow.worst < STALLED_SECONDS

"""/healthz: good news in a few counts, or 503."""

import asyncio

import pytest

from bot.demo.people import Person
from bot.transport import health as room
from bot.transport import tick
from tests.end_to_end.callers import Caller, locked
from tests.house import House
from tests.patience import PATIENCE

pytestmark = pytest.mark.usefixtures("brought")


async def test_health_is_good_news_in_a_few_counts(
    house: House, ada: Person, caller: Caller
) -> None:
    await house.say(ada, "This is nobody's business at all.")
    status, state = await caller.health()
    assert status == 200
    assert state == {"ok": True, "lag_seconds": 0, "inbox": 0, "outbox": 0}


async def test_health_tells_of_a_database_that_cannot_be_written(
    house: House, caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "FRESH_SECONDS", 0.0)
    with locked(house):
        assert await caller.health() == (503, {"ok": False, "database": "cannot be written"})
    status, _ = await caller.health()
    assert status == 200


async def test_health_tells_of_a_tick_that_has_stalled(
    house: House, caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It hangs, and arming it anew does not help."""
    monkeypatch.setattr(room, "STALLED_SECONDS", 2.5)
    monkeypatch.setattr(tick, "STALLED_SECONDS", 0.5)
    hangs = asyncio.Event()
    monkeypatch.setattr(house.app.tick, "run_due", hangs.wait)
    async with asyncio.timeout(PATIENCE):
        while (answer := await caller.health())[0] == 200:  # noqa: ASYNC110 - so they ask
            await asyncio.sleep(0.1)
    assert answer[0] == 503
    assert answer[1]["tick"] == "has stalled"
    hangs.set()

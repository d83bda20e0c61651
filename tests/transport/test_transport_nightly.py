"""The nightly work: when it is due, what it does, and what it says about it."""

import asyncio
import logging
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from datetime import time as wall_time
from pathlib import Path

import pytest

from bot.clock import Clock
from bot.transport import nightly as room
from bot.transport.nightly import Nightly, latest
from storage import cleaning
from storage.backups import Backups
from storage.database import Database
from storage.people import People
from storage.store import Store
from tests.crowd import FIRST, NOW, fill, forget, traces
from tests.patience import PATIENCE

AT = wall_time(3, 30)
NIGHT = datetime(2026, 3, 3, 3, 30, tzinfo=UTC)


class Hand(Clock):
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.shown = NOW

    def now(self) -> datetime:
        return self.shown


@pytest.fixture
def clock() -> Hand:
    """Monday noon."""
    return Hand()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A database with people in it."""
    made = Database(tmp_path / "ampersand.db").open()
    fill(made, 20)
    yield made
    made.close()


@pytest.fixture
def backups(tmp_path: Path) -> Backups:
    """Where backups go."""
    return Backups(tmp_path / "backups", tmp_path / "ampersand.db")


@pytest.fixture(autouse=True)
def again_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was tried or said may be so again with the next look."""
    monkeypatch.setattr(room, "AGAIN_SECONDS", 0.0)


def test_the_last_time_that_the_clock_showed_the_hour() -> None:
    assert latest(AT, NIGHT) == NIGHT
    assert latest(AT, NIGHT - timedelta(seconds=1)) == NIGHT - timedelta(days=1)
    assert latest(AT, NIGHT + timedelta(hours=23)) == NIGHT


async def test_a_backup_is_made_every_night_and_the_oldest_go(
    database: Database, backups: Backups, clock: Hand
) -> None:
    nightly = Nightly(database, clock, AT, backups, 3)
    await nightly.look()
    assert backups.all() == []
    clock.shown += timedelta(minutes=10)
    await nightly.look()
    first = backups.all()
    assert [backup.made_at for backup in first] == [clock.shown]
    clock.shown = NIGHT - timedelta(minutes=1)
    await nightly.look()
    assert backups.all() == first
    for day in range(4):
        clock.shown = NIGHT + timedelta(days=day, seconds=20)
        for _ in range(3):
            await nightly.look()
            clock.shown += timedelta(hours=2)
    assert [backup.made_at.day for backup in backups.all()] == [6, 5, 4]


async def test_a_machine_that_sleeps_at_night_catches_up(
    database: Database, backups: Backups, clock: Hand
) -> None:
    """The bot is started anew each morning, and the night is over by then."""
    backups.make(None, NOW)
    clock.shown = NIGHT + timedelta(hours=5)
    await Nightly(database, clock, AT, backups, 3).look()
    assert [backup.made_at for backup in backups.all()] == [clock.shown, NOW]
    await Nightly(database, clock, AT, backups, 3).look()
    assert len(backups.all()) == 2


async def test_without_a_folder_none_is_made(
    database: Database, tmp_path: Path, clock: Hand
) -> None:
    nightly = Nightly(database, clock, AT, None, 3)
    clock.shown = NIGHT + timedelta(hours=1)
    await nightly.look()
    assert not (tmp_path / "backups").exists()


async def test_a_backup_that_fails_is_told_and_tried_again(
    database: Database,
    backups: Backups,
    clock: Hand,
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
) -> None:
    nightly = Nightly(database, clock, AT, backups, 3)
    (tmp_path / "backups").write_text("in the way")
    clock.shown += timedelta(hours=1)
    await nightly.look()
    assert "no backup was made: cannot make the folder" in caplog.text
    (tmp_path / "backups").unlink()
    await nightly.look()
    assert len(backups.all()) == 1


async def test_an_old_backup_that_cannot_be_removed_is_told_apart(
    database: Database, backups: Backups, clock: Hand, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    (backups.folder / "ampersand-20200101T000000Z.db").mkdir(parents=True)
    clock.shown = NIGHT
    await Nightly(database, clock, AT, backups, 1).look()
    assert [message for message in caplog.messages if message.startswith("backup amp")] != []
    assert "the backup is made, but older ones are not removed: cannot remove" in caplog.text


async def test_what_failed_is_not_tried_every_minute(
    database: Database,
    backups: Backups,
    clock: Hand,
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(room, "AGAIN_SECONDS", 3600.0)
    nightly = Nightly(database, clock, AT, backups, 3)
    (tmp_path / "backups").write_text("in the way")
    clock.shown += timedelta(hours=1)
    for _ in range(5):
        await nightly.look()
    assert caplog.text.count("no backup was made") == 1
    later = time.monotonic() + 3601
    monkeypatch.setattr(time, "monotonic", lambda: later)
    await nightly.look()
    assert caplog.text.count("no backup was made") == 2


async def test_every_night_the_day_is_summed_up_in_counts(
    database: Database, clock: Hand, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    nightly = Nightly(database, clock, AT, None, 3)
    for hours in range(0, 48, 4):
        clock.shown = NOW + timedelta(hours=hours)
        await nightly.look()
    lines = [message for message in caplog.messages if message.startswith("health: ")]
    assert len(lines) == 2
    assert "people: 20 active; in a day: 60 updates, 0 questions, " in lines[0]
    assert "waiting: 0 in, 60 out; set aside: 0; refused: 0; late: 0 s" in lines[0]
    assert "in a day: 0 updates" in lines[1]


async def test_a_bot_that_is_started_anew_each_morning_sums_up_each_day(
    database: Database, clock: Hand, caplog: pytest.LogCaptureFixture
) -> None:
    """What was done last stands in the database, and a machine that sleeps at night catches up."""
    caplog.set_level(logging.INFO)
    for day in range(4):
        clock.shown = NOW + timedelta(days=day)
        nightly = Nightly(database, clock, AT, None, 3)
        for _ in range(3):
            await nightly.look()
            clock.shown += timedelta(hours=2)
    assert sum(message.startswith("health: ") for message in caplog.messages) == 3


async def test_a_clock_that_ran_ahead_does_not_end_the_nights(
    database: Database, clock: Hand, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    nightly = Nightly(database, clock, AT, None, 3)
    for days in (0, 900, 0, 1, 2):
        clock.shown = NOW + timedelta(days=days)
        await nightly.look()
    assert sum(message.startswith("health: ") for message in caplog.messages) == 3


async def test_a_late_schedule_is_a_warning_once_in_a_while(
    database: Database,
    clock: Hand,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(room, "AGAIN_SECONDS", 3600.0)
    due = NOW + timedelta(minutes=5)
    database.submit(lambda conn: Store(conn).schedule.set(1, "question", due)).result()
    nightly = Nightly(database, clock, AT, None, 3)
    clock.shown = due + timedelta(seconds=60)
    await nightly.look()
    assert caplog.text == ""
    clock.shown = due + timedelta(seconds=90)
    for _ in range(3):
        await nightly.look()
    assert caplog.messages == ["the schedule lags by 90 s"]


async def test_at_night_a_large_file_is_freed_of_who_was_deleted(
    database: Database, clock: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cleaning, "REBUILT_AT_ONCE", 0)
    monkeypatch.setattr(room, "SWEPT_EVERY_NIGHT", 0)
    nightly = Nightly(database, clock, AT, None, 3)
    forget(database, 7)
    assert database.has_residue
    clock.shown = NIGHT
    await nightly.look()
    assert not database.has_residue
    assert traces(database.path, 7) == {}


async def test_people_are_answered_while_a_backup_is_made(
    database: Database, backups: Backups, clock: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the loop nor the writer waits for it."""
    begun, go_on = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    whole = backups.make

    def slow(*arguments: object) -> object:
        loop.call_soon_threadsafe(begun.set)
        asyncio.run_coroutine_threadsafe(go_on.wait(), loop).result(10)
        return whole(*arguments)  # type: ignore[arg-type]  # as they came

    monkeypatch.setattr(backups, "make", slow)
    nightly = Nightly(database, clock, AT, backups, 3)
    clock.shown += timedelta(hours=1)
    looking = asyncio.create_task(nightly.look())
    async with asyncio.timeout(PATIENCE):
        await begun.wait()
    assert await database.write(lambda conn: People(conn).add(FIRST, NOW).chat_id) == FIRST
    go_on.set()
    await looking
    assert len(backups.all()) == 1

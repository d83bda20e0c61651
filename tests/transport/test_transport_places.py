"""The list of places, as the process of its own makes it: all of it, or none that counts."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import places
from bot.places import fill_places
from storage.database import Database
from storage.store import Store

LINE = '["Berlin", "Berlin", "", "Germany", "Europe/Berlin", 3426354]'


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "ampersand.db").open()
    yield opened
    opened.close()


def says(folder: Path, monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """Let the process that makes the list be another one."""
    script = folder / "python"
    script.write_text(f"#!{sys.executable}\n{program}\n")
    script.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(script))


async def test_the_list_is_kept_a_few_at_a_time(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    says(tmp_path, monkeypatch, f"for _ in range(7): print('{LINE}')")
    monkeypatch.setattr(places, "CHUNK", 3)
    await fill_places(database)
    assert await database.read(lambda conn: Store(conn).places.filled())
    count = await database.read(
        lambda conn: conn.execute("SELECT count(*) FROM places").fetchone()[0]
    )
    assert count == 7


@pytest.mark.parametrize("end", ["raise SystemExit(1)", "print('[')"])
async def test_a_list_that_breaks_off_does_not_count(
    database: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    end: str,
) -> None:
    says(tmp_path, monkeypatch, f"print('{LINE}')\n{end}")
    await fill_places(database)
    assert not await database.read(lambda conn: Store(conn).places.filled())
    assert "the list of places could not be made" in caplog.text


async def test_where_there_can_be_no_other_process_the_bot_goes_on(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    await fill_places(database)
    assert "the list of places could not be made" in caplog.text

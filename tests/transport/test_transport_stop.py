"""The end of the whole bot: whatever goes wrong in it, the database is closed."""

from pathlib import Path
from typing import NoReturn

import pytest
from telegram import Bot

from bot.report.drawing import Drawer
from storage.errors import StorageError
from storage.lock import holder
from tests.house import open_house


@pytest.mark.parametrize(("of", "verb"), [(Drawer, "close"), (Bot, "shutdown")])
async def test_the_database_is_closed_even_if_something_else_cannot_be(
    database_path: Path, monkeypatch: pytest.MonkeyPatch, of: type, verb: str
) -> None:
    async def fails(_: object) -> NoReturn:
        raise ValueError("a mistake")

    with monkeypatch.context() as patched:
        patched.setattr(of, verb, fails)
        async with open_house(database_path) as house:
            with pytest.raises(ValueError, match="a mistake"):
                await house.stop()
    with pytest.raises(StorageError, match="closed"):
        house.store(lambda store: store.people.count())
    assert holder(database_path) is None
    await house.app.bot.shutdown()

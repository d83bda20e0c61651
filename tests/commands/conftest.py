"""The folder and the settings in which commands are typed, and a database with people in it."""

from pathlib import Path

import pytest

from bot.demo.server import DEFAULT_TOKEN
from storage.database import Database
from tests.crowd import fill


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of one's own, with the two settings that there have to be."""
    monkeypatch.chdir(tmp_path)
    for name in ("DATABASE_KEY", "DATABASE_KEY_FILE", "BACKUP_FOLDER", "BACKUP_KEEP"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("BOT_TOKEN", DEFAULT_TOKEN)
    monkeypatch.setenv("TELEGRAM_API_BASE", "http://127.0.0.1:9")
    monkeypatch.setenv("DATABASE_PATH", "ampersand.db")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A plain database with ten people in it, closed."""
    database = Database(tmp_path / "ampersand.db").open()
    fill(database, 10)
    database.close()
    return database.path

"""What tests share: a database with the list of places, made once, and the order of all tests."""

import secrets
import shutil
from pathlib import Path

import pytest

from bot.places import cities
from storage.database import Database
from storage.store import Store


@pytest.fixture(scope="session")
def filled_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new database with the places in it, closed."""
    path = tmp_path_factory.mktemp("template") / "filled.db"
    database = Database(path).open()
    rows = cities()
    database.submit(lambda conn: Store(conn).places.fill(rows)).result()
    database.close()
    return path


@pytest.fixture
def database_path(filled_database: Path, tmp_path: Path) -> Path:
    """This test's own database file."""
    return Path(shutil.copy(filled_database, tmp_path / "ampersand.db"))


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--rewrite-golden`` stores what is produced now; look at it before you keep it.

    ``--fuzz N`` gives N updates to the test that gives 3,000, ``--fuzz-seed`` the same ones again.
    """
    parser.addoption("--rewrite-golden", action="store_true", default=False)
    parser.addoption("--fuzz", type=int, default=0)
    parser.addoption("--fuzz-seed", type=int, default=secrets.randbelow(2**32))


def pytest_report_header(config: pytest.Config) -> str:
    """The seed of this run's updates."""
    return f"updates: --fuzz-seed {config.getoption('--fuzz-seed')}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those that may take minutes come first: at the end they would run alone."""
    items.sort(key=lambda item: "process" not in item.path.parts)

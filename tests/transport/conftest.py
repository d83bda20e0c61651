"""A database and a phone for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database import Database
from tests.transport.phone import Phone


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "ampersand.db").open()
    yield opened
    opened.close()


@pytest.fixture
def phone() -> Phone:
    return Phone()

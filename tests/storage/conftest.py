"""Databases that are closed whatever becomes of a test: an open one keeps its threads running."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storage.database import Database

Opener = Callable[..., Database]


@pytest.fixture
def opened() -> Iterator[Opener]:
    """``opened(path, key)`` gives an open database."""
    made: list[Database] = []

    def open_one(path: Path, key: str | None = None) -> Database:
        made.append(Database(path, key).open())
        return made[-1]

    yield open_one
    for database in made:
        database.close()

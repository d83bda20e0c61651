"""A running house for each test, and an ear on everything that is logged meanwhile."""

from collections.abc import AsyncIterator, Iterator
from functools import cache
from pathlib import Path

import pytest

from bot import content
from bot.demo.people import Person
from prompts.templates import Words
from tests.end_to_end.callers import Caller, calling, open_called_house
from tests.house import House, open_house
from tests.leaks import Overheard, listening


@pytest.fixture(scope="session", autouse=True)
def files_read_once() -> Iterator[None]:
    """Reading ``prompts/`` takes half a second, and nothing here changes it."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("load_rules", "load_questions", "load_helplines", "Words"):
            patch.setattr(content, name, cache(getattr(content, name)))
        patch.setattr(Words, "prepare", cache(Words.prepare))
        yield


@pytest.fixture(autouse=True)
def overheard() -> Iterator[Overheard]:
    """Fails a test in which a typed sentence or the token was logged."""
    with listening() as heard:
        yield heard
    assert heard.leaks() == []


@pytest.fixture
def brought() -> None:
    """Asked for by tests of a house that fetches no updates: Telegram brings them."""


@pytest.fixture
async def house(database_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[House]:
    """The whole bot, running."""
    opening = open_called_house if "brought" in request.fixturenames else open_house
    async with opening(database_path) as opened:
        yield opened


@pytest.fixture
async def caller(house: House) -> AsyncIterator[Caller]:
    """Somebody who calls at the bot's address."""
    async with calling(house) as somebody:
        yield somebody


@pytest.fixture
async def ada(house: House) -> Person:
    """A person who has just been welcomed, in Berlin, asked at 20:00."""
    person = house.server.person(11, "Ada")
    await house.welcome(person)
    return person

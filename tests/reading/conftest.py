import pytest

from bot.reading.reader import Reader
from bot.reading.spec import ReadingSpec
from prompts.loading import ROOT
from prompts.markers import load_spec


@pytest.fixture(scope="session")
def spec() -> ReadingSpec:
    return load_spec(ROOT / "en")


@pytest.fixture(scope="session")
def reader(spec: ReadingSpec) -> Reader:
    return Reader(spec)

"""Fixtures: conversations without a network, for two people: Ada in chat 11, Bea in chat 12."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.chat.turn import Content, Operator
from bot.content import load_content
from tests.direct import Direct

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ADA, BEA = 11, 12


@pytest.fixture(scope="session")
def content() -> Content:
    """Everything from ``prompts/``, read once."""
    return load_content(Operator("Olive", "@olive"))


@pytest.fixture
def direct(content: Content, tmp_path: Path) -> Iterator[Direct]:
    """A database with nobody in it."""
    made = Direct(tmp_path / "ampersand.db", content, START)
    yield made
    made.close()


@pytest.fixture
def ada(direct: Direct) -> int:
    """Ada's chat, after onboarding."""
    direct.welcome(ADA)
    return ADA


@pytest.fixture
def bea(direct: Direct) -> int:
    """Bea's chat, after onboarding."""
    direct.welcome(BEA)
    return BEA

"""Updates of every shape: no crash, nothing of anybody else, nothing that Telegram refuses.

The default run is small; ``--fuzz 100000`` or ``python -m benchmarks.fuzz`` does a large one.
"""

from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.chat.messages import send
from bot.chat.turn import Content, Operator
from bot.content import load_content
from tests.fuzzing import BrokenPromiseError, Fuzz, run
from tests.updates import MESSAGE_KINDS, MESSAGES, OTHERS, Updates

SMALL = 3000


@pytest.fixture(scope="module")
def content() -> Content:
    """Everything from ``prompts/``, read once."""
    return load_content(Operator("Olive", "@olive"))


def test_any_sequence_of_updates_keeps_all_promises(
    content: Content, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """The seed stands in the header of the run, and beside a test that fails."""
    seed = request.config.getoption("--fuzz-seed")
    request.node.add_report_section("call", "seed", f"--fuzz-seed {seed}")
    count = request.config.getoption("--fuzz") or SMALL
    *_, tally = run(tmp_path, content, seed, count)
    assert tally.given == count
    assert tally.answered > count / 2
    assert 0 < tally.unreadable < count / 10


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(dice=st.randoms(use_true_random=False), count=st.integers(1, 12))
def test_a_short_sequence_keeps_all_promises(
    content: Content, tmp_path_factory: pytest.TempPathFactory, dice: Random, count: int
) -> None:
    """What fails here is made as short as it can be."""
    made = Fuzz(tmp_path_factory.mktemp("short") / "fuzz.db", content, dice)
    try:
        made.run(count)
    finally:
        made.close()


def test_every_kind_of_update_is_drawn() -> None:
    """All 25 that the Bot API 10.1 has, and one that it will have."""
    drawn = set()
    updates = Updates(Random(1), (1, 2), 1_772_000_000)  # noqa: S311 - a test's dice
    for _ in range(5000):
        drawn |= updates.draw().keys() - {"update_id"}
    assert drawn == {*MESSAGE_KINDS, *OTHERS, "callback_query", "my_chat_member"}
    assert len(drawn) == 26
    assert len(MESSAGES) >= 75


def test_the_watch_would_notice(content: Content, tmp_path: Path) -> None:
    """Words of another, an error's name, and a text too long: each is a broken promise."""
    made = Fuzz(tmp_path / "fuzz.db", content, Random(1))  # noqa: S311 - a test's dice
    try:
        for text in ("canary2q", "ValueError: x", "x" * 4097, "<b>open", "Hello None"):
            with pytest.raises(BrokenPromiseError):
                made._hold(send(1, text), "")
        made._hold(send(1, "canary1q"), "")
    finally:
        made.close()

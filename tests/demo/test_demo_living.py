"""Lives: their data fits the bot's content, and each ends in the report that its answers earn."""

import asyncio
from pathlib import Path

import pytest

from bot.demo.demo import Demo
from bot.demo.lives import FOLDER, Life, load_life, load_lives
from prompts.loading import load_questions, load_rules
from prompts.source import ContentError

LIVES = load_lives()
RULES = load_rules()


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.filterwarnings("ignore:Please use 'Bot")
@pytest.mark.parametrize("life", LIVES, ids=lambda life: life.id)
async def test_a_life_ends_in_the_report_that_its_answers_earn(demo: Demo, life: Life) -> None:
    room = await demo.rooms.open_life(life)
    async with asyncio.timeout(120):
        while room.busy:  # noqa: ASYNC110 - a test may look again and again
            await asyncio.sleep(0.05)
    assert room.progress is not None
    assert room.progress.state == "over"
    rows = await room.clockwork.app.database.read(
        lambda conn: conn.execute(
            "SELECT pattern FROM reports WHERE kind = 'weekly' ORDER BY day"
        ).fetchall()
    )
    patterns = [row[0] for row in rows]
    assert len(patterns) == life.weeks
    assert patterns[:1] == ["not_clear"]
    assert patterns[-1] == life.report.value
    told = await room.clockwork.app.database.read(
        lambda conn: conn.execute("SELECT axis, direction FROM told").fetchall()
    )
    assert {f"{row[0]} {row[1]}" for row in told} == ({life.told} if life.told else set())
    shown = {message.message_id: message.text for message in room.person.visible}
    if life.told is None:
        assert room.progress.told_in is room.progress.told_week is None
    else:
        assert room.progress.told_in is not None
        assert "moved since about" in shown[room.progress.told_in]
        assert 1 <= (room.progress.told_week or 0) <= life.weeks
    written = [message for message in room.person.visible if not message.from_bot]
    assert len(written) >= 3 * life.weeks
    assert room.server.violations == []


def test_there_are_six_lives_of_all_kinds() -> None:
    assert [life.report.value for life in LIVES] == [
        *("merging", "deferring", "directing", "distance", "interdependent", "merging")
    ]
    assert [life.order for life in LIVES] == [1, 2, 3, 4, 5, 6]
    assert all(4 <= life.weeks <= 12 for life in LIVES)


@pytest.mark.parametrize("life", LIVES, ids=lambda life: life.id)
def test_a_life_answers_every_rule_and_writes_about_known_questions(life: Life) -> None:
    questions = {question.id for question in load_questions()}
    assert set(life.written) <= questions
    assert set(life.points) == {rule.id for rule in RULES.rules}
    for rule in RULES.anchors:
        assert life.points[rule.id].taps
        assert len(life.points[rule.id].check_ins) == life.weeks


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("weeks: 4", "weeks: 40", "weeks is a number from 1 to 12"),
        ("report: merging", "report: happy", "report is one of"),
        ("check_ins: 5454", "check_ins: 5954", "check_ins are digits from 0 to 5"),
        ("silent: [13]", "silent: [soon]", "silent are days, counted from 1"),
        ("push: text", "pusch: text", "nothing here is called 'pusch'"),
    ],
)
def test_a_mistake_in_a_life_is_named(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    source = (FOLDER / "merging.yaml").read_text(encoding="utf-8")
    assert old in source
    path = tmp_path / "mistaken.yaml"
    path.write_text(source.replace(old, new), encoding="utf-8")
    with pytest.raises(ContentError, match=complaint):
        load_life(path)

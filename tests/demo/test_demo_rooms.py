"""Rooms: everybody has a bot of their own; one of them can be kept."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.demo import rooms as rooms_module
from bot.demo.demo import Demo
from bot.demo.furnishing import settings_for
from bot.demo.keeping import ForeignFileError
from bot.demo.room import RefusalError, Room, Step

START = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)


@pytest.fixture
async def demo() -> AsyncIterator[Demo]:
    running = Demo(start=START)
    await running.open(0)
    yield running
    await running.close()


async def _say(room: Room, text: str) -> None:
    await room.act(lambda person: person.send_text(text))
    await room.clockwork.settle()


async def _press(room: Room, data: str) -> None:
    await room.act(lambda person: person.tap(data))
    await room.clockwork.settle()


async def _begin(room: Room) -> None:
    await _say(room, "/start")
    for data in ("consent:yes", "keep:365", "push:text"):
        await _press(room, data)
    await _say(room, "Lisbon, Portugal")
    await _say(room, "20:00")


async def test_rooms_share_neither_messages_nor_time(demo: Demo) -> None:
    one, other = await demo.rooms.open(), await demo.rooms.open()
    await _begin(one)
    await one.move(Step.WEEK)
    assert one.person.messages
    assert other.person.messages == []
    assert one.clockwork.clock.now().date().isoformat() == "2026-03-09"
    assert other.clockwork.clock.now().date().isoformat() == "2026-03-02"
    assert one.server.violations == []


async def test_the_room_left_longest_ago_is_given_up(
    demo: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rooms_module, "MOST_ROOMS", 2)
    first, second = await demo.rooms.open(), await demo.rooms.open()
    with second.feed.listen():
        third = await demo.rooms.open()
        assert demo.rooms.find(first.key) is None
        assert demo.rooms.find(second.key) is second
        with third.feed.listen(), pytest.raises(RefusalError, match="full"):
            await demo.rooms.open()


async def test_a_refused_act_says_why(demo: Demo) -> None:
    room = await demo.rooms.open()
    with pytest.raises(RefusalError, match="phone"):
        await _press(room, "nothing:there")
    with pytest.raises(RefusalError, match="no-question"):
        await room.move(Step.QUESTION)


async def test_what_is_kept_can_be_gone_on_with(tmp_path: Path) -> None:
    """The bot, the phone and the clock come back, and the bot hears what is said next."""
    kept = tmp_path / "kept.db"
    demo = Demo(kept, START)
    await demo.open(0)
    room = await demo.rooms.open()
    await _begin(room)
    await _say(room, "A walk")
    await room.move(Step.QUESTION)
    key, shown = room.key, [message.as_json() for message in room.person.visible]
    await demo.close()

    demo = Demo(kept)
    await demo.open(0)
    room = await demo.rooms.open()
    try:
        assert room.key == key
        before = [message.as_json() for message in room.person.visible]
        assert [one["text"] for one in before] == [one["text"] for one in shown]
        assert [one["keyboard"] for one in before] == [one["keyboard"] for one in shown]
        assert room.clockwork.clock.now().date().isoformat() == "2026-03-03"
        await _say(room, "Another walk")
        kept_answers = await room.clockwork.read(lambda store: store.answers.of_question(2))
        assert [answer.text for answer in kept_answers] == ["Another walk"]
        assert "kept" in room.person.from_bot[-1].text
        assert await demo.rooms.open() is room
        assert await demo.rooms.open(new=True) is not room
    finally:
        await demo.close()


async def test_a_kept_room_is_shared_by_nobody(tmp_path: Path) -> None:
    demo = Demo(tmp_path / "kept.db", START)
    await demo.open(0)
    room = await demo.rooms.open()
    with room.feed.listen():
        assert await demo.rooms.open() is not room
    await demo.close()


def test_a_database_of_somebody_elses_is_left_alone(tmp_path: Path) -> None:
    real = tmp_path / "ampersand.db"
    real.write_bytes(b"")
    with pytest.raises(ForeignFileError, match=r"ampersand\.db is there"):
        Demo(real)


def test_the_environment_of_the_real_bot_stays_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INVITE_CODE", "secret-of-the-real-bot")
    monkeypatch.setenv("BOT_TOKEN", "1:secret-of-the-real-bot")
    settings = settings_for("1:abc", "http://127.0.0.1:1", Path("x.db"))
    assert "secret-of-the-real-bot" not in repr(settings.model_dump())
    assert settings.invite_code is None
    assert settings.bot_token.get_secret_value() == "1:abc"

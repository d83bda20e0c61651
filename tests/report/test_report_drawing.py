"""Drawing in a process of its own: it is replaced, it may die, and it leaves with the bot."""

import asyncio
import logging
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from bot.report import drawing
from bot.report.drawing import Drawer
from bot.report.raster import DrawingError, draw
from tests.patience import PATIENCE, until
from tests.report import dying

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10">'
    '<circle cx="10" cy="5" r="4"/></svg>'
)


@pytest.fixture
async def drawer() -> AsyncIterator[Drawer]:
    made = Drawer()
    yield made
    await made.close()


def workers() -> set[int]:
    """The ids of the drawing processes that are alive."""
    return {child.pid for child in multiprocessing.active_children() if child.pid is not None}


async def until_gone(pids: set[int]) -> None:
    """Wait until none of these processes is alive."""
    await until(lambda: not workers() & pids)


async def test_it_draws_what_would_be_drawn_here(drawer: Drawer) -> None:
    assert await drawer.draw(SVG) == draw(SVG)
    assert len(workers()) == 1


async def test_pictures_are_drawn_one_after_the_other_in_one_process(drawer: Drawer) -> None:
    pictures = await asyncio.gather(*(drawer.draw(SVG) for _ in range(5)))
    assert set(pictures) == {draw(SVG)}
    assert len(workers()) == 1


async def test_the_loop_goes_on_meanwhile(drawer: Drawer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "draw", dying.dawdle)
    slow = asyncio.create_task(drawer.draw(SVG))
    await asyncio.sleep(0)
    assert not slow.done()
    assert await slow == SVG.encode()


async def test_what_is_no_picture_is_refused_and_harms_nobody(drawer: Drawer) -> None:
    with pytest.raises(DrawingError, match="no SVG"):
        await drawer.draw("<svg")
    assert await drawer.draw(SVG) == draw(SVG)


async def test_a_process_is_replaced_after_its_share_of_pictures() -> None:
    drawer = Drawer(pictures_a_process=2)
    seen = []
    for _ in range(4):
        await drawer.draw(SVG)
        seen.append(workers())
    assert seen[0] == seen[1]
    assert seen[3] - seen[0]
    await until_gone(seen[0])
    await drawer.close()
    assert not workers()


async def test_pictures_given_to_a_process_that_is_replaced_are_drawn_all_the_same() -> None:
    drawer = Drawer(pictures_a_process=2)
    pictures = await asyncio.gather(*(drawer.draw(SVG) for _ in range(5)))
    assert set(pictures) == {draw(SVG)}
    await drawer.close()


async def test_a_process_that_was_killed_is_replaced_and_the_log_says_so(
    drawer: Drawer, caplog: pytest.LogCaptureFixture
) -> None:
    await drawer.draw(SVG)
    before = workers()
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    await until_gone(before)
    with caplog.at_level(logging.WARNING):
        assert await drawer.draw(SVG) == draw(SVG)
    assert "the drawing process died" in caplog.text
    assert not workers() & before


async def test_a_picture_that_kills_twice_is_given_up_and_the_next_one_is_drawn(
    drawer: Drawer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(drawing, "draw", dying.die)
    with pytest.raises(DrawingError, match="died 2 times"):
        await drawer.draw(SVG)
    assert caplog.text.count("the drawing process died") == 2
    assert SVG not in caplog.text
    monkeypatch.undo()
    assert await drawer.draw(SVG) == draw(SVG)


async def test_without_a_process_it_is_drawn_here(
    drawer: Drawer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(12, "no memory")

    monkeypatch.setattr(ProcessPoolExecutor, "submit", refuse)
    assert await drawer.draw(SVG) == draw(SVG)
    assert "no drawing process can be started" in caplog.text


async def test_without_work_the_process_ends_and_comes_back_with_work() -> None:
    drawer = Drawer(idle_seconds=0.01)
    await drawer.draw(SVG)
    first = workers()
    await until_gone(first)
    assert await drawer.draw(SVG) == draw(SVG)
    await drawer.close()


async def test_closing_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "draw", dying.hang)
    monkeypatch.setattr(drawing, "CLOSES_WITHIN", 0.1)
    drawer = Drawer()
    under_way = asyncio.create_task(drawer.draw(SVG))
    await asyncio.sleep(0)
    async with asyncio.timeout(PATIENCE):
        await drawer.close()
        with pytest.raises(DrawingError, match="closed"):
            await under_way
    assert not workers()


async def test_closing_waits_for_what_is_being_drawn_and_refuses_what_comes_after(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(drawing, "draw", dying.dawdle)
    drawer = Drawer()
    under_way = asyncio.create_task(drawer.draw(SVG))
    await asyncio.sleep(0)
    await drawer.close()
    await drawer.close()
    assert await under_way == SVG.encode()
    assert not workers()
    with pytest.raises(DrawingError, match="closed"):
        await drawer.draw(SVG)


PARENT = f"""
import asyncio, multiprocessing, sys, time
from bot.report.drawing import Drawer

async def main():
    await Drawer().draw({SVG!r})
    print(*[child.pid for child in multiprocessing.active_children()], flush=True)
    time.sleep(60)

if __name__ == "__main__":
    asyncio.run(main())
"""


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks into /proc")
def test_when_the_bot_is_killed_the_drawing_process_leaves_too(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT, encoding="utf-8")
    root = Path(__file__).parents[2]
    with subprocess.Popen(  # noqa: S603  the interpreter and a script of our own
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(root)},
        text=True,
    ) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        assert alive(worker)
        parent.kill()
        deadline = time.monotonic() + 10
        while alive(worker) and time.monotonic() < deadline:
            time.sleep(0.02)
    assert not alive(worker)


def alive(pid: int) -> bool:
    """Whether a process runs; one that only waits to be counted off does not."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"

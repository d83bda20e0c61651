"""What the program's log leaves out."""

import logging
from collections.abc import Iterator

import pytest

from bot.logs import set_up_logging


@pytest.fixture(autouse=True)
def loggers() -> Iterator[None]:
    """The levels and the handlers, put back afterwards."""
    names = ("httpx", "httpcore", "aiohttp", "telegram", "asyncio", "apscheduler")
    levels = {name: logging.getLogger(name).level for name in names}
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, former in levels.items():
        logging.getLogger(name).setLevel(former)


@pytest.mark.parametrize("level", ["DEBUG", "WARNING", "ERROR"])
def test_the_scheduler_is_silent_about_ticks_that_it_skips(
    level: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The bot's own warning of being late says it once an hour, in words."""
    set_up_logging(level, "text", "123456:token")
    logging.getLogger("apscheduler.scheduler").warning("Execution of job skipped")
    logging.getLogger("apscheduler.executors.default").error("Job raised an exception")
    said = capsys.readouterr().err
    assert "skipped" not in said
    assert "Job raised an exception" in said

"""The log: what the event loop says of a mistake shows nothing that somebody has typed."""

import asyncio
import gc
import logging
from collections.abc import Iterator
from io import StringIO
from typing import Literal

import pytest

from bot.logs import set_up_logging

TYPED = "what she wrote to me last night"


@pytest.fixture(params=["text", "json"])
def logged(request: pytest.FixtureRequest) -> Iterator[StringIO]:
    """The log as the program sets it up; afterwards it is the one of the tests again."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    form: Literal["text", "json"] = request.param
    set_up_logging("INFO", form, "123456:token")
    stream = StringIO()
    (handler,) = root.handlers
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)


async def test_an_exception_that_nobody_has_asked_for_is_named_without_its_words(
    logged: StringIO,
) -> None:
    async def fails() -> None:
        raise ValueError(TYPED)

    task = asyncio.create_task(fails())
    await asyncio.wait({task})
    del task
    gc.collect()
    shown = logged.getvalue()
    assert "Task exception was never retrieved (ValueError at " in shown
    assert "typed" not in shown
    assert "last night" not in shown
    assert len(shown.splitlines()) == 1


async def test_a_callback_that_fails_is_named_without_what_it_was_given(
    logged: StringIO,
) -> None:
    def fails(_: str) -> None:
        raise ValueError(TYPED)

    asyncio.get_running_loop().call_soon(fails, "a secret")
    await asyncio.sleep(0.01)
    shown = logged.getvalue()
    assert "Exception in callback " in shown
    assert "a secret" not in shown
    assert "last night" not in shown

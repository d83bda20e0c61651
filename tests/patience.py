"""Waiting for what has to come, on a machine that may be busy with something else."""

import asyncio
from collections.abc import Callable
from typing import Any

PATIENCE = 120.0
"""Seconds. A busy machine may take long; only what never comes is to fail a test."""


async def until(condition: Callable[[], Any], every: float = 0.005) -> None:
    """Look again and again until a condition holds.

    Raises:
        TimeoutError: it never did.
    """
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - what brings it about may be another process
            await asyncio.sleep(every)

"""Drawing: pictures made in a process of their own, since the rasteriser holds the interpreter for
as long as it draws, and everybody else would wait.
"""

import asyncio
import logging
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Final

from bot.logs import where
from bot.report.raster import DrawingError, draw, settle_in

log = logging.getLogger(__name__)

PICTURES_A_PROCESS: Final = 500
IDLE_SECONDS: Final = 60.0
ATTEMPTS: Final = 2
CLOSES_WITHIN: Final = 5.0
"""Seconds; a picture takes a tenth of one."""


class Drawer:
    """Draws in one worker process, which is started when it is needed and gone when it is not.

    To be used from one event loop. The process is replaced after so many pictures, so that nothing
    can pile up in it, and ends after a while without work. If it dies, what it was drawing is tried
    once more in a new one; if none can be started, pictures are drawn here, and the loop waits.

    Args:
        pictures_a_process: After how many pictures a process is replaced; 1 or more.
        idle_seconds: How long a process stays without work.
    """

    def __init__(
        self,
        pictures_a_process: int = PICTURES_A_PROCESS,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        self._most = pictures_a_process
        self._idle_seconds = idle_seconds
        self._process: ProcessPoolExecutor | None = None
        self._given = 0
        self._waiting = 0
        self._idle: asyncio.TimerHandle | None = None
        self._closed = False

    async def draw(self, svg: str) -> bytes:
        """A picture as PNG, twice as large in pixels as it says it is; the loop is free meanwhile.

        Raises:
            DrawingError: If it cannot be drawn: this is no SVG, the process died twice over it, or
                the drawer was closed.
        """
        if self._idle is not None:
            self._idle.cancel()
        self._waiting += 1
        try:
            return await self._draw(svg)
        finally:
            self._waiting -= 1
            if not self._waiting and not self._closed:
                loop = asyncio.get_running_loop()
                self._idle = loop.call_later(self._idle_seconds, self._let_go)

    async def close(self) -> None:
        """Let what is being drawn finish, and end the process. Closing twice is harmless.

        What takes longer than a few seconds is not waited for: its process is killed.
        """
        self._closed = True
        if self._idle is not None:
            self._idle.cancel()
        process, self._process = self._process, None
        if process is not None:
            workers = list(process._processes.values())
            ending = asyncio.create_task(asyncio.to_thread(process.shutdown, wait=True))
            try:
                await asyncio.wait({ending}, timeout=CLOSES_WITHIN)
            finally:
                if not ending.done():
                    log.warning("a picture takes too long and is not waited for")
                    for worker in workers:
                        worker.kill()
            await ending

    async def _draw(self, svg: str) -> bytes:
        loop = asyncio.get_running_loop()
        for attempt in range(1, ATTEMPTS + 1):
            process = self._ready()
            try:
                return await loop.run_in_executor(process, draw, svg)
            except BrokenProcessPool as error:
                log.warning("the drawing process died, attempt %d: %s", attempt, where(error))
                self._discard(process)
            except OSError as error:
                log.warning("no drawing process can be started, drawing here: %s", where(error))
                self._discard(process)
                return await asyncio.to_thread(draw, svg)
        raise DrawingError(f"the drawing process died {ATTEMPTS} times over a picture")

    def _ready(self) -> ProcessPoolExecutor:
        if self._closed:
            raise DrawingError("the drawer is closed")
        if self._given >= self._most:
            self._let_go()
        if self._process is None:
            self._process = ProcessPoolExecutor(
                max_workers=1, mp_context=get_context("spawn"), initializer=settle_in
            )
        self._given += 1
        return self._process

    def _discard(self, process: ProcessPoolExecutor) -> None:
        # several pictures may have waited for it, and its successor is none of their business
        if self._process is process:
            self._let_go()

    def _let_go(self) -> None:
        """End the process once it has done what it was given, without waiting for it."""
        process, self._process = self._process, None
        self._given = 0
        if process is not None:
            process.shutdown(wait=False)

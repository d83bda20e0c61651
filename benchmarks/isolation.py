"""A process of its own for each measurement, so that its memory and its imports are its own."""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from os import sysconf
from pathlib import Path
from typing import ParamSpec, TypeVar

MEGABYTE = 1024 * 1024

P = ParamSpec("P")
T = TypeVar("T")


def in_fresh_process(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Do something in a new process and give its result."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *args, **kwargs).result()


def memory(process: int | str = "self") -> float:
    """Megabytes that a process holds; read from /proc, so on Linux only."""
    pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    return pages * sysconf("SC_PAGE_SIZE") / MEGABYTE

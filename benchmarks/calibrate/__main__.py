"""Measure, on simulated people, what the engine tells: `python -m benchmarks.calibrate`."""

from collections.abc import Callable
from functools import partial
from multiprocessing import get_context
from multiprocessing.pool import Pool
from os import cpu_count
from sys import stderr
from time import monotonic
from typing import TypeVar

import click

from benchmarks.calibrate.people import Life
from benchmarks.calibrate.tables import SECTIONS, quick

Seen = TypeVar("Seen")
CHUNK = 25
QUICK_PEOPLE = 300


class Crowd:
    """Simulated people, lived and read on all cores; the same seed gives the same crowd.

    Args:
        pool: The processes.
        size: How many people live each life.
        seed: Where their dice start.
    """

    def __init__(self, pool: Pool, size: int, seed: int) -> None:
        self._pool = pool
        self._size = size
        self._seed = seed
        self._lives = 0
        self._started = monotonic()

    def __call__(self, look: Callable[[Life, str], Seen], life: Life) -> list[Seen]:
        """Let everybody live a life and look at each of them."""
        self._lives += 1
        seeds = [f"{self._seed}/{self._lives}/{number}" for number in range(self._size)]
        seen: list[Seen] = []
        for one in self._pool.imap(partial(look, life), seeds, CHUNK):
            seen.append(one)
            if len(seen) % (self._size // 10 or 1) == 0:
                self._show(len(seen))
        return seen

    def _show(self, done: int) -> None:
        spent = monotonic() - self._started
        line = f"life {self._lives}: {done} of {self._size} people, {spent:.0f} s"
        stderr.write(f"\r{line:<60}" if stderr.isatty() else f"{line}\n")
        stderr.flush()


@click.command()
@click.option("--people", default=3000, show_default=True, help="People for each life.")
@click.option("--seed", default=1, show_default=True, help="The same seed, the same people.")
@click.option("--processes", default=cpu_count() or 1, show_default=True, help="Cores to use.")
@click.option("--quick", "only_quick", is_flag=True, help="300 people, two conditions.")
def main(people: int, seed: int, processes: int, *, only_quick: bool) -> None:
    """Measure what the engine tells simulated people, beside two simpler ways, as Markdown.

    Nothing here is evidence about real people.
    """
    size = QUICK_PEOPLE if only_quick else people
    with get_context("spawn").Pool(processes) as pool:
        crowd = Crowd(pool, size, seed)
        click.echo(f"{size} people for each life, seed {seed}.\n")
        for section in (quick,) if only_quick else SECTIONS:
            table = section(crowd)
            if stderr.isatty():
                stderr.write(f"\r{'':<60}\r")
            click.echo(table)


if __name__ == "__main__":
    main()

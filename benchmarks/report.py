"""A report over a year of daily answers, with its picture: `python -m benchmarks.report [reports]`.

Measured: processor time of each step; memory over 1,000 reports, here and in the drawing process;
how long the event loop is kept waiting while reports are made; and matplotlib drawing the same
figures in the same run. Linux only, because memory is read from /proc.
"""

import asyncio
import sys
from array import array
from collections.abc import Callable
from datetime import date, timedelta
from multiprocessing import active_children
from statistics import median
from time import perf_counter, process_time
from typing import NamedTuple, TypeVar

from benchmarks.isolation import in_fresh_process, memory
from benchmarks.matplotlib_picture import picture as matplotlib_picture
from benchmarks.results import Result, table
from bot.drift.beads import Bead, answer_bead
from bot.drift.record import Entry, Record
from bot.drift.rules import Axis, RuleSet, Source
from bot.drift.weeks import read
from bot.report.drawing import Drawer
from bot.report.labels import read_labels
from bot.report.picture import Pictures
from bot.report.raster import draw
from bot.report.view import view
from bot.report.words import report_text
from bot.rhythm.taps import tap_rotation
from prompts.loading import load_rules
from prompts.templates import Words

START = date(2026, 1, 5)
DAYS = 365
REPORTS = 1_000
SETTLED = 100
"""After so many reports memory has to stay as it is."""

COUNTED = 20
WEEKS_DRAWN = 12
MOST_MS, MOST_WAIT_MS, MOST_GROWTH_MB = 150.0, 50.0, 2.0
BEAT = 0.002

Made = TypeVar("Made")


class Cost(NamedTuple):
    """What drawing costs in a fresh process: milliseconds of processor time, megabytes, bytes."""

    first: float
    each: float
    added: float
    size: int


def a_year(rules: RuleSet) -> Record:
    """Somebody who taps and writes every day, answers every check-in and took one quiz."""
    beads: list[Bead] = [
        answer_bead(rule, 1 + index % 5, START, Source.QUIZ)
        for index, rule in enumerate(rules.rules)
    ]
    rotation = tap_rotation(rules.anchors)
    for offset in range(DAYS):
        day = START + timedelta(days=offset)
        rule = rotation[offset % len(rotation)]
        beads.append(answer_bead(rule, 1 + (offset * 7 + offset // 60) % 5, day, Source.TAP))
        beads.append(
            Bead(
                day=day,
                source=Source.TEXT,
                rule=rule.id,
                family=f"T{offset % 9}",
                axis=list(Axis)[offset % 3],
                plus=float(offset % 2),
                minus=float(1 - offset % 2),
                version=rules.version,
            )
        )
        if offset % 7 == 6:
            beads += [
                answer_bead(anchor, 1 + (offset + n) % 5, day, Source.CHECK_IN)
                for n, anchor in enumerate(rules.anchors)
            ]
    entries = tuple(Entry(START + timedelta(days=offset), 25) for offset in range(DAYS))
    return Record(start=START, beads=tuple(beads), entries=entries)


class Report:
    """Makes the report of a year again and again, as the bot does, up to the drawing."""

    def __init__(self) -> None:
        self._rules = load_rules()
        self._words = Words()
        self._pictures = Pictures(self._words)
        self._record = a_year(self._rules)
        self._day = START + timedelta(days=DAYS - 1)
        self.reading = read(self._record, self._day)
        self.labels = read_labels(self._words)

    def read(self) -> None:
        """Read the year anew."""
        self.reading = read(self._record, self._day)

    def say(self) -> str:
        """Decide what to say and say it."""
        return report_text(
            self._words, view(self._record, self.reading, self._rules, "weekly", None)
        )

    def sketch(self) -> str:
        """The picture as SVG."""
        return self._pictures.week(self.reading).svg

    def __call__(self) -> str:
        """All of it; what is still to be drawn is given back."""
        self.read()
        self.say()
        return self.sketch()


def cost(work: Callable[[], Made]) -> float:
    """Milliseconds of processor time that a piece of work takes, as a median."""
    times = []
    for _ in range(COUNTED):
        before = process_time()
        work()
        times.append(process_time() - before)
    return median(times) * 1000


def drawn_by_us() -> Cost:
    """What our own way of drawing costs, in a process that has drawn nothing before."""
    report = Report()
    return _cost(lambda: draw(report.sketch()))


def drawn_by_matplotlib() -> Cost:
    """What matplotlib costs for the same figures."""
    report = Report()
    return _cost(lambda: matplotlib_picture(report.reading, report.labels, WEEKS_DRAWN))


def _cost(make: Callable[[], bytes]) -> Cost:
    empty, before = memory(), process_time()
    size = len(make())
    first = (process_time() - before) * 1000
    each = cost(make)
    return Cost(first, each, memory() - empty, size)


class Waits:
    """How much later than asked for the loop came back, in milliseconds.

    Other programs make it wait, too, and on a shared machine they do most of that. So it is also
    noted how much of a wait this process itself was busy.
    """

    def __init__(self) -> None:
        self.busiest = 0.0
        # plain numbers in one block: what watches memory must not fill it
        self._walls = array("d")

    @property
    def usual(self) -> float:
        """What 99 of 100 waits do not exceed."""
        return sorted(self._walls)[len(self._walls) * 99 // 100]

    async def watch(self) -> None:
        """Note again and again how long the loop was kept waiting."""
        while True:
            before, busy = perf_counter(), process_time()
            await asyncio.sleep(BEAT)
            wall = (perf_counter() - before - BEAT) * 1000
            self._walls.append(wall)
            self.busiest = max(self.busiest, min(wall, (process_time() - busy) * 1000))


class Growth(NamedTuple):
    """Over many reports: growth of memory in megabytes here and there, and waits of the loop."""

    here: float
    there: float
    waits: Waits
    seconds: float


async def many(report: Report, reports: int) -> Growth:
    """Make reports one after the other, as a bot does: words in a thread, pictures in the drawer.

    The drawing process is not replaced meanwhile, so that its growth would show.
    """
    drawer = Drawer(pictures_a_process=reports + 1)
    waits = Waits()
    watching = asyncio.create_task(waits.watch())
    settled = (0.0, 0.0)
    started = perf_counter()
    for index in range(reports):
        await drawer.draw(await asyncio.to_thread(report))
        if index + 1 == min(SETTLED, reports // 2):
            settled = memory(), _worker()
    seconds = perf_counter() - started
    here, there = memory() - settled[0], _worker() - settled[1]
    watching.cancel()
    await drawer.close()
    return Growth(here, there, waits, seconds)


async def waits_without_drawer(report: Report, pictures: int) -> float:
    """The longest wait if pictures were drawn in a thread of the bot itself, in milliseconds."""
    waits = Waits()
    svg = report.sketch()
    watching = asyncio.create_task(waits.watch())
    for _ in range(pictures):
        await asyncio.to_thread(draw, svg)
    watching.cancel()
    return waits.busiest


def _worker() -> float:
    return sum(memory(child.pid) for child in active_children() if child.pid is not None)


def run(reports: int = REPORTS) -> list[Result]:
    """Measure everything.

    Args:
        reports: Over how many reports memory and the loop are watched; 200 or more.
    """
    report = Report()
    reading, saying, sketching = cost(report.read), cost(report.say), cost(report.sketch)
    ours, theirs = in_fresh_process(drawn_by_us), in_fresh_process(drawn_by_matplotlib)
    svg = report.sketch()
    drawing = cost(lambda: draw(svg))
    whole = reading + saying + sketching + drawing
    growth = asyncio.run(many(report, reports))
    in_thread = asyncio.run(waits_without_drawer(report, COUNTED))
    return [
        Result("reading a year of daily answers", f"{reading:.1f} ms"),
        Result("deciding what to say, and saying it", f"{saying:.1f} ms"),
        Result(f"the picture as SVG ({len(svg) / 1024:.1f} KB)", f"{sketching:.1f} ms"),
        Result(f"the picture as PNG ({ours.size // 1024} KB)", f"{drawing:.1f} ms"),
        Result(
            "a report with its picture, one core",
            f"{whole:.0f} ms",
            f"<= {MOST_MS:.0f} ms",
            whole <= MOST_MS,
        ),
        Result("matplotlib, the same figures", f"{theirs.each:.0f} ms"),
        Result("picture: matplotlib / ours, time", f"{theirs.each / ours.each:.1f} x"),
        Result(
            "first picture of a process: matplotlib / ours, time",
            f"{theirs.first:.0f} / {ours.first:.0f} ms = {theirs.first / ours.first:.1f} x",
        ),
        Result(
            "memory that drawing adds: matplotlib / ours",
            f"{theirs.added:.0f} / {ours.added:.0f} MB = {theirs.added / ours.added:.1f} x",
        ),
        Result(
            f"growth from report {min(SETTLED, reports // 2)} to {reports:,}, in the bot",
            f"{growth.here:+.1f} MB",
            f"<= {MOST_GROWTH_MB:.0f} MB",
            growth.here <= MOST_GROWTH_MB,
        ),
        Result(
            "the same, in the drawing process",
            f"{growth.there:+.1f} MB",
            f"<= {MOST_GROWTH_MB:.0f} MB",
            growth.there <= MOST_GROWTH_MB,
        ),
        Result(
            "the event loop kept waiting by the bot's own work, at most",
            f"{growth.waits.busiest:.0f} ms",
            f"<= {MOST_WAIT_MS:.0f} ms",
            growth.waits.busiest <= MOST_WAIT_MS,
        ),
        Result(
            "the event loop kept waiting by anything, 99 of 100", f"{growth.waits.usual:.1f} ms"
        ),
        Result("kept waiting if drawn in a thread of the bot", f"{in_thread:.0f} ms"),
        Result("reports one after the other", f"{reports / growth.seconds:.1f} /s"),
    ]


def main() -> None:
    """Print the table; the exit status says whether every budget holds."""
    results = run(int(sys.argv[1]) if len(sys.argv) > 1 else REPORTS)
    print(table(results))
    sys.exit(any(result.holds is False for result in results))


if __name__ == "__main__":
    main()

"""Every measurement there is, with its baseline in the same run: `python -m benchmarks [NAME ...]`.

Prints the tables, and writes them into `benchmarks/results.md` when everything was measured.
"""

import argparse
import os
import platform
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from sqlcipher3 import dbapi2

from benchmarks import footprint, reading, receiving, report, scheduling, sending
from benchmarks.isolation import MEGABYTE
from benchmarks.results import Result, table

RESULTS = Path(__file__).with_name("results.md")

PARTS: Mapping[str, tuple[str, Callable[[], list[Result]]]] = {
    "scheduling": ("A schedule for many people", scheduling.run),
    "sending": ("Sending", sending.run),
    "receiving": ("Receiving, storing, answering", receiving.run),
    "reading": ("Reading what people write", reading.run),
    "report": ("A report over a year of daily answers", report.run),
    "footprint": ("Start, memory, disk", footprint.run),
}

NAMED = (
    *("python-telegram-bot", "APScheduler", "sqlite-utils", "sqlcipher3", "aiohttp", "httpx"),
    *("Jinja2", "google-re2", "resvg-py", "matplotlib", "pydantic", "ruamel.yaml"),
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure; the exit status says whether every budget holds."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(PARTS))
    names = parser.parse_args(arguments).names or list(PARTS)
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        parser.error(f"there is no part {unknown[0]}; there are {', '.join(PARTS)}")
    sections = [surroundings()]
    held = True
    for name in names:
        title, measure = PARTS[name]
        results = measure()
        held = held and not any(result.holds is False for result in results)
        sections.append(f"## {title}\n\n{table(results)}")
        sys.stdout.write(f"{sections[-1]}\n\n")
        sys.stdout.flush()
    if set(names) == set(PARTS):
        RESULTS.write_text("\n\n".join(sections) + "\n", encoding="utf-8")
    sys.exit(not held)


def surroundings() -> str:
    """Where and with what it was measured."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / MEGABYTE / 1024
    names = ", ".join(f"{name} {version(name)}" for name in NAMED)
    return (
        "# Measured\n\n"
        "Written by `make bench`; every baseline was measured in the same run, on the same machine."
        f"\n\n{datetime.now(UTC):%-d %B %Y}. {os.cpu_count()} processors ({_processor()}),"
        f" {memory:.0f} GB of memory, {platform.system()} {platform.release()}."
        f" Python {platform.python_version()}, SQLite {dbapi2.sqlite_version}, {names}."
    )


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


if __name__ == "__main__":
    main()

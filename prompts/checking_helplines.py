"""Checks of the help lines: a wrong or dead number does harm."""

import re
from collections.abc import Iterator
from typing import Final

from prompts.findings import Bench, Check, Finding, Level
from prompts.helplines import ANY_COUNTRY, RECHECK_AFTER, Kind, Status

_NUMBER: Final = re.compile(r"\+?[0-9][0-9 -]*[0-9]")
_ADDRESS: Final = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+(/[\w/.-]*)?")


def reading(bench: Bench) -> Iterator[Finding]:
    """What stopped an entry from being read (without a source it is not)."""
    yield from map(Finding.of, bench.helplines.errors)


def sources(bench: Bench) -> Iterator[Finding]:
    """What was seen has a date, and the date is not to come."""
    for located in bench.helplines.found:
        line = located.thing
        if line.status is not Status.UNVERIFIED and line.verified_on is None:
            yield Finding.about(located.entry, f"{line.status} needs verified_on", "status")
        if line.verified_on is not None and line.verified_on > bench.today:
            yield Finding.about(located.entry, "verified_on is still to come", "verified_on")


def ages(bench: Bench) -> Iterator[Finding]:
    """Whatever is shown is checked every 90 days."""
    due = [
        located.entry.line_of("verified_on")
        for located in bench.helplines.found
        if located.thing.showable
        and located.thing.verified_on is not None
        and located.thing.is_stale(bench.today)
    ]
    if due:
        yield Finding.about_file(
            bench.helplines.path,
            f"look again every {RECHECK_AFTER.days} days whether a number is right; due are"
            f" {len(due)}, in lines {', '.join(map(str, due))}",
            Level.WARNING,
        )


def numbers(bench: Bench) -> Iterator[Finding]:
    """Numbers can be dialled, directories opened."""
    for located in bench.helplines.found:
        line = located.thing
        form = _ADDRESS if line.kind is Kind.DIRECTORY else _NUMBER
        if not form.fullmatch(line.number):
            wanted = "an address like example.org" if form is _ADDRESS else "digits and spaces"
            yield Finding.about(located.entry, f"number is {wanted}", "number")


def cover(bench: Bench) -> Iterator[Finding]:
    """Each country has an emergency number that is shown; the rest of the world a directory."""
    shown = {
        (located.thing.country, located.thing.kind)
        for located in bench.helplines.found
        if located.thing.showable
    }
    for country, name in bench.countries.items():
        kind = Kind.DIRECTORY if country == ANY_COUNTRY else Kind.EMERGENCY
        if (country, kind) not in shown and not bench.helplines.errors:
            yield Finding.about_file(bench.helplines.path, f"{name} has no line of kind {kind}")
    if bench.countries and ANY_COUNTRY not in bench.countries:
        yield Finding.about_file(
            bench.helplines.path, f"there is no country {ANY_COUNTRY} with a directory"
        )


CHECKS: Final[tuple[Check, ...]] = (reading, sources, ages, numbers, cover)

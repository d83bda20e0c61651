"""Tables: what is measured, condition by condition, as Markdown."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import isnan
from typing import Protocol, TypeVar

from benchmarks.calibrate.conditions import (
    DEFAULT,
    LARGE,
    LARGE_STEP,
    MOVES,
    PEOPLE,
    STAYING,
    STEP,
    THERE_AND_BACK,
    YEAR,
    of_type,
)
from benchmarks.calibrate.measuring import (
    Method,
    ever_named,
    false_alarms,
    found,
    name_at,
    recovered,
    tell,
    told_twice,
)
from benchmarks.calibrate.people import Life
from bot.drift.patterns import Pattern

Seen = TypeVar("Seen")
Row = Sequence[str | float]


class Crowd(Protocol):
    """Runs one function over as many simulated people as were asked for."""

    def __call__(self, look: Callable[[Life, str], Seen], life: Life) -> list[Seen]:
        """What the function saw in each of them."""
        ...


def _cell(value: str | float) -> str:
    if isinstance(value, str):
        return value
    return "-" if isnan(value) else f"{value:.1f}"


def _table(title: str, head: Sequence[str], rows: Sequence[Row]) -> str:
    lines = [f"### {title}", "", "| " + " | ".join(head) + " |"]
    lines.append("|---" + "|---:" * (len(head) - 1) + "|")
    lines += ["| " + " | ".join(map(_cell, row)) + " |" for row in rows]
    return "\n".join([*lines, ""])


def quick(crowd: Crowd) -> str:
    """False alarms and found steps at the default rhythm, and nothing else."""
    return _people(crowd, {"default": DEFAULT})


def unchanged(crowd: Crowd) -> str:
    """What people hear in a year in which nothing changes."""
    year = crowd(tell, YEAR)
    rows: list[Row] = [
        (
            f"weeks {first} to {last}",
            false_alarms(year, Method.ENGINE, first, last),
            false_alarms(year, Method.ENGINE, first, last, clear=True),
            false_alarms(year, Method.SMOOTHED, first, last),
            false_alarms(year, Method.WEEK_ON_WEEK, first, last),
        )
        for first, last in ((5, 16), (17, 28), (29, 40), (41, 52), (20, 52), (5, 52))
    ]
    head = ("nothing changes: told of any shift, %", "engine", "engine, as clear", "EWMA", "RCI")
    return _table("A year in which nothing changes", head, rows)


def moves(crowd: Crowd) -> str:
    """How many changes are found within eight weeks, and how late."""
    rows: list[Row] = []
    for title, life in MOVES.items():
        move = life.move
        if move is None:
            continue
        people = crowd(tell, life)
        engine = found(people, Method.ENGINE, move)
        smoothed = found(people, Method.SMOOTHED, move)
        weekly = found(people, Method.WEEK_ON_WEEK, move)
        ours = (engine.share, engine.weeks, engine.clear)
        theirs = (smoothed.share, smoothed.weeks, weekly.share, weekly.weeks)
        rows.append((title, *ours, *theirs))
    head = ("found within 8 weeks (slide: 12), %", "engine", "in week", "as clear at once")
    return _table("Changes", (*head, "EWMA", "in week", "RCI", "in week"), rows)


def repeats(crowd: Crowd) -> str:
    """Whether one shift is told twice, and whether the way back is found."""
    staying, returning = crowd(tell, STAYING), crowd(tell, THERE_AND_BACK)
    large_twice = told_twice(crowd(tell, LARGE), LARGE_STEP, 30)
    rows: list[Row] = [
        (
            "a step .65 to .40 in week 9 stays: told again up to week 26",
            told_twice(staying, STEP, 26),
        ),
        ("the same: told again up to week 52", told_twice(staying, STEP, 52)),
        ("a step .75 to .25 in week 13 stays: told again up to week 30", large_twice),
        (
            "a step .65 to .40 in week 9, back in week 27: way back found",
            recovered(returning, STEP, 27),
        ),
    ]
    return _table("One shift, told once", ("of those told rightly, %", "engine"), rows)


def people(crowd: Crowd) -> str:
    """False alarms and found steps for people who are unlike those of the default."""
    return _people(crowd, PEOPLE)


def _people(crowd: Crowd, kinds: dict[str, Life]) -> str:
    rows: list[Row] = []
    for title, life in kinds.items():
        quiet, moved = crowd(tell, life), crowd(tell, replace(life, move=STEP))
        engine = found(moved, Method.ENGINE, STEP)
        rows.append(
            (
                title,
                *(false_alarms(quiet, method) for method in Method),
                engine.share,
                engine.weeks,
                found(moved, Method.SMOOTHED, STEP).share,
                found(moved, Method.WEEK_ON_WEEK, STEP).share,
            )
        )
    head = ("people", "quiet, weeks 5 to 16: engine tells, %", "EWMA", "RCI")
    step = ("step .65 to .40: engine finds, %", "in week", "EWMA", "RCI")
    return _table("Kinds of people", (*head, *step), rows)


def patterns(crowd: Crowd) -> str:
    """How many are named rightly and wrongly, with the quiz of the first day, after four weeks."""
    rows: list[Row] = []
    for title, spread, quiz in (
        ("exactly at type", 0.0, True),
        ("sd .05 around type", 0.05, True),
        ("exactly at type, no quiz", 0.0, False),
    ):
        shares: list[tuple[float, float]] = []
        for pattern in Pattern:
            names = crowd(name_at, of_type(pattern, spread=spread, quiz=quiz))
            right = 100 * names.count(pattern) / len(names)
            unclear = 100 * names.count(Pattern.NOT_CLEAR) / len(names)
            if pattern is Pattern.NOT_CLEAR:
                rows.append((f"{title}: middling", "-", 100 - unclear, unclear))
            else:
                shares.append((right, 100 - right - unclear))
                rows.append((f"{title}: {pattern}", right, 100 - right - unclear, unclear))
        right, wrong = (sum(column) / len(shares) for column in zip(*shares, strict=True))
        rows.append((f"**{title}: all six types**", right, wrong, 100 - right - wrong))
    often = crowd(ever_named, of_type(Pattern.NOT_CLEAR, weeks=12))
    ever = 100 * sum(often) / len(often)
    rows.append(("middling, in any of the first 12 weekly reports", "-", ever, 100 - ever))
    head = ("after 4 weeks", "named rightly, %", "wrongly, %", "not clear yet, %")
    return _table("Pattern names", head, rows)


SECTIONS = (unchanged, moves, repeats, people, patterns)

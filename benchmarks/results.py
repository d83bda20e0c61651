"""What a measurement gives, and how it is printed."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Result:
    """One line of a table; ``holds`` is None where there is no budget to keep.

    Attributes:
        what: what was measured.
        measured: the figure with its unit.
        budget: what it has to be; empty without a budget.
        holds: whether it is.
    """

    what: str
    measured: str
    budget: str = ""
    holds: bool | None = None


def table(results: Iterable[Result]) -> str:
    """The results as a table in Markdown."""
    rows = [
        f"| {result.what} | {result.measured} | {result.budget} | "
        f"{'' if result.holds is None else 'yes' if result.holds else '**no**'} |"
        for result in results
    ]
    return "\n".join(["| | measured | budget | holds |", "|---|---|---|---|", *rows])


def at_most(what: str, value: float, budget: float, unit: str) -> Result:
    """A line whose value may not be above its budget."""
    return Result(what, f"{value:,.4g} {unit}", f"<= {budget:,.4g} {unit}", value <= budget)


def at_least(what: str, value: float, budget: float, unit: str) -> Result:
    """A line whose value may not be below its budget."""
    return Result(what, f"{value:,.4g} {unit}", f">= {budget:,.4g} {unit}", value >= budget)

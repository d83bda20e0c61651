"""A second, independent writing of the shift detector, straight from its formulas, to check ours.

It keeps no sums and takes no short cuts. Weeks count from 0; values are 0..1, un-reversed.
"""

import math
from typing import NamedTuple

USUAL_SCATTER, SCATTER_WEIGHT = 0.055, 30.0
QUESTION, WANDER, SHIFT = 0.08**2, 0.03**2, 0.2**2
BEFORE, AFTER, MOST_AFTER, MEMORY, FEWEST = 4, 4, 8, 24, 6


class Tap(NamedTuple):
    week: int
    axis: str
    item: str
    value: float


class Verdict(NamedTuple):
    ratio: float
    direction: int
    split: int | None
    size: float


def own_variance(taps: list[Tap], week: int) -> float:
    """Scatter between successive answers to the same question, by weekly means, shrunk."""
    cells: dict[tuple[str, str], dict[int, list[float]]] = {}
    for tap in taps:
        if tap.week <= week:
            cells.setdefault((tap.axis, tap.item), {}).setdefault(tap.week, []).append(tap.value)
    squares, pairs = 0.0, 0
    for weeks in cells.values():
        previous: list[float] | None = None
        for number in sorted(weeks):
            now = weeks[number]
            if previous:
                step = sum(now) / len(now) - sum(previous) / len(previous)
                squares += step**2 / (1 / len(now) + 1 / len(previous))
                pairs += 1
            previous = now
    freedom = pairs * 2 / 3
    seen = squares / pairs * freedom if pairs else 0.0
    return (SCATTER_WEIGHT * USUAL_SCATTER + seen) / (SCATTER_WEIGHT + freedom)


def wandering(weeks: int) -> float:
    return min(1.0, 5.7 / weeks)


def evidence(taps: list[Tap], axis: str, week: int, start: int = 0) -> Verdict:
    """How much better "it moved" fits than "it did not", summed over the splits."""
    scatter = own_variance(taps, week)
    low = max(start, week + 1 - MEMORY)
    mine = [tap for tap in taps if tap.axis == axis and low <= tap.week <= week]
    total = weighted = best = best_size = 0.0
    best_split: int | None = None
    for split in range(max(low + BEFORE, week + 1 - MOST_AFTER), week + 2 - AFTER):
        before = [tap for tap in mine if tap.week < split]
        after = [tap for tap in mine if tap.week >= split]
        if len(before) < FEWEST or len(after) < FEWEST:
            continue
        size = sum(t.value for t in after) / len(after) - sum(t.value for t in before) / len(before)
        imbalance = sum(
            (
                sum(tap.item == item for tap in after) / len(after)
                - sum(tap.item == item for tap in before) / len(before)
            )
            ** 2
            for item in {tap.item for tap in mine}
        )
        v = scatter * (1 / len(before) + 1 / len(after)) + QUESTION * imbalance
        v += WANDER * (wandering(week + 1 - split) + wandering(split - low))
        fit = math.sqrt(v / (v + SHIFT)) * math.exp(0.5 * size**2 / v * SHIFT / (SHIFT + v))
        total += fit
        weighted += fit * size
        if fit > best:
            best, best_split, best_size = fit, split, size
    return Verdict(total, 1 if weighted > 0 else -1, best_split, best_size)

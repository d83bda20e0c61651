"""What a reply sounds most like: families add up per label, each next one counting less."""

from collections.abc import Iterable
from operator import mul

from bot.reading.spec import Label

_LABELS = tuple(Label)
_SHARES = (1.0, 0.6, 0.4)


def label_of(pulls: Iterable[tuple[Label, float]], floor: float) -> Label:
    """The label with the strongest pull, or neutral below the floor.

    Per label the strongest family counts in full, the second .6, the third .4, further ones not
    at all: three ways of saying one thing are more than one, but not three times as much. A tie
    goes to the label that comes first in `Label`.
    """
    by_label: dict[Label, list[float]] = {}
    for label, pull in pulls:
        by_label.setdefault(label, []).append(pull)
    best, strongest = Label.NEUTRAL, 0.0
    for label in _LABELS:
        if label not in by_label:
            continue
        ranked = sorted(by_label[label], reverse=True)
        total = sum(map(mul, ranked, _SHARES))
        if total > strongest:
            best, strongest = label, total
    return best if strongest >= floor else Label.NEUTRAL

"""The weak tier: a linear model over words and structure that says what a reply sounds like.

It reads more replies than the rules do, and reads them worse. So what it finds is never shown as a
finding, never drops a bead, and can only bring the quiet help button, never take it away. See
`docs/reading.md` for how it was measured.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.reading.line import Line
from bot.reading.spec import Label
from bot.reading.traits import tokens_of, traits_of

# weights are whole hundredths, so that sums are exact and do not depend on the order
UNIT = 100
_LABELS = tuple(Label)
# room for the sum of more traits than 4,096 characters have
_BITS = 32
_SIGN = 1 << (_BITS - 1)


@dataclass(frozen=True, slots=True)
class WeakModel:
    """What was learnt.

    Attributes:
        version: Stamp of the weights and of all figures below.
        trained_on: In words, what it was learnt from.
        weights: Trait -> a weight per label, in the order of `Label`, and one for safety; in
            hundredths of a logit.
        bias: The same seven for every text.
        trust: What a label that the rules give adds to its logit.
        drift_floor: How probable a drift label has to be to be said, 0..1.
        safety_floor: The safety score, in logits, from which a reply is *possibly* grave.
    """

    version: str
    trained_on: str
    weights: Mapping[str, tuple[int, ...]]
    bias: tuple[int, ...]
    trust: Mapping[Label, float] = field(default_factory=dict)
    drift_floor: float = 0.5
    safety_floor: float = math.inf


@dataclass(frozen=True, slots=True)
class WeakReading:
    """What the weak tier says of one text.

    Attributes:
        model: The model that said it.
        logits: One for each label, in the order of `Label`.
        safety: A score in logits; higher is graver.
    """

    model: WeakModel
    logits: tuple[float, ...]
    safety: float

    @property
    def scores(self) -> dict[Label, float]:
        """The probability of each label from the words alone; they add up to 1."""
        return probabilities(self.logits)

    @property
    def safety_possible(self) -> bool:
        """Whether the score alone is enough for the quiet help button."""
        return self.safety >= self.model.safety_floor


class WeakReader:
    """Scores lines by one model; holds no state between them."""

    def __init__(self, model: WeakModel) -> None:
        """Pack each trait's weights into one whole number, so that all are added up at once."""
        self.model = model
        self._packed = {trait: _pack(weights) for trait, weights in model.weights.items()}
        self._bias = _pack(model.bias)

    def read(self, line: Line) -> WeakReading:
        """Score one line; never raises, and takes time in proportion to its length."""
        found = map(self._packed.get, traits_of(tokens_of(line)))
        total = sum(filter(None, found), self._bias)
        *labels, safety = _unpack(total, len(self.model.bias))
        return WeakReading(self.model, tuple(labels), safety)

    def scores(self, line: Line) -> dict[Label, float]:
        """The probability of each label; they add up to 1."""
        return self.read(line).scores


def _pack(weights: tuple[int, ...]) -> int:
    return sum(weight << (_BITS * place) for place, weight in enumerate(weights))


def _unpack(total: int, count: int) -> list[float]:
    """The sums in a packed total, in whole units."""
    sums = []
    for _ in range(count):
        lowest = total & (_SIGN * 2 - 1)
        lowest -= (lowest & _SIGN) * 2
        sums.append(lowest / UNIT)
        total = (total - lowest) >> _BITS
    return sums


def probabilities(logits: tuple[float, ...]) -> dict[Label, float]:
    """Logits in the order of `Label` as probabilities."""
    highest = max(logits)
    shares = [math.exp(logit - highest) for logit in logits]
    total = sum(shares)
    return {label: share / total for label, share in zip(_LABELS, shares, strict=True)}

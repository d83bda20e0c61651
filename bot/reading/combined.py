"""One label from both tiers.

The rules' label is one more piece of evidence, and a heavy one: it adds to the logit of its label
what labels of rules turned out to be worth on texts that their author had not seen. So it stands
unless the words clearly speak against it, and where rules are silent the words have to be clear.
"""

from collections.abc import Mapping

from bot.reading.language import Language
from bot.reading.reader import Reading
from bot.reading.spec import DRIFT_LABELS, Label
from bot.reading.weak import WeakReading, probabilities

_PLACES = {label: at for at, label in enumerate(Label)}
_CALM = tuple(label for label in Label if label not in DRIFT_LABELS)


def combine(reading: Reading, weak: WeakReading) -> tuple[Label, bool]:
    """The label of a text, and whether the quiet help button goes with it.

    The button comes if either tier asks for it: the weak one only ever adds. A text that is not
    English keeps what the rules say.
    """
    flagged = bool(reading.safety)
    if reading.language is Language.OTHER:
        return reading.label, flagged
    chances = combined_scores(reading.label, weak)
    return chosen(chances, weak.model.drift_floor), flagged or weak.safety_possible


def combined_scores(label: Label, weak: WeakReading) -> dict[Label, float]:
    """The probability of each label from the words and the label that the rules give."""
    trust = weak.model.trust.get(label, 0.0)
    at = _PLACES[label]
    return probabilities((*weak.logits[:at], weak.logits[at] + trust, *weak.logits[at + 1 :]))


def chosen(chances: Mapping[Label, float], drift_floor: float) -> Label:
    """The likeliest label; a drift label below the floor gives way to the likeliest calm one."""
    best = max(chances, key=chances.__getitem__)
    if best in DRIFT_LABELS and chances[best] < drift_floor:
        return max(_CALM, key=chances.__getitem__)
    return best

"""Scores on batches that were left out: rules, words, both; and what the safety score costs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.evaluate import figures
from benchmarks.train_weak.batches import Text
from benchmarks.train_weak.learning import (
    LABELS,
    Settings,
    learn_labels,
    learn_safety,
    learn_trust,
)
from benchmarks.train_weak.regression import Floats, softmax
from bot.reading.combined import chosen
from bot.reading.spec import DRIFT_LABELS, Label

FLOORS = tuple(round(0.30 + step * 0.02, 2) for step in range(26))
LEAST_PRECISION, MOST_ALARMS = 0.80, 0.10
CALM_SHARES = (0.02, 0.05, 0.08, 0.10, 0.12, 0.15, 0.20)
_NEAR_COPY = 0.5
_TWO = 2


@dataclass(frozen=True, slots=True)
class Unseen:
    """Texts with the scores of models that saw nothing of their batch."""

    texts: list[Text]
    logits: Floats
    safety: Floats

    def of(self, batches: Iterable[str]) -> "Unseen":
        """Only the texts of some batches."""
        wanted = set(batches)
        keep = [at for at, text in enumerate(self.texts) if text.batch in wanted]
        return Unseen([self.texts[at] for at in keep], self.logits[keep], self.safety[keep])

    def replies(self) -> "Unseen":
        """Only ordinary replies."""
        keep = [at for at, text in enumerate(self.texts) if text.label is not None]
        return Unseen([self.texts[at] for at in keep], self.logits[keep], self.safety[keep])


def left_out(
    texts: Sequence[Text], examples: Sequence[Text], groups: Sequence[Sequence[str]], how: Settings
) -> Unseen:
    """Score each group of batches by models of all other batches.

    Example sentences that nearly repeat a text of the group are left out as well.
    """
    held: list[Text] = []
    logits, safety = [], []
    for group in groups:
        others = [text for text in texts if text.batch not in group]
        own = [text for text in texts if text.batch in group]
        learnt_from = [*others, *without_copies(examples, own)]
        held += own
        logits.append(learn_labels(learnt_from, how).logits(own))
        safety.append(learn_safety(learnt_from, how).logits(own)[:, 0])
    return Unseen(held, np.vstack(logits), np.concatenate(safety))


def without_copies(examples: Sequence[Text], held: Sequence[Text]) -> list[Text]:
    """Examples that share no more than half of their words with any held-out text."""
    return [
        example
        for example in examples
        if not any(
            len(example.words & text.words) > _NEAR_COPY * len(example.words | text.words)
            for text in held
        )
    ]


def rows_of(unseen: Unseen, trust: Floats, floor: float) -> list[Label]:
    """The labels that both tiers give together."""
    said = np.array([[text.rules_label is label for label in LABELS] for text in unseen.texts])
    chances = softmax(unseen.logits + said * trust)
    return [chosen(dict(zip(LABELS, map(float, row), strict=True)), floor) for row in chances]


def golds(unseen: Unseen) -> list[Label]:
    return [text.label for text in unseen.texts if text.label is not None]


def trust_of(unseen: Unseen) -> Floats:
    """What the rules' labels are worth on these replies."""
    return learn_trust(unseen.logits, golds(unseen), [text.rules_label for text in unseen.texts])


def best_floor(unseen: Unseen, trust: Floats) -> float:
    """The floor with the highest macro-F1 among those precise and quiet enough; else the last.

    The next hand may be a harder one, so precision has to be enough after a standard error, over
    batches, has been taken off.
    """
    good = []
    meant = golds(unseen)
    for floor in FLOORS:
        said = rows_of(unseen, trust, floor)
        f1, precision, _, alarms = figures(meant, said)
        cautious = precision - _standard_error(unseen, meant, said)
        if cautious >= LEAST_PRECISION and alarms <= MOST_ALARMS:
            good.append((f1, floor))
    return max(good)[1] if good else FLOORS[-1]


def _standard_error(unseen: Unseen, meant: list[Label], said: list[Label]) -> float:
    """Of drift precision, from how much batches differ."""
    batches = np.array([text.batch for text in unseen.texts])
    precisions = []
    for batch in sorted(set(batches)):
        at = np.flatnonzero(batches == batch)
        precisions.append(figures([meant[i] for i in at], [said[i] for i in at])[1])
    if len(precisions) < _TWO:
        return 0.0
    return float(np.std(precisions, ddof=1) / len(precisions) ** 0.5)


def ways(unseen: Unseen, names: Sequence[str]) -> dict[str, dict[str, list[Label]]]:
    """Batch -> way of reading -> labels; trust and floor of a batch come from the other ones."""
    labels: dict[str, dict[str, list[Label]]] = {}
    none = np.zeros(len(LABELS))
    for name in names:
        own = unseen.of([name])
        others = unseen.of(set(names) - {name})
        trust = trust_of(others)
        labels[name] = {
            "rules": [text.rules_label for text in own.texts],
            "words": rows_of(own, none, 0.0),
            "words, floor": rows_of(own, none, best_floor(others, none)),
            "both": rows_of(own, trust, 0.0),
            "both, floor": rows_of(own, trust, best_floor(others, trust)),
        }
    return labels


def safety_floor(unseen: Unseen, share: float) -> float:
    """The score that this share of calm replies reaches."""
    calm = [
        score
        for text, score in zip(unseen.texts, unseen.safety, strict=True)
        if text.label is not None and text.label not in DRIFT_LABELS
    ]
    return float(np.quantile(calm, 1 - share))


def safety_shares(unseen: Unseen, floor: float) -> dict[str, float]:
    """Shares with the quiet button, by either tier, of each sort of text."""
    sorts: dict[str, list[bool]] = {}
    for text, score in zip(unseen.texts, unseen.safety, strict=True):
        if text.label is None:
            sort = "grave" if text.grave else "near misses"
        else:
            sort = str(text.label) if text.label in DRIFT_LABELS else "calm"
        sorts.setdefault(sort, []).append(bool(score >= floor) or text.rules_flagged)
    return {sort: sum(hits) / len(hits) for sort, hits in sorts.items()}

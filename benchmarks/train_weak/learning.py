"""From texts to weights: which traits and texts count for how much, and what rules are worth."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.train_weak.batches import EXAMPLES, Text
from benchmarks.train_weak.regression import Floats, fit, softmax, sparse
from bot.reading.spec import DRIFT_LABELS, Label
from bot.reading.weak import UNIT

LABELS = tuple(Label)


@dataclass(frozen=True, slots=True)
class Settings:
    """Choices that the tables in docs/reading.md were made with.

    Attributes:
        penalty: L2 on the weights of the labels.
        safety_penalty: The same for safety.
        example: How much an example sentence counts beside a reply.
        silent: How much an example of what a rule must not hit counts.
        calm: How much a calm reply counts as a near miss, when safety is learnt.
        batches: In how many batches a trait has to occur; examples count as up to two.
        most: How many traits are kept, those with the largest weights.
    """

    penalty: float = 1.2
    safety_penalty: float = 2.0
    example: float = 0.15
    silent: float = 0.1
    calm: float = 0.3
    batches: int = 2
    most: int = 10_000


@dataclass(frozen=True, slots=True)
class Linear:
    """Weights per trait and column; rounded to hundredths."""

    weights: dict[str, NDArray[np.int64]]
    bias: NDArray[np.int64]

    def logits(self, texts: Sequence[Text]) -> Floats:
        """Shape (texts, columns), just as the bot would compute them."""
        sums = [
            self.bias
            + sum(
                (self.weights[trait] for trait in text.traits if trait in self.weights),
                np.zeros_like(self.bias),
            )
            for text in texts
        ]
        return np.array(sums, dtype=float) / UNIT


def learn_labels(texts: Sequence[Text], settings: Settings) -> Linear:
    """The six labels from replies and examples.

    Examples have hardly a neutral one among them, so the bias is set anew afterwards: on the
    replies each label has to be as probable, on average, as it is frequent.
    """
    texts = [text for text in texts if text.label is not None]
    labels = np.array([LABELS.index(text.label) for text in texts if text.label is not None])
    importance = np.array([_importance(text, settings) for text in texts])
    replies = [text for text in texts if text.batch != EXAMPLES]
    shares = Counter(text.label for text in replies)
    frequent = np.array([max(shares[label], 0.5) for label in LABELS]) / len(replies)
    linear = _learnt(
        texts, labels, np.array([text.is_not for text in texts]), importance, len(LABELS),
        settings.penalty, settings,
    )  # fmt: skip
    logits = linear.logits(replies)
    shift = np.zeros(len(LABELS))
    for _ in range(50):
        shift += np.log(frequent) - np.log(softmax(logits + shift).mean(axis=0))
    return Linear(linear.weights, linear.bias + _rounded(shift - shift.mean()))


def learn_safety(texts: Sequence[Text], settings: Settings) -> Linear:
    """One column: grave lines against near misses and calm replies; both sides weigh the same.

    Sentences out of the safety patterns are left out: they are plainer than what people write and
    made it worse on unseen batches.
    """
    texts = [
        text
        for text in texts
        if text.grave is not None or (text.label not in DRIFT_LABELS and text.batch != EXAMPLES)
    ]
    grave = np.array([bool(text.grave) for text in texts])
    importance = np.array([1.0 if text.grave is not None else settings.calm for text in texts])
    for side in (grave, ~grave):
        importance[side] *= len(texts) / 4 / importance[side].sum()
    both = _learnt(
        texts, grave.astype(np.int64), np.zeros(len(texts), dtype=bool), importance, 2,
        settings.safety_penalty, settings,
    )  # fmt: skip
    return Linear(
        {trait: pair[1:] - pair[:1] for trait, pair in both.weights.items()},
        both.bias[1:] - both.bias[:1],
    )


def _importance(text: Text, settings: Settings) -> float:
    if text.batch != EXAMPLES:
        return 1.0
    return settings.silent if text.is_not else settings.example


def _learnt(
    texts: Sequence[Text],
    labels: NDArray[np.int64],
    is_not: NDArray[np.bool_],
    importance: Floats,
    classes: int,
    penalty: float,
    settings: Settings,
) -> Linear:
    traits = carrying(texts, settings.batches)
    column_of = {trait: column for column, trait in enumerate(traits)}
    rows = [sorted(column_of[t] for t in text.traits if t in column_of) for text in texts]
    kept = [at for at, row in enumerate(rows) if row]
    weights, bias = fit(
        sparse([rows[at] for at in kept], len(traits)),
        labels[kept], is_not[kept], importance[kept], classes, penalty,
    )  # fmt: skip
    strength = np.abs(weights).max(axis=1)
    strongest = np.argsort(-strength, kind="stable")[: settings.most]
    rounded = _rounded(weights)
    return Linear(
        {traits[at]: rounded[at] for at in sorted(strongest) if rounded[at].any()}, _rounded(bias)
    )


def carrying(texts: Sequence[Text], batches: int) -> list[str]:
    """Traits that more than one hand writes; topics of a single one are left out."""
    hands: dict[str, Counter[str]] = {}
    for text in texts:
        for trait in text.traits:
            hands.setdefault(trait, Counter())[text.batch] += 1
    return sorted(
        trait
        for trait, counts in hands.items()
        if len(counts.keys() - {EXAMPLES}) + min(2, counts[EXAMPLES] // 2) >= batches
    )


def learn_trust(logits: Floats, labels: Sequence[Label], by_rules: Sequence[Label]) -> Floats:
    """What a label that the rules give is worth, in logits, beside what the words say.

    Args:
        logits: Of texts that the words' model did not learn from.
        labels: What the texts are.
        by_rules: What the rules said when they first read them.
    """
    said = np.array([[rule is label for label in LABELS] for rule in by_rules], dtype=float)
    said[:, LABELS.index(Label.NEUTRAL)] = 0
    meant = np.array([[label is other for other in LABELS] for label in labels], dtype=float)
    trust = np.ones(len(LABELS))
    for _ in range(500):
        chances = softmax(logits + said * trust)
        slope = (said * (meant - chances)).sum(axis=0)
        curve = (said * chances * (1 - chances)).sum(axis=0)
        # a prior of two logits, as wide as one
        trust += 0.5 * (slope - (trust - 2)) / (curve + 1)
    trust[LABELS.index(Label.NEUTRAL)] = 0
    return trust


def _rounded(weights: Floats) -> NDArray[np.int64]:
    return np.rint(weights * UNIT).astype(np.int64)

"""The weak tier: a linear model over words and structure that says what a reply sounds like.

It reads more replies than the rules do, and reads them worse. So what it finds is never shown as a
finding, never drops a bead, and can only bring the quiet help button, never take it away. See
`docs/reading.md` for how it was measured.
"""

import math
import struct
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from itertools import combinations, compress, count, repeat
from operator import or_

from bot.reading.line import Line
from bot.reading.spec import Label
from bot.reading.traits import (
    LENGTHS,
    NO_KINDS,
    STRUCTURE,
    TOGETHER,
    Kinds,
    beginning_of,
    is_of_pairs,
    kinds_in,
    marks_of,
    parts_of,
    step_of,
    token_of,
)

# weights are whole hundredths, so that sums are exact and do not depend on the order
UNIT = 100
_LABELS = tuple(Label)
# room for the sum of more traits than 4,096 characters have
_BITS = 32
_SIGN = 1 << (_BITS - 1)
_SUMS = struct.Struct(f"<{len(_LABELS) + 1}I")
# a token's number; 0 is a token that the model has not heard of, and no trait of any model has it
_UNHEARD_OF = 0
_NOT_BY_HEART = -1


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
        kinds: Token -> what kinds of word it is, "=YIELD" for instance.
    """

    version: str
    trained_on: str
    weights: Mapping[str, tuple[int, ...]]
    bias: tuple[int, ...]
    trust: Mapping[Label, float] = field(default_factory=dict)
    drift_floor: float = 0.5
    safety_floor: float = math.inf
    kinds: Kinds = field(default_factory=lambda: NO_KINDS)


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
    """Scores lines by one model; holds no state between them.

    Tokens are whole numbers here and a trait of two tokens is one number made of theirs, so that a
    line's traits are looked up without spelling them out; `traits_of` says what they are. The few
    others (`kinds_in`, `marks_of`, beginnings) are looked up as they are written.
    """

    def __init__(self, model: WeakModel, words: Iterable[str] = ()) -> None:
        """Pack each trait's weights into one whole number, so that all are added up at once.

        Args:
            model: What was learnt; its weights are not kept a second time.
            words: Words to know by heart; others are cut to their stems anew each time.
        """
        self.model = replace(model, weights={})
        # lifted above zero, so that no sum borrows from its neighbour
        self._bias = _pack(tuple(weight + _SIGN for weight in model.bias))
        self._tokens: dict[str, int] = {}
        pairs = [trait for trait in model.weights if is_of_pairs(trait)]
        for trait in pairs:
            for token in parts_of(trait)[::2]:
                self._tokens.setdefault(token, len(self._tokens) + 1)
        for token in (*sorted(STRUCTURE), *model.kinds):
            self._tokens.setdefault(token, len(self._tokens) + 1)
        self._names = ["", *self._tokens]
        # whole numbers of less than 30 bits are the fastest, so no bit is given away
        self._shift = len(self._tokens).bit_length()
        self._distant, self._anywhere = 1 << 2 * self._shift, 2 << 2 * self._shift
        self._packed = {self._key(*parts_of(trait)): _pack(model.weights[trait]) for trait in pairs}
        self._others = {
            trait: _pack(weights)
            for trait, weights in model.weights.items()
            if not is_of_pairs(trait)
        }
        self._comma = self._tokens.get(",", _UNHEARD_OF)
        self._together = tuple(self._tokens[token] for token in TOGETHER if token in self._tokens)
        self._lengths = tuple(self._tokens.get(name, _UNHEARD_OF) for name in LENGTHS)
        self._words: dict[str, int] = {}
        self._beginnings: dict[str, str] = {}
        self._learn(words)

    def knowing(self, words: Iterable[str]) -> "WeakReader":
        """The same reader, with some words known by heart."""
        other = copy(self)
        other._learn(words)
        return other

    def _learn(self, words: Iterable[str]) -> None:
        self._words, self._beginnings = {}, {}
        for word in words:
            self._words[word] = self._token_of(word)
            self._beginnings[word] = beginning_of(token_of(word))

    def read(self, line: Line) -> WeakReading:
        """Score one line; never raises, and takes time in proportion to its length."""
        tokens = self._tokens_of(line)
        total = sum(filter(None, map(self._packed.get, self._keys(tokens))), self._bias)
        if self._others:
            found = map(self._others.get, self._unpaired(line, tokens))
            total = sum(filter(None, found), total)
        sums = _SUMS.unpack(total.to_bytes(_SUMS.size, "little"))
        *labels, safety = [(each - _SIGN) / UNIT for each in sums]
        return WeakReading(self.model, tuple(labels), safety)

    def _unpaired(self, line: Line, tokens: list[int]) -> set[str]:
        """The traits that are no tokens and no pairs of them."""
        texts = line.words.texts
        found = set(map(self._beginnings.get, texts))
        if None in found:
            strange = {text for text in texts if text not in self._beginnings}
            found.update(beginning_of(token_of(text)) for text in strange)
        names = [self._names[token] for token in tokens]
        return {*filter(None, found), *kinds_in(names, self.model.kinds), *marks_of(line, names)}

    def _keys(self, tokens: list[int]) -> set[int]:
        """The numbers of traits, and of others that no model has."""
        keys = set(tokens)
        here = [token for token in self._together if token in keys]
        shift, far, anywhere = self._shift, self._distant, self._anywhere
        first = [token << shift for token in tokens]
        distant = [token | far for token in first]
        keys.update(
            map(or_, first, tokens[1:]),
            map(or_, distant, tokens[2:]),
            map(or_, distant, tokens[3:]),
            [one << shift | other | anywhere for one, other in combinations(here, 2)],
        )
        keys.add(self._lengths[step_of(len(tokens))])
        return keys

    def _tokens_of(self, line: Line) -> list[int]:
        texts, commas = line.words.texts, line.words.commas
        tokens = list(map(self._words.get, texts, repeat(_NOT_BY_HEART)))
        if _NOT_BY_HEART in tokens:
            for at in [at for at, token in enumerate(tokens) if token < 0]:
                tokens[at] = self._token_of(texts[at])
        if True not in commas:
            return tokens
        with_commas: list[int] = []
        copied = 0
        for past in compress(count(1), commas):
            with_commas += tokens[copied:past]
            with_commas.append(self._comma)
            copied = past
        return with_commas + tokens[copied:]

    def _token_of(self, word: str) -> int:
        return self._tokens.get(token_of(word), _UNHEARD_OF)

    def _key(self, first: str, sign: str, second: str) -> int:
        """The number of a trait."""
        one = self._tokens[first]
        if not sign:
            return one
        kind = {" ": 0, "~": self._distant, "&": self._anywhere}[sign]
        return one << self._shift | self._tokens[second] | kind


def _pack(weights: tuple[int, ...]) -> int:
    return sum(weight << (_BITS * place) for place, weight in enumerate(weights))


def probabilities(logits: tuple[float, ...]) -> dict[Label, float]:
    """Logits in the order of `Label` as probabilities."""
    highest = max(logits)
    shares = [math.exp(logit - highest) for logit in logits]
    total = sum(shares)
    return {label: share / total for label, share in zip(_LABELS, shares, strict=True)}

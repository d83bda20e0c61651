"""What the reader reads by: families, patterns, gates and words, all of it data.

Nothing here knows where the data comes from; `prompts.markers` fills these from YAML. See
`docs/reading.md` for what the families mean and how the notation is written.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.drift.rules import Axis


class Label(StrEnum):
    """What one reply sounds most like."""

    MERGING = "merging"
    DEFERRING = "deferring"
    DIRECTING = "directing"
    DISTANCE = "distance"
    INTERDEPENDENT = "interdependent"
    NEUTRAL = "neutral"


DRIFT_LABELS = (Label.MERGING, Label.DEFERRING, Label.DIRECTING, Label.DISTANCE)


class SafetyKind(StrEnum):
    """What a safety flag is about; shown to nobody by name."""

    DANGER_NOW = "A"
    SELF_HARM = "B"
    HARM_BY_PARTNER = "C"
    CHILD = "D"
    HARM_BY_WRITER = "E"


class Certainty(StrEnum):
    """How sure a safety flag is: `possible` only brings the quiet help button."""

    POSSIBLE = "possible"
    SURE = "sure"


class Scope(StrEnum):
    """Where around a hit a gate looks for its cue."""

    NEAR = "near"  # in the same clause, at most three words before the hit
    BEFORE = "before"  # in the same clause, before the hit or inside it
    CLAUSE = "clause"  # anywhere in the clauses the hit touches
    AFTER = "after"  # from the hit to the end of its sentence
    SENTENCE = "sentence"
    EARLIER = "earlier"  # from the start of the reply to the hit
    LATER = "later"  # from the end of the hit to the end of the reply
    REPLY = "reply"
    QUOTED = "quoted"  # the hit stands in quotation marks; needs no cue
    PERSON = "person"  # the hit is about somebody else than the partner; needs no cue


class Effect(StrEnum):
    """What a gate does to a hit."""

    DROP = "drop"
    HALVE = "halve"


@dataclass(frozen=True, slots=True)
class Pattern:
    """One structure of words in the readable notation.

    Attributes:
        say: The pattern.
        unless: Patterns that silence this one, found in the same sentence and not far off.
        half: True if a hit counts half, for structures that are broad on purpose.
        spared: Names of gates that do not apply, because the pattern means what they look for.
        fires: Sentences that must hit.
        silent: Sentences that must not.
        where: `file:line`, for messages.
    """

    say: str
    unless: tuple[str, ...] = ()
    half: bool = False
    spared: frozenset[str] = frozenset()
    fires: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    where: str = ""


@dataclass(frozen=True, slots=True)
class Family:
    """Patterns that say the same thing in different words.

    Attributes:
        id: For example ``M1``.
        rule: The id of the one rule it gives evidence to.
        plain: What it says, in plain words.
        label: What a reply with it sounds like.
        pull: How strongly a full hit speaks for its label, 0..1.
        weights: Beads per axis as (plus, minus), 0..1 each.
        patterns: Its patterns in the order of the file.
        not_asked_about: What the question must not be about for a hit to count.
        quiet_when_unsafe: True if it does not count beside a sure safety flag.
        where: `file:line`, for messages.
    """

    id: str
    rule: str
    plain: str
    label: Label
    pull: float
    weights: Mapping[Axis, tuple[float, float]]
    patterns: tuple[Pattern, ...]
    not_asked_about: frozenset[str] = frozenset()
    quiet_when_unsafe: bool = False
    where: str = ""


@dataclass(frozen=True, slots=True)
class Cue:
    """What a gate looks for and where."""

    scope: Scope
    words: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gate:
    """A reason to set a hit aside, with the words for *Why?*.

    Attributes:
        name: For example ``G1``.
        plain: Why, in plain words ("said with a no").
        effect: Whether the hit is dropped or halved.
        cues: Where it looks for what; any one is enough.
        labels: Labels it applies to; empty means all.
    """

    name: str
    plain: str
    effect: Effect
    cues: tuple[Cue, ...]
    labels: frozenset[Label] = frozenset()
    families: frozenset[str] = frozenset()
    where: str = ""


@dataclass(frozen=True, slots=True)
class SafetyPattern:
    """One structure of the safety detector."""

    kind: SafetyKind
    certainty: Certainty
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Lists of words that the normaliser works with.

    Attributes:
        spellings: What is written -> the words it stands for (contractions, shorthand, typos).
        phrases: Several words -> what they are read as; an empty reading drops them.
        emoji: A character -> a word.
        fillers: Words that are read over.
        helpers: Words that the notation's `*` may skip (adverbs, auxiliaries).
        negations: Words that a gap never crosses.
        participles: Words after which 's and 'd mean *has* and *had*.
        partner_nouns: "husband", "girlfriend"; one's own with my, the, or nothing before them.
        own_nouns: "man", "love"; one's own only after *my*.
        not_partner: Words before a partner noun that make it somebody else's ("a", "her", "ex").
        partner_modifiers: Words allowed between *my* and the noun ("lovely", "dear").
        others: Nouns for other people -> "m", "f" or "n".
        names: First names, read as the partner's unless bound to somebody else.
        verbs: Words that start a sentence with *I* dropped.
        joiners: Words that open a new clause.
        forms: Irregular verbs: base -> its other forms.
        english: Common words, to tell whether a text is English.
        foreign: Common words of other languages that are not English words.
    """

    spellings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    phrases: Mapping[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)
    emoji: Mapping[str, str] = field(default_factory=dict)
    fillers: frozenset[str] = frozenset()
    helpers: frozenset[str] = frozenset()
    negations: frozenset[str] = frozenset()
    participles: frozenset[str] = frozenset()
    partner_nouns: frozenset[str] = frozenset()
    own_nouns: frozenset[str] = frozenset()
    not_partner: frozenset[str] = frozenset()
    partner_modifiers: frozenset[str] = frozenset()
    others: Mapping[str, str] = field(default_factory=dict)
    names: frozenset[str] = frozenset()
    verbs: frozenset[str] = frozenset()
    joiners: frozenset[str] = frozenset()
    forms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    english: frozenset[str] = frozenset()
    foreign: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ReadingSpec:
    """Everything the reader needs."""

    lexicon: Lexicon
    macros: Mapping[str, str]
    families: tuple[Family, ...]
    gates: tuple[Gate, ...]
    safety: tuple[SafetyPattern, ...]
    safety_gates: tuple[Gate, ...] = ()
    floor: float = 0.45
    version: str = ""


def stamp(*content: object) -> str:
    """Twelve hex digits that change when the content does."""
    return hashlib.sha256(repr(content).encode()).hexdigest()[:12]

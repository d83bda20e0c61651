"""Text -> beads, label and safety flags, each with its reason."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.drift.rules import Axis
from bot.reading.clauses import Clauses, find_clauses
from bot.reading.gates import Around, CompiledCue, CompiledGate, closes, strength_after
from bot.reading.labels import label_of
from bot.reading.language import Language, language_of
from bot.reading.line import Line
from bot.reading.markers import Found, Matcher, OneSet
from bot.reading.normalise import Normaliser
from bot.reading.notation import Notation
from bot.reading.safety import SafetyFlag, flags_of
from bot.reading.spec import Certainty, Effect, Family, Gate, Label, ReadingSpec, SafetyKind

ALREADY_COUNTED = "G11"
ASKED_ABOUT_BOTH = "G7"
_HALF = 0.5


@dataclass(frozen=True, slots=True)
class Bead:
    """Evidence from one phrase.

    Attributes:
        rule: Id of the rule it belongs to.
        family: Id of the family that found it.
        weights: Per axis (plus, minus), after halving.
        phrase: The person's own words.
        strength: What is left of a full hit: 1, or 0.5 or less after halving.
    """

    rule: str
    family: str
    weights: Mapping[Axis, tuple[float, float]]
    phrase: str
    strength: float


@dataclass(frozen=True, slots=True)
class SetAside:
    """A hit that does not count, and the gate that says why."""

    family: str
    phrase: str
    gate: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found in one text."""

    label: Label
    beads: tuple[Bead, ...]
    set_aside: tuple[SetAside, ...]
    safety: tuple[SafetyFlag, ...]
    language: Language


@dataclass(frozen=True, slots=True)
class _Hit:
    family: Family
    found: Found
    strength: float


class Reader:
    """Reads texts by one specification; holds no state between texts."""

    def __init__(self, spec: ReadingSpec) -> None:
        """Compile the specification.

        Raises:
            NotationError: If a pattern cannot be read.
            ValueError: If RE2 refuses the patterns as a whole.
        """
        notation = Notation(spec.macros, spec.lexicon)
        self._spec = spec
        self._matchers = [
            (family, Matcher.of(pattern, notation))
            for family in spec.families
            for pattern in family.patterns
        ]
        self._safety = [
            (item.kind, item.certainty, Matcher.of(item.pattern, notation)) for item in spec.safety
        ]
        self._gates = [_compiled(gate, notation) for gate in spec.gates]
        self._safety_gates = [_compiled(gate, notation) for gate in spec.safety_gates]
        expressions = [matcher.expression for _, matcher in self._matchers]
        expressions += [matcher.expression for _, _, matcher in self._safety]
        self._set = OneSet(expressions)
        known = frozenset().union(*(matcher.literals for _, matcher in self._matchers))
        self._normaliser = Normaliser(spec.lexicon, known | spec.lexicon.english)

    @property
    def version(self) -> str:
        """The stamp of everything the reader reads by."""
        return self._spec.version

    def line(self, text: str) -> Line:
        """The normalised line of a text."""
        return self._normaliser.line(text)

    def read(self, text: str, question_axis: str | None = None) -> Reading:
        """Read one text; never raises, whatever the text.

        Args:
            text: What the person wrote; the first 4,096 characters are read.
            question_axis: What the answered question was about ("self", "together", "balance"),
                if it answers one: *we think* means little when asked about the two of you.
        """
        line = self._normaliser.line(text)
        language = language_of(line, self._spec.lexicon)
        which = self._set.which(line.text)
        if not which:
            return Reading(Label.NEUTRAL, (), (), (), language)
        clauses = find_clauses(line, self._spec.lexicon)
        count = len(self._matchers)
        safety = flags_of(
            [self._safety[index - count] for index in which if index >= count],
            self._safety_gates,
            line,
            clauses,
        )
        if language is Language.OTHER:
            return Reading(Label.NEUTRAL, (), (), safety, language)
        hits, set_aside = self._hits(
            [index for index in which if index < count], line, clauses, question_axis
        )
        if any(
            flag.certainty is Certainty.SURE and flag.kind is not SafetyKind.SELF_HARM
            for flag in safety
        ):
            # shared say under coercion is not shared say
            set_aside += [
                SetAside(hit.family.id, line.phrase(hit.found.first, hit.found.last), "safety")
                for hit in hits
                if hit.family.quiet_when_unsafe
            ]
            hits = [hit for hit in hits if not hit.family.quiet_when_unsafe]
        label = label_of(
            [(hit.family.label, hit.family.pull * hit.strength) for hit in hits], self._spec.floor
        )
        beads = tuple(_bead(hit, line) for hit in hits)
        return Reading(label, beads, tuple(set_aside), safety, language)

    def _hits(
        self, which: list[int], line: Line, clauses: Clauses, question_axis: str | None
    ) -> tuple[list[_Hit], list[SetAside]]:
        """Hits that count, one per family, and those set aside."""
        best: dict[str, _Hit] = {}
        set_aside: list[SetAside] = []
        places: dict[int, list[Found]] = {}
        for index in which:
            family, matcher = self._matchers[index]
            for found in matcher.occurrences(line, clauses):
                around = Around(line, clauses, found, matcher.literals)
                closed = [
                    gate
                    for gate in self._gates
                    if gate.concerns(family, matcher.pattern) and closes(gate, around, places)
                ]
                dropping = next(
                    (gate.gate.name for gate in closed if gate.gate.effect is Effect.DROP), None
                )
                if question_axis in family.not_asked_about:
                    dropping = dropping or ASKED_ABOUT_BOTH
                phrase = line.phrase(found.first, found.last)
                if dropping is not None:
                    set_aside.append(SetAside(family.id, phrase, dropping))
                    continue
                strength = (_HALF if matcher.pattern.half else 1.0) * strength_after(closed)
                hit = _Hit(family, found, strength)
                other = best.get(family.id)
                if other is None or other.strength < strength:
                    best[family.id] = hit
                if other is not None:
                    loser = hit if best[family.id] is other else other
                    set_aside.append(
                        SetAside(
                            family.id,
                            line.phrase(loser.found.first, loser.found.last),
                            ALREADY_COUNTED,
                        )
                    )
        return list(best.values()), set_aside


def _compiled(gate: Gate, notation: Notation) -> CompiledGate:
    return CompiledGate(gate, tuple(CompiledCue.of(cue, notation) for cue in gate.cues))


def _bead(hit: _Hit, line: Line) -> Bead:
    weights = {
        axis: (plus * hit.strength, minus * hit.strength)
        for axis, (plus, minus) in hit.family.weights.items()
    }
    return Bead(
        hit.family.rule,
        hit.family.id,
        weights,
        line.phrase(hit.found.first, hit.found.last),
        hit.strength,
    )

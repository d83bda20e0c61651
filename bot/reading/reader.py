"""Text -> beads, label and safety flags, each with its reason."""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, replace
from itertools import chain
from sys import intern

from bot.drift.rules import Axis
from bot.reading.clauses import Clauses, find_clauses
from bot.reading.codes import Codes
from bot.reading.gates import Around, CompiledCue, CompiledGate, Cues
from bot.reading.index import Index
from bot.reading.labels import label_of
from bot.reading.language import Language, language_of
from bot.reading.line import ENDS, Line
from bot.reading.markers import Expression, Found, Matcher
from bot.reading.normalise import Normaliser
from bot.reading.notation import Notation
from bot.reading.safety import SafetyFlag, flags_of
from bot.reading.spec import Certainty, Effect, Family, Gate, Label, ReadingSpec, SafetyKind
from bot.reading.usage import Usage

ALREADY_COUNTED = "G11"
ASKED_ABOUT_BOTH = "G7"
UNSAFE = "safety"
_HALF = 0.5
_A_FEW = 4


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
    """Reads texts by one specification; keeps nothing of what people write."""

    def __init__(self, spec: ReadingSpec) -> None:
        """Compile the specification.

        Raises:
            NotationError: If a pattern cannot be read.
            ValueError: If RE2 refuses the patterns as a whole.
        """
        codes = Codes(spec.lexicon)
        usage = Usage(spec.lexicon, _examples(spec))
        notation = Notation(spec.macros, spec.lexicon, codes, usage)
        self._version, self._lexicon, self._floor = spec.version, spec.lexicon, spec.floor
        self._matchers = [
            (bare, Matcher(pattern, notation))
            for family in spec.families
            for bare in [replace(family, patterns=())]
            for pattern in family.patterns
        ]
        self._safety = [
            (item.kind, item.certainty, Matcher(item.pattern, notation)) for item in spec.safety
        ]
        self._gates = [_compiled(gate, notation) for gate in spec.gates]
        self._safety_gates = [_compiled(gate, notation) for gate in spec.safety_gates]
        self._cues = [
            (cue, expression)
            for gate in self._gates + self._safety_gates
            for cue in gate.cues
            for expression in cue.words
        ]
        self._expressions = [
            *(matcher.expression for _, matcher in self._matchers),
            *(matcher.expression for _, _, matcher in self._safety),
            *(expression for _, expression in self._cues),
        ]
        first_cue = len(self._matchers) + len(self._safety)
        self._index = Index(
            [expression.structure for expression in self._expressions],
            notation,
            whole=range(first_cue, first_cue + len(self._cues)),
        )
        for expression in self._expressions:
            expression.forget_ways()
        for _, matcher in self._matchers:
            matcher.forget_words()
        for _, _, matcher in self._safety:
            matcher.forget_words()
        # whatever a pattern names is English too
        self._english = frozenset(map(intern, spec.lexicon.english | codes.words.keys()))
        self._foreign = spec.lexicon.foreign - self._english
        self._normaliser = Normaliser(spec.lexicon, codes)

    @property
    def version(self) -> str:
        """The stamp of everything the reader reads by."""
        return self._version

    @property
    def words(self) -> Set[str]:
        """All words that patterns name or that are common."""
        return self._english

    def prepare(self) -> None:
        """Compile all patterns now; otherwise each is compiled when a text first asks for it."""
        # cues are seldom looked for, and then where they stand
        for expression in self._expressions[: len(self._expressions) - len(self._cues)]:
            expression.prepare()

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
        return self.read_line(self._normaliser.line(text), question_axis)

    def read_line(self, line: Line, question_axis: str | None = None) -> Reading:
        """Read a text that is a line already; see `read`."""
        language = language_of(line, self._english, self._foreign)
        families, safety_patterns, cues = self._found_in(line)
        if not families and not safety_patterns:
            return Reading(Label.NEUTRAL, (), (), (), language)
        clauses = find_clauses(line, self._lexicon)
        safety = flags_of(safety_patterns, self._safety_gates, cues, line, clauses)
        if language is Language.OTHER:
            return Reading(Label.NEUTRAL, (), (), safety, language)
        hits, set_aside = self._hits(families, cues, line, clauses, question_axis)
        if _is_unsafe(safety):
            set_aside += [
                SetAside(hit.family.id, _quoted(hit.found, line, clauses), UNSAFE)
                for hit in hits
                if hit.family.quiet_when_unsafe
            ]
            hits = [hit for hit in hits if not hit.family.quiet_when_unsafe]
        label = label_of(
            [(hit.family.label, hit.family.pull * hit.strength) for hit in hits], self._floor
        )
        beads = tuple(_bead(hit, _quoted(hit.found, line, clauses)) for hit in hits)
        return Reading(label, beads, tuple(set_aside), safety, language)

    def _found_in(
        self, line: Line
    ) -> tuple[list[tuple[Family, Matcher]], list[tuple[SafetyKind, Certainty, Matcher]], Cues]:
        """What the words of the line leave to be asked."""
        count, safety_count = len(self._matchers), len(self._safety)
        families: list[tuple[Family, Matcher]] = []
        safety: list[tuple[SafetyKind, Certainty, Matcher]] = []
        cues: dict[CompiledCue, list[Expression]] = {}
        text, expressions = line.text, self._expressions
        for index, start, past in self._index.candidates(line):
            if index >= count + safety_count:
                cue, expression = self._cues[index - count - safety_count]
                cues.setdefault(cue, []).append(expression)
            elif expressions[index].stands_in(text[start:past]):
                if index < count:
                    families.append(self._matchers[index])
                else:
                    safety.append(self._safety[index - count])
        return families, safety, Cues(line, cues)

    def _hits(
        self,
        families: list[tuple[Family, Matcher]],
        cues: Cues,
        line: Line,
        clauses: Clauses,
        question_axis: str | None,
    ) -> tuple[list[_Hit], list[SetAside]]:
        """Hits that count, one per family, and those set aside."""
        best: dict[str, _Hit] = {}
        set_aside: list[SetAside] = []
        gates = [gate for gate in self._gates if cues.may_close(gate)]
        for family, matcher in families:
            for found in matcher.occurrences(line, clauses):
                dropping, strength = self._weighed(
                    family, matcher, Around(line, clauses, found, matcher.literals), gates, cues
                )
                if question_axis in family.not_asked_about:
                    dropping = dropping or ASKED_ABOUT_BOTH
                if dropping is not None:
                    set_aside.append(SetAside(family.id, _quoted(found, line, clauses), dropping))
                    continue
                hit = _Hit(family, found, strength)
                other = best.setdefault(family.id, hit)
                if other is not hit:
                    best[family.id], loser = (
                        (hit, other) if other.strength < strength else (other, hit)
                    )
                    set_aside.append(
                        SetAside(family.id, _quoted(loser.found, line, clauses), ALREADY_COUNTED)
                    )
                # one that counts is enough, the family counts once
                break
        return list(best.values()), set_aside

    @staticmethod
    def _weighed(
        family: Family,
        matcher: Matcher,
        around: Around,
        gates: list[CompiledGate],
        cues: Cues,
    ) -> tuple[str | None, float]:
        """The gate that drops a hit, if one does, and what is left of its strength."""
        strength = _HALF if matcher.pattern.half else 1.0
        for gate in gates:
            if gate.concerns(family, matcher.pattern) and cues.closes(gate, around):
                if gate.gate.effect is Effect.DROP:
                    return gate.gate.name, 0.0
                strength *= _HALF
        return None, strength


def _examples(spec: ReadingSpec) -> Iterator[str]:
    for pattern in chain(
        (pattern for family in spec.families for pattern in family.patterns),
        (item.pattern for item in spec.safety),
    ):
        yield from pattern.fires
        yield from pattern.silent


def _is_unsafe(flags: tuple[SafetyFlag, ...]) -> bool:
    """Whether shared say cannot be taken as shared: a "compromise" under coercion is none."""
    return any(
        flag.certainty is Certainty.SURE and flag.kind is not SafetyKind.SELF_HARM for flag in flags
    )


def _quoted(found: Found, line: Line, clauses: Clauses) -> str:
    """The person's own words, to the end of the clause where that is near."""
    texts = line.words.texts
    end = clauses.clause(found.last)[1] - 1
    while end > found.last and texts[end] in ENDS:
        end -= 1
    return line.phrase(found.first, end if end - found.last <= _A_FEW else found.last)


def _compiled(gate: Gate, notation: Notation) -> CompiledGate:
    return CompiledGate(gate, tuple(CompiledCue(cue, notation) for cue in gate.cues))


def _bead(hit: _Hit, phrase: str) -> Bead:
    weights = {
        axis: (plus * hit.strength, minus * hit.strength)
        for axis, (plus, minus) in hit.family.weights.items()
    }
    return Bead(
        hit.family.rule,
        hit.family.id,
        weights,
        phrase,
        hit.strength,
    )

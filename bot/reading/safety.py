"""The safety detector: recall first, apart from scoring.

What it finds is *possible* (only the quiet help button comes of it) or *sure*. Nothing is ever said
about its silence: help is one tap away whatever it finds. Negation, past and hypotheticals do not
silence it ("he hasn't hit me this week" counts, softly); games, films, idioms and other people
soften a sure finding to a possible one or, where the pattern says so, silence it.
"""

from dataclasses import dataclass

from bot.reading.clauses import Clauses
from bot.reading.gates import Around, CompiledGate, Cues
from bot.reading.line import Line
from bot.reading.markers import Matcher
from bot.reading.spec import Certainty, Effect, SafetyKind


@dataclass(frozen=True, slots=True)
class SafetyFlag:
    """One kind of concern in a reply and how sure it is; holds no text."""

    kind: SafetyKind
    certainty: Certainty


def flags_of(
    matchers: list[tuple[SafetyKind, Certainty, Matcher]],
    gates: list[CompiledGate],
    cues: Cues,
    line: Line,
    clauses: Clauses,
) -> tuple[SafetyFlag, ...]:
    """The flags of a reply, one per kind, the surest of each; gates soften, or drop a possible."""
    if not matchers:
        return ()
    surest: dict[SafetyKind, Certainty] = {}
    gates = [gate for gate in gates if cues.may_close(gate)]
    for kind, certainty, matcher in matchers:
        if surest.get(kind) is Certainty.SURE:
            continue
        for found in matcher.occurrences(line, clauses):
            around = Around(line, clauses, found, matcher.literals)
            found_certainty = _after_gates(certainty, gates, cues, around, matcher)
            if found_certainty is not None and surest.get(kind) is not Certainty.SURE:
                surest[kind] = found_certainty
    return tuple(SafetyFlag(kind, surest[kind]) for kind in SafetyKind if kind in surest)


def _after_gates(
    certainty: Certainty,
    gates: list[CompiledGate],
    cues: Cues,
    around: Around,
    matcher: Matcher,
) -> Certainty | None:
    for gate in gates:
        if gate.gate.name in matcher.pattern.spared or not cues.closes(gate, around):
            continue
        if gate.gate.effect is Effect.DROP or certainty is Certainty.POSSIBLE:
            return None
        certainty = Certainty.POSSIBLE
    return certainty

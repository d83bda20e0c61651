"""Reasons to set a hit aside, worked clause by clause.

A hit in "my boss decides", "he used to decide" or "if he decided" is found and then set aside, and
kept with the gate's name so that *Why?* can show it. The gates are data; this is what their scopes
mean. The idea of looking for a cue in a limited scope before a finding is that of NegEx and ConText
(Chapman and colleagues).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.reading.clauses import Clauses
from bot.reading.line import Line
from bot.reading.markers import Expression, Found
from bot.reading.notation import Notation
from bot.reading.spec import Cue, Family, Gate, Pattern, Scope

_NEAR = 3
_HE = frozenset({"he", "him", "his", "himself"})
_SHE = frozenset({"she", "her", "hers", "herself"})
_ACTORS = frozenset({"i", "we", "he", "she", "prt", "they", "you"})


class CompiledCue:
    """A cue that can be searched for; scopes that need no words have none."""

    __slots__ = ("_unless", "scope", "words")

    def __init__(self, cue: Cue, notation: Notation) -> None:
        """Read a cue.

        Raises:
            NotationError: If one of its patterns cannot be read.
        """
        self.scope = cue.scope
        self.words = tuple(Expression(notation.read(words)) for words in cue.words)
        self._unless = Expression(notation.either(cue.unless)) if cue.unless else None

    def places(self, line: Line, candidates: list[Expression]) -> list[Found]:
        """Where one of its candidates stands in the line, its exceptions left out."""
        found = [place for expression in candidates for place in expression.places(line)]
        if not found or self._unless is None or not self._unless.stands_in(line.text):
            return found
        excepted = list(self._unless.places(line))
        return [
            place
            for place in found
            if not any(e.first <= place.first and place.last <= e.last for e in excepted)
        ]


@dataclass(slots=True)
class CompiledGate:
    """A gate with its cues compiled."""

    gate: Gate
    cues: tuple[CompiledCue, ...]
    scopes: frozenset[Scope] = field(init=False)
    searched: frozenset[CompiledCue] = field(init=False)

    def __post_init__(self) -> None:
        self.scopes = frozenset(cue.scope for cue in self.cues)
        self.searched = frozenset(cue for cue in self.cues if cue.words)

    def concerns(self, family: Family, pattern: Pattern) -> bool:
        """Whether the gate applies to a hit of this pattern at all."""
        gate = self.gate
        return (
            gate.name not in pattern.spared
            and (not gate.labels or family.label in gate.labels)
            and (not gate.families or family.id in gate.families)
        )


class Around:
    """A hit and what stands around it."""

    __slots__ = ("_ranges", "clauses", "found", "line", "literals")

    def __init__(self, line: Line, clauses: Clauses, found: Found, literals: Sequence[str]) -> None:
        """Keep what is known; what it means for scopes is worked out when a gate asks."""
        self.line = line
        self.clauses = clauses
        self.found = found
        self.literals = literals
        self._ranges: dict[Scope, tuple[int, int]] = {}

    def within(self, scope: Scope) -> tuple[int, int]:
        """The first and the last word that a cue of this scope may have."""
        if not self._ranges:
            first, last = self.found.first, self.found.last
            clause_start = self.clauses.clause(first)[0]
            sentence_end = self.clauses.sentence(last)[1] - 1
            past = len(self.line.words)
            self._ranges = {
                Scope.NEAR: (clause_start, first - 1),
                Scope.BEFORE: (clause_start, last),
                Scope.CLAUSE: (clause_start, self.clauses.clause(last)[1] - 1),
                Scope.AFTER: (first, sentence_end),
                Scope.SENTENCE: (self.clauses.sentence(first)[0], sentence_end),
                Scope.EARLIER: (0, first - 1),
                Scope.LATER: (last + 1, past),
                Scope.REPLY: (0, past),
            }
        return self._ranges[scope]


class Cues:
    """The cues that may stand in one line; where they do is looked up when a hit asks."""

    def __init__(self, line: Line, candidates: Mapping[CompiledCue, list[Expression]]) -> None:
        """Keep for each cue those of its patterns whose words the line has."""
        self._line = line
        self._candidates = candidates
        self._places: dict[CompiledCue, list[Found]] = {}
        self._somebody_else = any(not mention.partner for mention in line.mentions)

    def may_close(self, gate: CompiledGate) -> bool:
        """Whether the gate could close on any hit in this line."""
        return (
            not gate.searched.isdisjoint(self._candidates)
            or (bool(self._line.quoted) and Scope.QUOTED in gate.scopes)
            or (self._somebody_else and Scope.PERSON in gate.scopes)
        )

    def closes(self, gate: CompiledGate, around: Around) -> bool:
        """Whether the gate closes on a hit."""
        return any(self._present(cue) and self._applies(cue, around) for cue in gate.cues)

    def _present(self, cue: CompiledCue) -> bool:
        if cue.scope is Scope.QUOTED:
            return bool(self._line.quoted)
        if cue.scope is Scope.PERSON:
            return self._somebody_else
        return cue in self._candidates

    def _applies(self, cue: CompiledCue, around: Around) -> bool:
        if cue.scope is Scope.QUOTED:
            return _quoted(around)
        if cue.scope is Scope.PERSON:
            return _about_somebody_else(around)
        if cue not in self._places:
            self._places[cue] = cue.places(self._line, self._candidates[cue])
        first, last = around.within(cue.scope)
        return any(
            first <= place.first and place.last <= last and _counts(cue.scope, place, around)
            for place in self._places[cue]
        )


def _counts(scope: Scope, cue: Found, around: Around) -> bool:
    """Whether a cue in the right place counts."""
    found = around.found
    if scope is not Scope.NEAR:
        inside = found.first <= cue.first and cue.last <= found.last
        return not (inside and _is_own_word(cue, around))
    texts = around.line.words.texts
    # a hit with its own subject is another clause, also where no comma says so
    near = 0 if texts[found.first] in _ACTORS else _NEAR
    between = texts[cue.last + 1 : found.first]
    return len(between) <= near and _ACTORS.isdisjoint(between)


def _is_own_word(cue: Found, around: Around) -> bool:
    """Whether a cue inside the hit is what the pattern itself names."""
    inside = around.line.words.texts[cue.first : cue.last + 1]
    return all(text in around.literals for text in inside)


def _quoted(around: Around) -> bool:
    words = around.line.words
    start = words.starts[around.found.first]
    end = words.ends[around.found.last]
    return any(opening <= start and end <= closing for opening, closing in around.line.quoted)


def _about_somebody_else(around: Around) -> bool:
    """Whether the *he* or *she* of a hit is another person, or its left-out subject is."""
    line, found = around.line, around.found
    others = [mention for mention in line.mentions if not mention.partner]
    if not others:
        return False
    texts = line.words.texts
    stretch = texts[found.first : found.last + 1]
    for offset, text in enumerate(stretch):
        if text in _HE or text in _SHE:
            at = found.first + offset
            return _stands_for_other(line, at, "m" if text in _HE else "f")
    if any(text in _ACTORS for text in stretch):
        return False
    clause_start = around.clauses.clause(found.first)[0]
    before = [
        at
        for at in range(clause_start, found.first)
        if texts[at] in _ACTORS or any(mention.at == at for mention in others)
    ]
    return bool(before) and texts[before[-1]] not in _ACTORS


def _stands_for_other(line: Line, at: int, gender: str) -> bool:
    for mention in reversed(line.mentions):
        if mention.at >= at or (mention.partner and mention.gender == "n" and not mention.subject):
            continue
        if mention.partner:
            return False
        if mention.gender == gender or (mention.gender == "n" and mention.subject):
            return True
    return False

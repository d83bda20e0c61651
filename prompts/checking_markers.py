"""Checks of what the reader reads by: patterns that compile, and examples that hold."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bot.reading.clauses import find_clauses
from bot.reading.codes import Codes
from bot.reading.markers import Matcher, compiled
from bot.reading.notation import Notation, NotationError
from bot.reading.reader import Reader
from bot.reading.spec import Family, Pattern, ReadingSpec
from prompts.findings import Bench, Check, Finding
from prompts.markers import FAMILIES, GATES, SAFETY, WORDS, load_spec
from prompts.source import ContentError, shown

FEWEST_EXAMPLES: Final = 2
# merging, deferring, directing, distance, interdependence: what each means is in docs/reading.md
KNOWN_FAMILIES: Final = tuple(
    f"{letter}{number}"
    for letter, count in (("M", 13), ("D", 12), ("R", 12), ("E", 12), ("I", 12))
    for number in range(1, count + 1)
)


def markers(bench: Bench) -> Iterator[Finding]:
    """Everything about words, gates, families and safety patterns, as far as they can be read.

    A folder that has none of the files is not complained about: it is read by taps alone.
    """
    if not any((bench.folder / name).exists() for name in (WORDS, GATES, SAFETY, FAMILIES)):
        return
    try:
        spec = load_spec(bench.folder)
    except ContentError as error:
        yield Finding.of(error)
        return
    yield from _families(bench, spec)
    unreadable = list(_unreadable(spec))
    yield from unreadable
    yield from _too_few_examples(spec)
    if not unreadable:
        yield from _examples(spec)


CHECKS: Final[tuple[Check, ...]] = (markers,)


def _at(where: str, message: str) -> Finding:
    file, _, line = where.rpartition(":")
    return Finding(shown(Path(file)), int(line), message)


def _families(bench: Bench, spec: ReadingSpec) -> Iterator[Finding]:
    """Each family of the model stands under exactly one rule, and each rule exists."""
    rules = {rule.id for rule in bench.rules.things_found}
    counts = Counter(family.id for family in spec.families)
    for family in spec.families:
        if family.id not in KNOWN_FAMILIES:
            yield _at(family.where, f"there is no family {family.id}")
        if family.rule not in rules and not bench.rules.errors:
            yield _at(family.where, f"{family.id} stands under {family.rule}, which is no rule")
        if counts[family.id] > 1:
            homes = ", ".join(sorted({f.rule for f in spec.families if f.id == family.id}))
            yield _at(family.where, f"{family.id} stands here more than once (under {homes})")
        if not family.patterns:
            yield _at(family.where, f"{family.id} has no patterns")
        yield from (
            _at(pattern.where, f"{family.id} spares {gate}, which is no gate")
            for pattern in family.patterns
            for gate in sorted(pattern.spared - {gate.name for gate in spec.gates})
        )
    for missing in KNOWN_FAMILIES:
        if missing not in counts:
            yield Finding.about_file(bench.folder / FAMILIES, f"{missing} stands under no rule")


def _unreadable(spec: ReadingSpec) -> Iterator[Finding]:
    """Patterns that the notation or RE2 refuses."""
    notation = Notation(spec.macros, spec.lexicon, Codes(spec.lexicon))
    lines = [
        (pattern.where, line)
        for pattern in _patterns(spec)
        for line in (pattern.say, *pattern.unless)
    ]
    lines += [
        (gate.where, line)
        for gate in (*spec.gates, *spec.safety_gates)
        for cue in gate.cues
        for line in (*cue.words, *cue.unless)
    ]
    for where, line in lines:
        try:
            compiled(notation.read(line))
        except (NotationError, ValueError) as error:
            yield _at(where, str(error))


def _patterns(spec: ReadingSpec) -> Iterator[Pattern]:
    for family in spec.families:
        yield from family.patterns
    for item in spec.safety:
        yield item.pattern


def _too_few_examples(spec: ReadingSpec) -> Iterator[Finding]:
    for pattern in _patterns(spec):
        for kind, sentences in (("fires", pattern.fires), ("silent", pattern.silent)):
            if len(sentences) < FEWEST_EXAMPLES:
                yield _at(
                    pattern.where,
                    f"`{kind}` needs {FEWEST_EXAMPLES} sentences and has {len(sentences)}",
                )


def _examples(spec: ReadingSpec) -> Iterator[Finding]:
    """Sentences that must hit or must not, each read as a whole reply."""
    reader = Reader(spec)
    notation = Notation(spec.macros, spec.lexicon, Codes(spec.lexicon))
    for family in spec.families:
        for pattern in family.patterns:
            matcher = Matcher(pattern, notation)
            yield from _family_examples(spec, reader, family, matcher)
    for item in spec.safety:
        for sentence in item.pattern.fires:
            if all(flag.kind is not item.kind for flag in reader.read(sentence).safety):
                yield _at(item.pattern.where, f"does not flag {item.kind}: {sentence}")
        for sentence in item.pattern.silent:
            if reader.read(sentence).safety:
                yield _at(item.pattern.where, f"is flagged and must not be: {sentence}")


def _family_examples(
    spec: ReadingSpec, reader: Reader, family: Family, matcher: Matcher
) -> Iterator[Finding]:
    pattern = matcher.pattern
    for sentence in pattern.fires:
        if not _meets(spec, reader, matcher, sentence):
            yield _at(
                pattern.where, f"does not fire: {sentence} (read as: {reader.line(sentence)})"
            )
        elif not _counts(reader, family, sentence):
            gates = {item.gate for item in reader.read(sentence).set_aside}
            yield _at(
                pattern.where, f"fires but is set aside by {', '.join(sorted(gates))}: {sentence}"
            )
    for sentence in pattern.silent:
        if _counts(reader, family, sentence):
            yield _at(pattern.where, f"is not silent: {sentence}")


def _meets(spec: ReadingSpec, reader: Reader, matcher: Matcher, sentence: str) -> bool:
    line = reader.line(sentence)
    return any(True for _ in matcher.occurrences(line, find_clauses(line, spec.lexicon)))


def _counts(reader: Reader, family: Family, sentence: str) -> bool:
    return any(bead.family == family.id for bead in reader.read(sentence).beads)

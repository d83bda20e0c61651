"""Loads what the reader reads by: words, macros, gates, families and safety patterns.

Everything is plain YAML; sentences and words stand in literal blocks, one a line, so that nobody
has to quote an apostrophe.
"""

from collections.abc import Iterator
from pathlib import Path

from ruamel.yaml.nodes import Node, SequenceNode

from bot.drift.rules import Axis
from bot.reading.spec import (
    Certainty,
    Cue,
    Effect,
    Family,
    Gate,
    Label,
    Lexicon,
    Pattern,
    ReadingSpec,
    SafetyKind,
    SafetyPattern,
    Scope,
    stamp,
)
from prompts.source import ContentError, Entry, entries_of, entry_of, read, text_of

WORDS, GATES, SAFETY, FAMILIES = "words.yaml", "gates.yaml", "safety.yaml", "markers.yaml"
# a half hit of a family that pulls in full is enough to name a label, a weaker one is not
FLOOR = 0.45
_FAMILY_KEYS = (
    *("family", "plain", "label", "pull", "weights", "patterns"),
    *("not_asked_about", "quiet_when_unsafe"),
)
_PATTERN_KEYS = ("say", "fires", "silent", "unless", "half", "spares")
_WORD_LISTS = (
    *("fillers", "helpers", "negations", "participles", "partner_nouns", "own_nouns"),
    *("not_partner", "partner_modifiers", "names", "verbs", "joiners", "english", "foreign"),
)
_WORD_PAIRS = ("spellings", "phrases", "emoji", "others", "forms")


def load_spec(folder: Path) -> ReadingSpec:
    """The specification of the reader from the YAML files of one language.

    Raises:
        ContentError: If a file is missing or something in it cannot be understood.
    """
    words_file = folder / WORDS
    words = entry_of(words_file, read(words_file))
    words.allow(*_WORD_LISTS, *_WORD_PAIRS, "macros")
    lexicon = _lexicon(words)
    macros = words.inner("macros")
    readable_macros = {name: " ".join(macros.text(name).split()) for name in macros.nodes}
    gates_file = folder / GATES
    gates = tuple(_gate(entry) for entry in entries_of(gates_file, read(gates_file)))
    families = tuple(load_families(folder / FAMILIES))
    safety_file = folder / SAFETY
    safety = entry_of(safety_file, read(safety_file))
    safety.allow("patterns", "gates")
    version = stamp(
        [
            (
                family.id,
                sorted(family.weights.items()),
                [(pattern.say, pattern.unless, pattern.half) for pattern in family.patterns],
            )
            for family in families
        ],
        sorted(readable_macros.items()),
        [(gate.name, gate.cues, gate.effect) for gate in gates],
    )
    return ReadingSpec(
        lexicon=lexicon,
        macros=readable_macros,
        families=families,
        gates=gates,
        safety=tuple(_safety(entry) for entry in _entries(safety, "patterns")),
        safety_gates=tuple(_gate(entry) for entry in _entries(safety, "gates")),
        floor=FLOOR,
        version=version,
    )


def load_families(path: Path) -> Iterator[Family]:
    """The families of a file that holds `toward` and `away` under the id of each rule.

    Raises:
        ContentError: At the first thing that cannot be understood.
    """
    rules = entry_of(path, read(path))
    for rule in rules.nodes:
        sides = rules.inner(rule)
        sides.allow("toward", "away")
        for side in ("toward", "away"):
            for entry in _entries(sides, side):
                yield _family(rule, entry)


def _entries(entry: Entry, key: str) -> Iterator[Entry]:
    for node in entry.items(key):
        yield entry_of(entry.file, node)


def _lines(entry: Entry, key: str) -> tuple[str, ...]:
    """The lines of a block; none if the key is left out."""
    text = entry.optional(key)
    return tuple(line.strip() for line in (text or "").splitlines() if line.strip())


def _lexicon(words: Entry) -> Lexicon:
    pairs = {key: _pairs(words, key) for key in _WORD_PAIRS}
    lists = {key: frozenset(words.text(key).split()) for key in _WORD_LISTS}
    return Lexicon(
        spellings={left: tuple(right.split()) for left, right in pairs["spellings"].items()},
        phrases={
            tuple(left.split()): tuple(right.split()) for left, right in pairs["phrases"].items()
        },
        emoji=pairs["emoji"],
        others=pairs["others"],
        forms={left: tuple(right.split()) for left, right in pairs["forms"].items()},
        **lists,
    )


def _pairs(entry: Entry, key: str) -> dict[str, str]:
    pairs = {}
    for line in _lines(entry, key):
        left, equals, right = line.partition(" =")
        if not equals:
            raise entry.error(f"a line of {key} is 'written = read', not {line!r}", key)
        pairs[left.strip()] = right.strip()
    return pairs


def _gate(entry: Entry) -> Gate:
    entry.allow("name", "plain", "effect", "cues", "labels", "families")
    return Gate(
        name=entry.text("name"),
        plain=entry.text("plain"),
        effect=entry.choice("effect", Effect),
        cues=tuple(_cue(cue) for cue in _entries(entry, "cues")),
        labels=frozenset(_label(entry, name) for name in entry.texts("labels")),
        families=frozenset(entry.texts("families")),
        where=f"{entry.file}:{entry.line}",
    )


def _label(entry: Entry, name: str) -> Label:
    try:
        return Label(name)
    except ValueError:
        raise entry.error(f"there is no label {name!r}", "labels") from None


def _cue(entry: Entry) -> Cue:
    entry.allow("look", "for", "unless")
    return Cue(entry.choice("look", Scope), _lines(entry, "for"), _lines(entry, "unless"))


def _family(rule: str, entry: Entry) -> Family:
    entry.allow(*_FAMILY_KEYS)
    weights = entry.inner("weights")
    return Family(
        id=entry.text("family"),
        rule=rule,
        plain=entry.text("plain"),
        label=entry.choice("label", Label),
        pull=_share(entry, entry.text("pull"), "pull") if "pull" in entry else 1.0,
        weights={_axis(weights, name): _weight(weights, name) for name in weights.nodes},
        patterns=tuple(_pattern(pattern) for pattern in _entries(entry, "patterns")),
        not_asked_about=frozenset(entry.texts("not_asked_about")),
        quiet_when_unsafe="quiet_when_unsafe" in entry and entry.flag("quiet_when_unsafe"),
        where=f"{entry.file}:{entry.line}",
    )


def _axis(entry: Entry, name: str) -> Axis:
    try:
        return Axis(name)
    except ValueError:
        raise entry.error(f"there is no axis {name!r}", name) from None


def _weight(entry: Entry, axis: str) -> tuple[float, float]:
    node: Node = entry.nodes[axis]
    if not isinstance(node, SequenceNode) or len(node.value) != 2:
        raise entry.error("a weight is [toward the plus pole, toward the minus pole]", axis)
    plus, minus = (_share(entry, text_of(entry.file, part, axis), axis) for part in node.value)
    return plus, minus


def _share(entry: Entry, text: str, key: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise entry.error(f"{key} is a number from 0 to 1, not {text!r}", key)
    return value


def _pattern(entry: Entry, *more: str) -> Pattern:
    entry.allow(*_PATTERN_KEYS, *more)
    return Pattern(
        say=" ".join(entry.text("say").split()),
        unless=_lines(entry, "unless"),
        half="half" in entry and entry.flag("half"),
        spared=frozenset(entry.texts("spares")),
        fires=_lines(entry, "fires"),
        silent=_lines(entry, "silent"),
        where=f"{entry.file}:{entry.line}",
    )


def _safety(entry: Entry) -> SafetyPattern:
    return SafetyPattern(
        entry.choice("kind", SafetyKind),
        entry.choice("certainty", Certainty),
        _pattern(entry, "kind", "certainty"),
    )


__all__ = ["FLOOR", "ContentError", "load_families", "load_spec"]

"""What the weak tier learns from: released batches, and the example sentences of the rules.

A batch is `NAME-replies.jsonl` and `NAME-safety.jsonl` (or a folder NAME with `replies.jsonl` and
`safety.jsonl`). What the rules said of a batch on the day it was first read stands beside it in
`first/NAME.jsonl`: rules that have been worked over with a batch at hand say more about it than
they would about a new one, so their worth is learnt from first readings only.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.evaluate import label_named, rows_of
from bot.reading.forms import forms_of
from bot.reading.reader import Reader
from bot.reading.spec import Label, ReadingSpec
from bot.reading.traits import NO_KINDS, Kinds, token_of, traits_of_line

EXAMPLES = "examples"
# named lists of words.yaml that say what kind of word it is
KINDS = (
    *("BAD", "GOOD", "FALL", "FEELINGS", "FIGHT", "YIELD", "DECIDE", "CONTACT", "LEISURE"),
    *("FRIENDS", "EVERYTHING", "OTHER", "TIMEWORD", "HURT", "KIND_MONEY", "KIND_HOME"),
    *("KIND_SPEECH", "KIND_WANTING", "KIND_FEELING", "KIND_CHECKING", "KIND_ALLOWING"),
    *("KIND_SILENCE", "KIND_SORRY", "KIND_HEARING"),
)
_ONE_WORD = re.compile(r"[a-z]+~?")


@dataclass(frozen=True, slots=True)
class Text:
    """A reply that somebody labelled, a safety line, or an example sentence of a rule.

    Attributes:
        batch: Who wrote it; `examples` for sentences out of the rules' files.
        words: The words of its line, to tell near copies.
        traits: What the model sees of it.
        label: What it sounds like; None for a safety line.
        is_not: True if `label` is what it does *not* sound like.
        grave: Whether it is grave; None for an ordinary reply.
        rules_label: What the rules said of it when they first read it.
        rules_flagged: Whether the safety patterns did.
    """

    batch: str
    words: frozenset[str]
    traits: frozenset[str]
    label: Label | None = None
    is_not: bool = False
    grave: bool | None = None
    rules_label: Label = Label.NEUTRAL
    rules_flagged: bool = False


def batches_in(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Batch name -> its replies and safety lines, from either layout, in the order of names."""
    files = {
        **{path: path.parent.name for path in folder.glob("*/*.jsonl")},
        **{path: path.stem.rpartition("-")[0] for path in folder.glob("*-*.jsonl")},
    }
    batches: dict[str, list[dict[str, Any]]] = {}
    for path, name in sorted(files.items()):
        if path.stem.endswith(("replies", "safety")) and path.parent.name != "first":
            batches.setdefault(name, []).extend(rows_of(path))
    return batches


def kinds_of(spec: ReadingSpec) -> dict[str, tuple[str, ...]]:
    """Token -> kinds, from the single words in some named lists; a word may be of several."""
    kinds: dict[str, set[str]] = {}
    for name in KINDS:
        for word in map(str.strip, spec.macros[name].split("|")):
            if _ONE_WORD.fullmatch(word):
                forms = forms_of(word[:-1], spec.lexicon.forms) if word.endswith("~") else (word,)
                for form in forms:
                    kinds.setdefault(token_of(form), set()).add("=" + name.removeprefix("KIND_"))
    return {token: tuple(sorted(kinds[token])) for token in sorted(kinds)}


def texts_of(folder: Path, first: Path, reader: Reader, kinds: Kinds = NO_KINDS) -> list[Text]:
    """All texts of all batches.

    Raises:
        FileNotFoundError: If a batch has no first reading.
    """
    texts = []
    for batch, rows in batches_in(folder).items():
        path = first / f"{batch}.jsonl"
        if not path.exists():
            raise FileNotFoundError(f"{batch} has no first reading, {path}: use --record")
        seen = {row["id"]: row for row in rows_of(path)}
        for row in rows:
            then = seen[row["id"]]
            words, traits = _seen(row["text"], reader, kinds)
            texts.append(
                Text(
                    batch=batch,
                    words=words,
                    traits=traits,
                    label=label_named(row["primary"]) if "primary" in row else None,
                    grave=bool(row["flag"]) if "flag" in row else None,
                    rules_label=Label(then["label"]),
                    rules_flagged=bool(then["safety"]),
                )
            )
    return texts


def examples_of(spec: ReadingSpec, reader: Reader, kinds: Kinds = NO_KINDS) -> list[Text]:
    """The sentences that the rules' authors wrote: what must hit, and what must not."""
    texts = []
    for family in spec.families:
        for pattern in family.patterns:
            for is_not, sentences in ((False, pattern.fires), (True, pattern.silent)):
                for sentence in sentences:
                    words, traits = _seen(sentence, reader, kinds)
                    texts.append(Text(EXAMPLES, words, traits, family.label, is_not))
    return texts


def first_reading(rows: list[dict[str, Any]], reader: Reader) -> Iterator[str]:
    """Lines for `first/NAME.jsonl`: what the rules say of a batch that they have not seen."""
    for row in rows:
        reading = reader.read(row["text"])
        yield json.dumps(
            {
                "id": row["id"],
                "rules": reader.version,
                "label": reading.label,
                "families": [bead.family for bead in reading.beads],
                "safety": [f"{flag.kind} {flag.certainty}" for flag in reading.safety],
            }
        )


def _seen(text: str, reader: Reader, kinds: Kinds) -> tuple[frozenset[str], frozenset[str]]:
    line = reader.line(text)
    words = frozenset(word.text for word in line.words)
    return words, frozenset(traits_of_line(line, kinds))

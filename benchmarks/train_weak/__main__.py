"""Train the weak tier: `python -m benchmarks.train_weak [folder] [options]`.

Reads the released batches (tests/data/reading unless a folder is given) and the examples beside the
rules, prints how batches are read that were left out, as Markdown, and writes prompts/en/weak.txt.

    --record         first write first/NAME.jsonl for batches that have none: what the rules say of
                     them now; do this when a batch is released and before anybody works with it
    --tables         print the tables only
    --examples DIR   take the example sentences from the rules in this folder; for honest tables it
                     has to be the state from before the batches were released
    --calm SHARE     which share of calm replies may get the quiet help button for their words
                     (default 0.10)
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.evaluate import DATA, figures
from benchmarks.train_weak.batches import (
    Text,
    batches_in,
    examples_of,
    first_reading,
    kinds_of,
    texts_of,
)
from benchmarks.train_weak.learning import LABELS, Settings, learn_labels, learn_safety
from benchmarks.train_weak.scoring import (
    CALM_SHARES,
    FLOORS,
    Unseen,
    best_floor,
    golds,
    left_out,
    rows_of,
    safety_floor,
    safety_shares,
    trust_of,
    ways,
)
from bot.reading.reader import Reader
from bot.reading.spec import DRIFT_LABELS, Label
from bot.reading.traits import Kinds
from bot.reading.weak import WeakModel
from prompts.loading import LANGUAGE, ROOT
from prompts.markers import load_spec
from prompts.weak import WEAK, stamped, written

_GROUP = 3


def main(arguments: Sequence[str] | None = None) -> None:
    """Record, measure, train, write; see the module's text."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.train_weak")
    parser.add_argument("folder", nargs="?", type=Path, default=DATA)
    parser.add_argument("--first", type=Path, default=None)
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--tables", action="store_true")
    parser.add_argument("--examples", type=Path, default=ROOT / LANGUAGE)
    parser.add_argument("--calm", type=float, default=0.10)
    parser.add_argument("--out", type=Path, default=ROOT / LANGUAGE / WEAK)
    options = parser.parse_args(arguments)
    first = options.first or options.folder / "first"
    spec = load_spec(ROOT / LANGUAGE)
    reader = Reader(spec)
    kinds = kinds_of(spec)
    if options.record:
        record(options.folder, first, reader)
    texts = texts_of(options.folder, first, reader, kinds)
    examples = examples_of(load_spec(options.examples), reader, kinds)
    names = sorted({text.batch for text in texts})
    how = Settings()
    unseen = left_out(texts, examples, [[name] for name in names], how)
    groups = [names[at : at + _GROUP] for at in range(0, len(names), _GROUP)]
    print_labels("Each batch left out", unseen, names)
    print_labels("Three batches left out at once", left_out(texts, examples, groups, how), names)
    print_floors(unseen.replies())
    print_safety(unseen)
    if not options.tables:
        model = trained(texts, examples, unseen, how, options.calm, kinds)
        options.out.write_text(written(model), encoding="utf-8")
        size = options.out.stat().st_size
        print(f"\n{options.out.name}: {model.version}, {len(model.weights)} traits, {size} bytes")


def record(folder: Path, first: Path, reader: Reader) -> None:
    """Write what the rules say now of every batch that nothing was written of."""
    first.mkdir(exist_ok=True)
    for name, rows in batches_in(folder).items():
        path = first / f"{name}.jsonl"
        if not path.exists():
            path.write_text("\n".join(first_reading(rows, reader)) + "\n", encoding="utf-8")
            print(f"recorded {name}")


def trained(
    texts: Sequence[Text],
    examples: Sequence[Text],
    unseen: Unseen,
    how: Settings,
    calm_share: float,
    kinds: Kinds,
) -> WeakModel:
    """The model of all batches; trust and floors from where batches were left out."""
    labels = learn_labels([*texts, *examples], how)
    safety = learn_safety([*texts, *examples], how)
    replies = unseen.replies()
    trust = trust_of(replies)
    nothing, no_safety = np.zeros_like(labels.bias), np.zeros_like(safety.bias)
    names = sorted({text.batch for text in texts})
    weights = {
        trait: tuple(
            int(weight)
            for weight in (
                *labels.weights.get(trait, nothing),
                *safety.weights.get(trait, no_safety),
            )
        )
        for trait in labels.weights.keys() | safety.weights.keys()
    }
    return stamped(
        WeakModel(
            version="",
            trained_on=(
                f"{len(replies.texts)} replies and {len(texts) - len(replies.texts)} safety lines"
                f" of {', '.join(names)}; {len(examples)} example sentences of the rules"
            ),
            weights=weights,
            bias=tuple(int(bias) for bias in (*labels.bias, *safety.bias)),
            trust={
                label: round(float(value), 2) for label, value in zip(LABELS, trust, strict=True)
            },
            drift_floor=best_floor(replies, trust),
            safety_floor=round(safety_floor(unseen, calm_share), 2),
            kinds=kinds,
        )
    )


def print_labels(heading: str, unseen: Unseen, names: Sequence[str]) -> None:
    """A row per batch and way of reading, and one for all batches together."""
    replies = unseen.replies()
    by_batch = ways(replies, names)
    print(f"\n### {heading}\n")
    print("| batch | read by | macro-F1 | drift precision | drift recall | false alarms |")
    print("|---|---|---|---|---|---|")
    for name in names:
        for way in ("rules", "both, floor"):
            _print_row(name, way, golds(replies.of([name])), by_batch[name][way])
    meant = [gold for name in names for gold in golds(replies.of([name]))]
    for way in by_batch[names[0]]:
        _print_row("all", way, meant, [label for name in names for label in by_batch[name][way]])


def _print_row(name: str, way: str, meant: list[Label], said: list[Label]) -> None:
    cells = " | ".join(f"{value:.2f}" for value in figures(meant, said))
    print(f"| {name} | {way} | {cells} |")


def print_floors(replies: Unseen) -> None:
    """What a higher floor for drift labels does, for both tiers together."""
    trust = trust_of(replies)
    print("\n### Floors for drift labels\n")
    print("trust in the rules' label: " + ", ".join(
        f"{label} {value:.2f}" for label, value in zip(LABELS, trust, strict=True)
    ))  # fmt: skip
    print("\n| floor | macro-F1 | drift precision | drift recall | false alarms |")
    print("|---|---|---|---|---|")
    for floor in FLOORS[::3]:
        cells = figures(golds(replies), rows_of(replies, trust, floor))
        print(f"| {floor:.2f} | " + " | ".join(f"{value:.2f}" for value in cells) + " |")
    floor = best_floor(replies, trust)
    print(f"\nchosen: {floor:.2f}")
    said = rows_of(replies, trust, floor)
    kept = [text for text in replies.texts if text.rules_label in DRIFT_LABELS]
    same = sum(
        text.rules_label is label
        for text, label in zip(replies.texts, said, strict=True)
        if text.rules_label in DRIFT_LABELS
    )
    silent = sum(
        label in DRIFT_LABELS and text.rules_label is Label.NEUTRAL
        for text, label in zip(replies.texts, said, strict=True)
    )
    print(
        f"of {len(kept)} drift labels of the rules {same} are kept; {silent} come from words alone"
    )


def print_safety(unseen: Unseen) -> None:
    """What share of each sort of text gets the quiet button, at several costs."""
    sorts = ("grave", "near misses", "calm", *(str(label) for label in DRIFT_LABELS))
    print("\n### The quiet help button\n")
    print("| calm share aimed at | floor | " + " | ".join(sorts) + " |")
    print("|---|---|" + "---|" * len(sorts))
    for share in (0.0, *CALM_SHARES):
        floor = safety_floor(unseen, share) if share else np.inf
        shares = safety_shares(unseen, floor)
        name = f"{share:.2f}" if share else "rules alone"
        print(f"| {name} | {floor:.2f} | " + " | ".join(f"{shares[s]:.2f}" for s in sorts) + " |")


if __name__ == "__main__":
    main()

"""How well texts are read: `python -m benchmarks.evaluate [batch files]`.

Without arguments every batch in tests/data/reading is read. A batch is JSON Lines, either replies
{"id", "text", "primary", "secondary", "hard", "batch"} or safety lines {"id", "text", "flag",
"kind"}. A batch counts as unseen only if somebody else wrote it after the rules; docs/reading.md
keeps the record of what each gave on its first day.
"""

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.naive import by_keywords, by_we
from bot.reading.reader import Reader
from bot.reading.spec import DRIFT_LABELS, Certainty, Label
from bot.reading.tiers import TwoTierReader
from bot.reading.weak import WeakReader
from prompts.loading import LANGUAGE, ROOT
from prompts.markers import load_spec
from prompts.weak import load_weak

DATA = Path(__file__).parent.parent / "tests" / "data" / "reading"
_NAMES = {"dominating": Label.DIRECTING, "balanced": Label.INTERDEPENDENT}
_HEADINGS = ("", "macro-F1", "drift prec.", "drift recall", "false alarms", "exact", "lenient")

Guess = Callable[[str], Label]


def label_named(name: str) -> Label:
    """A label by its name in the batches, some of which use older words."""
    return _NAMES.get(name) or Label(name)


def figures(golds: Sequence[Label], guesses: Sequence[Label]) -> tuple[float, float, float, float]:
    """Macro-F1 over the labels that occur, precision and recall of drift, false alarms.

    A drift label counts as right only if it is the right one. False alarms are the share of
    neutral and interdependent texts that got a drift label.
    """
    pairs = list(zip(golds, guesses, strict=True))
    scores = []
    for label in Label:
        hits = sum(gold is label and guess is label for gold, guess in pairs)
        said, meant = guesses.count(label), golds.count(label)
        if meant:
            scores.append(2 * hits / (said + meant))
    right = sum(gold is guess and gold in DRIFT_LABELS for gold, guess in pairs)
    said = sum(guess in DRIFT_LABELS for guess in guesses)
    meant = sum(gold in DRIFT_LABELS for gold in golds)
    calm = [guess for gold, guess in pairs if gold not in DRIFT_LABELS]
    alarms = sum(guess in DRIFT_LABELS for guess in calm)
    return (
        sum(scores) / len(scores),
        right / said if said else 0.0,
        right / meant if meant else 0.0,
        alarms / len(calm) if calm else 0.0,
    )


def main(arguments: Sequence[str]) -> None:
    """Read batches and print a table for each and one for all."""
    wrong_too = "--wrong" in arguments
    paths = [Path(name) for name in arguments if not name.startswith("--")]
    batches = {path.stem: rows_of(path) for path in paths or sorted(DATA.glob("*.jsonl"))}
    if not batches:
        print(f"No batches in {DATA}.")
        return
    started = time.perf_counter()
    rules = Reader(load_spec(ROOT / LANGUAGE))
    reader = TwoTierReader(rules, WeakReader(load_weak(ROOT / LANGUAGE)))
    print(f"rules {reader.version}, ready after {time.perf_counter() - started:.2f} s")
    replies = {name: rows for name, rows in batches.items() if "primary" in rows[0]}
    safety = {name: rows for name, rows in batches.items() if "flag" in rows[0]}
    for name, rows in replies.items():
        _print_replies(name, rows, reader, rules, wrong_too=wrong_too)
    if len(replies) > 1:
        everything = [row for rows in replies.values() for row in rows]
        _print_replies("all replies", everything, reader, rules, wrong_too=False)
    for name, rows in safety.items():
        _print_safety(name, rows, reader, wrong_too=wrong_too)
    if len(safety) > 1:
        everything = [row for rows in safety.values() for row in rows]
        _print_safety("all safety lines", everything, reader, wrong_too=False)


def rows_of(path: Path) -> list[dict[str, Any]]:
    """The lines of a batch."""
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def _print_replies(
    name: str,
    rows: list[dict[str, Any]],
    reader: TwoTierReader,
    rules: Reader,
    *,
    wrong_too: bool,
) -> None:
    golds = [label_named(row["primary"]) for row in rows]
    seconds = [label_named(row["secondary"]) if row.get("secondary") else None for row in rows]
    ways: dict[str, Guess] = {
        "reader": lambda text: reader.read(text).label,
        "rules alone": lambda text: rules.read(text).label,
        "counting we": by_we,
        "keywords": by_keywords,
    }
    print(f"\n{name}: {len(rows)} replies, {sum(bool(row.get('hard')) for row in rows)} hard")
    print(("{:13}" + "{:>13}" * (len(_HEADINGS) - 1)).format(*_HEADINGS))
    for way, guess in ways.items():
        guesses = [guess(row["text"]) for row in rows]
        exact = sum(a is b for a, b in zip(golds, guesses, strict=True)) / len(rows)
        lenient = sum(
            guess in {gold, second}
            for gold, second, guess in zip(golds, seconds, guesses, strict=True)
        ) / len(rows)
        print(f"{way:13}" + "".join(f"{value:13.2f}" for value in (*figures(golds, guesses),
                                                                 exact, lenient)))  # fmt: skip
        if way == "reader":
            _print_per_label(golds, guesses)
            if wrong_too:
                _print_wrong(rows, golds, guesses, reader)


def _print_per_label(golds: Sequence[Label], guesses: Sequence[Label]) -> None:
    confusion = Counter(zip(golds, guesses, strict=True))
    for label in Label:
        meant = golds.count(label)
        if meant:
            said = guesses.count(label)
            hits = confusion[label, label]
            others = ", ".join(
                f"{guess} {count}"
                for (gold, guess), count in confusion.most_common()
                if gold is label and guess is not label
            )
            print(f"    {label:15} {hits:3} of {meant:3}, said {said:3}; else {others or '-'}")


def _print_wrong(
    rows: list[dict[str, Any]],
    golds: Sequence[Label],
    guesses: Sequence[Label],
    reader: TwoTierReader,
) -> None:
    for row, gold, guess in zip(rows, golds, guesses, strict=True):
        if gold is not guess:
            reading = reader.read(row["text"])
            why = ", ".join(f"{bead.family} '{bead.phrase}'" for bead in reading.beads)
            aside = ", ".join(
                f"{item.family} {item.gate}" for item in reading.set_aside if item.gate != "G11"
            )
            print(f"      {gold} read as {guess}: {row['text']} [{why}] aside [{aside}]")


def _print_safety(
    name: str, rows: list[dict[str, Any]], reader: TwoTierReader, *, wrong_too: bool
) -> None:
    flagged, sure = set(), set()
    for row in rows:
        flags = reader.read(row["text"]).safety
        if flags:
            flagged.add(row["id"])
        if any(flag.certainty is Certainty.SURE for flag in flags):
            sure.add(row["id"])
    grave = [row for row in rows if row["flag"]]
    near = [row for row in rows if not row["flag"]]
    print(f"\n{name}: {len(grave)} grave lines, {len(near)} near misses")
    if grave:
        seen = sum(row["id"] in flagged for row in grave)
        certain = sum(row["id"] in sure for row in grave)
        print(f"    flagged {seen / len(grave):.2f}, of these sure {certain / len(grave):.2f}")
    if near:
        seen = sum(row["id"] in flagged for row in near)
        certain = sum(row["id"] in sure for row in near)
        print(f"    near misses flagged {seen / len(near):.2f}, sure {certain / len(near):.2f}")
    if wrong_too:
        for row in rows:
            if bool(row["flag"]) != (row["id"] in flagged):
                print(f"      {'missed' if row['flag'] else 'flagged'}: {row['text']}")


if __name__ == "__main__":
    main(sys.argv[1:])

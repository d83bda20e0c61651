"""How fast free text is read: `python -m benchmarks.reading`.

The whole reader is timed, rules, gates, reasons and the weak tier, over many different replies of
200 characters and over texts made to be slow. Against it in the same run: all patterns as one
alternation in Python's `re`, over the same lines, already normalised; it only finds stretches,
knows no gates and no families, and of patterns that overlap it finds one.
"""

import json
import random
import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter, perf_counter_ns

from benchmarks.isolation import in_fresh_process, memory
from benchmarks.results import Result, at_most, table
from bot.reading.codes import Codes
from bot.reading.normalise import LONGEST, Normaliser
from bot.reading.notation import Notation
from bot.reading.reader import Reader
from bot.reading.spec import Pattern, ReadingSpec
from bot.reading.tiers import TwoTierReader
from bot.reading.weak import WeakReader
from prompts.loading import LANGUAGE, ROOT
from prompts.markers import load_spec
from prompts.weak import load_weak

DATA = Path(__file__).parent.parent / "tests" / "data" / "reading"
LENGTH, REPLIES, ROUNDS = 200, 300, 7
FEW_REPLIES, FEW_ROUNDS = 40, 3
"""The naive way is slow: beside it, ours is timed over these alone as well."""

MOST_US, MOST_HOSTILE_MS = 200.0, 20.0
SEED = 1


@dataclass(frozen=True, slots=True)
class Measured:
    """One line of the table.

    Attributes:
        name: What was measured.
        value: How much, in the unit.
        unit: "us", "ms", "s" or "MB".
        budget: What it may be at most, if there is a budget.
        baseline: What the naive way took in the same run, if it was asked.
        alike: What ours took over the same texts, and in as many rounds, as the naive way.
    """

    name: str
    value: float
    unit: str
    budget: float | None = None
    baseline: float | None = None
    alike: float | None = None


def replies(length: int = LENGTH, most: int = REPLIES) -> list[str]:
    """Different replies of one length, cut from those in tests/data/reading laid end to end."""
    rows = [
        json.loads(row)["text"]
        for path in sorted(DATA.glob("*-replies.jsonl"))
        for row in path.read_text(encoding="utf-8").splitlines()
    ]
    random.Random(SEED).shuffle(rows)
    made: list[str] = []
    text = ""
    for row in rows:
        text = f"{text} {row}".strip()
        if len(text) >= length:
            made.append(text[:length])
            text = ""
    return made[:most]


def hostile(spec: ReadingSpec) -> dict[str, str]:
    """Texts of 4,096 characters that give the reader most to do, by what they are."""
    dice = random.Random(SEED)
    meeting = [sentence for pattern in _patterns(spec) for sentence in pattern.fires]
    words = sorted(set(re.findall(r"[a-z]{2,}", " ".join(map(_say, _patterns(spec))))))
    pieces = {
        "one word again and again": ["he "] * LONGEST,
        "i told him": ["i told him "] * LONGEST,
        "not": ["not "] * LONGEST,
        "emoji": ["\U0001f600\U0001f62d"] * LONGEST,
        "possessives": ["don't he's "] * LONGEST,
        "quotation marks": ["' a '"] * LONGEST,
        "sentences of one letter": [". a"] * LONGEST,
        "stretched words": ["sooooo "] * LONGEST,
        "one long word": ["a"] * LONGEST,
        "words of patterns": [word + " " for word in dice.sample(words, len(words))],
        "words of patterns, in order": [word + " " for word in words],
    }
    for turn in range(3):
        sample = dice.sample(meeting, 300)
        pieces[f"sentences that meet patterns, {turn + 1}"] = [f"{one}. " for one in sample]
        pieces[f"the same without ends, {turn + 1}"] = [
            re.sub(r"[.,;!?]", " ", one) + " " for one in sample
        ]
    return {name: "".join(some)[:LONGEST] for name, some in pieces.items()}


def naive(spec: ReadingSpec) -> Callable[[str], Callable[[], list[bytes]]]:
    """All patterns as one alternation; what it gives for a text is still to be called."""
    codes = Codes(spec.lexicon)
    notation = Notation(spec.macros, spec.lexicon, codes)
    expressions = [notation.read(pattern.say).expression for pattern in _patterns(spec)]
    alternation = re.compile(b"|".join(expressions), re.DOTALL)
    normaliser = Normaliser(spec.lexicon, codes)

    def ready(text: str) -> Callable[[], list[bytes]]:
        line = normaliser.line(text).text
        return lambda: alternation.findall(line)

    return ready


def measure() -> tuple[Measured, ...]:
    """Measure everything; takes about half a minute."""
    added_loaded, added_used = in_fresh_process(memory_added)
    spec = load_spec(ROOT / LANGUAGE)
    reader = _reader(spec)
    texts = replies()
    for text in texts:
        reader.read(text)
    found = naive(spec)
    few = texts[:FEW_REPLIES]
    naively = _fastest([found(text) for text in few], FEW_ROUNDS)
    alike = _fastest([_reading(reader, text) for text in few], FEW_ROUNDS)
    taken = _fastest([_reading(reader, text) for text in texts], ROUNDS)
    again = [_fastest([_reading(reader, text)], ROUNDS)[0] for text in texts]
    hostile_warm, hostile_first = _hostile_times(reader, spec, found)
    return (
        Measured(
            "a reply of 200 characters, median",
            median(taken), "us", MOST_US, median(naively), median(alike),
        ),
        Measured(
            "a reply of 200 characters, 95 of 100",
            _ninety_five(taken), "us", None, _ninety_five(naively), _ninety_five(alike),
        ),
        Measured("the same reply again at once, median", median(again), "us"),
        hostile_warm,
        hostile_first,
        Measured("made and prepared", _seconds_to_make(), "s"),
        Measured("memory added, made and prepared", added_loaded, "MB"),
        Measured("memory added, all patterns used", added_used, "MB"),
    )  # fmt: skip


def memory_added() -> tuple[float, float]:
    """Megabytes that the reader adds to a process: when made, and when everything was used."""
    before = memory()
    spec = load_spec(ROOT / LANGUAGE)
    reader = _reader(spec)
    made = memory() - before
    for text in (*replies(), *hostile(spec).values()):
        reader.read(text)
    for pattern in _patterns(spec):
        for sentence in pattern.fires:
            reader.read(sentence)
    return made, memory() - before


def _hostile_times(
    reader: TwoTierReader, spec: ReadingSpec, found: Callable[[str], Callable[[], list[bytes]]]
) -> tuple[Measured, Measured]:
    """The slowest text when warm, beside the naive way, and the slowest at its first time."""
    texts = hostile(spec)
    first = {name: _fastest([_reading(reader, text)], 1)[0] for name, text in texts.items()}
    warm = {name: _fastest([_reading(reader, text)], ROUNDS)[0] for name, text in texts.items()}
    slowest, slowest_first = max(warm, key=warm.__getitem__), max(first, key=first.__getitem__)
    naively = _fastest([found(texts[slowest])], FEW_ROUNDS)[0]
    alike = _fastest([_reading(reader, texts[slowest])], FEW_ROUNDS)[0]
    return (
        Measured(
            f"hostile 4,096 characters, warm: {slowest}",
            warm[slowest] / 1000, "ms", MOST_HOSTILE_MS, naively / 1000, alike / 1000,
        ),
        Measured(
            f"hostile 4,096 characters, first time: {slowest_first}",
            first[slowest_first] / 1000, "ms",
        ),
    )  # fmt: skip


def _reader(spec: ReadingSpec) -> TwoTierReader:
    reader = TwoTierReader(Reader(spec), WeakReader(load_weak(ROOT / LANGUAGE)))
    reader.prepare()
    return reader


def _seconds_to_make() -> float:
    before = perf_counter()
    _reader(load_spec(ROOT / LANGUAGE))
    return perf_counter() - before


def _reading(reader: TwoTierReader, text: str) -> Callable[[], object]:
    return lambda: reader.read(text)


def _fastest(works: list[Callable[[], object]], rounds: int) -> list[float]:
    """Microseconds of each piece of work: the fastest of some rounds through all of them."""
    best = [float("inf")] * len(works)
    for _ in range(rounds):
        for at, work in enumerate(works):
            before = perf_counter_ns()
            work()
            best[at] = min(best[at], (perf_counter_ns() - before) / 1000)
    return best


def _ninety_five(times: list[float]) -> float:
    return sorted(times)[len(times) * 95 // 100]


def _patterns(spec: ReadingSpec) -> Iterable[Pattern]:
    for family in spec.families:
        yield from family.patterns
    for item in spec.safety:
        yield item.pattern


def _say(pattern: Pattern) -> str:
    return pattern.say


def run() -> list[Result]:
    """The measurements as lines of the common table, each ratio as a line of its own."""
    results: list[Result] = []
    for line in measure():
        if line.budget is None:
            results.append(Result(line.name, f"{line.value:,.4g} {line.unit}"))
        else:
            results.append(at_most(line.name, line.value, line.budget, line.unit))
        if line.baseline is not None and line.alike is not None:
            ratio = line.baseline / line.alike
            results.append(
                Result(
                    f"one alternation in re / ours, {line.name}",
                    f"{line.baseline:,.4g} / {line.alike:,.4g} {line.unit} = {ratio:.1f} x",
                )
            )
    return results


def main() -> None:
    """Print the table; the exit status says whether every budget holds."""
    results = run()
    sys.stdout.write(f"{table(results)}\n")
    sys.exit(any(result.holds is False for result in results))


if __name__ == "__main__":
    main()

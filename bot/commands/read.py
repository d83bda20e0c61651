"""`ampersand read`: try a sentence, or read many, and see why."""

import json
import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from bot.reading.reader import Reading
    from bot.reading.spec import Family

_SAFETY = {
    "A": "danger now",
    "B": "thoughts of suicide or self-harm",
    "C": "harm by the partner",
    "D": "harm to a child",
    "E": "harm by the writer",
}
"""What each kind of safety flag is about."""


@click.command("read")
@click.argument("text", nargs=-1)
@click.option("--explain", is_flag=True, help="Say it in words, with the reasons.")
@click.option(
    "--asked",
    type=click.Choice(["self", "together", "balance"]),
    help="What the question was about that the text answers.",
)
@click.option("--language", default="en", show_default=True, help="Which folder to read by.")
def command(text: tuple[str, ...], language: str, asked: str | None, *, explain: bool) -> None:
    """Read TEXT, or JSON Lines on standard input: {"id", "text", "question_axis"}.

    Without --explain one line of JSON comes out for each text that goes in.
    """
    from bot.reading.reader import Reader
    from bot.reading.tiers import TwoTierReader
    from bot.reading.weak import WeakReader
    from prompts.loading import ROOT
    from prompts.markers import load_spec
    from prompts.source import ContentError
    from prompts.weak import load_weak

    if not text and sys.stdin.isatty():
        raise click.UsageError("give a sentence, or JSON Lines on standard input")
    try:
        spec = load_spec(ROOT / language)
        weak = WeakReader(load_weak(ROOT / language))
    except ContentError as error:
        raise click.ClickException(str(error)) from error
    reader = TwoTierReader(Reader(spec), weak)
    families = {family.id: family for family in spec.families}
    gates = {gate.name: gate.plain for gate in spec.gates}
    if text:
        items: Iterable[Mapping[str, Any]] = [{"text": " ".join(text), "question_axis": asked}]
    else:
        items = _items(sys.stdin, asked)
    for item in items:
        reading = reader.read(item["text"], item.get("question_axis"))
        if explain:
            click.echo(explained(item["text"], reading, families, gates))
        else:
            named = {"id": item["id"]} if "id" in item else {}
            click.echo(json.dumps(named | _as_json(reading), ensure_ascii=False))


def _items(lines: Iterable[str], asked: str | None) -> Iterable[Mapping[str, Any]]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            item = json.loads(line)
        except json.JSONDecodeError as error:
            raise click.ClickException(f"line {number} is not JSON: {error.msg}") from error
        if not isinstance(item, dict) or not isinstance(item.get("text"), str):
            raise click.ClickException(f'line {number} has no "text"')
        yield {"question_axis": asked, **item}


def _as_json(reading: "Reading") -> dict[str, Any]:
    return {
        "label": reading.label.value,
        "beads": [
            {
                "rule": bead.rule,
                "family": bead.family,
                "weights": {axis.value: list(pair) for axis, pair in bead.weights.items()},
                "phrase": bead.phrase,
            }
            for bead in reading.beads
        ],
        "set_aside": [
            {"family": item.family, "phrase": item.phrase, "gate": item.gate}
            for item in reading.set_aside
        ],
        "safety": [flag.kind.value for flag in reading.safety],
        "sure": [flag.kind.value for flag in reading.safety if flag.certainty.value == "sure"],
        "language": reading.language.value,
    }


def explained(
    text: str, reading: "Reading", families: Mapping[str, "Family"], gates: Mapping[str, str]
) -> str:
    """A reading in words, with the reasons.

    Args:
        text: What was read.
        reading: What was found in it.
        families: The families of markers by their id.
        gates: Why each gate sets a hit aside, in plain words, by its name.
    """
    lines = [text]
    # Beside something grave a label would be noise: the bot answers to that and to nothing else.
    if all(flag.certainty.value != "sure" for flag in reading.safety):
        lines.append(f"  sounds most like: {reading.label}{_guessed(reading, families)}")
    for bead in reading.beads:
        weights = ", ".join(
            f"{axis} +{plus:g} -{minus:g}" for axis, (plus, minus) in bead.weights.items()
        )
        plain = families[bead.family].plain
        lines.append(f'  {bead.family} "{bead.phrase}": {plain} ({bead.rule}; {weights})')
    for item in reading.set_aside:
        why = gates.get(item.gate, "already counted" if item.gate == "G11" else item.gate)
        lines.append(f'  not counted: {item.family} "{item.phrase}", {item.gate}: {why}')
    lines += [
        f"  safety: {flag.kind}, {_SAFETY[flag.kind.value]} ({flag.certainty})"
        for flag in reading.safety
    ]
    if reading.language.value != "english":
        lines.append("  not English enough to be read")
    return "\n".join(lines)


def _guessed(reading: "Reading", families: Mapping[str, "Family"]) -> str:
    """A remark if no rule that hit says so, only the words as a whole."""
    hits = {families[bead.family].label for bead in reading.beads}
    if reading.label.value == "neutral" or reading.label in hits:
        return ""
    return f" (a guess from the words; no rule {'says so' if hits else 'hit'})"

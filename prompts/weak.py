"""Reads and writes the weights of the weak tier: one trait a line, so that a change can be seen.

The file is written by `python -m benchmarks.train_weak`. Its stamp is computed from all the rest;
a file that was edited by hand is refused.
"""

from dataclasses import replace
from pathlib import Path

from bot.reading.spec import Label, stamp
from bot.reading.weak import WeakModel
from prompts.source import ContentError

WEAK = "weak.txt"
_HEADING = (
    "# Weights of the weak tier, in hundredths. Written by benchmarks.train_weak, not by hand."
)
_COLUMNS = "columns: " + " ".join(Label) + " safety"
_BIAS = "(bias)"
_FIRST_KIND, _KIND = 6, "kind "


def load_weak(folder: Path) -> WeakModel:
    """The model of one language.

    Raises:
        ContentError: If the file is missing, cannot be understood, or does not match its stamp.
    """
    path = folder / WEAK
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        raise ContentError(str(path), "the file is missing") from None
    try:
        model = _model(lines)
    except (ValueError, IndexError) as error:
        raise ContentError(str(path), f"cannot be read: {error}") from None
    if model.version != stamped(model).version:
        raise ContentError.at(path, 2, "the stamp is another one; train anew, do not edit")
    return model


def stamped(model: WeakModel) -> WeakModel:
    """The model with the stamp of its content."""
    return replace(model, version=stamp(_body(model)))


def written(model: WeakModel) -> str:
    """The text of the file for a stamped model; the same model always gives the same text."""
    return "\n".join([_HEADING, f"stamp: {model.version}", *_body(model), ""])


def _body(model: WeakModel) -> list[str]:
    trust = " ".join(f"{label}={model.trust.get(label, 0.0):.2f}" for label in Label)
    return [
        f"trained on: {model.trained_on}",
        f"drift floor: {model.drift_floor:.2f}",
        f"safety floor: {model.safety_floor:.2f}",
        f"trust: {trust}",
        *(f"{_KIND}{kind[1:]}: {tokens}" for kind, tokens in _tokens_by_kind(model)),
        _COLUMNS,
        _row(_BIAS, model.bias),
        *(_row(trait, weights) for trait, weights in sorted(model.weights.items())),
    ]


def _tokens_by_kind(model: WeakModel) -> list[tuple[str, str]]:
    kinds: dict[str, list[str]] = {}
    for token, its in sorted(model.kinds.items()):
        for kind in its:
            kinds.setdefault(kind, []).append(token)
    return [(kind, " ".join(tokens)) for kind, tokens in sorted(kinds.items())]


def _row(trait: str, weights: tuple[int, ...]) -> str:
    return trait + "\t" + " ".join(map(str, weights))


def _model(lines: list[str]) -> WeakModel:
    version, trained_on, drift_floor, safety_floor, trust = (
        _value(line, key)
        for line, key in zip(
            lines[1:6],
            ("stamp", "trained on", "drift floor", "safety floor", "trust"),
            strict=True,
        )
    )
    at = _FIRST_KIND
    kinds: dict[str, tuple[str, ...]] = {}
    while lines[at].startswith(_KIND):
        name, _, tokens = lines[at].removeprefix(_KIND).partition(": ")
        for token in tokens.split():
            kinds[token] = (*kinds.get(token, ()), f"={name}")
        at += 1
    if lines[at] != _COLUMNS:
        raise ValueError(f"the columns are not {_COLUMNS!r}")
    rows = dict(_weights(line) for line in lines[at + 1 :])
    return WeakModel(
        version=version,
        trained_on=trained_on,
        weights={trait: weights for trait, weights in rows.items() if trait != _BIAS},
        bias=rows[_BIAS],
        trust={
            Label(label): float(value)
            for label, value in (pair.split("=") for pair in trust.split())
        },
        drift_floor=float(drift_floor),
        safety_floor=float(safety_floor),
        kinds=kinds,
    )


def _value(line: str, key: str) -> str:
    name, colon, value = line.partition(": ")
    if name != key or not colon:
        raise ValueError(f"{key!r} is missing")
    return value


def _weights(line: str) -> tuple[str, tuple[int, ...]]:
    trait, _, numbers = line.partition("\t")
    weights = tuple(map(int, numbers.split(" ")))
    if len(weights) != len(Label) + 1:
        raise ValueError(f"{trait!r} has {len(weights)} weights")
    return trait, weights

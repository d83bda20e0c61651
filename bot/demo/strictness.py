"""Parameters that Telegram would silently ignore or misread, found by a table of its own names.

``parameters.json`` beside this module holds, for every method served here, the names and types of
Bot API 10.1 (June 2026); "!" marks what is required, brackets an array.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from bot.demo.parameters import Parameters

Table = dict[str, dict[str, str]]

_BOOLEANS: Final = frozenset({"true", "false"})


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing about a request that the real server would have passed over in silence."""

    method: str
    parameter: str
    problem: str


@cache
def _tables() -> tuple[Table, Table]:
    raw = json.loads(files("bot.demo").joinpath("parameters.json").read_text("utf-8"))
    return {name.lower(): fields for name, fields in raw["methods"].items()}, raw["types"]


def violations_of(method: str, given: Parameters) -> list[Violation]:
    """Unknown, missing and mistyped parameters of one request; none for an unknown method.

    Args:
        method: the name in lower case.
        given: the parameters as they came.
    """
    known = _tables()[0].get(method)
    if known is None:
        return []
    found: list[Violation] = []
    for name in given.uploads:
        if name not in known and f"attach://{name}" not in _all_strings(given.values):
            found.append(Violation(method, name, "an upload that nothing refers to"))
    for name, value in given.values.items():
        problem = _problem(name, value, known, outer=True)
        if problem:
            found.append(Violation(method, name, problem))
    for name, types in known.items():
        if types.endswith("!") and name not in given.values and name not in given.uploads:
            found.append(Violation(method, name, "is required"))
    return found


def _all_strings(values: dict[str, Any]) -> str:
    return json.dumps(values, default=str)


def _problem(name: str, value: Any, known: dict[str, str], *, outer: bool = False) -> str:
    """What is wrong with one field, empty where nothing is."""
    if name not in known:
        return "is unknown"
    problems = [_mismatch(value, one, outer=outer) for one in known[name].rstrip("!").split("|")]
    return "" if "" in problems else problems[0]


def _mismatch(value: Any, wanted: str, *, outer: bool = False) -> str:
    """Why ``value`` is not of the type ``wanted``; ``outer`` values may be strings of a form."""
    if outer and isinstance(value, str) and wanted not in {"String", "InputFile"}:
        try:
            value = json.loads(value)
        except ValueError:
            return f"is not {wanted}: {value[:40]!r}"
    if wanted.startswith("["):
        if not isinstance(value, list):
            return f"is not an array: {str(value)[:40]!r}"
        return next(filter(None, (_mismatch(one, wanted[1:-1]) for one in value)), "")
    match wanted:
        case "Integer":
            fits = isinstance(value, int) and not isinstance(value, bool)
        case "Float":
            fits = isinstance(value, int | float) and not isinstance(value, bool)
        case "Boolean":
            fits = isinstance(value, bool)
        case "String" | "InputFile":
            fits = isinstance(value, str)
        case _:
            return _object_mismatch(value, wanted)
    return "" if fits else f"is not {wanted}: {str(value)[:40]!r}"


def _object_mismatch(value: Any, wanted: str) -> str:
    if not isinstance(value, dict):
        return f"is not {wanted}: {str(value)[:40]!r}"
    known = _tables()[1].get(wanted)
    if known is None:
        return ""
    for name, one in value.items():
        problem = _problem(name, one, known)
        if problem:
            return f"{wanted}.{name} {problem}"
    for name, types in known.items():
        if types.endswith("!") and name not in value:
            return f"{wanted}.{name} is required"
    return ""

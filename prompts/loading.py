"""The content files as the objects the rest of the house works with.

A file is read whole before anything is said about it, so that `ampersand check` can list all that
is wrong; the `load_...` functions raise the first complaint instead and give back nothing that is
half right.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Generic, TypeVar

from bot.drift.rules import Axis, Rule, RuleSet
from bot.rhythm.questions import Frame, Question, QuestionAxis, Valence
from prompts.helplines import Helpline, Helplines, Kind, Status
from prompts.source import ContentError, Entry, entries_of, entry_of, read

__all__ = [
    "FACETS",
    "LANGUAGE",
    "ROOT",
    "ContentError",
    "Located",
    "Reading",
    "load_helplines",
    "load_questions",
    "load_rules",
    "read_helplines",
    "read_questions",
    "read_rules",
]

ROOT: Final = Path(__file__).parent
LANGUAGE: Final = "en"

FACETS: Final[Mapping[QuestionAxis, tuple[str, ...]]] = {
    QuestionAxis.SELF: ("wants", "feelings-owned", "own-time", "own-opinion"),
    QuestionAxis.TOGETHER: ("sharing", "affection", "shared-time", "support"),
    QuestionAxis.BALANCE: ("say", "boundaries", "repair", "swing"),
}

_RULE_KEYS = (
    *("id", "axis", "reversed", "anchor", "plain", "quiz", "tap", "check_in"),
    *("toward", "away"),
)
_QUESTION_KEYS = (
    *("id", "axis", "facet", "depth", "valence", "frame", "discreet_ok", "version", "text"),
)
_HELPLINE_KEYS = (
    *("country", "name", "kind", "number", "sms", "hours"),
    *("source", "verified_on", "status", "note"),
)
_HIGHEST_VERSION = 999

_Thing = TypeVar("_Thing")


@dataclass(frozen=True, slots=True)
class Located(Generic[_Thing]):
    """A thing and the entry it was read from."""

    thing: _Thing
    entry: Entry


@dataclass(frozen=True, slots=True)
class Reading(Generic[_Thing]):
    """What one file gave: the entries that can be used, and a complaint for each that cannot."""

    path: Path
    found: tuple[Located[_Thing], ...]
    errors: tuple[ContentError, ...]

    @property
    def things(self) -> tuple[_Thing, ...]:
        """What was read.

        Raises:
            ContentError: The first complaint, if there is one.
        """
        if self.errors:
            raise self.errors[0]
        return self.things_found

    @property
    def things_found(self) -> tuple[_Thing, ...]:
        """What could be read, whatever else could not."""
        return tuple(located.thing for located in self.found)


def load_rules(language: str = LANGUAGE, root: Path = ROOT) -> RuleSet:
    """The rules of a language.

    Raises:
        ContentError: If the file cannot be used.
    """
    return RuleSet(read_rules(root / language).things)


def load_questions(language: str = LANGUAGE, root: Path = ROOT) -> tuple[Question, ...]:
    """The open questions of a language, in the order of their file.

    Raises:
        ContentError: If the file cannot be used.
    """
    return read_questions(root / language).things


def load_helplines(language: str = LANGUAGE, root: Path = ROOT) -> Helplines:
    """The help lines that may be shown: those seen in a source and not reported dead.

    Raises:
        ContentError: If the file cannot be used.
    """
    countries, reading = read_helplines(root / language)
    return Helplines(countries, tuple(line for line in reading.things if line.showable))


def read_rules(folder: Path) -> Reading[Rule]:
    """Every rule of a folder that can be used, and a complaint for each that cannot."""
    return _read_list(folder / "rules.yaml", _rule, lambda rule: rule.id)


def read_questions(folder: Path) -> Reading[Question]:
    """Every question of a folder that can be used, and a complaint for each that cannot."""
    return _read_list(folder / "questions.yaml", _question, lambda question: question.id)


def read_helplines(folder: Path) -> tuple[Mapping[str, str], Reading[Helpline]]:
    """The names of the countries and every line, also those that must not be shown."""
    path = folder / "helplines.yaml"
    try:
        top = entry_of(path, read(path))
        top.allow("countries", "lines")
        countries = top.inner("countries")
        names = {code: countries.text(code) for code in countries.nodes}
        entries = [entry_of(path, node) for node in top.items("lines")]
    except ContentError as error:
        return {}, Reading(path, (), (error,))

    def line(entry: Entry) -> Helpline:
        return _helpline(entry, names)

    return names, _gather(
        path, entries, line, lambda line: f"{line.number} of {line.country}", "number"
    )


def _read_list(
    path: Path, parse: Callable[[Entry], _Thing], name: Callable[[_Thing], str]
) -> Reading[_Thing]:
    try:
        entries = list(entries_of(path, read(path)))
    except ContentError as error:
        return Reading(path, (), (error,))
    return _gather(path, entries, parse, name, "id")


def _gather(
    path: Path,
    entries: Iterable[Entry],
    parse: Callable[[Entry], _Thing],
    name: Callable[[_Thing], str],
    key: str,
) -> Reading[_Thing]:
    """Parse entries; of two with the same name the second is refused."""
    found: list[Located[_Thing]] = []
    errors: list[ContentError] = []
    first_lines: dict[str, int] = {}
    for entry in entries:
        try:
            thing = parse(entry)
        except ContentError as error:
            errors.append(error)
            continue
        if name(thing) in first_lines:
            first = first_lines[name(thing)]
            errors.append(
                entry.error(f"{name(thing)} stands here twice, first in line {first}", key)
            )
        else:
            first_lines[name(thing)] = entry.line
            found.append(Located(thing, entry))
    return Reading(path, tuple(found), tuple(errors))


def _rule(entry: Entry) -> Rule:
    entry.allow(*_RULE_KEYS)
    anchor = entry.flag("anchor")
    for key in ("tap", "check_in"):
        if anchor and key not in entry:
            raise entry.error(f"an anchor needs a {key}")
        if not anchor and key in entry:
            raise entry.error(f"only an anchor has a {key}", key)
    return Rule(
        id=_identifier(entry),
        axis=entry.choice("axis", Axis),
        reversed=entry.flag("reversed"),
        anchor=anchor,
        plain=entry.sentence("plain"),
        quiz=entry.sentence("quiz"),
        tap=entry.sentence("tap") if anchor else None,
        check_in=entry.sentence("check_in") if anchor else None,
    )


def _question(entry: Entry) -> Question:
    entry.allow(*_QUESTION_KEYS)
    axis = entry.choice("axis", QuestionAxis)
    facet = entry.text("facet")
    if facet not in FACETS[axis]:
        known = ", ".join(FACETS[axis])
        raise entry.error(f"the facet of {axis} is one of {known}, not {facet!r}", "facet")
    text = entry.sentence("text")
    version = entry.number("version", 1, _HIGHEST_VERSION) if "version" in entry else 1
    return Question(
        id=_identifier(entry),
        axis=axis,
        facet=facet,
        depth=entry.number("depth", 1, 3),
        valence=entry.choice("valence", Valence),
        frame=entry.choice("frame", Frame) if "frame" in entry else Frame.TODAY,
        text=text,
        discreet_ok=entry.flag("discreet_ok"),
        # the count is for people; the hash also tells when somebody forgot to raise it
        version=f"{version}-{hashlib.sha256(text.encode()).hexdigest()[:8]}",
    )


def _helpline(entry: Entry, countries: Mapping[str, str]) -> Helpline:
    entry.allow(*_HELPLINE_KEYS)
    country = entry.text("country")
    if country not in countries:
        raise entry.error(f"{country} is not among the countries above", "country")
    return Helpline(
        country=country,
        name=entry.text("name"),
        kind=entry.choice("kind", Kind),
        number=entry.text("number"),
        sms=entry.optional("sms"),
        hours=entry.optional("hours"),
        source=entry.text("source"),
        verified_on=entry.day("verified_on") if "verified_on" in entry else None,
        status=entry.choice("status", Status),
        note=entry.optional("note"),
    )


def _identifier(entry: Entry) -> str:
    value = entry.text("id")
    if value.strip("abcdefghijklmnopqrstuvwxyz0123456789-") or value.strip("-") != value:
        raise entry.error(f"an id is small letters, digits and dashes, not {value!r}", "id")
    return value

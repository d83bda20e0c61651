"""`ampersand replay`: read people from a file, week by week, as the bot would have."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, BinaryIO
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from bot.drift.beads import Bead, answer_bead
from bot.drift.positions import Position
from bot.drift.record import Entry, Record, ToldShift, count_words
from bot.drift.rules import HIGHEST_ANSWER, LOWEST_ANSWER, Axis, RuleSet, Source
from bot.drift.weeks import Reading, follow
from bot.reading.evidence import beads_of, counts
from bot.reading.reader import Reader

_BAD_LINES = 2
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"

Value = Annotated[int, Field(ge=LOWEST_ANSWER, le=HIGHEST_ANSWER)]


class _Part(BaseModel):
    # errors are printed, and what people wrote is not for printing
    model_config = ConfigDict(strict=True, frozen=True, hide_input_in_errors=True)


class _Tap(_Part):
    rule: str
    value: Value


class _Day(_Part):
    date: date
    text: str | None = None
    tap: _Tap | None = None


class _Answers(_Part):
    date: date
    answers: dict[str, Value | None]


class _Person(_Part):
    id: str | int
    start: date
    zone: str | None = None
    quizzes: tuple[_Answers, ...] = ()
    days: tuple[_Day, ...] = ()
    check_ins: tuple[_Answers, ...] = ()

    @field_validator("zone")
    @classmethod
    def _known(cls, zone: str | None) -> str | None:
        if zone is not None:
            try:
                ZoneInfo(zone)
            except (ZoneInfoNotFoundError, ValueError, OSError) as error:
                raise ValueError("no such time zone") from error
        return zone


@click.command("replay")
@click.argument("people", type=click.File("rb"), default="-")
@click.option("--language", default="en", show_default=True, help="Whose rules to read by.")
def command(people: BinaryIO, language: str) -> None:
    """Read PEOPLE (JSON Lines; standard input without it) week by week, as the bot would have.

    \b
    A line is a person:
      {"id", "start", "zone",
       "quizzes":   [{"date", "answers": {rule: 1..5}}],
       "days":      [{"date", "text"?, "tap"?: {"rule", "value": 1..5}}],
       "check_ins": [{"date", "answers": {rule: 1..5}}]}

    \b
    For each week up to the last with evidence it gives a line:
      {"id", "week", "self": [mean, low, high], "together": [...], "say": [...], "pattern",
       "drift": {"self": null or {"direction": "up" or "down", "since", "clear"}, ...}, "valid"}

    Dates are the person's local days. Week 1 is the seven days from the start on. The positions
    are the picture at the end of the week: 28 days, and the latest quiz fading. A shift stands in
    the week in which it is told. A week is valid with four replies and four beads on every axis.
    A day with a tap, or with a text of three words, is a reply; what the text says joins the
    picture and the pattern, never the drift. The pattern is what was measured, also where the bot
    would show no name. A rule that has no tap today is taken all the same, since it may have had
    one then.

    A line that cannot be used is named on standard error, the others are still read, and the
    command ends with status 2.
    """  # noqa: D301 - click's sign for lines that stay apart is a backspace
    from prompts.loading import ROOT, ContentError, load_rules
    from prompts.markers import load_spec

    try:
        rules = load_rules(language)
        reader = Reader(load_spec(ROOT / language))
    except ContentError as error:
        raise click.ClickException(str(error)) from error
    bad = False
    for number, line in enumerate(people, start=1):
        text = line.removeprefix(_BYTE_ORDER_MARK).strip()
        if not text:
            continue
        try:
            weeks = list(replay(text, rules, reader))
        except ValueError as error:
            bad = True
            click.echo(f"line {number}: {_in_one_line(error)}", err=True)
            continue
        for week in weeks:
            click.echo(json.dumps(week, ensure_ascii=False))
    if bad:
        raise click.exceptions.Exit(_BAD_LINES)


def replay(
    line: bytes, rules: RuleSet, reader: Reader | None = None
) -> Iterator[dict[str, object]]:
    """The weeks of the person that a line describes; without a reader, texts are not read.

    Raises:
        ValueError: If the line cannot be used; also pydantic's ValidationError, which is one.
    """
    person = _Person.model_validate_json(line)
    beads = [*_beads(person, rules), *_text_beads(person, reader)]
    record = Record(person.start, tuple(beads), tuple(_entries(person)))
    first = min((*(b.day for b in record.beads), *(e.day for e in record.entries), person.start))
    if first < person.start:
        raise ValueError(f"{first} lies before the start, {person.start}")
    try:
        for reading in follow(record):
            yield {"id": person.id, **_week(reading)}
    except OverflowError as error:
        raise ValueError("a date lies beyond the calendar") from error


def _beads(person: _Person, rules: RuleSet) -> Iterator[Bead]:
    given: list[tuple[date, Source, Mapping[str, int | None]]] = [
        *((quiz.date, Source.QUIZ, quiz.answers) for quiz in person.quizzes),
        *((check.date, Source.CHECK_IN, check.answers) for check in person.check_ins),
        *((day.date, Source.TAP, {day.tap.rule: day.tap.value}) for day in person.days if day.tap),
    ]
    for day, source, answers in given:
        for rule, value in answers.items():
            if rule not in rules:
                raise ValueError(f"{source} of {day}: no rule is called {rule!r}")
            if value is not None:
                yield answer_bead(rules[rule], value, day, source)


def _text_beads(person: _Person, reader: Reader | None) -> Iterator[Bead]:
    for day in person.days:
        if reader is None or not day.text:
            continue
        reading = reader.read(day.text)
        if counts(day.text, reading):
            yield from beads_of(reading, day.date, reader.version)


def _entries(person: _Person) -> Iterator[Entry]:
    for day in person.days:
        if day.text:
            yield Entry(day.date, count_words(day.text))


def _week(reading: Reading) -> dict[str, object]:
    return {
        "week": reading.week.number,
        **{str(axis): _place(reading.positions[axis]) for axis in Axis},
        "pattern": reading.pattern,
        "drift": {str(axis): _shift(reading.drift[axis]) for axis in Axis},
        "valid": reading.week.valid,
    }


def _place(position: Position) -> list[float]:
    return [round(number, 4) for number in (position.mean, position.low, position.high)]


def _shift(shift: ToldShift | None) -> dict[str, object] | None:
    if shift is None:
        return None
    return {
        "direction": shift.direction,
        "since": shift.since.isoformat(),
        "clear": shift.clear,
    }


def _in_one_line(error: ValueError) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = ".".join(map(str, first["loc"]))
    message = " ".join(str(first["msg"]).split())
    return f"{place}: {message}" if place else message

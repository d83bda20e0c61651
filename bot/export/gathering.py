"""From the rows of one person to the file: ids become numbers within the file."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from bot.export.shape import (
    Answer,
    Bead,
    CheckIn,
    Export,
    Flag,
    NotMe,
    Phrase,
    Question,
    Quiz,
    Report,
    Safety,
    Settings,
    Shift,
    Tap,
)
from storage.archive import Row
from storage.instants import from_seconds

Ids = dict[int, int]


def exported(person: Row, rows: Mapping[str, list[Row]], *, safety: bool) -> Export:
    """The file for a person.

    Args:
        person: the row of the person.
        rows: all rows that hang on them, by table.
        safety: whether the safety card and the flags are put in.
    """
    ids = {
        "asked": _numbered(rows["asked"]),
        "text": _numbered(rows["answers"]),
        "tap": _numbered(rows["taps"]),
        "quiz": _numbered(rows["quizzes"]),
        "check_in": _numbered(rows["check_ins"]),
    }
    return Export(
        settings=_settings(person),
        questions=tuple(_question(row, ids["asked"]) for row in rows["asked"]),
        answers=tuple(_answers(rows, ids)),
        taps=tuple(_tap(row, ids) for row in rows["taps"]),
        quizzes=tuple(_quizzes(rows, ids["quiz"])),
        check_ins=tuple(_check_ins(rows, ids["check_in"])),
        beads=tuple(sorted((_bead(row, ids) for row in rows["beads"]), key=_bead_order)),
        reports=tuple(_report(row) for row in rows["reports"]),
        chapters=tuple(row["day"] for row in rows["marked_days"] if row["mark"] == "chapter"),
        unusual_weeks=tuple(row["day"] for row in rows["marked_days"] if row["mark"] == "unusual"),
        told_shifts=tuple(_shift(row) for row in rows["told"]),
        not_me=tuple(
            sorted((_not_me(row, ids["text"]) for row in rows["not_mine"]), key=_not_me_order)
        ),
        safety=_safety(person, rows["flags"]) if safety else None,
    )


def _numbered(rows: Iterable[Row]) -> Ids:
    return {row["id"]: number for number, row in enumerate(rows, start=1)}


def _instant(seconds: int | None) -> datetime | None:
    return None if seconds is None else from_seconds(seconds)


def _listed(text: str | None) -> Any:
    return json.loads(text) if text else ()


def _settings(person: Row) -> Settings:
    return Settings(
        created_at=from_seconds(person["created_at"]),
        consented_at=_instant(person["consented_at"]),
        withdrawn=person["consent"] is None and person["consented_at"] is not None,
        started_on=person["started_on"],
        state=person["state"],
        paused_until=person["paused_until"],
        keep_days=person["keep_days"],
        push=person["push"],
        discreet=bool(person["discreet"]),
        zone=person["zone"],
        place=person["place"],
        ask_at=person["ask_at"],
        days=person["days"],
        weekly_at=person["weekly_at"],
        masks=tuple(_listed(person["masks"])),
    )


def _question(row: Row, ids: Ids) -> Question:
    return Question(
        id=ids[row["id"]],
        day=row["day"],
        kind=row["kind"],
        question=row["question"],
        text=row["text"],
        tap=row["tap"],
        asked_at=from_seconds(row["asked_at"]),
        state=row["state"],
        replaced=tuple((row["replaced"] or "").split()),
    )


def _answers(rows: Mapping[str, list[Row]], ids: Mapping[str, Ids]) -> Iterable[Answer]:
    texts = {row["id"]: row["text"] for row in rows["asked"]}
    phrases: dict[int, list[Phrase]] = {}
    for hit in rows["hits"]:
        phrase = Phrase(
            rule=hit["rule"], family=hit["family"], phrase=hit["phrase"], gate=hit["gate"]
        )
        phrases.setdefault(hit["answer_id"], []).append(phrase)
    for row in rows["answers"]:
        asked = row["asked_id"]
        yield Answer(
            id=ids["text"][row["id"]],
            day=row["day"],
            question=texts.get(asked),
            question_id=ids["asked"].get(asked),
            text=row["text"],
            words=row["words"],
            unread=bool(row["unread"]),
            late=bool(row["late"]),
            answered_at=from_seconds(row["answered_at"]),
            edited_at=_instant(row["edited_at"]),
            recognised=tuple(phrases.get(row["id"], ())),
        )


def _tap(row: Row, ids: Mapping[str, Ids]) -> Tap:
    return Tap(
        id=ids["tap"][row["id"]],
        question_id=ids["asked"][row["asked_id"]],
        rule=row["rule"],
        wording=row["wording"],
        value=row["value"],
        day=row["day"],
        late=bool(row["late"]),
        tapped_at=from_seconds(row["tapped_at"]),
    )


def _quizzes(rows: Mapping[str, list[Row]], ids: Ids) -> Iterable[Quiz]:
    for row in rows["quizzes"]:
        answers = [one for one in rows["quiz_answers"] if one["quiz_id"] == row["id"]]
        yield Quiz(
            id=ids[row["id"]],
            day=row["finished_on"],
            started_at=from_seconds(row["started_at"]),
            version=row["version"],
            closeness_now=row["closeness_now"],
            closeness_wished=row["closeness_wished"],
            answers={one["rule"]: one["value"] for one in answers},
        )


def _check_ins(rows: Mapping[str, list[Row]], ids: Ids) -> Iterable[CheckIn]:
    given: dict[int, list[Row]] = {}
    for one in rows["check_in_answers"]:
        given.setdefault(one["check_in_id"], []).append(one)
    for row in rows["check_ins"]:
        answers = given.get(row["id"], [])
        yield CheckIn(
            id=ids[row["id"]],
            day=row["day"],
            sent_at=from_seconds(row["sent_at"]),
            finished_at=_instant(row["finished_at"]),
            answers={one["rule"]: one["value"] for one in answers},
            wordings={one["rule"]: one["wording"] for one in answers},
        )


def _bead(row: Row, ids: Mapping[str, Ids]) -> Bead:
    return Bead(
        day=row["day"],
        source=row["source"],
        of=ids[row["source"]].get(row["source_id"]),
        rule=row["rule"],
        family=row["family"],
        axis=row["axis"],
        plus=row["plus"],
        minus=row["minus"],
        version=row["version"],
    )


def _bead_order(bead: Bead) -> tuple[Any, ...]:
    return bead.day, bead.source, bead.of or 0, bead.rule, bead.family, bead.axis


def _report(row: Row) -> Report:
    return Report(
        day=row["day"],
        kind=row["kind"],
        pattern=row["pattern"],
        version=row["version"],
        made_at=from_seconds(row["made_at"]),
    )


def _shift(row: Row) -> Shift:
    return Shift(
        axis=row["axis"],
        told=row["told"],
        since=row["since"],
        direction=row["direction"],
        clear=bool(row["clear"]),
    )


def _not_me(row: Row, ids: Ids) -> NotMe:
    return NotMe(family=row["family"], answer_id=ids.get(row["answer_id"]), said_on=row["said_on"])


def _not_me_order(said: NotMe) -> tuple[Any, ...]:
    return said.said_on, said.family, said.answer_id or 0


def _safety(person: Row, flags: Iterable[Row]) -> Safety:
    return Safety(
        card=person["card"],
        country=person["country"],
        help_until=_instant(person["help_until"]),
        flags=tuple(
            Flag(
                kind=row["kind"],
                sure=bool(row["sure"]),
                raised_at=from_seconds(row["raised_at"]),
                closed_at=_instant(row["closed_at"]),
            )
            for row in flags
        ),
    )

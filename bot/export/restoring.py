"""From a file back to the rows of one person."""

import json
from datetime import datetime
from typing import Any

from bot.export.shape import Answer, Bead, CheckIn, Export, Question, Quiz
from storage.archive import Row
from storage.instants import to_seconds
from storage.people import AGREED_ELSEWHERE, Person
from storage.store import Store

Ids = dict[int, int]


def restore(store: Store, person: Person, export: Export, now: datetime) -> None:
    """Put everything of a file into a fresh account.

    ``person`` has just been made. Their consent was given to somebody else's bot, so it counts as
    given to other words than today's: they are asked at the next contact, and until then nothing
    is asked of them. They count as heard of ``now``.
    """
    store.archive.settle(person.id, _person(export, now))
    asked = {one.id: store.archive.insert("asked", _asked(one, person)) for one in export.questions}
    ids: dict[str, Ids] = {
        "text": _answers(store, person, export, asked),
        "tap": _taps(store, person, export, asked),
        "quiz": {one.id: _quiz(store, person, one) for one in export.quizzes},
        "check_in": {one.id: _check_in(store, person, one) for one in export.check_ins},
    }
    store.archive.insert_all("beads", _beads(export, person, ids))
    store.archive.insert_all("not_mine", _not_mine(export, person, ids["text"]))
    store.archive.insert_all("reports", _reports(export, person))
    store.archive.insert_all("told", _told(export, person))
    for mark, days in (("chapter", export.chapters), ("unusual", export.unusual_weeks)):
        for day in days:
            store.reports.mark(person.id, day, mark)
    store.archive.insert_all("flags", _flags(export, person))


def _seconds(instant: datetime | None) -> int | None:
    return None if instant is None else to_seconds(instant)


def _person(export: Export, now: datetime) -> Row:
    chosen = export.settings
    values: Row = {
        "created_at": to_seconds(chosen.created_at),
        "consent": AGREED_ELSEWHERE if chosen.consented_at and not chosen.withdrawn else None,
        "consented_at": _seconds(chosen.consented_at),
        "started_on": None if chosen.started_on is None else chosen.started_on.isoformat(),
        "state": chosen.state,
        "paused_until": None if chosen.paused_until is None else chosen.paused_until.isoformat(),
        "keep_days": chosen.keep_days,
        "push": chosen.push,
        "discreet": int(chosen.discreet),
        "zone": chosen.zone,
        "place": chosen.place,
        "ask_at": chosen.ask_at,
        "days": chosen.days,
        "weekly_at": chosen.weekly_at,
        "masks": json.dumps(list(chosen.masks), ensure_ascii=False) if chosen.masks else None,
        "heard_at": to_seconds(now),
    }
    if export.safety is not None:
        values |= {
            "card": export.safety.card,
            "country": export.safety.country,
            "help_until": _seconds(export.safety.help_until),
        }
    return values


def _asked(one: Question, person: Person) -> Row:
    return {
        "person_id": person.id,
        "day": one.day.isoformat(),
        "kind": one.kind,
        "question": one.question,
        "text": one.text,
        "tap": one.tap,
        "asked_at": to_seconds(one.asked_at),
        "state": one.state,
        "replaced": " ".join(one.replaced) or None,
    }


def _answers(store: Store, person: Person, export: Export, asked: Ids) -> Ids:
    ids: Ids = {}
    for one in export.answers:
        ids[one.id] = store.archive.insert("answers", _answer(one, person, asked))
        store.archive.insert_all(
            "hits",
            [
                {
                    "answer_id": ids[one.id],
                    "rule": hit.rule,
                    "family": hit.family,
                    "phrase": hit.phrase,
                    "gate": hit.gate,
                }
                for hit in one.recognised
            ],
        )
    return ids


def _answer(one: Answer, person: Person, asked: Ids) -> Row:
    return {
        "person_id": person.id,
        "asked_id": None if one.question_id is None else asked[one.question_id],
        "day": one.day.isoformat(),
        "text": one.text,
        "words": one.words,
        "unread": int(one.unread),
        "late": int(one.late),
        "answered_at": to_seconds(one.answered_at),
        "edited_at": _seconds(one.edited_at),
    }


def _taps(store: Store, person: Person, export: Export, asked: Ids) -> Ids:
    return {
        one.id: store.archive.insert(
            "taps",
            {
                "person_id": person.id,
                "asked_id": asked[one.question_id],
                "rule": one.rule,
                "wording": one.wording,
                "value": one.value,
                "day": one.day.isoformat(),
                "late": int(one.late),
                "tapped_at": to_seconds(one.tapped_at),
            },
        )
        for one in export.taps
    }


def _quiz(store: Store, person: Person, one: Quiz) -> int:
    quiz_id = store.archive.insert(
        "quizzes",
        {
            "person_id": person.id,
            "started_at": to_seconds(one.started_at),
            "finished_on": None if one.day is None else one.day.isoformat(),
            "version": one.version,
            "closeness_now": one.closeness_now,
            "closeness_wished": one.closeness_wished,
        },
    )
    for rule, value in one.answers.items():
        store.quizzes.answer(quiz_id, rule, value)
    return quiz_id


def _check_in(store: Store, person: Person, one: CheckIn) -> int:
    check_in_id = store.archive.insert(
        "check_ins",
        {
            "person_id": person.id,
            "day": one.day.isoformat(),
            "sent_at": to_seconds(one.sent_at),
            "finished_at": _seconds(one.finished_at),
        },
    )
    for rule, value in one.answers.items():
        store.check_ins.answer(check_in_id, rule, one.wordings.get(rule, ""), value)
    return check_in_id


def _beads(export: Export, person: Person, ids: dict[str, Ids]) -> list[Row]:
    return [_bead(one, person, ids, number) for number, one in enumerate(export.beads, start=1)]


def _bead(one: Bead, person: Person, ids: dict[str, Ids], number: int) -> Row:
    # what it was counted for may be gone; below zero no answer is ever found
    source_id = -number if one.of is None else ids[one.source].get(one.of, -number)
    return {
        "person_id": person.id,
        "day": one.day.isoformat(),
        "source": one.source,
        "source_id": source_id,
        "rule": one.rule,
        "family": one.family,
        "axis": one.axis,
        "plus": one.plus,
        "minus": one.minus,
        "version": one.version,
    }


def _not_mine(export: Export, person: Person, answers: Ids) -> list[Row]:
    return [
        {
            "person_id": person.id,
            "family": one.family,
            "answer_id": -number if one.answer_id is None else answers[one.answer_id],
            "said_on": one.said_on.isoformat(),
        }
        for number, one in enumerate(export.not_me, start=1)
    ]


def _reports(export: Export, person: Person) -> list[Row]:
    return [
        {
            "person_id": person.id,
            "day": one.day.isoformat(),
            "kind": one.kind,
            "pattern": one.pattern,
            "version": one.version,
            "made_at": to_seconds(one.made_at),
        }
        for one in export.reports
    ]


def _told(export: Export, person: Person) -> list[Row]:
    return [
        {
            "person_id": person.id,
            "axis": one.axis,
            "told": one.told.isoformat(),
            "since": one.since.isoformat(),
            "direction": one.direction,
            "clear": int(one.clear),
        }
        for one in export.told_shifts
    ]


def _flags(export: Export, person: Person) -> list[dict[str, Any]]:
    if export.safety is None:
        return []
    return [
        {
            "person_id": person.id,
            "kind": one.kind,
            "sure": int(one.sure),
            "raised_at": to_seconds(one.raised_at),
            "closed_at": _seconds(one.closed_at),
        }
        for one in export.safety.flags
    ]

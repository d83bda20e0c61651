"""Answers: what hangs on one question."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from storage.answers import Answer
from storage.beads import StoredBead
from storage.connection import Connection
from storage.database import Database
from storage.hits import Hit
from storage.store import Store

NOW = datetime(2026, 3, 2, 12, 0, 30, 500, tzinfo=UTC)


def test_as_many_answers_are_counted_as_are_given(
    tmp_path: Path, opened: Callable[..., Database]
) -> None:
    """Notes of the day, and answers to another question, do not count."""

    def work(conn: Connection) -> list[tuple[int, int]]:
        store = Store(conn)
        person = store.people.add(5, NOW)
        day = NOW.date()
        added = [
            store.asked.add(person.id, day, kind, "q1", "How?", None, NOW, hidden=False)
            for kind in ("daily", "extra", "extra")
        ]
        asked = [one.id for one in added if one is not None]
        for number, about in enumerate([asked[0], asked[0], asked[1], None]):
            store.answers.add(person.id, about, day, "Well.", number, NOW, late=False)
        store.answers.add(person.id, asked[0], day, "Well.", 0, NOW, late=False)
        return [
            (store.answers.count_of_question(one), len(store.answers.of_question(one)))
            for one in asked
        ]

    database = opened(tmp_path / "ampersand.db")
    assert database.submit(work).result() == [(2, 2), (1, 1), (0, 0)]


def _kept(store: Store, chat_id: int, message_id: int) -> Answer:
    """An answer in which something was read."""
    person = store.people.add(chat_id, NOW)
    text = "I said what I wanted."
    kept = store.answers.add(person.id, None, NOW.date(), text, message_id, NOW, late=True)
    assert kept is not None
    bead = StoredBead(NOW.date(), "text", kept.id, "own-time", "M1", "self", 0.5, 0.0, "v1")
    store.beads.add(person.id, [bead])
    store.hits.add(kept.id, [Hit("own-time", "M1", "what I wanted", None)])
    return kept


def _read_in(store: Store, *answers: Answer) -> list[tuple[int, int]]:
    """How many beads and phrases there are of each person."""
    return [
        (
            len(store.beads.since(one.person_id, NOW.date())),
            len(store.hits.since(one.person_id, NOW.date())),
        )
        for one in answers
    ]


def test_a_new_answer_is_given_as_it_is_stored(
    tmp_path: Path, opened: Callable[..., Database]
) -> None:
    def work(conn: Connection) -> tuple[Answer, Answer | None]:
        store = Store(conn)
        given = _kept(store, 5, 70)
        return given, store.answers.get(given.id)

    given, stored = opened(tmp_path / "ampersand.db").submit(work).result()
    assert given == stored
    assert given.words == 5


def test_a_new_wording_and_a_removal_take_what_was_read_in_that_answer_only(
    tmp_path: Path, opened: Callable[..., Database]
) -> None:
    def work(conn: Connection) -> list[list[tuple[int, int]]]:
        store = Store(conn)
        edited, removed, other = (_kept(store, 5 + number, 70) for number in range(3))
        before = _read_in(store, edited, removed, other)
        store.answers.edit(edited.id, "Something else.", NOW)
        store.answers.delete(removed.id)
        return [before, _read_in(store, edited, removed, other)]

    before, after = opened(tmp_path / "ampersand.db").submit(work).result()
    assert before == [(1, 1)] * 3
    assert after == [(0, 0), (0, 0), (1, 1)]

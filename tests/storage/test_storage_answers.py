"""Answers: what hangs on one question."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from storage.connection import Connection
from storage.database import Database
from storage.store import Store

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


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

"""Questions that were asked: what the repository gives is what stands in the file."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.asked import Asked, AskedQuestions
from storage.connection import Connection
from storage.database import Database
from storage.store import Store

NOW = datetime(2026, 3, 2, 12, 0, 30, 500, tzinfo=UTC)

CHANGES: list[Callable[[AskedQuestions, Asked], Asked]] = [
    lambda asked, one: asked.set_state(one, "later"),
    lambda asked, one: asked.settle(one, "skipped"),
    lambda asked, one: asked.open_up(one),
    lambda asked, one: asked.replace(one, "q2", "And what?"),
    lambda asked, one: asked.replace(asked.replace(one, "q2", "And what?"), "q3", "Who?"),
]


def _add(store: Store, *, hidden: bool = True) -> Asked:
    person = store.people.add(5, NOW)
    added = store.asked.add(
        person.id, NOW.date(), "daily", "q1", "How?", "own-time", NOW, hidden=hidden
    )
    assert added is not None
    return added


@pytest.mark.parametrize("hidden", [True, False])
def test_a_new_question_is_given_as_it_is_stored(
    tmp_path: Path, opened: Callable[..., Database], hidden: bool
) -> None:
    def work(conn: Connection) -> tuple[Asked, Asked | None]:
        store = Store(conn)
        added = _add(store, hidden=hidden)
        return added, store.asked.get(added.id)

    given, stored = opened(tmp_path / "ampersand.db").submit(work).result()
    assert given == stored


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_question_is_given_as_it_is_stored(
    tmp_path: Path,
    opened: Callable[..., Database],
    change: Callable[[AskedQuestions, Asked], Asked],
) -> None:
    def work(conn: Connection) -> tuple[Asked, Asked, Asked | None]:
        store = Store(conn)
        added = _add(store)
        return added, change(store.asked, added), store.asked.get(added.id)

    before, given, stored = opened(tmp_path / "ampersand.db").submit(work).result()
    assert given == stored
    assert given != before


def test_what_was_shown_are_the_replaced_questions_and_those_that_stand(
    tmp_path: Path, opened: Callable[..., Database]
) -> None:
    """A question of a day before the one that is asked for is left out."""

    def work(conn: Connection) -> list[str]:
        store = Store(conn)
        one = _add(store)
        store.asked.replace(store.asked.replace(one, "q2", "And what?"), "q3", "Who?")
        later, earlier = one.day.replace(day=5), one.day.replace(day=1)
        for day, question in ((later, "q4"), (earlier, "q0")):
            store.asked.add(one.person_id, day, "daily", question, "?", None, NOW, hidden=False)
        shown = store.asked.shown_since(one.person_id, one.day)
        assert shown == [(one.day, name) for name in ("q1", "q2", "q3")] + [(later, "q4")]
        return [name for _, name in shown]

    assert opened(tmp_path / "ampersand.db").submit(work).result() == ["q1", "q2", "q3", "q4"]


def test_a_day_has_one_daily_question(tmp_path: Path, opened: Callable[..., Database]) -> None:
    def work(conn: Connection) -> list[Asked | None]:
        store = Store(conn)
        one = _add(store)
        return [
            store.asked.add(one.person_id, one.day, kind, "q9", "?", None, NOW, hidden=False)
            for kind in ("daily", "extra")
        ]

    daily, extra = opened(tmp_path / "ampersand.db").submit(work).result()
    assert daily is None
    assert extra is not None

"""Inbox and outbox: what is new, what may go, what is in doubt, what is forgotten."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from storage.connection import connect
from storage.migrations import migrate
from storage.outbox import Outgoing, Priority
from storage.store import Store

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store over a new file."""
    conn = connect(tmp_path / "ampersand.db")
    migrate(conn)
    yield Store(conn)
    conn.close()


def update(number: int, **content: Any) -> dict[str, Any]:
    """An update as Telegram gives it."""
    return {"update_id": number, **content}


def text(chat_id: int, words: str = "hello", **more: Any) -> Outgoing:
    """A message to a chat."""
    return Outgoing(chat_id, "sendMessage", {"text": words}, **more)


def next_words(store: Store, now: datetime = NOW, **more: Any) -> list[str]:
    """The texts of the messages that may go now."""
    return [message.payload["text"] for message in store.outbox.next(now, 10, **more)]


def test_an_update_is_stored_once_and_given_in_order(store: Store) -> None:
    assert store.inbox.store([update(7), update(5), update(6)], NOW) == 3
    assert store.inbox.store([update(5), update(8)], NOW) == 1
    assert [one.update_id for one in store.inbox.new(10)] == [5, 6, 7, 8]
    store.inbox.done(6, NOW)
    store.inbox.quarantine(7, NOW)
    assert [one.update_id for one in store.inbox.new(10)] == [5, 8]
    # Given once more by Telegram, it is known.
    assert store.inbox.store([update(6)], NOW) == 0


def test_what_an_update_said_is_forgotten_when_it_is_done(store: Store) -> None:
    store.inbox.store([update(5, message={"text": "mine"})], NOW)
    assert "mine" in store.inbox.new(1)[0].raw
    store.inbox.done(5, NOW)
    rows = store.inbox._conn.execute("SELECT raw, state FROM inbox").fetchall()
    assert [tuple(row) for row in rows] == [(None, "done")]


def test_half_of_a_surrogate_pair_can_be_stored(store: Store) -> None:
    """What arrives as JSON can hold what no UTF-8 text can."""
    assert store.inbox.store([update(5, message={"text": "\ud83d"})], NOW) == 1
    assert "\\ud83d" in store.inbox.new(1)[0].raw


def test_old_ids_are_forgotten_in_their_time(store: Store) -> None:
    store.inbox.store([update(1), update(2), update(3)], NOW)
    store.inbox.done(1, NOW)
    store.inbox.quarantine(2, NOW)
    for after, left in (
        (timedelta(hours=48), {"done": 1, "quarantined": 1, "new": 1}),
        (timedelta(hours=49), {"quarantined": 1, "new": 1}),
        (timedelta(days=7), {"quarantined": 1, "new": 1}),
        (timedelta(days=8), {"new": 1}),
    ):
        store.inbox.prune(NOW + after)
        assert store.inbox.sizes() == left


def test_what_was_set_aside_goes_with_its_chat(store: Store) -> None:
    told = [
        update(1, message={"chat": {"id": 7}, "from": {"id": 7}}),
        update(2, message={"chat": {"id": 77}, "message_id": 7}),
        update(3, callback_query={"from": {"id": 7}}),
    ]
    store.inbox.store(told, NOW)
    for number in (1, 2, 3):
        store.inbox.quarantine(number, NOW)
    store.inbox.drop_chat(7)
    assert store.inbox.sizes() == {"quarantined": 1}


def test_graver_things_go_first_and_each_chat_in_order(store: Store) -> None:
    bulk = Priority.SCHEDULED
    store.outbox.add([text(1, "a", priority=bulk), text(1, "b"), text(2, "c", priority=bulk)])
    store.outbox.add([text(3, "d"), text(1, "e"), text(4, "f", priority=Priority.GRAVE)])
    assert next_words(store) == ["f", "b", "d", "c"]
    assert next_words(store, busy=[1, 4]) == ["d", "c"]


def test_a_message_is_in_doubt_only_from_the_moment_it_leaves(store: Store) -> None:
    store.outbox.add([text(1, "left"), text(2, "waits")])
    first, second = store.outbox.next(NOW, 10)
    assert store.outbox.leave(first.id)
    assert not store.outbox.leave(first.id)
    assert store.outbox.recover() == 1
    assert [one.doubted for one in store.outbox.next(NOW, 10)] == [True, False]
    assert store.outbox.interrupted() == []
    assert store.outbox.leave(first.id, second.id)
    assert [one.doubted for one in store.outbox.interrupted()] == [True, False]


def test_what_nobody_sees_twice_is_repeated_as_often_as_need_be(store: Store) -> None:
    store.outbox.add([Outgoing(1, "setMessageReaction", {"text": "-"})])
    for _ in range(4):
        (message,) = store.outbox.next(NOW, 10)
        assert not message.doubted
        assert store.outbox.leave(message.id)
        assert store.outbox.recover() == 1


def test_after_a_restore_only_what_somebody_would_see_twice_is_in_doubt(store: Store) -> None:
    store.outbox.add([text(1), Outgoing(2, "editMessageText", {"text": "-"})])
    store.outbox.doubt()
    assert [one.doubted for one in store.outbox.next(NOW, 10)] == [True, False]


def test_a_message_is_awaited_from_when_it_is_queued_until_it_has_arrived(store: Store) -> None:
    edit = Outgoing(1, "editMessageText", {"text": "-"}, subject="asked:1", target="asked:1")
    store.outbox.add([edit])
    assert not store.outbox.holds(1, "asked:1")
    store.outbox.add([text(1, subject="asked:1")])
    _, message = store.outbox._conn.execute("SELECT id FROM outbox ORDER BY id").fetchall()
    assert store.outbox.holds(1, "asked:1")
    assert not store.outbox.holds(2, "asked:1")
    store.outbox.leave(message[0])
    assert store.outbox.holds(1, "asked:1")
    store.outbox.fail(message[0], "refused")
    assert not store.outbox.holds(1, "asked:1")


def test_a_message_that_is_taken_back_does_not_leave(store: Store) -> None:
    store.outbox.add([text(1)])
    (message,) = store.outbox.next(NOW, 10)
    store.outbox.drop_chat(1)
    assert not store.outbox.leave(message.id)


def test_a_pause_ends_and_a_clock_that_steps_back_makes_none(store: Store) -> None:
    store.outbox.add([text(1)])
    (message,) = store.outbox.next(NOW, 10)
    store.outbox.retry(message.id, NOW + timedelta(seconds=30))
    assert next_words(store) == []
    assert next_words(store, NOW + timedelta(seconds=30)) == ["hello"]
    # Queued by a clock that has gone back by an hour, or by a day.
    assert next_words(store, NOW - timedelta(hours=1)) == ["hello"]
    assert next_words(store, NOW - timedelta(days=1)) == ["hello"]


def test_what_telegram_refuses_is_set_aside_without_its_text(store: Store) -> None:
    store.outbox.add([text(1, "private words")])
    (message,) = store.outbox.next(NOW, 10)
    store.outbox.fail(message.id, "bad request")
    rows = store.outbox._conn.execute("SELECT payload, state, error FROM outbox").fetchall()
    assert [tuple(row) for row in rows] == [("{}", "failed", "bad request")]
    assert next_words(store) == []


def test_a_message_that_was_taken_back_never_means_the_next_one(store: Store) -> None:
    """The sender may still hold it; another message must not leave or be done in its name."""
    store.outbox.add([text(11, "taken back")])
    (held,) = store.outbox.next(NOW, 10)
    store.outbox.drop_chat(11)
    store.outbox.add([text(11, "the next")])
    assert not store.outbox.leave(held.id)
    store.outbox.sent(held.id)
    assert next_words(store) == ["the next"]


def test_a_step_back_of_the_clock_holds_up_nothing(store: Store) -> None:
    store.outbox.add([text(1, "at once")])
    for back in (1, 60, 119, 121, 100_000):
        assert len(store.outbox.next(NOW - timedelta(seconds=back), 9)) == 1

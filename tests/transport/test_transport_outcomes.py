"""What an error says about a message: sent again freely, once, or never."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from telegram.error import (
    BadRequest,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.warnings import PTBDeprecationWarning

from bot.transport.answers import GarbledError, UnavailableError
from bot.transport.outcomes import (
    GRAVE_SENDINGS,
    Doubts,
    Outcome,
    note_interrupted,
    outcome_of,
    reason_of,
)
from bot.transport.request import NotSentError
from storage.connection import Connection, connect
from storage.migrations import migrate
from storage.outbox import Outgoing, Priority
from storage.store import Store

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def _unauthorized() -> EndPointNotFound:
    """How the library tells of a 401."""
    error = EndPointNotFound("Endpoint 'sendMessage' not found in Bot API")
    error.__cause__ = InvalidToken("Unauthorized")
    return error


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (NotSentError("no connection"), Outcome.UNSENT),
        (UnavailableError("HTTP 502"), Outcome.UNSENT),
        (GarbledError("the answer is not JSON"), Outcome.DOUBTFUL),
        (_unauthorized(), Outcome.UNSENT),
        (TimedOut(), Outcome.DOUBTFUL),
        (NetworkError("the connection broke"), Outcome.DOUBTFUL),
        (Forbidden("bot was blocked by the user"), Outcome.GONE),
        (BadRequest("Chat not found"), Outcome.GONE),
        (BadRequest("PEER_ID_INVALID"), Outcome.GONE),
        (BadRequest("Message is not modified: and so on"), Outcome.SETTLED),
        (BadRequest("Query is too old and response timeout expired"), Outcome.SETTLED),
        (BadRequest("Message to edit not found"), Outcome.SETTLED),
        (BadRequest("BUTTON_DATA_INVALID"), Outcome.REFUSED),
        (EndPointNotFound("Endpoint 'sendStory' not found in Bot API"), Outcome.REFUSED),
        (TelegramError("something that nobody has heard of"), Outcome.REFUSED),
    ],
)
def test_each_error_has_its_meaning(error: TelegramError, outcome: Outcome) -> None:
    assert outcome_of(error) is outcome


def test_being_asked_for_a_pause_is_no_failure() -> None:
    with pytest.warns(PTBDeprecationWarning, match="retry_after"):
        assert outcome_of(RetryAfter(3600)) is Outcome.PAUSE


def test_words_that_quote_the_message_name_no_meaning() -> None:
    """Somebody writes "chat not found", and Telegram quotes it in its reason."""
    error = BadRequest('Can\'t parse entities: unsupported start tag "chat not found"')
    assert outcome_of(error) is Outcome.REFUSED
    assert reason_of(error) == "can't parse entities"


@pytest.fixture
def conn(tmp_path: Path) -> Iterator[Connection]:
    """A new file."""
    made = connect(tmp_path / "ampersand.db")
    migrate(made)
    made.execute("BEGIN")
    yield made
    made.close()


def kill(conn: Connection) -> int:
    """Everything that waits is on its way when the bot is killed, and started again."""
    outbox = Store(conn).outbox
    outbox.leave(*(message.id for message in outbox.next(NOW, 10)))
    return note_interrupted(conn)


def waiting(conn: Connection) -> list[tuple[str, bool]]:
    """What is to be sent, and whether it is in doubt."""
    found = Store(conn).outbox.next(NOW, 10)
    return [(message.method, message.doubted) for message in found]


def test_a_kill_that_finds_a_message_leaving_twice_ends_its_question_too(conn: Connection) -> None:
    """Perhaps nobody was asked: then nobody is silent."""
    store = Store(conn)
    person = store.people.add(1, NOW)
    day = date(2026, 3, 2)
    asked = store.asked.add(person.id, day, "daily", "q", "How was it?", None, NOW, hidden=False)
    assert asked is not None
    subject = f"asked:{asked.id}"
    store.outbox.add([Outgoing(1, "sendMessage", {"text": "-"}, subject=subject)])
    assert kill(conn) == 1
    assert waiting(conn) == [("sendMessage", True)]
    assert kill(conn) == 0
    assert waiting(conn) == []
    assert conn.execute("SELECT state FROM asked").fetchone()[0] == "expired"


def test_no_kill_makes_what_is_grave_be_given_up(conn: Connection) -> None:
    store = Store(conn)
    store.outbox.add([Outgoing(1, "sendMessage", {"text": "-"}, Priority.GRAVE)])
    store.outbox.add([Outgoing(2, "setMessageReaction", {"text": "-"})])
    for _ in range(4):
        assert kill(conn) == 2
        assert waiting(conn) == [("sendMessage", True), ("setMessageReaction", False)]


def test_what_has_arrived_is_no_longer_counted(conn: Connection) -> None:
    store, doubts = Store(conn), Doubts()
    store.outbox.add([Outgoing(1, "sendMessage", {"text": "-"}, Priority.GRAVE)])
    (message,) = store.outbox.next(NOW, 10)
    for _ in range(3):
        assert [doubts.are_final(message) for _ in range(GRAVE_SENDINGS - 1)] == [False] * 7
        doubts.settle(message)

"""What an error says about a message: sent again freely, once, or never."""

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
from bot.transport.outcomes import Outcome, outcome_of, reason_of
from bot.transport.request import NotSentError


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

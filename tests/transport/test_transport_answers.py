"""Answers of the Bot API, and what is none of its."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.transport.answers import (
    LONGEST_PAUSE,
    PAUSE,
    GarbledError,
    UnavailableError,
    is_update,
    message_id_of,
    read_answer,
    read_json,
    refusal_of,
    said,
    understood,
)
from bot.transport.outcomes import Outcome, outcome_of
from bot.transport.request import pause_asked


def refusal(code: int, description: object = "Words", **more: Any) -> bytes:
    """A refusal as the Bot API words it."""
    return json.dumps(
        {"ok": False, "error_code": code, "description": description, **more}
    ).encode()


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, BadRequest),
        (401, InvalidToken),
        (403, Forbidden),
        (404, InvalidToken),
        (409, Conflict),
        (418, UnavailableError),
        (500, UnavailableError),
        (502, UnavailableError),
    ],
)
def test_a_refusal_means_what_its_status_says(status: int, kind: type[TelegramError]) -> None:
    assert type(refusal_of(status, refusal(status))) is kind


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 407, 409, 451, 500])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b"null",
        b"{}",
        b"[" * 200_000,
        b'{"ok":false}',
        b'{"ok":false,"description":"Words"}',
        refusal(499),
        b'{"ok":true,"error_code":403,"description":"Words"}',
    ],
)
def test_a_refusal_of_anybody_else_means_that_nothing_was_done(status: int, body: bytes) -> None:
    error = refusal_of(status, body)
    assert type(error) is UnavailableError
    assert outcome_of(error) is Outcome.UNSENT
    assert said(error) == f"UnavailableError: HTTP {status}, not from the Bot API"


def test_a_description_has_to_be_words() -> None:
    described: tuple[object, ...] = (None, 5, "", [], {})
    for description in described:
        assert type(refusal_of(403, refusal(403, description))) is UnavailableError


def test_what_is_too_large_is_so_whoever_says_so() -> None:
    assert outcome_of(refusal_of(413, b"<html>")) is Outcome.REFUSED


@pytest.mark.parametrize(
    ("body", "seconds"),
    [
        (b"<html>", PAUSE),
        (b"[]", PAUSE),
        (refusal(429), PAUSE),
        (refusal(429, parameters=None), PAUSE),
        (refusal(429, parameters={"retry_after": "x"}), PAUSE),
        (refusal(429, parameters={"retry_after": -5}), PAUSE),
        (refusal(429, parameters={"retry_after": True}), PAUSE),
        (refusal(429, parameters={"retry_after": 7}), 7),
        (refusal(429, parameters={"retry_after": 0.2}), 1),
        (refusal(429, parameters={"retry_after": 1e300}), LONGEST_PAUSE),
        (b'{"parameters":{"retry_after":1e999}}', PAUSE),
    ],
)
@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
def test_too_many_is_a_pause_however_it_is_worded(body: bytes, seconds: float) -> None:
    error = refusal_of(429, body)
    assert isinstance(error, RetryAfter)
    assert pause_asked(error) == seconds
    assert outcome_of(error) is Outcome.PAUSE


@given(
    st.integers(300, 599),
    st.binary()
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(["ok", "error_code", "description", "parameters", "retry_after"]),
                inner,
            )
        ),
    ).map(lambda value: json.dumps(value).encode()),
)
@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
def test_whatever_comes_it_has_a_meaning(status: int, body: bytes) -> None:
    assert outcome_of(refusal_of(status, body)) in Outcome
    with suppress(GarbledError):
        assert "result" in read_answer(body)


@pytest.mark.parametrize("body", [b"NaN", b"[Infinity]", b"[1e999]", b"[-1e999]", b"{", b"\xff"])
def test_what_could_not_be_stored_and_searched_is_no_json(body: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the reader of JSON has words of its own
        read_json(body)


@pytest.mark.parametrize(
    ("value", "is_one"),
    [
        ({"update_id": 0}, True),
        ({"update_id": 2**63 - 1, "message": 7}, True),
        ({"update_id": 2**63}, False),
        ({"update_id": -1}, False),
        ({"update_id": True}, False),
        ({"update_id": 1.0}, False),
        ({"update_id": "1"}, False),
        ({}, False),
        ([], False),
        (None, False),
    ],
)
def test_an_update_has_an_id_that_can_be_stored(value: object, *, is_one: bool) -> None:
    assert is_update(value) is is_one


def test_a_message_has_an_id_that_can_be_stored() -> None:
    assert message_id_of({"message_id": 12}) == 12
    others: tuple[object, ...] = (True, None, [], {}, {"message_id": "12"}, {"message_id": 2**63})
    for result in others:
        with pytest.raises(GarbledError):
            message_id_of(result)


def test_the_library_stumbling_is_an_answer_of_another_shape() -> None:
    for stumble in (KeyError("x"), TypeError("x"), AttributeError("x"), ValueError("x")):
        with pytest.raises(GarbledError, match="another shape"), understood():
            raise stumble
    with pytest.raises(Forbidden), understood():
        raise Forbidden("Forbidden: no")

"""The reply of help: when it still stands in the chat, and what is noted with it."""

import pytest

from bot.transport.outcomes import Note, note_given_up, note_gone, note_refused
from storage.outbox import Outgoing, Priority
from tests.direct import Direct, data_of, texts

HARMED = "He hit me again last night."
HEAVY = "I want to kill myself"


def _helped(messages: list[Outgoing]) -> bool:
    return any(message.priority is Priority.GRAVE for message in messages)


def _open_flags(direct: Direct) -> list[str]:
    return [k for (k,) in direct.rows("SELECT kind FROM flags WHERE closed_at IS NULL ORDER BY id")]


def _pressable(messages: list[Outgoing], begins: str) -> str:
    return next(data for data in data_of(messages) if data.startswith(begins))


@pytest.fixture(params=["agreed", "not yet", "not any more"])
def somebody(request: pytest.FixtureRequest, direct: Direct) -> int:
    """Somebody who has agreed that something is kept, and two who have not."""
    if request.param == "not yet":
        direct.say(11, "/start")
        return 11
    direct.welcome(11)
    if request.param == "not any more":
        direct.say(11, "/withdraw")
        direct.press(11, "withdraw:stop")
    return 11


def test_what_was_hidden_at_once_is_answered_when_it_is_said_again(
    direct: Direct, somebody: int
) -> None:
    """Under /hide no reply is given, so none was given a moment ago."""
    assert not _helped(direct.say(somebody, f"/hide {HARMED}"))
    assert _helped(direct.say(somebody, HARMED))


def test_a_reply_that_was_hidden_is_given_again(direct: Direct, somebody: int) -> None:
    assert _helped(direct.say(somebody, HARMED))
    assert not _helped(direct.say(somebody, HARMED))
    direct.say(somebody, "/hide")
    assert _helped(direct.say(somebody, HARMED))


def test_a_reply_that_discreet_mode_has_taken_away_is_given_again(direct: Direct, ada: int) -> None:
    assert _helped(direct.say(ada, HARMED))
    direct.say(ada, "/discreet on")
    assert _helped(direct.say(ada, HARMED))


def test_a_reply_that_was_deleted_is_given_again(direct: Direct, ada: int) -> None:
    said = direct.say(ada, HARMED)
    direct.press(ada, _pressable(said, "flag:delete"))
    assert _helped(direct.say(ada, HARMED))


def test_one_reply_closes_what_was_said_twice(direct: Direct, ada: int) -> None:
    said = direct.say(ada, HARMED)
    assert not _helped(direct.say(ada, HARMED))
    assert _open_flags(direct) == ["C"]
    direct.press(ada, _pressable(said, "flag:not"))
    assert _open_flags(direct) == []


def test_after_it_was_not_meant_the_same_is_answered_anew(direct: Direct, ada: int) -> None:
    direct.press(ada, _pressable(direct.say(ada, HARMED), "flag:not"))
    assert _helped(direct.say(ada, HARMED))
    assert _open_flags(direct) == ["C"]


def test_a_reply_to_what_was_graver_is_no_reply_to_the_other(direct: Direct, ada: int) -> None:
    assert "very heavy" in texts(direct.say(ada, f"{HARMED} {HEAVY}"))[0]
    assert _open_flags(direct) == ["B", "C"]
    assert "not your fault" in texts(direct.say(ada, HARMED))[0]


def test_two_halves_that_waited_through_an_outage_are_one(direct: Direct, ada: int) -> None:
    halves = [direct.message(ada, text) for text in ("I want to kill", "myself")]
    direct.pass_time(hours=5)
    first, second = (direct.give({"update_id": 1, "message": half}) for half in halves)
    assert not _helped(first)
    assert _helped(second)


def test_hours_that_ended_together_join_nothing(direct: Direct, ada: int) -> None:
    """Written hours apart, delivered in one second."""
    first = direct.message(ada, "I want to kill")
    direct.pass_time(hours=2)
    second = direct.message(ada, "myself")
    direct.pass_time(hours=3)
    for half in (first, second):
        assert not _helped(direct.give({"update_id": 1, "message": half}))


@pytest.mark.parametrize("how", ["blocked", "gone", "refused", "given up"])
def test_a_reply_that_has_not_arrived_is_given_again(direct: Direct, ada: int, how: str) -> None:
    """Somebody blocks the bot in a fright, and writes again a minute later."""
    replies = direct.say(ada, HARMED)
    direct.store(lambda store: store.outbox.add(replies))
    (reply,) = [
        waiting
        for waiting in direct.store(lambda store: store.outbox.next(direct.clock.now(), 9))
        if waiting.priority is Priority.GRAVE
    ]
    if how == "blocked":
        direct.membership(ada, "kicked")
        direct.membership(ada, "member")
    else:
        note: Note = {
            "gone": note_gone,
            "refused": lambda conn, message: note_refused(conn, message, "no"),
            "given up": note_given_up,
        }[how]
        direct.write(lambda conn: note(conn, reply))
    direct.pass_time(minutes=1)
    assert _helped(direct.say(ada, "He hits me and I am afraid of him"))


def test_a_reply_that_stands_in_the_chat_is_not_repeated(direct: Direct, ada: int) -> None:
    assert _helped(direct.say(ada, HARMED))
    direct.pass_time(minutes=1)
    assert not _helped(direct.say(ada, "He hits me and I am afraid of him"))

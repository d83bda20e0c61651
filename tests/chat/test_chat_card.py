"""The safety card, and the flags beside it."""

from bot.chat.messages import CHANGED
from storage.outbox import Outgoing
from tests.direct import Direct, data_of, texts

FIRST, SECOND = "He hit me again last night.", "I want to kill myself."


def _card(direct: Direct) -> str | None:
    card = direct.rows("SELECT card FROM people")[0][0]
    return None if card is None else str(card)


def _reactions(messages: list[Outgoing]) -> list[str]:
    return [m.payload["reaction"][0]["emoji"] for m in messages if m.method == "setMessageReaction"]


def test_editing_the_message_that_is_the_card_changes_the_card(direct: Direct, ada: int) -> None:
    direct.say(ada, "/mask Sam")
    direct.press(ada, "card:write")
    direct.say(ada, "Call Mia.", message_id=500)
    assert _reactions(direct.edit(ada, "Call Mia, not Sam.", 500)) == [CHANGED]
    assert _card(direct) == "Call Mia, not my partner."
    direct.pass_time(hours=40)
    direct.edit(ada, "Call Ben.", 500)
    assert _card(direct) == "Call Ben."
    assert direct.rows("SELECT count(*) FROM answers") == [(0,)]


def test_a_message_that_is_no_longer_the_card_changes_nothing(direct: Direct, ada: int) -> None:
    direct.press(ada, "card:write")
    direct.say(ada, "Call Mia.", message_id=2000)
    direct.press(ada, "card:write")
    direct.say(ada, "Call Ben.", message_id=2001)
    assert _reactions(direct.edit(ada, "Call Zoe.", 2000)) == []
    assert _card(direct) == "Call Ben."
    direct.press(ada, "card:delete")
    assert _reactions(direct.edit(ada, "Call Zoe.", 2001)) == []
    assert _card(direct) is None


def test_not_meant_under_an_old_reply_leaves_newer_flags_open(direct: Direct, ada: int) -> None:
    (old,) = [d for d in data_of(direct.say(ada, FIRST)) if d.startswith("flag:not")]
    direct.pass_time(days=2)
    (new,) = [d for d in data_of(direct.say(ada, SECOND)) if d.startswith("flag:not")]
    assert old != new
    direct.press(ada, old)
    closed = "SELECT kind, closed_at IS NOT NULL FROM flags ORDER BY id"
    assert [bool(done) for _, done in direct.rows(closed)] == [True, False]
    assert "I look at nothing for now" in texts(direct.say(ada, "/report"))[0]
    direct.press(ada, new)
    assert all(done for _, done in direct.rows(closed))


def test_two_messages_in_one_second_have_flags_of_their_own(direct: Direct, ada: int) -> None:
    direct.say(ada, FIRST)
    (new,) = [d for d in data_of(direct.say(ada, SECOND)) if d.startswith("flag:not")]
    direct.press(ada, new)
    rows = direct.rows("SELECT closed_at IS NOT NULL FROM flags ORDER BY id")
    assert [bool(done) for (done,) in rows] == [False, True]


def test_nobody_closes_the_flags_of_others(direct: Direct, ada: int, bea: int) -> None:
    (data,) = [d for d in data_of(direct.say(ada, FIRST)) if d.startswith("flag:not")]
    for forged in (
        data,
        "flag:not:0",
        "flag:not:1-99999999999999999999",
        "flag:not:-",
        "flag:not:x",
    ):
        direct.press(bea, forged)
    assert direct.rows("SELECT count(*) FROM flags WHERE closed_at IS NOT NULL") == [(0,)]

"""Long texts are shown in messages that Telegram takes."""

from hypothesis import given
from hypothesis import strategies as st

from bot.chat.lengths import cut, pieces
from bot.demo.entities import utf16_length
from bot.demo.limits import check_text, formatted
from storage.outbox import Outgoing
from tests.direct import Direct


def _fits(messages: list[Outgoing]) -> bool:
    for message in messages:
        if "text" in message.payload and message.method != "answerCallbackQuery":
            check_text(formatted(message.payload["text"], "HTML", None, {})[0])
    return True


@given(text=st.text(max_size=60), most=st.integers(2, 40))
def test_pieces_are_short_enough_and_lose_nothing(text: str, most: int) -> None:
    found = pieces(text, most)
    assert "".join(found) == text
    assert all(0 < utf16_length(piece) <= most for piece in found)


def test_a_cut_falls_on_a_blank_if_one_is_near() -> None:
    assert cut("one two three four five six", 20) == ("one two three four ", "five six")
    assert cut("x" * 30, 20) == ("x" * 20, "x" * 10)
    assert cut("short", 20) == ("short", "")


def test_a_page_of_the_longest_entries_fits(direct: Direct, ada: int) -> None:
    for number in range(6):
        direct.say(ada, f"{number} " + "\U0001f600" * 2000)
    messages = direct.say(ada, "/history")
    assert messages[0].payload["text"].count("<blockquote") == 5
    assert _fits(messages)
    assert _fits(direct.press(ada, "histdel:1"))


def test_the_longest_safety_card_is_shown_whole(direct: Direct, ada: int) -> None:
    card = "call my sister " * 273
    direct.press(ada, "card:write")
    direct.say(ada, card)
    messages = direct.press(ada, "card:show")
    assert _fits(messages)
    shown = "".join(str(m.payload["text"]) for m in messages if m.method == "sendMessage")
    assert shown.count("sister") == 273

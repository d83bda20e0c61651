"""After "stop, and keep it": nothing is asked, stored or counted until the person agrees again."""

import pytest

from bot.chat.routes import COMMANDS, PRESSES
from tests.direct import Direct, data_of, texts

BEFORE = "We cooked together, and I said what I wanted for once."
AFTER = "He decides, and I just give in."
GRAVE = "He hit me again last night."

KEPT = (
    "answers", "asked", "beads", "hits", "taps", "flags", "quizzes", "quiz_answers", "check_ins",
    "check_in_answers", "reports", "marked_days", "not_mine", "told", "schedule",
)  # fmt: skip


def _kept(direct: Direct) -> list[object]:
    """Everything there is of a person, but for when they were last heard of."""
    rows: list[object] = [direct.rows(f"SELECT * FROM {table}") for table in KEPT]  # noqa: S608 - constants
    person = direct.rows("SELECT card, country, zone, ask_at, masks, keep_days, push FROM people")
    return [*rows, person]


@pytest.fixture
def asleep(direct: Direct, ada: int) -> int:
    """Ada, who has answered, begun a quiz, got a report, and taken her consent back."""
    direct.press(ada, "tap:1:3")
    direct.say(ada, BEFORE, message_id=500)
    direct.say(ada, "/quiz")
    direct.press(ada, "quiz:1:0:4")
    direct.say(ada, "/report")
    direct.press(ada, "card:write")
    direct.say(ada, "Call Mia.", message_id=501)
    direct.say(ada, "/withdraw")
    direct.press(ada, "withdraw:stop")
    return ada


def test_nothing_that_is_written_is_kept(direct: Direct, asleep: int) -> None:
    before = _kept(direct)
    for text in (AFTER, GRAVE, "I'm fine", "20:00", "Berlin, Germany"):
        direct.say(asleep, text)
    assert "was not kept" in "".join(texts(direct.say(asleep, AFTER)))
    assert "was not kept" in "".join(texts(direct.edit(asleep, AFTER, 500)))
    direct.edit(asleep, AFTER, 501)
    assert _kept(direct) == before


def test_no_button_and_no_command_keeps_or_counts_anything(direct: Direct, asleep: int) -> None:
    """All buttons but those that remove something or agree, and all commands."""
    before = _kept(direct)
    removing = {"consent", "delete", "histsure", "undo", "unnote", "flag", "withdraw"}
    for verb, (_, arguments) in PRESSES.items():
        if verb not in removing:
            direct.press(asleep, ":".join([verb, *["1"] * arguments]))
    for data in ("quiz:1:1:5", "tap:1:5", "begin:quiz", "card:write", "again:yes", "numbers:DE"):
        direct.press(asleep, data)
        direct.say(asleep, AFTER)
    for name in COMMANDS:
        if name not in {"delete", "start", "resume"}:
            direct.say(asleep, f"/{name}")
            direct.say(asleep, f"/{name} 20:00")
    assert _kept(direct) == before


def test_nothing_is_asked(direct: Direct, asleep: int) -> None:
    assert texts(direct.pass_time(days=30)) == []
    assert direct.rows("SELECT state FROM people") == [("stopped",)]


def test_what_is_theirs_stays_within_reach(direct: Direct, asleep: int) -> None:
    assert BEFORE in "".join(texts(direct.say(asleep, "/history")))
    assert "danger" in "".join(texts(direct.say(asleep, "/safety")))
    assert "Call Mia." in "".join(texts(direct.press(asleep, "card:show")))
    assert "export:without" in data_of(direct.say(asleep, "/export"))
    made = direct.press(asleep, "export:without")
    assert [message.method for message in made][-1] == "sendDocument"
    direct.press(asleep, "histsure:1")
    assert direct.rows("SELECT count(*) FROM answers") == [(0,)]
    direct.say(asleep, "/delete")
    direct.press(asleep, "delete:first")
    direct.press(asleep, "delete:second")
    assert direct.rows("SELECT count(*) FROM people") == [(0,)]


def test_numbers_of_a_country_are_shown_and_the_country_is_not_kept(
    direct: Direct, asleep: int
) -> None:
    assert "<b>Germany</b>" in "".join(texts(direct.press(asleep, "numbers:DE")))
    assert direct.rows("SELECT country FROM people") == [(None,)]


def test_what_asks_for_help_is_answered_and_not_kept(direct: Direct, asleep: int) -> None:
    assert "it is not your fault" in "".join(texts(direct.say(asleep, GRAVE)))
    assert direct.rows("SELECT count(*) FROM flags") == [(0,)]


def test_start_asks_anew_and_a_yes_goes_on_as_before(direct: Direct, asleep: int) -> None:
    said = direct.say(asleep, "/start")
    assert "consent:yes" in data_of(said)
    direct.say(asleep, AFTER)
    assert direct.rows("SELECT count(*) FROM answers") == [(1,)]
    assert "Good to have you here again" in "".join(texts(direct.press(asleep, "consent:yes")))
    assert direct.rows("SELECT state, ask_at FROM people") == [("active", "20:00")]
    direct.say(asleep, AFTER)
    assert direct.rows("SELECT count(*) FROM answers") == [(2,)]
    assert "1 not at all" in "".join(texts(direct.pass_time(hours=35)))


@pytest.mark.parametrize("how", ["consent:no", "No, thank you"])
def test_a_no_to_the_new_request_removes_nothing(direct: Direct, asleep: int, how: str) -> None:
    direct.say(asleep, "/start")
    said = direct.press(asleep, how) if ":" in how else direct.say(asleep, how)
    assert "".join(texts(said)) == "It goes on as it is."
    assert direct.rows("SELECT text FROM answers") == [(BEFORE,)]
    direct.say(asleep, AFTER)
    assert direct.rows("SELECT count(*) FROM answers") == [(1,)]


def test_what_lies_there_goes_as_was_chosen_and_said(direct: Direct) -> None:
    """Not after 30 days, as of somebody who never agreed; the rest goes after half a year."""
    direct.welcome(11, keep=90)
    direct.say(11, BEFORE)
    direct.say(11, "/withdraw")
    direct.press(11, "withdraw:stop")
    heard: list[str] = []
    left = {}
    for day in range(200):
        direct.pass_time(days=1)
        heard += texts(direct.night())
        left[day] = direct.rows("SELECT text FROM answers WHERE text <> ''")
    assert (left[60], left[120]) == ([(BEFORE,)], [])
    assert direct.rows("SELECT count(*) FROM people") == [(0,)]
    assert [text for text in heard if "I remove everything" in text] != []


def test_a_discreet_chat_gives_nothing_away(direct: Direct, ada: int) -> None:
    direct.say(ada, "/discreet on")
    direct.say(ada, "/withdraw")
    assert "/resume" in "".join(texts(direct.press(ada, "withdraw:stop")))
    for text in ("/start", "/help", "hello?", "/word"):
        for said in texts(direct.say(ada, text)):
            assert "word" in said.casefold()
            assert "consent" not in said
    assert "consent:yes" in data_of(direct.say(ada, "/resume"))
    direct.press(ada, "consent:yes")
    assert direct.rows("SELECT state FROM people") == [("active",)]


def test_it_can_be_taken_back_between_the_first_steps(direct: Direct) -> None:
    direct.say(11, "/start")
    direct.press(11, "consent:yes")
    direct.say(11, "/withdraw")
    direct.press(11, "withdraw:stop")
    direct.say(11, "90 days")
    assert direct.rows("SELECT keep_days FROM people") == [(None,)]
    direct.say(11, "/start")
    assert "keep:90" in data_of(direct.press(11, "consent:yes"))
    direct.press(11, "keep:90")
    direct.press(11, "push:text")
    direct.say(11, "/timezone Europe/Berlin")
    direct.say(11, "20:00")
    assert direct.rows("SELECT state FROM people") == [("active",)]


@pytest.fixture
def hidden(direct: Direct, ada: int) -> int:
    """Ada in a discreet chat, who has taken her consent back."""
    direct.say(ada, "/discreet on")
    direct.say(ada, "/withdraw")
    direct.press(ada, "withdraw:stop")
    return ada


@pytest.mark.parametrize(
    "text", ["I can't go on like this", "Er hat mich geschlagen und ich habe Angst."]
)
def test_in_a_discreet_chat_nobody_learns_that_it_is_read(
    direct: Direct, hidden: int, text: str
) -> None:
    (answer,) = direct.say(hidden, text)
    assert data_of([answer])[0].startswith("word:")
    assert len(data_of([answer])) == 1


def test_in_a_discreet_chat_a_button_does_not_speak_of_consent(direct: Direct, hidden: int) -> None:
    assert texts(direct.press(hidden, "tap:1:3")) == ["That button no longer works."]


def test_discreet_mode_is_switched_by_the_button_as_by_the_command(
    direct: Direct, hidden: int
) -> None:
    direct.press(hidden, "discreet:off")
    assert direct.rows("SELECT discreet FROM people") == [(0,)]
    direct.press(hidden, "discreet:on")
    assert direct.rows("SELECT discreet FROM people") == [(1,)]

"""Consent: its words have a version, it is asked for anew, and taken back as easily as given."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.chat.conversations import Conversations
from bot.chat.turn import Content
from prompts.loading import ROOT
from prompts.templates import Words
from tests.direct import Direct, data_of, texts

SENTENCE = "A line about the zebrawood."
ASK = "What I say about what I keep has changed"


@pytest.fixture
def reworded(content: Content, tmp_path: Path) -> Content:
    """The same content, but with another sentence in what people agree to."""
    folder = tmp_path / "root" / "en" / "templates"
    folder.mkdir(parents=True)
    for path in (ROOT / "en" / "templates").glob("*.j2"):
        text = path.read_text(encoding="utf-8")
        text = text.replace("May I keep your answers", "May I keep your answers from now on")
        (folder / path.name).write_text(text, encoding="utf-8")
    return replace(content, words=Words(root=tmp_path / "root"))


def _reword(direct: Direct, content: Content) -> None:
    direct.conversations = Conversations(content, direct.clock)


def test_consent_is_stored_with_the_stamp_of_its_words(
    direct: Direct, content: Content, reworded: Content
) -> None:
    direct.welcome(11)
    assert direct.rows("SELECT consent FROM people") == [(content.consent,)]
    assert direct.rows("SELECT consented_at FROM people")[0][0] is not None
    assert reworded.consent != content.consent


def test_nothing_is_asked_anew_while_the_words_are_the_same(direct: Direct, ada: int) -> None:
    for text in ("/history", SENTENCE, "/export", "/prompt"):
        assert ASK not in "".join(texts(direct.say(ada, text)))


def test_changed_words_are_asked_about_at_the_next_contact_once_a_day(
    direct: Direct, ada: int, reworded: Content
) -> None:
    _reword(direct, reworded)
    messages = direct.say(ada, SENTENCE)
    assert ASK in texts(messages)[-1]
    assert "from now on" in texts(messages)[-1]
    assert {"renew:yes", "withdraw:ask"} <= set(data_of(messages))
    assert ASK not in "".join(texts(direct.say(ada, SENTENCE)))
    direct.pass_time(days=1, minutes=1)
    assert ASK in texts(direct.say(ada, SENTENCE))[-1]
    assert direct.rows("SELECT count(*) FROM answers") == [(3,)]


def test_the_persons_data_stays_within_reach_before_they_agree(
    direct: Direct, ada: int, reworded: Content
) -> None:
    direct.say(ada, SENTENCE)
    _reword(direct, reworded)
    assert SENTENCE in "".join(texts(direct.say(ada, "/history")))
    assert "export:without" in data_of(direct.say(ada, "/export"))
    made = direct.press(ada, "export:without")
    assert [message.method for message in made][-1] == "sendDocument"
    assert "delete:first" in data_of(direct.say(ada, "/delete"))
    direct.press(ada, "delete:first")
    direct.press(ada, "delete:second")
    assert direct.rows("SELECT count(*) FROM people") == [(0,)]


@pytest.mark.parametrize("command", ["/prompt", "/quiz", "/report", "/later", "/resume"])
def test_questions_by_command_wait_for_the_yes(
    direct: Direct, ada: int, reworded: Content, command: str
) -> None:
    _reword(direct, reworded)
    before = direct.rows("SELECT count(*) FROM asked")
    said = texts(direct.say(ada, command))
    assert len(said) == 1
    assert ASK in said[0]
    assert direct.rows("SELECT count(*) FROM asked") == before


def test_scheduled_questions_wait_for_the_yes_and_then_come_again(
    direct: Direct, ada: int, reworded: Content
) -> None:
    """The request comes once in their place, not day after day."""
    _reword(direct, reworded)
    pushed = texts(direct.pass_time(days=10))
    assert len(pushed) == 1
    assert ASK in pushed[0]
    assert direct.rows("SELECT count(*) FROM asked") == [(1,)]
    assert texts(direct.press(ada, "renew:yes"))[-1].startswith("Thank you")
    assert direct.rows("SELECT consent FROM people") == [(reworded.consent,)]
    assert "1 not at all" in "".join(texts(direct.pass_time(days=1)))


def test_a_discreet_request_shows_nothing(direct: Direct, ada: int, reworded: Content) -> None:
    direct.say(ada, "/discreet on")
    _reword(direct, reworded)
    assert set(texts(direct.pass_time(days=2))) == {"Your note is ready."}
    assert ASK not in "".join(texts(direct.say(ada, "/help")))
    assert ASK not in "".join(texts(direct.say(ada, "/hide")))


def test_help_for_the_unsafe_is_not_held_up_by_it(
    direct: Direct, ada: int, reworded: Content
) -> None:
    _reword(direct, reworded)
    assert ASK not in "".join(texts(direct.say(ada, "/safety")))
    assert ASK not in "".join(texts(direct.say(ada, "He hit me again last night.")))


def test_consent_is_taken_back_by_the_button_under_privacy(direct: Direct, ada: int) -> None:
    direct.say(ada, SENTENCE)
    assert "withdraw:ask" in data_of(direct.say(ada, "/privacy"))
    ways = data_of(direct.press(ada, "withdraw:ask"))
    assert ways == ["withdraw:remove", "withdraw:stop", "withdraw:no"]
    direct.press(ada, "withdraw:no")
    assert direct.rows("SELECT state FROM people") == [("active",)]
    direct.press(ada, "withdraw:stop")
    assert direct.rows("SELECT state FROM people") == [("stopped",)]
    assert direct.rows("SELECT text FROM answers") == [(SENTENCE,)]
    assert texts(direct.pass_time(days=30)) == []
    direct.press(ada, "withdraw:remove")
    direct.press(ada, "delete:first")
    direct.press(ada, "delete:second")
    assert direct.rows("SELECT count(*) FROM people") == [(0,)]


def test_taking_it_back_needs_no_more_presses_than_giving_it(direct: Direct) -> None:
    """One command and two buttons each: /start, yes; /withdraw, stop."""
    direct.say(11, "/start")
    direct.press(11, "consent:yes")
    assert direct.rows("SELECT consent IS NOT NULL FROM people") == [(1,)]
    direct.say(11, "/withdraw")
    direct.press(11, "withdraw:stop")
    assert direct.rows("SELECT state FROM people") == [("stopped",)]


def test_privacy_is_three_sentences(direct: Direct, ada: int) -> None:
    said = texts(direct.say(ada, "/privacy"))[0]
    assert [
        paragraph.count(". ") + paragraph.endswith(".") for paragraph in said.split("\n\n")
    ] == [*(1, 1, 1)]
    for promise in ("not end-to-end encrypted", "Olive", "/export", "/delete", "half a year"):
        assert promise in said


@pytest.mark.parametrize(
    ("operator", "contact", "said"),
    [
        ("Olive", "o@example.org", "\n\nOlive (o@example.org) keeps me running and could look"),
        ("Whoever started this demo", "", "\n\nWhoever started this demo keeps me running and"),
        ("the person who runs this bot", "", "\n\nThe person who runs this bot keeps me running"),
    ],
)
def test_who_runs_it_is_told_in_a_sentence_with_and_without_a_name(
    operator: str, contact: str, said: str
) -> None:
    assert said in Words()("help.privacy", operator=operator, contact=contact, keep="90")
    assert said in Words()("welcome.kept", operator=operator, contact=contact)

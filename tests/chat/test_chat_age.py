"""Whoever says that they are under 18: nothing is kept, whenever they say so."""

import pytest

from bot.chat.age import says_so
from tests.direct import Direct, texts

SENTENCE = "A line about the zebrawood."


@pytest.mark.parametrize(
    "text",
    [
        "I am sixteen",
        "I'm 16",
        "im 15",
        "I\u2019m only 16 years old.",
        "I am under 18",
        "I am younger than 18",
        "I am not 18",
        "I am not yet eighteen",
        "I'm not 18 years old",
        "i'm a minor",
        "I'm underage",
        "Hi, i'm 14",
        "I am 16 and I have a boyfriend",
        "I agree, but I am 16",
        "I'm 9 years old",
        "That is true. I am 17, is that okay?",
    ],
)
def test_this_says_that_somebody_is_a_minor(text: str) -> None:
    assert says_so(text)
    assert says_so(text, asked=True)


@pytest.mark.parametrize(
    "text",
    [
        "my son is 16",
        "we have been together 16 years",
        "I am 16 weeks pregnant",
        "I'm 16 years sober",
        "I am 16 years younger than him",
        "I felt like I am 16 again",
        "I am not 18 anymore",
        "I am not 18, I'm 34",
        "I am not a minor",
        "I'm a minor celebrity",
        "I am over 18",
        "I am 18 or over, and I agree",
        "I am 10 minutes away",
        "I'm 12.5 km away",
        "I am 17% sure",
        "I'm one of them",
        "He is under 18",
        "18",
    ],
)
def test_this_does_not(text: str) -> None:
    assert not says_so(text)
    assert not says_so(text, asked=True)


@pytest.mark.parametrize(
    "text", ["16", "sixteen", "16 years old", "under 18", "minor", "only 17", "I am 5"]
)
def test_in_answer_to_the_request_a_number_says_enough(text: str) -> None:
    assert says_so(text, asked=True)
    assert not says_so(text)


@pytest.mark.parametrize("text", ["I am sixteen", "16", "I am under 18", "i'm a minor", "I'm 16"])
def test_before_the_consent_nothing_is_kept(direct: Direct, text: str) -> None:
    direct.say(11, "/start")
    assert "findahelpline.com" in texts(direct.say(11, text))[-1]
    assert direct.rows("SELECT count(*) FROM people") == [(0,)]


def test_a_stranger_who_says_so_is_shown_where_help_is(direct: Direct) -> None:
    assert "findahelpline.com" in texts(direct.say(11, "Hi, I am 15"))[-1]
    assert direct.rows("SELECT count(*) FROM people") == [(0,)]


@pytest.mark.parametrize("steps", [1, 2, 3, 4])
def test_between_the_steps_nothing_is_kept(direct: Direct, steps: int) -> None:
    direct.say(11, "/start")
    for data in ("consent:yes", "keep:365", "push:text")[:steps]:
        direct.press(11, data)
    if steps == 4:
        direct.say(11, "/timezone Europe/Berlin")
    assert "findahelpline.com" in texts(direct.say(11, "I am only 16"))[-1]
    assert direct.rows("SELECT count(*) FROM people") == [(0,)]


@pytest.mark.parametrize("text", ["I am sixteen", "I am not 18", "I'm 16, sorry"])
def test_who_has_written_before_is_asked_to_remove_it(direct: Direct, ada: int, text: str) -> None:
    """One sentence, perhaps a joke, perhaps typed by somebody else, removes nothing by itself."""
    direct.say(ada, SENTENCE)
    said = texts(direct.say(ada, text))
    assert "findahelpline.com" in said[0]
    assert direct.rows("SELECT text FROM answers") == [(SENTENCE,)]
    direct.press(ada, "delete:first")
    direct.press(ada, "delete:second")
    assert direct.rows("SELECT count(*) FROM people") == [(0,)]


@pytest.mark.parametrize(
    "text", ["my son is 16", "we have been together 16 years", "16", "I am 16 weeks pregnant"]
)
def test_other_words_with_a_number_are_an_answer(direct: Direct, ada: int, text: str) -> None:
    direct.say(ada, text)
    assert direct.rows("SELECT text FROM answers") == [(text,)]


@pytest.mark.parametrize("texts_said", [["I am sixteen"], ["/start", "16"]])
def test_who_took_their_consent_back_is_asked_to_remove_it(
    direct: Direct, ada: int, texts_said: list[str]
) -> None:
    """What was kept for years lies there; one sentence removes none of it."""
    direct.say(ada, SENTENCE)
    direct.say(ada, "/withdraw")
    direct.press(ada, "withdraw:stop")
    said = [direct.say(ada, text) for text in texts_said][-1]
    assert "findahelpline.com" in texts(said)[0]
    assert direct.rows("SELECT text FROM answers") == [(SENTENCE,)]
    direct.press(ada, "delete:first")
    direct.press(ada, "delete:second")
    assert direct.rows("SELECT count(*) FROM people") == [(0,)]

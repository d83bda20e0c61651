"""The ear that listens in all these tests can hear: otherwise its silence would prove nothing."""

import logging
from pathlib import Path

from bot.demo.people import Person
from bot.demo.server import DEFAULT_TOKEN
from tests.house import House
from tests.leaks import Overheard

SENTENCE = "We had a long talk about the move."


async def test_a_logged_sentence_would_be_noticed(
    house: House, ada: Person, overheard: Overheard
) -> None:
    await house.say(ada, SENTENCE)
    assert SENTENCE in overheard.typed()
    assert "ready as" in overheard.logged()
    assert overheard.leaks() == []
    logging.getLogger("bot.chat.answer").debug("kept: %s", SENTENCE)
    assert overheard.leaks() == [SENTENCE]
    overheard.forget()


async def test_words_from_before_an_edit_would_be_noticed(
    house: House, ada: Person, overheard: Overheard
) -> None:
    sent = await house.say(ada, SENTENCE)
    await ada.edit_text(sent.message_id, "We had a talk about it.")
    await house.settle()
    logging.getLogger("bot.chat.answer").info("was: %s", SENTENCE)
    assert overheard.leaks() == [SENTENCE]
    overheard.forget()


def test_a_token_in_the_log_of_a_process_would_be_noticed(
    overheard: Overheard, tmp_path: Path
) -> None:
    log = tmp_path / "stderr.log"
    log.write_text(f"POST https://api.telegram.org/bot{DEFAULT_TOKEN}/getMe", encoding="utf-8")
    overheard.logs.append(log)
    assert overheard.leaks() == [DEFAULT_TOKEN]
    overheard.logs.clear()


def test_the_token_is_masked_even_if_somebody_logs_it(overheard: Overheard) -> None:
    logging.getLogger("bot.app").error("using %s", DEFAULT_TOKEN)
    assert "using <token>" in overheard.logged()

"""The ear that listens in all these tests can hear: otherwise its silence would prove nothing."""

import logging
from pathlib import Path
from traceback import format_exception
from typing import NoReturn

import pytest
from pydantic import SecretStr

from bot.app import MistakeError, run
from bot.config import Settings
from bot.demo.people import Person
from bot.demo.server import DEFAULT_TOKEN, BotApiServer
from storage.inbox import Inbox
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


async def test_a_mistake_of_ours_ends_the_bot_without_quoting_anybody(
    database_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What ends the bot is printed, and a message of Python's often quotes what it was about."""

    def broken(_: object, updates: list[dict[str, dict[str, str]]], __: object) -> NoReturn:
        raise KeyError(updates[0]["message"]["text"])

    monkeypatch.setattr(Inbox, "store", broken)
    async with BotApiServer() as server:
        await server.person(11).send_text(SENTENCE)
        settings = Settings(
            bot_token=SecretStr(server.token),
            telegram_api_base=server.base_url,
            database_path=database_path,
        )
        with pytest.raises(MistakeError, match="KeyError at ") as caught:
            await run(settings)
    assert SENTENCE not in "".join(format_exception(caught.value))

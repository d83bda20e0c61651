"""The quiz under SIGKILL: all 24 answers are there once, and it goes on where it was."""

from bot.demo.people import Person
from bot.demo.server import BotApiServer
from tests.meeting import onboard
from tests.patience import PATIENCE
from tests.processes import BotProcess

ITEMS = 24


async def _press(ada: Person, ending: str) -> None:
    message, data = next(
        (message, button["callback_data"])
        for message in reversed(ada.from_bot)
        for button in message.buttons
        if button.get("callback_data", "").endswith(ending)
    )
    await ada.press(message.message_id, data)


async def test_a_kill_in_the_middle_of_the_quiz_loses_and_doubles_nothing(
    bot: BotProcess, server: BotApiServer
) -> None:
    ada = server.person(11, "Ada")
    await bot.start()
    await onboard(ada)
    await ada.send_text("/quiz")
    for at in range(ITEMS):
        await ada.wait_for(f"{at + 1} of {ITEMS}", timeout=PATIENCE)
        await _press(ada, f":{at}:{at % 5 + 1}")
        if at in {5, 12, 20}:
            # At once: the press may be on its way, stored, or done.
            bot.kill()
            await bot.ended()
            await bot.start()
    await ada.wait_for("How close do the two of you feel", timeout=PATIENCE)
    await _press(ada, ":24:4")
    await ada.wait_for("how close would you like", timeout=PATIENCE)
    await _press(ada, ":25:6")
    await ada.wait_for("From your quiz", timeout=PATIENCE)
    stored = bot.rows("SELECT count(*), count(DISTINCT rule), sum(value) FROM quiz_answers")
    assert stored == [(ITEMS, ITEMS, sum(at % 5 + 1 for at in range(ITEMS)))]
    assert bot.rows("SELECT count(*) FROM quizzes WHERE finished_on IS NOT NULL") == [(1,)]

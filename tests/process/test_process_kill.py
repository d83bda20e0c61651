"""SIGKILL in the middle of the work: nothing is lost and nothing is doubled."""

from collections import Counter
from functools import partial

from bot.demo.faults import Fault
from bot.demo.server import BotApiServer
from bot.demo.world import Change
from tests.meeting import meet
from tests.patience import PATIENCE, until
from tests.processes import BotProcess
from tests.sendings import Sendings, notes, reactions

CROWD = 50
KILLS = (
    ("reaction", 1),
    ("sent", 1),
    ("sent", 1),
    ("sent", 2),
    ("reaction", 40),
    ("sent", 1),
    ("sent", 12),
    ("sent", 1),
    ("sent", 30),
    ("sent", 45),
)
"""What Telegram has just done when the bot is killed, and how often in that run."""

IN_FLIGHT = 25
"""At 100 messages a second, as in these tests, so many may be on their way at once."""


async def test_ten_kills_lose_no_answer_and_double_none(
    bot: BotProcess, server: BotApiServer
) -> None:
    """Ten times 50 messages wait, and the bot is killed at another point of its work each time."""
    people = meet(server, bot.database, CROWD)
    sendings = Sendings(bot, server)
    typed: set[str] = set()
    kind, left = "", 0

    def killing(change: Change) -> None:
        # In the middle of a request: Telegram has done it, the bot has not heard so.
        nonlocal kind, left
        if change.kind == kind and change.message is not None:
            left -= change.message.from_bot or kind == "reaction"
            if left == 0:
                # What has arrived by now but is not answered yet belongs to this run, too.
                kind = ""
                bot.kill()

    server.subscribe(killing)
    for turn, moment in enumerate(KILLS):
        for person in people:
            typed.add((await person.send_text(f"Note {turn} about the day, by {person.id}.")).text)
        kind, left = moment
        await bot.start()
        assert await bot.ended() == -9
        sendings.note_kill()
    await bot.start()
    await bot.settled()
    await bot.stop()

    log = bot.log.read_text(encoding="utf-8")
    assert "is set aside" not in log, "an update could not be worked on"
    kept = Counter(str(row[0]) for row in bot.rows("SELECT text FROM answers"))
    assert kept == Counter(typed), f"{typed - set(kept)} lost, {kept - Counter(typed)} doubled"
    assert len(reactions(server)) == CROWD * len(KILLS)
    # A message that was under way at a kill may have been sent twice; nothing else may.
    assert sendings.wrong() == [], sendings.summary()
    noted = notes(server)
    rare = {person.id: noted[person.id] for person in people if noted[person.id] < len(KILLS)}
    twice = sum(doubts > 1 for doubts in sendings.doubts.values())
    assert sum(len(KILLS) - number for number in rare.values()) <= twice, f"{rare}, {twice} twice"
    assert bot.rows("SELECT count(*) FROM inbox WHERE raw IS NOT NULL") == [(0,)]


async def test_many_on_their_way_at_two_kills_all_arrive_but_the_one_that_was_tried_twice(
    bot: BotProcess, server: BotApiServer
) -> None:
    """What never left is sent, however often the bot is killed, unless two kills found it leaving.

    So at a start what is in doubt goes one by one: a second kill then finds only one.
    """
    people = meet(server, bot.database, CROWD)
    for person in people:
        await person.send_text(f"A word from person {person.id}.")
    sendings = Sendings(bot, server)
    written = 0
    for least in (IN_FLIGHT // 2, 1):
        # Requests that come in are not done, and never will be.
        held = server.faults.hold(method="sendMessage", times=-1)
        await bot.start()
        await until(partial(_met, held, least))
        for _ in range(20):
            # Time for more to leave, if more would.
            await people[written].send_text(f"Word number {written} meanwhile.")
            written += 1
            await until(partial(_kept, bot, CROWD + written))
        bot.kill()
        assert await bot.ended() == -9
        held.times = 0
        sendings.note_kill()
    assert sum(sendings.doubts.values()) > IN_FLIGHT // 2
    assert [times for times in sendings.doubts.values() if times > 1] == [2]
    await bot.start()
    await bot.settled()
    await bot.stop()
    assert sendings.wrong() == [], sendings.summary()
    missing = sendings.queued - set(sendings.arrived())
    assert len(missing) == 1
    assert {sendings.doubts[name] for name in missing} == {2}


async def test_a_kill_while_the_batch_is_fetched_loses_nothing(
    bot: BotProcess, server: BotApiServer
) -> None:
    """Telegram has given the batch and the bot dies before it is stored."""
    people = meet(server, bot.database, CROWD)
    for person in people:
        await person.send_text(f"A thought of person {person.id}.")
    fetched = server.faults.hold(method="getUpdates", after=True)
    await bot.start()
    await fetched.reached.wait()
    bot.kill()
    assert await bot.ended() == -9
    fetched.release()
    assert len(server.pending) == CROWD
    await bot.start()
    await bot.settled()
    await bot.stop()
    assert bot.rows("SELECT count(*), count(DISTINCT text) FROM answers") == [(CROWD, CROWD)]
    assert set(reactions(server).values()) == {1}


async def test_a_kill_between_storing_and_confirming_a_batch_doubles_nothing(
    bot: BotProcess, server: BotApiServer
) -> None:
    """The batch is stored and worked on, and Telegram gives all of it once more."""
    people = meet(server, bot.database, CROWD)
    for person in people:
        await person.send_text(f"An idea of person {person.id}.")
    confirming = server.faults.hold(method="getUpdates", skip=1)
    await bot.start()
    await confirming.reached.wait()
    await until(partial(_kept, bot, CROWD))
    bot.kill()
    assert await bot.ended() == -9
    assert len(server.pending) == CROWD
    sendings = Sendings(bot, server)
    sendings.note_kill()
    await bot.start()
    await bot.settled()
    await bot.stop()
    assert bot.rows("SELECT count(*), count(DISTINCT text) FROM answers") == [(CROWD, CROWD)]
    assert bot.rows("SELECT state, count(*) FROM inbox GROUP BY state") == [("done", CROWD)]
    assert len(reactions(server)) == CROWD
    assert sendings.wrong() == [], sendings.summary()


async def test_onboarding_and_an_open_question_survive_kills(
    bot: BotProcess, server: BotApiServer
) -> None:
    """The bot is killed between steps and started again; the person notices nothing."""
    ada = server.person(11, "Ada")
    wait_for = partial(ada.wait_for, timeout=PATIENCE)

    async def killed() -> None:
        await bot.settled()
        bot.kill()
        await bot.ended()
        await bot.start()

    await bot.start()
    await ada.send_text("/start")
    await wait_for("clear yes")
    await killed()
    await ada.tap("consent:yes")
    await wait_for("How long may I keep")
    await killed()
    await ada.tap("keep:90")
    await wait_for("notification on your phone")
    await ada.tap("push:text")
    await wait_for("Which city")
    await killed()
    await ada.send_text("Berlin, Germany")
    await wait_for("At what time")
    await ada.send_text("20:00")
    card = await wait_for(lambda message: "another" in message.labels)
    await killed()
    await ada.send_text("I went for a walk on my own.")
    await wait_for(lambda message: message is card and "kept" in message.text)
    await killed()
    await ada.press(card.message_id, "4")
    await wait_for(lambda message: message is card and "· 4 ·" in message.labels)
    await bot.settled()
    await bot.stop()
    assert bot.rows("SELECT state, keep_days, push, zone, ask_at FROM people") == [
        ("active", 90, "text", "Europe/Berlin", "20:00")
    ]
    assert bot.rows("SELECT asked_id, text FROM answers") == [(1, "I went for a walk on my own.")]
    assert bot.rows("SELECT asked_id, value FROM taps") == [(1, 4)]
    questions = [m for m in ada.from_bot if any(":1:" in b["callback_data"] for b in m.buttons)]
    assert questions == [card]


def _kept(bot: BotProcess, number: int) -> bool:
    return bot.rows("SELECT count(*) FROM answers") == [(number,)]


def _met(fault: Fault, times: int) -> bool:
    return fault.met >= times

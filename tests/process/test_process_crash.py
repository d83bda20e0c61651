"""Forty kills at random moments: no answer is lost, and nothing that was done is done twice.

Each time some people write, others fall due for their question, and whoever gets a question taps.
The moments are told by events (a request is lost on its way, or done and its answer lost), by the
time since the start, measured in what a run takes on this machine, and in the drain of a stop.
``AMPERSAND_CRASH_SEED`` gives other moments; ``pytest -s`` shows them.
"""

import asyncio
import json
import os
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from statistics import median

import pytest
from aiohttp import web

from bot.chat.agenda import QUESTION
from bot.chat.turn import Operator
from bot.content import load_content
from bot.demo.messages import Message
from bot.demo.people import Person
from bot.demo.world import Change, Press
from storage.connection import connect, transaction
from storage.store import Store
from tests.leaks import Overheard
from tests.meeting import meet
from tests.processes import BotProcess, WatchedServer
from tests.sendings import Sendings

SEED = int(os.environ.get("AMPERSAND_CRASH_SEED", "22"))
KILLS = 40
BUSY_KILLS = 30
"""At so many kills at least work must have been waiting, or they would prove little."""

CROWD = 200
"""Everybody is asked once and writes twice, sometimes before and sometimes after the question."""

EACH = 2
MESSAGES = EACH * CROWD
OUTGOING = frozenset(
    {"answerCallbackQuery", "editMessageText", "sendMessage", "setMessageReaction"}
)
"""What the outbox sends: a stop waits for these."""

SUBJECTS = ("the day", "us", "my own time", "who decides")
FARTHEST = 60
"""The last request of a run at which it may be killed: about as many as a round's work makes."""


class When(StrEnum):
    """What is going on when the bot is killed."""

    LOST = "request lost"
    DONE = "answer lost"
    TIME = "time"
    DRAIN = "drain"


@dataclass(frozen=True, slots=True)
class Moment:
    """When a run ends: at its nth request, or after a part of what runs take until then."""

    when: When
    request: int
    part: float


def _moments(dice: random.Random) -> list[Moment]:
    kinds = [When.LOST] * 13 + [When.DONE] * 13 + [When.TIME] * 10 + [When.DRAIN] * 4
    dice.shuffle(kinds)
    # The first run shows how long runs take here, which the others are measured by.
    first = kinds.index(When.DONE)
    kinds[0], kinds[first] = kinds[first], kinds[0]
    return [Moment(kind, dice.randint(1, FARTHEST), dice.uniform(0.3, 1.0)) for kind in kinds]


class Telegram(WatchedServer):
    """Telegram's side: people act while the bot works, and at its moment the bot is killed."""

    def __init__(self, dice: random.Random) -> None:
        # However slow this machine is, a tap can be answered.
        super().__init__(press_lifetime=timedelta(hours=1))
        self.bot: BotProcess | None = None
        self.requests_of_run = 0
        self.to_write: list[tuple[Person, str]] = []
        self.written: dict[tuple[int, int], str] = {}
        self.tapped: dict[int, int] = {}
        self.presses: list[asyncio.Task[Press]] = []
        self._dice = dice
        self._moment: Moment | None = None
        self._killed = asyncio.Event()
        self._lost = False
        self.subscribe(self.note)

    def arm(self, moment: Moment | None) -> None:
        """The next run is to end at this moment, or to go on."""
        self._moment = moment
        self.requests_of_run = 0
        self._killed.clear()
        self._lost = False

    def kill(self, moment: Moment, *, lost: bool = False) -> None:
        """Kill the bot, if it was not yet in this run.

        With ``lost`` nothing is done any more of what it has asked for by then.
        """
        if self._moment is moment and self.bot is not None:
            self._moment = None
            self._lost = lost
            self._killed.set()
            self.bot.kill()

    async def answer(self, request: web.Request) -> web.Response:
        """Answer one request, unless it is lost on its way."""
        self.requests_of_run += 1
        moment = self._moment
        if moment is not None and not self._has_come(moment, request.match_info["method"]):
            moment = None
        if moment is not None and moment.when is When.LOST:
            self.kill(moment, lost=True)
        if self._lost:
            raise web.HTTPServiceUnavailable
        response = await super().answer(request)
        if self.to_write:
            await self.write(1)
        if moment is not None and moment.when is When.DONE:
            self.kill(moment, lost=bool(self._dice.getrandbits(1)))
        if moment is not None and moment.when is When.DRAIN and self.bot is not None:
            # The stop waits for this answer, until it is killed.
            self.bot.terminate()
            asyncio.get_running_loop().call_later(moment.part / 4, self.kill, moment)
            await self._killed.wait()
        return response

    def _has_come(self, moment: Moment, method: str) -> bool:
        if moment.when is When.DRAIN:
            return self.requests_of_run >= moment.request and method in OUTGOING
        return self.requests_of_run == moment.request

    async def write(self, number: int) -> None:
        """Let people write so many of the messages that they have in mind."""
        now, self.to_write = self.to_write[:number], self.to_write[number:]
        for person, text in now:
            message = await person.send_text(text)
            self.written[person.id, message.message_id] = text

    def note(self, change: Change) -> None:
        """Whoever gets a question taps on it at once."""
        message = change.message
        if change.kind != "sent" or message is None or change.chat_id in self.tapped:
            return
        wanted = 1 + change.chat_id % 5
        for data in _data(message):
            if data.startswith("tap:") and data.endswith(f":{wanted}"):
                self.tapped[change.chat_id] = wanted
                press = self.person(change.chat_id).press(message.message_id, data)
                self.presses.append(asyncio.get_running_loop().create_task(press))


def _data(message: Message) -> list[str]:
    return [button.get("callback_data", "") for button in message.buttons]


@pytest.fixture
async def server(overheard: Overheard) -> AsyncIterator[Telegram]:
    """Telegram's side."""
    running = Telegram(random.Random(SEED + 1))  # noqa: S311 - moments are no secret
    async with running:
        yield running
    assert running.violations == []


@pytest.fixture
async def bot(server: Telegram, database_path: Path, tmp_path: Path) -> AsyncIterator[BotProcess]:
    """A bot that has not been started yet."""
    process = BotProcess(tmp_path, server, database_path, SEND_RATE="60")
    server.bot = process
    try:
        yield process
    finally:
        await process.close()


def _people_at_noon(server: Telegram, path: Path) -> list[Person]:
    """People where it is about noon, so that the day of their question does not end meanwhile."""
    ahead = 12 - datetime.now(UTC).hour
    # Zones of this family have their sign the other way round.
    zone = f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"
    consent = load_content(Operator("Olive", "")).consent
    return meet(server, path, CROWD, zone=zone, consent=consent)


def _let_fall_due(path: Path, people: list[Person]) -> None:
    """Put the questions of these people on the schedule, for now; the bot does not run."""
    conn = connect(path)
    with transaction(conn):
        store = Store(conn)
        for person in people:
            known = store.people.in_chat(person.id)
            assert known is not None
            store.schedule.set(known.id, QUESTION, datetime.now(UTC))
    conn.close()


async def _run(bot: BotProcess, server: Telegram, moment: Moment, usual: float) -> bool:
    """One run up to its kill; give whether the moment came before everything was done."""
    server.arm(moment)
    await bot.start()
    if moment.when is When.TIME:
        asyncio.get_running_loop().call_later(moment.part * usual, server.kill, moment)
    ended = asyncio.create_task(bot.ended())
    settled = asyncio.create_task(bot.settled())
    await asyncio.wait({ended, settled}, return_when=asyncio.FIRST_COMPLETED)
    idle = settled.done() and settled.exception() is None
    server.kill(moment)
    assert await ended == -9
    settled.cancel()
    with suppress(asyncio.CancelledError, RuntimeError):
        await settled
    return not idle


async def test_forty_kills_lose_no_answer_and_double_nothing(
    bot: BotProcess, server: Telegram
) -> None:
    dice = random.Random(SEED)  # noqa: S311 - moments are no secret
    people = _people_at_noon(server, bot.database)
    writers = dice.sample(people * EACH, MESSAGES)
    asked = dice.sample(people, CROWD)
    sendings = Sendings(bot, server)
    loop = asyncio.get_running_loop()
    took: list[float] = []
    busy = 0
    print(f"AMPERSAND_CRASH_SEED={SEED}")  # noqa: T201 - for those who want to see it
    for turn, moment in enumerate(_moments(dice)):
        await server.write(len(server.to_write))
        server.to_write = [
            (writers[number], f"Thought {number} about {dice.choice(SUBJECTS)}.")
            for number in _share(MESSAGES, turn)
        ]
        # Some write before the bot starts, the others while it works.
        await server.write(6)
        _let_fall_due(bot.database, [asked[number] for number in _share(CROWD, turn)])
        begun = loop.time()
        in_time = await _run(bot, server, moment, median(took or [1.0]))
        if in_time and moment.when in {When.LOST, When.DONE}:
            took.append(loop.time() - begun)
        sendings.note_kill()
        waiting = bot.boxes()
        busy += waiting > 0
        print(  # noqa: T201 - for those who want to see it
            f"{turn + 1:2} {moment.when:12} at {moment.request:2}, {moment.part:.2f}: "
            f"{server.requests_of_run} requests, {waiting} waiting, {loop.time() - begun:.2f} s"
        )
    await server.write(len(server.to_write))
    server.arm(None)
    await bot.start()
    await bot.settled()
    await bot.stop()
    await asyncio.gather(*server.presses)
    told = f"seed {SEED}: {busy} of {KILLS} kills while work was waiting; {sendings.summary()}"
    print(told)  # noqa: T201 - for those who want to see it

    assert busy >= BUSY_KILLS, told
    assert "is set aside" not in bot.log.read_text(encoding="utf-8"), "an update was not worked on"
    _check_effects(bot, server, people)
    _check_phones(server, people)
    assert _promised(bot) - _buttons(sendings) == set(), f"never queued; {told}"
    assert sendings.wrong() == [], told


def _share(total: int, turn: int) -> range:
    return range(turn * total // KILLS, (turn + 1) * total // KILLS)


def _check_effects(bot: BotProcess, server: Telegram, people: list[Person]) -> None:
    """Every answer, question and tap is in the database, once."""
    kept = Counter(str(row[0]) for row in bot.rows("SELECT text FROM answers"))
    written = Counter(server.written.values())
    assert len(written) == MESSAGES
    assert kept == written, f"lost: {written - kept}, doubled: {kept - written}"
    asked = Counter(
        row[0] for row in bot.rows("SELECT chat_id FROM asked JOIN people ON people.id = person_id")
    )
    assert asked == Counter(person.id for person in people)
    taps = bot.rows("SELECT chat_id, value FROM taps JOIN people ON people.id = person_id")
    assert sorted(taps) == sorted(server.tapped.items())
    beads = bot.rows("SELECT count(*), sum(plus + minus) FROM beads WHERE source = 'tap'")
    assert beads == [(len(taps), 2.0 * len(taps))]


def _check_phones(server: Telegram, people: list[Person]) -> None:
    """Everybody sees one reaction under each of their messages, and that their tap was heard."""
    shown = {
        (person.id, message.message_id): len(message.reactions)
        for person in people
        for message in person.messages
        if not message.from_bot
    }
    assert shown == dict.fromkeys(server.written, 1)
    unheard = [person.id for person in people if not person.callback_answers]
    assert [number for number in unheard if number in server.tapped] == []


def _promised(bot: BotProcess) -> set[str]:
    """A button of each message that the database says there must be: questions, and notes kept."""
    return {
        str(row[0])
        for row in bot.rows(
            "SELECT 'tap:' || id || ':1' FROM asked"
            " UNION SELECT 'unnote:' || id FROM answers WHERE asked_id IS NULL"
        )
    }


def _buttons(sendings: Sendings) -> set[str]:
    """The data of all buttons of all messages that there were."""
    return {
        str(button.get("callback_data"))
        for _, _, buttons in sendings.queued | set(sendings.arrived())
        for row in (json.loads(buttons) or {}).get("inline_keyboard", [])
        for button in row
    }

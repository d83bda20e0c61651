"""Living a life: a made-up person does with their phone what real people do, week after week.

Everything goes through the bot: messages are typed, and only buttons that the bot has sent are
pressed.
"""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.demo.lives import NO_ANSWER, Answers, Life
from bot.demo.messages import Message
from bot.demo.people import Person
from bot.demo.room import Progress, Room
from bot.drift.rules import Rule, RuleSet

ANSWERS_AFTER = timedelta(minutes=6)
"""So long after a question it is looked at."""

_UNASKED = Answers(NO_ANSWER)


class LifeError(Exception):
    """The bot did not do what a life counts on: a button was not there, a question did not come."""


async def live(room: Room, life: Life) -> None:
    """Live a life in a room that nobody has written in yet, up to its last weekly report.

    Raises:
        LifeError: the bot did not do what the life counts on.
    """
    await _Living(room, life).through()


class _Living:
    def __init__(self, room: Room, life: Life) -> None:
        self._room = room
        self._life = life
        self._rules: RuleSet = room.clockwork.app.content.rules
        self._questions = {
            question.text: question.id for question in room.clockwork.app.content.library.questions
        }
        self._tapped: Counter[str] = Counter()
        self._day = 1
        self._week = 0

    @property
    def _person(self) -> Person:
        return self._room.person

    @property
    def _progress(self) -> Progress:
        if self._room.progress is None:
            raise LifeError("nobody counts the days")
        return self._room.progress

    async def through(self) -> None:
        await self._begin()
        await self._answer()
        await self._quiz()
        while self._week < self._life.weeks:
            question, check_in = await self._ahead("question"), await self._ahead("check_in")
            if check_in < question:
                await self._room.clockwork.move_to(check_in)
                await self._check_in()
                self._week += 1
            else:
                await self._room.clockwork.move_to(question + ANSWERS_AFTER)
                self._day += 1
                await self._answer()
            self._progress.day, self._progress.week = self._day, self._week
            self._room.note()

    async def _begin(self) -> None:
        await self._say("/start")
        await self._press("consent:yes")
        await self._press(f"keep:{self._life.keep}")
        await self._press(f"push:{self._life.push}")
        await self._say(self._life.city)
        if self._newest("place:") is not None:
            await self._press("place:")
        await self._say(self._life.at)

    async def _answer(self) -> None:
        """Do with the question of the day what the life does on that day."""
        day = self._day
        if day in self._life.silent:
            return
        await self._open("open:")
        if day in self._life.skipped:
            await self._press("skip:")
            return
        if day in self._life.another:
            await self._press("another:")
        if day in self._life.later:
            await self._press("later:")
            await self._room.clockwork.move_to(await self._ahead("later") + ANSWERS_AFTER)
        await self._tap()
        words = self._life.written.get(self._asked(self._card()))
        if words is not None:
            await self._say(words)

    async def _tap(self) -> None:
        card = self._card()
        rule = self._rule_in(card, lambda rule: rule.tap)
        value = self._points(rule).tap(self._tapped[rule.id])
        self._tapped[rule.id] += 1
        if value != NO_ANSWER:
            await self._press_value(card, "tap:", value)

    async def _quiz(self) -> None:
        # The offer comes with the first answer; a bot without one still has the command.
        if self._newest("begin:quiz") is not None:
            await self._press("begin:quiz")
        else:
            await self._say("/quiz")
        wished = list(self._life.closeness)
        while (page := self._newest("quiz:")) is not None:
            number = self._position(page, "quiz:")
            if number < len(self._rules.rules):
                rule = self._rule_in(page, lambda rule: rule.quiz)
                await self._press_value(page, "quiz:", self._points(rule).quiz)
            elif wished:
                await self._press_value(page, "quiz:", wished.pop(0))
            else:
                raise LifeError("the quiz does not end")

    async def _check_in(self) -> None:
        await self._open("checkin:", ending=":o")
        pages = 0
        while (page := self._newest("checkin:")) is not None:
            rule = self._rule_in(page, lambda rule: rule.check_in)
            await self._press_value(page, "checkin:", self._points(rule).check_in(self._week))
            pages += 1
            if pages > len(self._rules.rules):
                raise LifeError("the check-in does not end")
        # The report is due with the last tap: a tick brings it.
        await self._room.clockwork.move_to(self._room.clockwork.clock.now())
        await self._look_for_change()

    async def _look_for_change(self) -> None:
        """Note the report that tells of a change, so that it is found among all the weeks."""
        report = self._newest("why:")
        if self._progress.told_in is None and report is not None and await self._room.told():
            self._progress.told_week = self._week + 1
            self._progress.told_in = report.message_id

    async def _open(self, prefix: str, ending: str = "") -> None:
        """Open what a quiet notification has kept behind a button."""
        if self._life.push == "quiet" and self._newest(prefix, ending) is not None:
            await self._press(prefix, ending)

    async def _say(self, text: str) -> None:
        await self._person.send_text(text)
        await self._room.clockwork.settle()

    async def _press(self, prefix: str, ending: str = "") -> None:
        message = self._newest(prefix, ending)
        if message is None:
            raise LifeError(f"there is no button {prefix}...{ending} on day {self._day}")
        await self._press_on(message, prefix, ending)

    async def _press_value(self, message: Message, prefix: str, value: int) -> None:
        await self._press_on(message, prefix, f":{value}")

    async def _press_on(self, message: Message, prefix: str, ending: str) -> None:
        for data in _data(message):
            if data.startswith(prefix) and data.endswith(ending):
                await self._person.press(message.message_id, data)
                await self._room.clockwork.settle()
                return
        raise LifeError(f"there is no button {prefix}...{ending} on day {self._day}")

    def _newest(self, prefix: str, ending: str = "") -> Message | None:
        for message in reversed(self._person.from_bot):
            if any(one.startswith(prefix) and one.endswith(ending) for one in _data(message)):
                return message
        return None

    def _card(self) -> Message:
        card = self._newest("tap:")
        if card is None:
            raise LifeError(f"no question came on day {self._day}")
        return card

    def _asked(self, card: Message) -> str:
        return self._questions.get(card.text.partition("\n")[0].strip(), "")

    def _position(self, page: Message, prefix: str) -> int:
        data = next(one for one in _data(page) if one.startswith(prefix))
        return int(data.split(":")[2])

    def _rule_in(self, message: Message, words: Callable[[Rule], str | None]) -> Rule:
        for rule in self._rules.rules:
            text = words(rule)
            if text is not None and text in message.text.splitlines():
                return rule
        raise LifeError(f"a message of day {self._day} holds no known statement")

    def _points(self, rule: Rule) -> Answers:
        return self._life.points.get(rule.id, _UNASKED)

    async def _ahead(self, kind: str) -> datetime:
        due = await self._room.due(kind)
        if due is None:
            raise LifeError(f"nothing of the kind {kind} lies ahead on day {self._day}")
        return due


def _data(message: Message) -> list[str]:
    return [button.get("callback_data", "") for button in message.buttons]

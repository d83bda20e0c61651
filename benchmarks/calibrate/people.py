"""Simulated people: how they live, how they answer, and the record that leaves.

Nothing here is evidence about real people. The assumptions are pessimistic where there was a
choice: questions mean different things to different people, levels wander for weeks, a check-in's
answers share a mood, and markers found in texts have habits of their own.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from math import sqrt
from random import Random

from bot.drift.beads import Bead, answer_bead, text_beads
from bot.drift.record import Entry, Record
from bot.drift.rules import Axis, Rule, RuleSet, Source

START = date(2026, 1, 5)
DAYS_A_WEEK = 7
WANDER_MEMORY = 0.7


def _rules() -> RuleSet:
    """24 rules without words: 8 per axis, half reversed; 4 of them anchors, half reversed."""
    return RuleSet(
        tuple(
            Rule(
                id=f"{axis}-{number}",
                axis=axis,
                reversed=number % 2 == 1,
                anchor=number < 4,
                plain=f"{axis} {number}",
                quiz="quiz",
                tap="tap" if number < 4 else None,
                check_in="check-in" if number < 4 else None,
            )
            for number in range(8)
            for axis in Axis
        )
    )


RULES = _rules()


@dataclass(frozen=True, slots=True)
class Move:
    """A change of one axis on the 0..1 scale, from one week to another, both from 1.

    Attributes:
        start: The mean level it starts from, spread by .05 between people.
        amount: How far it moves in the end.
        first: The first week that differs.
        last: The first week that has gone the whole way; the same week for a step.
        back: The first week that is back where it began.
    """

    start: float
    amount: float
    first: int
    last: int
    back: int | None = None

    def offset(self, week: int) -> float:
        """How far the axis has moved in a week, from 1."""
        if self.back is not None and week >= self.back:
            return 0.0
        gone = (week - self.first + 1) / (self.last - self.first + 1)
        return self.amount * min(1.0, max(0.0, gone))


@dataclass(frozen=True, slots=True)
class Life:
    """How a kind of people lives and answers; variances are sd on the 0..1 scale.

    Attributes:
        weeks: How many weeks are lived.
        reply: The chance of a reply on a day; differs between people by sd .1.
        tap: The chance that a reply has a tap.
        check_in: The chance of a check-in in a week.
        noise: The scatter of a single answer.
        day: What the day adds to its answers.
        mood: What the check-in's mood adds to all of its answers.
        question: How differently people understand a question.
        wander: The sd of a level's natural ups and downs, which last for weeks.
        walk: How far a level walks in a week without ever being called back.
        yes_saying: How far the answers creep toward "always" from week 5 to week 16.
        shrinking: Which part of the way the answers shrink toward the middle by week 16.
        question_drift: How far the understanding of each question walks in a week.
        quitting: The chance, in each week from the fifth, of stopping altogether.
        move: A change of one axis.
        levels: Levels of self, together and say (all 0..1) instead of ones drawn for each person.
        spread: How far people lie from those levels.
        quiz: Whether they take the quiz on the first day.
    """

    weeks: int = 16
    reply: float = 0.7
    tap: float = 0.8
    check_in: float = 0.75
    noise: float = 0.2
    day: float = 0.12
    mood: float = 0.06
    question: float = 0.08
    wander: float = 0.03
    walk: float = 0.0
    yes_saying: float = 0.0
    shrinking: float = 0.0
    question_drift: float = 0.0
    quitting: float = 0.0
    move: Move | None = None
    levels: tuple[float, float, float] | None = None
    spread: float = 0.0
    quiz: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """A simulated person's record, and what truly moved."""

    record: Record
    moving: Axis | None


@dataclass(slots=True)
class _Mind:
    """What a person is like inside, on one axis."""

    level: float
    wander: float
    habit: bool
    slopes: dict[str, float] = field(default_factory=dict)
    intercepts: dict[str, float] = field(default_factory=dict)


def _clip(value: float, low: float, high: float) -> float:
    return max(low, min(high, value))


class _Simulation:
    def __init__(self, life: Life, dice: Random) -> None:
        self.life = life
        self.dice = dice
        self.moving = dice.choice(tuple(Axis)) if life.move else None
        self.reply = _clip(dice.gauss(life.reply, 0.1), 0.05, 1.0)
        self.minds = {axis: self._mind(axis, number) for number, axis in enumerate(Axis)}
        self.anchors = RULES.anchors
        self.beads: list[Bead] = []
        self.entries: list[Entry] = []

    def _mind(self, axis: Axis, number: int) -> _Mind:
        life, dice = self.life, self.dice
        if life.levels is not None:
            level = dice.gauss(life.levels[number], life.spread)
        elif life.move is not None and axis is self.moving:
            level = dice.gauss(life.move.start, 0.05)
        else:
            level = _clip(dice.gauss(0.58, 0.10), 0.35, 0.80)
        mind = _Mind(level, dice.gauss(0, life.wander), dice.random() < 0.5)
        for rule in RULES.by_axis(axis):
            mind.slopes[rule.id] = dice.uniform(0.8, 1.2)
            mind.intercepts[rule.id] = dice.gauss(0, life.question)
        return mind

    def run(self) -> Person:
        life, dice = self.life, self.dice
        if life.quiz:
            levels = {axis: mind.level + mind.wander for axis, mind in self.minds.items()}
            for rule in RULES.rules:
                self._answer(rule, levels[rule.axis], START, Source.QUIZ, 0.25, week=1)
        for week in range(1, life.weeks + 1):
            if week >= 5 and dice.random() < life.quitting:
                break
            self._live(week)
        record = Record(START, tuple(self.beads), tuple(self.entries))
        return Person(record, self.moving)

    def _live(self, week: int) -> None:
        life, dice = self.life, self.dice
        levels, topics = {}, {}
        for axis, mind in self.minds.items():
            shock = life.wander * sqrt(1 - WANDER_MEMORY**2)
            mind.wander = WANDER_MEMORY * mind.wander + dice.gauss(0, shock)
            mind.level += dice.gauss(0, life.walk)
            moved = life.move.offset(week) if life.move and axis is self.moving else 0.0
            levels[axis] = mind.level + mind.wander + moved
            topics[axis] = dice.gauss(0, 0.1)
            if life.question_drift:
                for question in mind.intercepts:
                    mind.intercepts[question] += dice.gauss(0, life.question_drift)
        first = (week - 1) * DAYS_A_WEEK
        for number in range(first, first + DAYS_A_WEEK):
            if dice.random() < self.reply:
                self._reply(number, week, levels, topics)
        if dice.random() < life.check_in:
            mood = dice.gauss(0, life.mood)
            evening = START + timedelta(first + DAYS_A_WEEK - 1)
            for rule in self.anchors:
                level = levels[rule.axis] + mood
                self._answer(rule, level, evening, Source.CHECK_IN, life.noise, week)

    def _reply(
        self, number: int, week: int, levels: dict[Axis, float], topics: dict[Axis, float]
    ) -> None:
        life, dice = self.life, self.dice
        day = START + timedelta(number)
        self.entries.append(Entry(day, 8))
        if dice.random() < life.tap:
            rule = self.anchors[number % len(self.anchors)]
            level = levels[rule.axis] + dice.gauss(0, life.day)
            self._answer(rule, level, day, Source.TAP, life.noise, week)
        for axis, mind in self.minds.items():
            if dice.random() < 0.3:
                habitual = dice.random() < 0.35
                up = mind.habit if habitual else dice.random() < levels[axis] + topics[axis]
                family = f"{axis}-{dice.randrange(6)}"
                strength = dice.choice((1.0, 0.5, 0.25))
                weight = (strength, 0.0) if up else (0.0, strength)
                self.beads += text_beads(f"{axis}-0", family, {axis: weight}, day)

    def _answer(
        self, rule: Rule, level: float, day: date, source: Source, noise: float, week: int
    ) -> None:
        life, mind = self.life, self.minds[rule.axis]
        value = 0.5 + mind.slopes[rule.id] * (level - 0.5) + mind.intercepts[rule.id]
        shown = 1 - value if rule.reversed else value
        if life.yes_saying or life.shrinking:
            crept = _clip((week - 4) / 12, 0.0, 1.0)
            shown = 0.5 + (shown - 0.5) * (1 - life.shrinking * crept) + life.yes_saying * crept
        answer = 1 + round(4 * _clip(shown + self.dice.gauss(0, noise), 0.0, 1.0))
        self.beads.append(answer_bead(rule, answer, day, source))


def person(life: Life, seed: str) -> Person:
    """One simulated person; the same seed gives the same person."""
    return _Simulation(life, Random(seed)).run()

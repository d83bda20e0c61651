"""History: one chapter of a record, counted by day once, so that any stretch is summed at once."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from enum import StrEnum
from itertools import accumulate

from bot.drift.beads import BEADS_PER_ANSWER, Bead, capped
from bot.drift.patterns import SIDES, Evidence, Side, Support, leaning
from bot.drift.positions import PICTURE_DAYS, Position, position, quiz_weight
from bot.drift.quizzes import QuizReading, quiz_sittings, read_quiz
from bot.drift.record import FEWEST_WORDS_OF_A_REPLY, Entry, Record
from bot.drift.rules import Axis, Source
from bot.drift.shift import Answer, Answers


class Amount(StrEnum):
    """What is counted by day."""

    REPLIES = "replies"
    REPLY_DAYS = "reply_days"
    WORDS = "words"
    TAPS = "taps"
    CHECK_IN_POINTS = "check_in_points"
    TEXT_HITS = "text_hits"


class DaySums:
    """Amounts by day, summed over any stretch of days in one step."""

    __slots__ = ("_upto",)

    def __init__(self, amounts: Iterable[float]) -> None:
        self._upto = [0.0, *accumulate(amounts)]

    def between(self, first: int, last: int) -> float:
        """The sum over the days from first to last, both included; days outside count nothing."""
        end = len(self._upto) - 1
        low, high = max(0, min(first, end)), max(0, min(last + 1, end))
        return self._upto[high] - self._upto[low] if high > low else 0.0


class Bowls:
    """Beads by day in the two bowls of an axis."""

    __slots__ = ("minus", "plus")

    def __init__(self, beads: Iterable[Bead], origin: date, size: int) -> None:
        plus, minus = [0.0] * size, [0.0] * size
        for bead in beads:
            day = (bead.day - origin).days
            plus[day] += bead.plus
            minus[day] += bead.minus
        self.plus, self.minus = DaySums(plus), DaySums(minus)

    def between(self, first: int, last: int) -> tuple[float, float]:
        """The beads toward plus and toward minus over the days from first to last."""
        return self.plus.between(first, last), self.minus.between(first, last)


class History:
    """The evidence of one chapter.

    Whatever takes a day reads only what that day and earlier ones hold, so that a reading of a day
    gone by does not change with what came later.

    Args:
        record: The person's record.
        chapter: The first day of the chapter.
    """

    def __init__(self, record: Record, chapter: date) -> None:
        self.chapter = chapter
        self.calendar = record.calendar(chapter)
        self.unusual = frozenset(self.calendar.week(day) for day in record.unusual)
        end = min((day for day in record.chapters if day > chapter), default=date.max)
        beads = [bead for bead in record.beads if chapter <= bead.day < end]
        self._beads = sorted(capped(beads, self.calendar.week), key=lambda bead: bead.day)
        self._days = [bead.day for bead in self._beads]
        self._quizzes = quiz_sittings(self._beads)
        running = [bead for bead in self._beads if bead.source is not Source.QUIZ]
        answered = [bead for bead in running if bead.source is not Source.TEXT]
        entries = [entry for entry in record.entries if chapter <= entry.day < end]
        last = max((*(entry.day for entry in entries), *self._days[-1:]), default=chapter)
        origin, size = self.calendar.origin, (last - self.calendar.origin).days + 1
        self._bowls = {
            axis: Bowls((bead for bead in running if bead.axis is axis), origin, size)
            for axis in Axis
        }
        self._answered_say = Bowls(
            (bead for bead in answered if bead.axis is Axis.SAY), origin, size
        )
        self._amounts = {
            amount: DaySums(by_day)
            for amount, by_day in _count_days(running, entries, origin, size).items()
        }
        week = self.calendar.week
        self.answers = Answers(
            Answer(number, bead.axis, bead.rule, bead.version, bead.value)
            for bead in answered
            if (number := week(bead.day)) not in self.unusual
        )

    def _index(self, day: date) -> int:
        return (day - self.calendar.origin).days

    def amount(self, amount: Amount, first: date, last: date) -> float:
        """How much there is of something from one day to another, both included."""
        return self._amounts[amount].between(self._index(first), self._index(last))

    def running_position(self, axis: Axis, first: date, last: date) -> Position:
        """The position from taps, check-ins and texts over some days, without any quiz."""
        return position(axis, *self._bowls[axis].between(self._index(first), self._index(last)))

    def latest_quiz(self, as_of: date) -> date | None:
        """The day of the latest quiz, up to a day."""
        return max((day for day in self._quizzes if day <= as_of), default=None)

    def quiz(self, day: date) -> QuizReading:
        """What the quiz of a day says by itself."""
        return read_quiz(day, self._quizzes[day].values())

    def _quiz_beads(self, axis: Axis, as_of: date) -> tuple[float, float]:
        taken = self.latest_quiz(as_of)
        if taken is None:
            return 0.0, 0.0
        items = [bead for bead in self._quizzes[taken].values() if bead.axis is axis]
        weight = quiz_weight(taken, as_of)
        return weight * sum(bead.plus for bead in items), weight * sum(b.minus for b in items)

    def picture(self, axis: Axis, as_of: date) -> Position:
        """The position over 28 days of taps, check-ins and texts, with the latest quiz fading."""
        return self._with_quiz(self._bowls[axis], axis, as_of)

    def answered_say(self, as_of: date) -> tuple[Position, ...]:
        """Say without texts: over 28 days, over the last seven, and from a recent quiz."""
        picture = self._with_quiz(self._answered_say, Axis.SAY, as_of)
        day = self._index(as_of)
        week = position(Axis.SAY, *self._answered_say.between(day - 6, day))
        taken = self.latest_quiz(as_of)
        if taken is None or (as_of - taken).days >= PICTURE_DAYS:
            return picture, week
        quiz = self.quiz(taken).positions[Axis.SAY]
        return (picture, week) if quiz is None else (picture, week, quiz)

    def _with_quiz(self, bowls: Bowls, axis: Axis, as_of: date) -> Position:
        day = self._index(as_of)
        plus, minus = bowls.between(day - PICTURE_DAYS + 1, day)
        quiz_plus, quiz_minus = self._quiz_beads(axis, as_of)
        return position(axis, plus + quiz_plus, minus + quiz_minus)

    def evidence(self, positions: dict[Axis, Position], as_of: date) -> Evidence:
        """What there is to name a pattern with on a day, its leading side's support included."""
        first = as_of - timedelta(PICTURE_DAYS - 1)
        beads = self._beads[bisect_left(self._days, first) : bisect_right(self._days, as_of)]
        taps = self.amount(Amount.TAPS, first, as_of)
        return Evidence(
            days=(as_of - self.chapter).days,
            replies=self.amount(Amount.REPLIES, first, as_of),
            reply_days=int(self.amount(Amount.REPLY_DAYS, first, as_of)),
            words=int(self.amount(Amount.WORDS, first, as_of)),
            taps=int(taps + self.amount(Amount.CHECK_IN_POINTS, first, as_of)),
            beads={axis: place.beads for axis, place in positions.items()},
            support={side: _support(side, beads) for side in SIDES[leaning(positions)]},
        )


def _support(side: Side, beads: Sequence[Bead]) -> Support:
    speaking = [
        bead
        for bead in beads
        if bead.axis is side.axis
        and (bead.plus > bead.minus if side.plus else bead.minus > bead.plus)
    ]
    return Support(len({bead.family for bead in speaking}), len({bead.day for bead in speaking}))


def _count_days(
    running: Iterable[Bead], entries: Iterable[Entry], origin: date, size: int
) -> dict[Amount, list[float]]:
    counts = {amount: [0.0] * size for amount in Amount}
    kinds = {Source.TAP: counts[Amount.TAPS], Source.CHECK_IN: counts[Amount.CHECK_IN_POINTS]}
    replies, words = counts[Amount.REPLIES], counts[Amount.WORDS]
    hits = set()
    for bead in running:
        if bead.source is Source.TEXT:
            hits.add((bead.day, bead.family))
            continue
        day = (bead.day - origin).days
        kinds[bead.source][day] += 1
        if bead.source is Source.TAP:
            replies[day] = max(replies[day], bead.weight / BEADS_PER_ANSWER)
    for found, _ in hits:
        counts[Amount.TEXT_HITS][(found - origin).days] += 1
    timely = [0] * size
    for entry in entries:
        day = (entry.day - origin).days
        words[day] += entry.words
        timely[day] += 0 if entry.backfilled else entry.words
    for day, written in enumerate(words):
        if written >= FEWEST_WORDS_OF_A_REPLY:
            late = timely[day] < FEWEST_WORDS_OF_A_REPLY
            replies[day] = max(replies[day], 0.5 if late else 1.0)
    counts[Amount.REPLY_DAYS] = [float(reply > 0) for reply in replies]
    return counts

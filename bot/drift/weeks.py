"""Weeks: one person's record read as of a day, and week after week.

The weekly report, the report on demand and the replay all read through here, so that they cannot
disagree.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.drift.history import Amount, History
from bot.drift.patterns import Evidence, Naming, Pattern, at_floor_of_say, name
from bot.drift.positions import Position
from bot.drift.record import Record, ToldShift, last_day
from bot.drift.rules import Axis

FEWEST_REPLIES_A_WEEK = 4.0
FEWEST_BEADS_A_WEEK = 4.0


@dataclass(frozen=True, slots=True)
class Week:
    """One week by itself, for the weekly line; a quiz never enters it.

    Attributes:
        number: The week, from 1.
        first: Its first day.
        last: Its last day.
        replies: Replies, 0..7; one for a day gone by counts half.
        taps: Taps.
        check_in_points: Points of the check-in that were answered.
        words: Words written.
        text_hits: Families of markers found in the texts.
        positions: The position on each axis; None means "not enough this week": fewer than four
            replies, or fewer than four beads on that axis.
        unusual: True if it is left out of drift.
    """

    number: int
    first: date
    last: date
    replies: float
    taps: int
    check_in_points: int
    words: int
    text_hits: int
    positions: Mapping[Axis, Position | None]
    unusual: bool

    @property
    def valid(self) -> bool:
        """Whether the week counts on all three axes."""
        return all(place is not None for place in self.positions.values())


@dataclass(frozen=True, slots=True)
class Reading:
    """What a record says as of a day.

    Attributes:
        as_of: The day, with all that it holds.
        chapter: The first day of the chapter it lies in.
        positions: The picture on each axis: 28 days of taps, check-ins and texts with the latest
            quiz, half as heavy with every 28 days.
        naming: The pattern, or what is missing to name one.
        evidence: What the pattern rests on.
        floor_of_say: True if answers are at the floor of say: no label then, no experiment, but
            the way to help.
        quiz: The day of the quiz in the picture.
        drift: The shift that is told of each axis in this week, else None. A week's shift stays
            until the next week has ended, so that a second look says the same.
        new: Those of them that were found just now; whoever tells them adds them to the record.
        weeks: All weeks of the chapter up to the day's, the last perhaps not over yet.
    """

    as_of: date
    chapter: date
    positions: Mapping[Axis, Position]
    naming: Naming
    evidence: Evidence
    floor_of_say: bool
    quiz: date | None
    drift: Mapping[Axis, ToldShift | None]
    new: tuple[ToldShift, ...]
    weeks: tuple[Week, ...]

    @property
    def week(self) -> Week:
        """The week that the day lies in."""
        return self.weeks[-1]

    @property
    def pattern(self) -> Pattern:
        """What the evidence leans toward, whatever may be shown of it."""
        return self.naming.pattern

    @property
    def label(self) -> Pattern:
        """The pattern that may be shown: at the floor of say none is."""
        return Pattern.NOT_CLEAR if self.floor_of_say else self.naming.pattern


class Reader:
    """Reads one chapter as of any of its days.

    Args:
        record: The person's record.
        chapter: The first day of the chapter.
    """

    def __init__(self, record: Record, chapter: date) -> None:
        self._history = History(record, chapter)
        self._over: list[Week] = []

    def read(self, as_of: date, told: Sequence[ToldShift]) -> Reading:
        """Read the chapter as of a day.

        Args:
            as_of: A day of the chapter.
            told: The shifts told so far, of any chapter.
        """
        history = self._history
        positions = {axis: history.picture(axis, as_of) for axis in Axis}
        evidence = history.evidence(positions, as_of)
        drift, new = self.drift(as_of, told)
        return Reading(
            as_of=as_of,
            chapter=history.chapter,
            positions=positions,
            naming=name(positions, evidence),
            evidence=evidence,
            floor_of_say=any(map(at_floor_of_say, history.answered_say(as_of))),
            quiz=history.latest_quiz(as_of),
            drift=drift,
            new=new,
            weeks=self._weeks(as_of),
        )

    def drift(
        self, as_of: date, told: Sequence[ToldShift]
    ) -> tuple[dict[Axis, ToldShift | None], tuple[ToldShift, ...]]:
        """The shift of each axis as of a day, and those of them that are new.

        Only whole weeks are compared. What was told after the same week is told again; otherwise
        an axis starts afresh after its last told shift, and every axis where a question came with
        a new wording.
        """
        calendar, answers = self._history.calendar, self._history.answers
        week = calendar.whole_weeks(as_of) - 1
        drift: dict[Axis, ToldShift | None] = dict.fromkeys(Axis)
        new: list[ToldShift] = []
        chapter = self._history.chapter
        known = [shift for shift in told if chapter <= shift.since and shift.told <= as_of]
        for axis in Axis:
            mine = sorted((s for s in known if s.axis is axis), key=lambda shift: shift.told)
            if mine and calendar.whole_weeks(mine[-1].told) - 1 == week:
                drift[axis] = mine[-1]
                continue
            finding = answers.evidence(axis, week, self._start(axis, week, mine))
            if finding is not None and finding.speaks:
                since = calendar.first(finding.split)
                shift = ToldShift(axis, as_of, since, finding.direction, finding.clear)
                drift[axis] = shift
                new.append(shift)
        return drift, tuple(new)

    def _start(self, axis: Axis, week: int, told: Sequence[ToldShift]) -> int:
        """The first week, from 0, that counts for an axis after the shifts told of it."""
        calendar, answers = self._history.calendar, self._history.answers
        start = 0
        for shift in told:
            then = calendar.whole_weeks(shift.told) - 1
            split = max(0, calendar.week(shift.since))
            start = answers.restart(axis, then, split, max(start, answers.reworded(then)))
        return max(start, answers.reworded(week))

    def _weeks(self, as_of: date) -> tuple[Week, ...]:
        calendar = self._history.calendar
        whole = calendar.whole_weeks(as_of)
        while len(self._over) < whole:
            number = len(self._over)
            self._over.append(self._week(number, calendar.last(number)))
        if calendar.week(as_of) < whole:
            return tuple(self._over[:whole])
        return (*self._over[:whole], self._week(whole, as_of))

    def _week(self, number: int, upto: date) -> Week:
        history = self._history
        first = history.calendar.first(number)
        replies = history.amount(Amount.REPLIES, first, upto)
        places = {axis: history.running_position(axis, first, upto) for axis in Axis}
        return Week(
            number=number + 1,
            first=first,
            last=history.calendar.last(number),
            replies=replies,
            taps=int(history.amount(Amount.TAPS, first, upto)),
            check_in_points=int(history.amount(Amount.CHECK_IN_POINTS, first, upto)),
            words=int(history.amount(Amount.WORDS, first, upto)),
            text_hits=int(history.amount(Amount.TEXT_HITS, first, upto)),
            positions={
                axis: place
                if replies >= FEWEST_REPLIES_A_WEEK and place.beads >= FEWEST_BEADS_A_WEEK
                else None
                for axis, place in places.items()
            },
            unusual=number in history.unusual,
        )


def read(record: Record, as_of: date) -> Reading:
    """Read a record as of a day; evidence of later days and earlier chapters stays out.

    Raises:
        ValueError: If the day lies before the person's start.
    """
    return Reader(record, record.chapter(as_of)).read(as_of, record.told)


def follow(record: Record, through: date | None = None) -> Iterator[Reading]:
    """Read a record at the end of each of its weeks, telling shifts as they are found.

    What the record says was told is taken as told; what is found on the way is added, so that each
    shift is told in one week and its axis starts afresh.

    Args:
        record: The person's record.
        through: The last day to go to; without one, the end of the last week with evidence.
    """
    told = list(record.told)
    starts = sorted({record.start, *(day for day in record.chapters if day > record.start)})
    for chapter, following in zip(starts, [*starts[1:], None], strict=True):
        reader, calendar = Reader(record, chapter), record.calendar(chapter)
        end = through or calendar.last(calendar.week(last_day(record)))
        if following is not None:
            end = min(end, following - timedelta(1))
        for week in range(calendar.whole_weeks(end)):
            reading = reader.read(calendar.last(week), told)
            told.extend(reading.new)
            yield reading

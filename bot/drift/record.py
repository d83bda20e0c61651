"""Record: all that a reading rests on, for one person, in local days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from bot.drift.beads import Bead
from bot.drift.rules import Axis
from bot.drift.shift import Direction

DAYS_A_WEEK = 7
FEWEST_WORDS_OF_A_REPLY = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody wrote on one day: the number of words, never the words.

    Attributes:
        day: The local day it is about.
        words: How many words; three make a reply.
        backfilled: True if it was written later, for a day gone by; it then counts half a reply.
    """

    day: date
    words: int
    backfilled: bool = False


@dataclass(frozen=True, slots=True)
class ToldShift:
    """A shift that somebody was told of; the axis starts afresh from about where it began.

    Attributes:
        axis: The axis that moved.
        told: The day it was told.
        since: The first day of the week that it seems to have begun in.
        direction: Up toward the plus pole of the axis, or down.
        clear: True for "a clear shift", False for "looks like a shift - does that fit?".
    """

    axis: Axis
    told: date
    since: date
    direction: Direction
    clear: bool


@dataclass(frozen=True, slots=True)
class Record:
    """One person's evidence, as it stands: what was removed or said to be "not me" is left out.

    Attributes:
        start: The person's first day.
        beads: From quizzes, taps, check-ins and texts, in any order.
        entries: How much was written, in any order.
        chapters: Days on which a new chapter began; nothing from before it counts after it.
        unusual: Days in weeks that are to be left out of drift; any day marks its whole week.
        told: The shifts told so far.
        weeks_from: A first day of a week, if weeks are not to be counted from the start: for
            example the day after the weekly report, so that its week is whole when it comes.
    """

    start: date
    beads: tuple[Bead, ...] = ()
    entries: tuple[Entry, ...] = ()
    chapters: tuple[date, ...] = ()
    unusual: frozenset[date] = frozenset()
    told: tuple[ToldShift, ...] = ()
    weeks_from: date | None = None

    def chapter(self, as_of: date) -> date:
        """The first day of the chapter that a day lies in.

        Raises:
            ValueError: If the day lies before the start.
        """
        if as_of < self.start:
            raise ValueError(f"{as_of} lies before the start, {self.start}")
        return max(day for day in (self.start, *self.chapters) if day <= as_of)

    def calendar(self, chapter: date) -> "Calendar":
        """The weeks of a chapter."""
        if self.weeks_from is None:
            return Calendar(chapter)
        return Calendar(chapter - timedelta((chapter - self.weeks_from).days % DAYS_A_WEEK))


@dataclass(frozen=True, slots=True)
class Calendar:
    """Weeks of seven days, counted from 0.

    Attributes:
        origin: The first day of the first week.
    """

    origin: date

    def week(self, day: date) -> int:
        """The week a day lies in, from 0; below 0 before the origin."""
        return (day - self.origin).days // DAYS_A_WEEK

    def whole_weeks(self, as_of: date) -> int:
        """How many weeks have ended with a day, that day included."""
        return ((as_of - self.origin).days + 1) // DAYS_A_WEEK

    def first(self, week: int) -> date:
        """The first day of a week."""
        return self.origin + timedelta(week * DAYS_A_WEEK)

    def last(self, week: int) -> date:
        """The last day of a week."""
        return self.origin + timedelta(week * DAYS_A_WEEK + DAYS_A_WEEK - 1)


def count_words(text: str) -> int:
    """How many words a text has; signs and emoji standing alone are none."""
    # most words begin with a letter, and then nothing else of them has to be looked at
    return sum(part[0].isalnum() or any(map(str.isalnum, part)) for part in text.split())


def last_day(record: Record) -> date:
    """The last day that there is evidence for; the start if there is none."""
    days: Iterable[date] = (*(b.day for b in record.beads), *(e.day for e in record.entries))
    return max(days, default=record.start)

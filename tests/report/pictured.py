"""Who is drawn in the tests of the pictures: made-up people, by the name of their golden file."""

from dataclasses import replace
from datetime import date

from bot.drift.quizzes import QuizReading, read_quiz
from bot.drift.record import Record
from bot.drift.rules import Source
from bot.drift.weeks import Reading, read
from bot.report.picture import Pictures, Sketch
from prompts.loading import load_rules
from prompts.templates import Words
from tests.report import people
from tests.report.people import START, Levels, last_day, life

RULES = load_rules()
WORDS = Words()
PICTURES = Pictures(WORDS)


def steady(levels: Levels, weeks: int = 12) -> Reading:
    """Somebody whose weeks are all alike."""
    return read(life(RULES, weeks, lambda _: levels), last_day(weeks))


def drifting() -> Record:
    """Twelve weeks in which what is one's own goes, and giving way comes."""

    def levels(week: int) -> Levels:
        gone = min(1.0, max(0.0, (week - 4) / 5))
        return 0.78 - 0.5 * gone, 0.6 + 0.15 * gone, -0.3 * gone

    return life(RULES, 12, levels)


def without(record: Record, *weeks: int) -> Record:
    """The same person, silent in some weeks, counted from 0."""

    def kept(day: date) -> bool:
        return (day - START).days // 7 not in weeks

    return replace(
        record,
        beads=tuple(bead for bead in record.beads if kept(bead.day)),
        entries=tuple(entry for entry in record.entries if kept(entry.day)),
    )


def conflicting() -> Record:
    """Merged one week, distant the next."""
    return life(RULES, 4, lambda week: people.MERGING if week % 2 else people.DISTANT, quiz=False)


def quiz(levels: Levels, items: int = 24) -> QuizReading:
    """A quiz of which the first items were answered."""
    beads = [b for b in life(RULES, 1, lambda _: levels).beads if b.source is Source.QUIZ]
    return read_quiz(START, beads[:items])


def wavering(week: int) -> Levels:
    """Weeks that come and go, for a long line."""
    turn = week % 20 / 20
    wave = 4 * min(turn, 1 - turn) - 1
    return 0.5 + 0.25 * wave, 0.6 - 0.15 * wave, 0.3 * wave


def year() -> Reading:
    """Sixty weeks with a silent month in them."""
    return read(without(life(RULES, 60, wavering), 30, 31, 32, 33, 50, 52), last_day(60))


def unusual() -> Reading:
    """Twelve weeks, one of which is left out of what is compared."""
    record = replace(drifting(), unusual=frozenset({last_day(6)}))
    return read(without(record, 8, 10), last_day(12))


FIRST_WEEK = read(life(RULES, 1, lambda _: people.MIDDLE, quiz=False), last_day(1))
EMPTY = read(Record(start=START), last_day(4))
CONFLICTING = read(conflicting(), last_day(4))

SKETCHES: dict[str, Sketch] = {
    "interdependent": PICTURES.week(steady(people.BALANCED)),
    "merging": PICTURES.week(steady(people.MERGING)),
    "deferring": PICTURES.week(steady(people.DEFERRING)),
    "directing": PICTURES.week(steady(people.DIRECTING)),
    "distance": PICTURES.week(steady(people.DISTANT)),
    "both_low": PICTURES.week(steady(people.BOTH_LOW)),
    "drifting": PICTURES.week(read(drifting(), last_day(12))),
    "unusual_and_gaps": PICTURES.week(unusual()),
    "first_week": PICTURES.week(FIRST_WEEK),
    "empty": PICTURES.week(EMPTY),
    "conflicting": PICTURES.week(CONFLICTING),
    "floor_of_say": PICTURES.week(steady(people.AT_THE_FLOOR)),
    "month": PICTURES.month(CONFLICTING),
    "month_with_gap": PICTURES.month(read(without(drifting(), 9), last_day(12))),
    "month_first_week": PICTURES.month(FIRST_WEEK),
    "year": PICTURES.year(year()),
    "quiz": PICTURES.quiz(quiz(people.MERGING)),
    "quiz_half_done": PICTURES.quiz(quiz(people.MERGING, items=9)),
    "quiz_empty": PICTURES.quiz(quiz(people.MERGING, items=3)),
}

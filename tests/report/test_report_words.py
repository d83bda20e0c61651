"""Reports in words, compared with what is stored, and their limits."""

import html
import re
from datetime import date
from pathlib import Path

import pytest

from bot.drift.patterns import Pattern
from bot.drift.quizzes import Closeness
from bot.drift.record import Record
from bot.drift.rules import Axis
from bot.drift.weeks import follow, read
from bot.report.view import Phrase, View, view
from bot.report.words import MOST_WORDS, report_text
from prompts.loading import load_rules
from prompts.templates import Words
from tests.report import people
from tests.report.people import START, last_day, life

RULES = load_rules()
WORDS = Words()
GOLDEN = Path(__file__).parent / "golden"

# "you are" stands here as the phrase of a verdict; "if you are not safe" is none.
FORBIDDEN = re.compile(
    r"codependent|enmeshed|toxic|abuse|victim|narcissis|score|percentile|healthy|your partner is|"
    r"you should|you must|you have to|disorder|symptom|diagnos|you are (?!not safe)|you suffer|!",
    re.IGNORECASE,
)


def _report(
    record: Record, as_of: date, kind: str = "weekly", closeness: Closeness | None = None
) -> tuple[View, str]:
    reading = read(record, as_of)
    made = view(record, reading, RULES, kind, closeness)
    return made, report_text(WORDS, made)


def _steady(levels: people.Levels, weeks: int = 4) -> tuple[Record, date]:
    return life(RULES, weeks, lambda _: levels), last_day(weeks)


def _moved() -> tuple[Record, date]:
    """A person whose self drops in the seventh week, on the day on which that is found."""
    record = life(RULES, 12, lambda week: (0.75, 0.65, 0.0) if week < 6 else (0.35, 0.65, 0.0))
    found = next(reading for reading in follow(record) if reading.new)
    return record, found.as_of


CASES = {
    "first_day": (Record(start=START), START),
    "first_week": (life(RULES, 1, lambda _: people.MIDDLE, quiz=False), last_day(1)),
    "interdependent": _steady(people.BALANCED),
    "merging": _steady(people.MERGING),
    "deferring": _steady(people.DEFERRING),
    "directing": _steady(people.DIRECTING),
    "distance": _steady(people.DISTANT),
    "both_low": _steady(people.BOTH_LOW),
    "conflicting": (
        life(RULES, 4, lambda week: people.MERGING if week % 2 else people.DISTANT, quiz=False),
        last_day(4),
    ),
    "shift_found": _moved(),
    "no_clear_change": _steady(people.MIDDLE, weeks=10),
    "floor_of_say": _steady(people.AT_THE_FLOOR),
    "too_little": (Record(start=START), last_day(4)),
}

NAMED = {
    "interdependent": Pattern.INTERDEPENDENT,
    "merging": Pattern.MERGING,
    "deferring": Pattern.DEFERRING,
    "directing": Pattern.DIRECTING,
    "distance": Pattern.DISTANCE,
    "both_low": Pattern.BOTH_LOW,
}


@pytest.mark.parametrize("case", CASES)
def test_the_report_reads_as_stored(case: str, request: pytest.FixtureRequest) -> None:
    record, as_of = CASES[case]
    _, text = _report(record, as_of)
    path = GOLDEN / f"{case}.html"
    if request.config.getoption("--rewrite-golden"):
        path.write_text(text + "\n", encoding="utf-8")
    assert text + "\n" == path.read_text(encoding="utf-8")


SAID = (
    Phrase("i just give in so that it stops", "giving-way", "D1", Axis.SAY, plus=False),
    Phrase("my no does not work", "voice", "D11", Axis.SAY, plus=False),
    Phrase("he hates it when i do this so i stopped doing it", "voice", "D9", Axis.SAY, plus=False),
    Phrase("i saw my friends", "own-time", "I2", Axis.SELF, plus=True),
)


def test_at_most_two_short_phrases_that_speak_for_it_are_quoted(
    request: pytest.FixtureRequest,
) -> None:
    record, as_of = CASES["deferring"]
    made = view(record, read(record, as_of), RULES, "weekly", phrases=SAID)
    text = report_text(WORDS, made)
    path = GOLDEN / "deferring_in_own_words.html"
    if request.config.getoption("--rewrite-golden"):
        path.write_text(text + "\n", encoding="utf-8")
    assert text + "\n" == path.read_text(encoding="utf-8")
    assert (
        'You wrote "i just give in so that it stops" and "my no does not work".'
        in html.unescape(text)
    )
    assert "so i stopped" not in text
    assert "i saw my friends" not in text
    assert len(re.sub(r"<[^>]+>", "", text).split()) <= MOST_WORDS


def test_without_a_name_nothing_is_quoted() -> None:
    record, as_of = CASES["no_clear_change"]
    made = view(record, read(record, as_of), RULES, "weekly", phrases=SAID)
    assert "You wrote" not in report_text(WORDS, made)


@pytest.mark.parametrize("case", CASES)
def test_the_report_names_what_the_answers_earn(case: str) -> None:
    made, _ = _report(*CASES[case])
    assert made.pattern is NAMED.get(
        case, Pattern.NOT_CLEAR if case != "shift_found" else made.pattern
    )


def test_a_shift_is_told_when_answers_shift_and_only_then() -> None:
    _, moved = _report(*CASES["shift_found"])
    _, steady = _report(*CASES["no_clear_change"])
    assert "moved since about" in moved
    assert "less room for what is yours" in moved
    assert "No clear change" in steady


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("kind", ["asked", "weekly", "month"])
@pytest.mark.parametrize("gap", [None, -1, 0, 2])
def test_every_report_keeps_its_limits(case: str, kind: str, gap: int | None) -> None:
    closeness = None if gap is None else Closeness(4, 4 + gap)
    _, text = _report(*CASES[case], kind=kind, closeness=closeness)
    plain = re.sub(r"<[^>]+>", "", text)
    assert len(plain.split()) <= MOST_WORDS
    assert not FORBIDDEN.search(plain)
    assert plain.count("?") <= 4
    assert "/safety" in plain


@pytest.mark.parametrize("case", CASES)
def test_a_report_of_four_weeks_does_not_ask_about_this_week(case: str) -> None:
    _, text = _report(*CASES[case], kind="month")
    assert "this week" not in text


def test_the_points_come_from_as_many_check_ins_as_were_answered() -> None:
    _, week = _report(*CASES["merging"])
    _, month = _report(*CASES["merging"], kind="month")
    assert "12 from the check-in." in week
    assert "48 from the check-ins." in month


def test_at_the_floor_of_say_there_is_help_and_no_label_and_no_experiment() -> None:
    made, text = _report(*CASES["floor_of_say"])
    assert made.help
    assert made.pattern is Pattern.NOT_CLEAR
    assert "If you like" not in text
    assert "deferring" not in text


def test_the_strength_comes_before_the_observation() -> None:
    for case in NAMED:
        _, text = _report(*CASES[case])
        assert text.index("A strength first") < text.index("Does that fit?")

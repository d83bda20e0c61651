from datetime import date, timedelta

import pytest

from bot.drift.rules import Axis
from bot.rhythm.questions import Frame, Question, QuestionAxis, Valence
from prompts.helplines import Helpline, Kind, Status
from prompts.loading import ContentError, load_helplines, load_questions, load_rules

from .conftest import Copy


def test_rules_load_with_every_field() -> None:
    rules = load_rules()
    anchor = rules["own-time"]
    assert (anchor.axis, anchor.reversed, anchor.anchor) == (Axis.SELF, False, True)
    assert anchor.tap == "Today I had time for something of my own."
    assert anchor.check_in == "This week I had time for something of my own."
    assert rules["permission"].reversed
    assert rules["permission"].tap is None


def test_an_edited_wording_changes_the_stamp_of_the_rules(content: Copy) -> None:
    before = load_rules(root=content.root)
    content.change("rules.yaml", "tap: Today I had time for", "tap: Today I had hours for")
    after = load_rules(root=content.root)
    assert after.version != before.version
    assert after["own-time"].wording != before["own-time"].wording
    assert after["sharing"].wording == before["sharing"].wording


def test_questions_load_with_defaults_filled_in() -> None:
    questions = {question.id: question for question in load_questions()}
    assert questions["wants-big-or-small"] == Question(
        id="wants-big-or-small",
        axis=QuestionAxis.SELF,
        facet="wants",
        depth=1,
        valence=Valence.NEUTRAL,
        frame=Frame.TODAY,
        text="Big or small, what did you want today?",
        discreet_ok=True,
        version=questions["wants-big-or-small"].version,
    )
    assert questions["wants-an-hour"].frame is Frame.WEEK


def test_an_edited_question_gets_another_version(content: Copy) -> None:
    before = {question.id: question.version for question in load_questions(root=content.root)}
    content.change("questions.yaml", "Big or small, what did", "Large or small, what did")
    after = {question.id: question.version for question in load_questions(root=content.root)}
    assert {key for key in before if before[key] != after[key]} == {"wants-big-or-small"}


def test_a_raised_version_is_enough(content: Copy) -> None:
    content.change("questions.yaml", "  text: Big or small", "  version: 2\n  text: Big or small")
    assert load_questions(root=content.root)[0].version.startswith("2-")


def test_only_lines_seen_in_a_source_are_loaded(content: Copy) -> None:
    """A dead or unchecked number is never shown to somebody in need."""
    loaded = load_helplines(root=content.root)
    numbers = {(line.country, line.number) for line in loaded.lines}
    assert all(line.status is Status.SEEN for line in loaded.lines)
    assert ("ZA", "0800 428 428") not in numbers
    assert ("CH", "142") not in numbers
    assert ("ZA", "0800 150 150") in numbers


def test_lines_are_found_by_country_and_kind() -> None:
    helplines = load_helplines()
    assert [line.number for line in helplines.of("GB", Kind.EMERGENCY)] == ["999"]
    assert {line.country for line in helplines.of("GB")} == {"GB"}
    assert helplines.of(None) == ()
    assert [line.number for line in helplines.everywhere] == ["findahelpline.com"]
    assert helplines.countries["GB"] == "United Kingdom"


@pytest.mark.parametrize(("days", "stale"), [(0, False), (90, False), (91, True)])
def test_a_line_is_stale_after_90_days(days: int, stale: bool) -> None:
    today = date(2026, 11, 24)
    line = Helpline(
        country="XX",
        name="x",
        kind=Kind.CRISIS,
        number="1",
        source="x",
        status=Status.SEEN,
        verified_on=today - timedelta(days=days),
    )
    assert line.is_stale(today) is stale


def test_a_line_without_a_date_is_stale() -> None:
    line = Helpline("XX", "x", Kind.CRISIS, "1", "x", Status.UNVERIFIED)
    assert line.is_stale(date(2026, 11, 24))
    assert not line.showable


@pytest.mark.parametrize(
    ("file", "old", "new", "offset", "message"),
    [
        ("rules.yaml", "- id: own-time", "- id: Own Time", 0, "an id is small letters"),
        ("rules.yaml", "- id: own-time", "- id: own-opinion", 0, "own-opinion stands here twice"),
        ("rules.yaml", "axis: together", "axis: both", 0, "axis is one of self, together, say"),
        ("rules.yaml", "reversed: yes", "reversed: perhaps", 0, "reversed is yes or no"),
        ("rules.yaml", "reversed: yes", "revresed: yes", 0, "nothing here is called 'revresed'"),
        ("rules.yaml", "  quiz: I knew what I wanted.\n", "", -5, "quiz is missing"),
        (
            "rules.yaml",
            "  tap: Today I had time for something of my own.\n",
            "",
            -6,
            "an anchor needs a tap",
        ),
        (
            "rules.yaml",
            "  quiz: I knew what I wanted.",
            "  tap: Today I knew.\n  quiz: I knew what I wanted.",
            0,
            "only an anchor has a tap",
        ),
        ("questions.yaml", "facet: sharing", "facet: wants", 0, "the facet of together is one of"),
        ("questions.yaml", "depth: 3", "depth: 4", 0, "depth is a number from 1 to 3"),
        ("questions.yaml", "valence: hard", "valence: heavy", 0, "valence is one of"),
        ("questions.yaml", "frame: week", "frame: month", 0, "frame is one of today, week"),
        ("questions.yaml", "discreet_ok: no", "discreet_ok: 0", 0, "discreet_ok is yes or no"),
        ("helplines.yaml", "kind: crisis", "kind: hotline", 0, "kind is one of"),
        ("helplines.yaml", "status: seen", "status: fine", 0, "status is one of"),
        ("helplines.yaml", "- country: NZ", "- country: NX", 0, "NX is not among the countries"),
        ("helplines.yaml", "    source: sn.at\n", "", -5, "source is missing"),
        ("helplines.yaml", 'verified_on: "2021-05"', "verified_on: May", 0, "verified_on is"),
        ("helplines.yaml", "\nlines:", "\nnumbers:", 1, "nothing here is called 'numbers'"),
    ],
)
def test_a_broken_entry_is_refused_with_file_and_line(
    content: Copy, file: str, old: str, new: str, offset: int, message: str
) -> None:
    line = content.change(file, old, new) + offset
    load = {"rules": load_rules, "questions": load_questions, "helplines": load_helplines}
    with pytest.raises(ContentError) as error:
        load[file.removesuffix(".yaml")](root=content.root)
    assert str(error.value).startswith(f"{content.folder / file}:{line}: {message}")

"""Checks that look at a file as a whole: balance, proportions, doubles, cover and age."""

import pytest

from prompts.findings import Level

from .conftest import Copy

QUESTION = "Big or small, what did you want today?"
TAP = "tap: Today I had time for something of my own."


@pytest.mark.parametrize(
    ("old", "new", "messages"),
    [
        (
            "axis: say\n  reversed: yes",
            "axis: say\n  reversed: no",
            {
                "3 of the 8 rules of say are reversed, not half",
                "1 of the 4 anchors of say are reversed, not half",
            },
        ),
        (
            "axis: self\n  reversed: no\n  anchor: no",
            "axis: together\n  reversed: no\n  anchor: no",
            {
                "4 of the 7 rules of self are reversed, not half",
                "4 of the 9 rules of together are reversed, not half",
                "self has 7 rules, 8 are needed",
                "together has 9 rules, 8 are needed",
            },
        ),
    ],
)
def test_an_unbalanced_rule_set_is_found(
    content: Copy, old: str, new: str, messages: set[str]
) -> None:
    """Half of each axis and half of its anchors are reversed."""
    content.keep_only("rules.yaml")
    content.change("rules.yaml", old, new)
    about_rules = {text for text in content.said() if text.startswith("rules.yaml")}
    assert about_rules == {f"rules.yaml:1: {message}" for message in messages}


def test_a_missing_anchor_is_found(content: Copy) -> None:
    content.keep_only("rules.yaml")
    for line in (TAP, "check_in: This week I had time for something of my own."):
        content.change("rules.yaml", f"  {line}\n", "")
    content.change(
        "rules.yaml",
        "reversed: no\n  anchor: yes\n  plain: time, people",
        "reversed: no\n  anchor: no\n  plain: time, people",
    )
    assert {text for text in content.said() if text.startswith("rules")} == {
        "rules.yaml:1: self has 3 anchors, 4 are needed",
        "rules.yaml:1: 2 of the 3 anchors of self are reversed, not half",
    }


def test_two_items_with_one_wording_are_found(content: Copy) -> None:
    content.keep_only("rules.yaml")
    line = content.change("rules.yaml", TAP, "tap: This week I had time for something of my own.")
    assert f"rules.yaml:{line + 1}: check_in is the same as in line {line}" in content.said()


def test_two_questions_with_one_text_are_found(content: Copy) -> None:
    content.keep_only("questions.yaml")
    line = content.change("questions.yaml", QUESTION, "When - did YOU need a break today?")
    assert any(f": the same text stands in line {line}" in text for text in content.said())


def test_a_question_that_gives_the_person_away_is_found_at_its_tag(content: Copy) -> None:
    content.keep_only("questions.yaml")
    line = content.change("questions.yaml", QUESTION, "What did you cook with your partner today?")
    assert (
        f'questions.yaml:{line - 1}: "partner" on a locked phone tells of a relationship: '
        "discreet_ok is no"
    ) in content.said()


def test_too_many_questions_that_begin_alike_are_a_warning(content: Copy) -> None:
    content.keep_only("questions.yaml")
    content.change("questions.yaml", QUESTION, "What did you want for dinner today?")
    assert (
        'questions.yaml:1: warning: 13 questions begin with "what did", 12 at the most'
        in content.said()
    )


def test_a_library_out_of_proportion_is_a_warning(content: Copy) -> None:
    content.keep_only("questions.yaml")
    path = content.folder / "questions.yaml"
    text = path.read_text().replace("depth: 3", "depth: 1").replace("facet: swing", "facet: say")
    path.write_text(text)
    said = content.said()
    start = "questions.yaml:1: warning: "
    assert f"{start}0 of 120 questions are of depth 3, about 15% are wanted" in said
    assert f"{start}no question is about swing" in said


def test_a_short_library_is_a_warning(content: Copy) -> None:
    content.keep_only("questions.yaml")
    path = content.folder / "questions.yaml"
    source = path.read_text()
    path.write_text(source[: source.index("- id: say-got-to-choose")])
    said = content.said()
    start = "questions.yaml:1: warning: "
    assert f"{start}balance has 0 questions, 40 are wanted" in said
    assert f"{start}0 questions are about who gets a say, 24 are wanted" in said
    found = [f for f in content.findings() if f.file.endswith("questions.yaml")]
    assert all(f.level is Level.WARNING for f in found)


def test_a_number_that_was_checked_long_ago_is_a_warning(content: Copy) -> None:
    content.keep_only("helplines.yaml")
    line = content.change("helplines.yaml", '"2025-12"', '"2026-08-25"')
    start = "helplines.yaml:1: warning: look again every 90 days whether a number is right; "
    (before,) = (text for text in content.said() if text.startswith(start))
    assert f" {line}," in before
    content.change("helplines.yaml", '"2026-08-25"', '"2026-08-26"')
    (after,) = (text for text in content.said() if text.startswith(start))
    assert f" {line}," not in after


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "status: seen\n    note: If you cannot speak, press 55 when asked.\n  - country: NZ",
            "status: unverified\n  - country: NZ",
            "helplines.yaml:1: New Zealand has no line of kind emergency",
        ),
        ("kind: directory", "kind: crisis", "helplines.yaml:1: any country has no line of kind"),
        ("  ANY: any country\n", "", "ANY is not among the countries above"),
        ("  ANY: any country\n", "", "helplines.yaml:1: there is no country ANY"),
    ],
)
def test_a_country_without_help_is_found(content: Copy, old: str, new: str, message: str) -> None:
    content.keep_only("helplines.yaml")
    content.change("helplines.yaml", old, new)
    assert any(message in text for text in content.said())


def test_what_was_seen_needs_a_date(content: Copy) -> None:
    content.keep_only("helplines.yaml")
    line = content.change("helplines.yaml", '    verified_on: "2025-12"\n', "")
    assert f"helplines.yaml:{line}: seen needs verified_on" in content.said()

"""Each check finds what it is for, and says where."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.commands.check import command
from prompts.checking import check
from prompts.findings import Level

from .conftest import TODAY, Copy

QUESTION = "Big or small, what did you want today?"
PARTNER = "What did you like about your partner today?"
ITEM = "quiz: I knew what I wanted."
TAP = "tap: Today I had time for something of my own."
PLAIN = "plain: whose voice counts"


def test_the_shipped_files_have_no_errors() -> None:
    findings = check(TODAY)
    assert [str(f) for f in findings if f.level is Level.ERROR] == []


def test_the_copied_files_only_ask_for_numbers_to_be_checked_again(content: Copy) -> None:
    assert content.findings()
    assert all("look again every 90" in finding for finding in content.said())


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        # rules
        ("rules.yaml", PLAIN, "plain: " + "whose voice " * 7, "plain has 14 words, 12 at the most"),
        ("rules.yaml", ITEM, "quiz: I " + "very " * 18 + "wanted.", "quiz has 20 words, 18 at"),
        ("rules.yaml", ITEM, "quiz: I knew what I wanted", "quiz: an item is a plain sentence"),
        ("rules.yaml", ITEM, "quiz: I knew what I wanted!", "quiz: an item is a plain sentence"),
        ("rules.yaml", ITEM, "quiz: Did I know it?", "quiz: an item is a plain sentence"),
        ("rules.yaml", ITEM, "quiz: I did not know it.", 'quiz: "not": who can answer'),
        ("rules.yaml", ITEM, "quiz: I didn't know it.", 'quiz: "n\'t": who can answer'),
        ("rules.yaml", ITEM, "quiz: My husband knew it.", 'quiz: "husband" does not fit everybody'),
        ("rules.yaml", ITEM, "quiz: You knew it.", "quiz: an item is about the person themselves"),
        ("rules.yaml", ITEM, "quiz: I knew it today.", "quiz: the quiz asks about two weeks"),
        ("rules.yaml", ITEM, "quiz: I knew what I should do.", 'quiz: "should": it tells'),
        ("rules.yaml", ITEM, "quiz: I had a toxic day.", 'quiz: "toxic": it condemns'),
        ("rules.yaml", TAP, "tap: I had time for me.", 'tap: a tap says "today"'),
        (
            "rules.yaml",
            "check_in: This week I had time for",
            "check_in: Today I had time for",
            'check_in: a check-in says "this week"',
        ),
        # questions
        ("questions.yaml", QUESTION, "What did you " + "really " * 25 + "want today?", "30 words"),
        ("questions.yaml", QUESTION, "Why did you want it today?", '"why": it sounds like'),
        ("questions.yaml", QUESTION, "What should you want today?", '"should": it tells'),
        ("questions.yaml", QUESTION, "What did all of today bring?", '"all": too big'),
        ("questions.yaml", QUESTION, "What is always good today?", '"always": too big'),
        ("questions.yaml", QUESTION, "What did you never do today?", '"never": too big'),
        ("questions.yaml", QUESTION, "What did every hour bring today?", '"every": too big'),
        (
            "questions.yaml",
            QUESTION,
            "What did we want today?",
            '"we" in a question about the self',
        ),
        ("questions.yaml", QUESTION, "What was on our list today?", '"our" in a question about'),
        (
            "questions.yaml",
            QUESTION,
            "What did you want today",
            "a question ends with one question",
        ),
        ("questions.yaml", QUESTION, "What? What did you want today?", "a question ends with one"),
        ("questions.yaml", QUESTION, "What fun did you want today!?", "no exclamation marks"),
        ("questions.yaml", QUESTION, "Did you get what you wanted today?", "it can be answered by"),
        ("questions.yaml", QUESTION, "You wanted something today?", "it can be answered by yes"),
        (
            "questions.yaml",
            QUESTION,
            "What did you want today, and who knew it?",
            "these are two questions",
        ),
        ("questions.yaml", PARTNER, "What did your wife do today?", '"wife" does not fit'),
        ("questions.yaml", PARTNER, "How did your partner help today?", "it takes for granted"),
        (
            "questions.yaml",
            PARTNER,
            "What helped your toxic partner today?",
            '"toxic": it condemns',
        ),
        ("questions.yaml", QUESTION, "What did you want?", "the frame is today, the text says no"),
        (
            "questions.yaml",
            QUESTION,
            "What did you want today and this week?",
            "a question asks about one stretch",
        ),
        (
            "questions.yaml",
            QUESTION,
            "What hurt your vulnerability today?",
            '"vulnerability" sounds',
        ),
        ("questions.yaml", QUESTION, "What was unforgettable today?", '"unforgettable" is a long'),
        # help lines
        ("helplines.yaml", '"0508 744 633"', '"0508 SHINE"', "number is digits and spaces"),
        ("helplines.yaml", '"sheltersafe.ca"', '"go there"', "number is an address like"),
        ("helplines.yaml", '"2025-12"', '"2027-01"', "verified_on is still to come"),
    ],
)
def test_a_fault_is_found_with_its_line(
    content: Copy, file: str, old: str, new: str, message: str
) -> None:
    content.keep_only(file)
    line = content.change(file, old, new)
    said_there = [
        text.removeprefix(f"{file}:{line}: ").removeprefix("warning: ")
        for text in content.said()
        if text.startswith(f"{file}:{line}: ")
    ]
    assert any(text.startswith(message) for text in said_there), said_there


def test_every_broken_entry_is_listed_not_only_the_first(content: Copy) -> None:
    content.keep_only("questions.yaml")
    first = content.change("questions.yaml", "depth: 3", "depth: 9")
    second = content.change("questions.yaml", "valence: hard", "valence: heavy")
    said = content.said()
    assert f"questions.yaml:{first}: depth is a number from 1 to 3, not '9'" in said
    assert any(text.startswith(f"questions.yaml:{second}: valence is one of") for text in said)


@pytest.mark.parametrize("name", ["rules.yaml", "questions.yaml", "helplines.yaml", "wording.yaml"])
def test_a_missing_file_is_a_finding(content: Copy, name: str) -> None:
    content.keep_only("")
    (content.folder / name).unlink()
    assert f"{name}:1: the file is missing" in content.said()


def test_a_pattern_that_is_none_is_a_finding(content: Copy) -> None:
    content.keep_only("")
    content.write("wording.yaml", "forbidden:\n  - pattern: '(a'\n    because: b\n")
    assert any(text.startswith("wording.yaml:2: no regular expression") for text in content.said())


def run(root: Path, *options: str) -> tuple[int, str]:
    result = CliRunner().invoke(command, ["--folder", str(root), *options])
    return result.exit_code, result.output


def test_the_command_prints_findings_and_ends_with_1_on_errors(content: Copy) -> None:
    line = content.change("questions.yaml", QUESTION, "Why?")
    code, output = run(content.root)
    assert code == 1
    assert f'{content.folder / "questions.yaml"}:{line}: "why": it sounds like' in output


def test_the_command_lets_warnings_pass_unless_told_otherwise(content: Copy) -> None:
    assert run(content.root) == (0, "No errors, 1 warning (--warnings lists them).\n")
    code, output = run(content.root, "--warnings")
    assert code == 0
    assert "warning: look again every 90 days" in output
    assert run(content.root, "--strict") == (1, output)


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("questions.yaml", QUESTION, '"What did you want today?', "a quote is opened and not"),
        ("rules.yaml", PLAIN, "plain: whose voice: counts", "a colon in the text"),
        ("questions.yaml", QUESTION, "What was #1 today?", "a # begins a comment in YAML"),
        ("rules.yaml", PLAIN, "plain: whose #1 voice counts", "a # begins a comment in YAML"),
        ("rules.yaml", ITEM, "quiz: I was #1.", "a # begins a comment in YAML: put the text"),
        ("rules.yaml", TAP, "tap: Today I was #1.", "a # begins a comment in YAML: put the text"),
        ("helplines.yaml", "    name: Find", "\tname: Find", "a tab: use blanks"),
        ("questions.yaml", "depth: 3", "depth: 9", "depth is a number from 1 to 3"),
    ],
)
def test_what_follows_from_a_broken_file_is_not_said(
    content: Copy, file: str, old: str, new: str, message: str
) -> None:
    line = content.change(file, old, new)
    code, output = run(content.root)
    assert code == 1
    first, last = output.splitlines()
    assert first.startswith(f"{content.folder / file}:{line}: {message}")
    assert last.startswith("1 error, ")


def test_the_command_needs_a_folder_that_exists(tmp_path: Path) -> None:
    assert run(tmp_path / "gone")[0] == 2


def test_the_command_names_every_file_of_a_language_that_is_not_there(content: Copy) -> None:
    code, output = run(content.root, "--language", "xx")
    assert code == 1
    assert output.count("the file is missing") == 5

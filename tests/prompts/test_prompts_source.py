from collections.abc import Callable
from datetime import date
from enum import StrEnum
from pathlib import Path

import pytest

from prompts.source import ContentError, Entry, entries_of, entry_of, read


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


Write = Callable[[str], Path]


def entry(path: Path) -> Entry:
    return entry_of(path, read(path))


def complaint(error: pytest.ExceptionInfo[ContentError], path: Path) -> str:
    return str(error.value).replace(f"{path}:", "")


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("NO", "NO"),
        ("0800", "0800"),
        ("20:00", "20:00"),
        ("'011 55'", "011 55"),
        ("2026-11-24", "2026-11-24"),
        ("yes", "yes"),
        ("a text  ", "a text"),
    ],
)
def test_scalars_stay_what_was_written(yaml_file: Write, written: str, read_as: str) -> None:
    """No country turns into a no and no number loses its zero."""
    assert entry(yaml_file(f"key: {written}\n")).text("key") == read_as


NO_COLON = "`key: value` is expected here; the blank after the colon counts"
COMMENT = "a # begins a comment in YAML: put the text in quotes"
TEXT_AFTER_END = (
    "the text goes on after its closing quote or bracket: put all of it in quotes of the other kind"
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\nb: [1\nc: 2\n", "3: no YAML: expected ',' or ']', but got ':'"),
        ("a: 1\nb:\n\t- c\n", "3: a tab: use blanks"),
        ("a: 1\nb: c: d\n", "2: a colon in the text: put the text in quotes"),
        ("a: 1\nb: c\n  d e: f\n", "3: a colon in the text: put the text in quotes"),
        ("a: 1\n  b: 2\n", "2: this line is not indented like the others"),
        ("- a: 1\n  b: 2\n c: 3\n", "3: this line is not indented like the others"),
        ("- a: 1\n  b: |\n    c\n   d\n", "4: this line is not indented like the others"),
        ("a: 1\nb: 'c\nd: 4\n", "2: a quote is opened and not closed"),
        ('a: 1\nb: "c\nd: 4\ne: "f: g"\n', "2: a quote is opened and not closed"),
        ("b: 'what's up'\n", f"1: {TEXT_AFTER_END}"),
        ('b: "No" is what\n', f"1: {TEXT_AFTER_END}"),
        ("b: {c} d\n", f"1: {TEXT_AFTER_END}"),
        ("a: 1\nb: %c\n", "2: a text does not begin with %: put the text in quotes"),
        ("- a b\n  c: 4\n", f"1: {NO_COLON}"),
        ("- b: What was #1 of\n    today?\n  c: 4\n", f"1: {COMMENT}"),
        ("- b: What was #1\n  today?\n  c: 4\n", f"1: {COMMENT}"),
        ("- b: c # d\n  today?\n  c: 4\n", f"2: {NO_COLON}"),
        ("- a: 1\n  b:2\n  c: 4\n", f"2: {NO_COLON}"),
        ("a: *b\n", "1: no YAML: found undefined alias 'b'"),
        ("", "1: the file is empty"),
        ("# nothing\n", "1: the file is empty"),
        ("a: 1\nb: 2\na: 3\n", "3: a stands here twice"),
        ("- a\n- b\n", "1: lines like `key: value` are expected here"),
    ],
)
def test_an_unreadable_file_is_refused_with_its_line(
    yaml_file: Write, text: str, message: str
) -> None:
    path = yaml_file(text)
    with pytest.raises(ContentError) as error:
        entry(path)
    assert complaint(error, path) == message


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda e: e.text("missing"), "1: missing is missing"),
        (lambda e: e.text("empty"), "2: empty is empty"),
        (lambda e: e.text("nothing"), "3: nothing is empty"),
        (lambda e: e.text("list"), "4: list is a text"),
        (
            lambda e: e.text("bell"),
            "5: bell holds a control character: a backslash in double quotes? "
            "Use single quotes or none",
        ),
        (lambda e: e.text("object"), "6: object is a text"),
        (lambda e: e.flag("word"), "7: word is yes or no, not 'maybe'"),
        (lambda e: e.number("word", 1, 3), "7: word is a number from 1 to 3, not 'maybe'"),
        (lambda e: e.number("number", 1, 3), "8: number is a number from 1 to 3, not '4'"),
        (lambda e: e.choice("word", Colour), "7: word is one of red, green, not 'maybe'"),
        (
            lambda e: e.day("word"),
            "7: word is a date like 2026-11-24, 2026-11 or 2026, not 'maybe'",
        ),
        (
            lambda e: e.day("day"),
            "9: day is a date like 2026-11-24, 2026-11 or 2026, not '2026-13'",
        ),
        (lambda e: e.items("word"), "7: word is a list: [] or lines that begin with a dash"),
        (lambda e: e.inner("word"), "7: lines like `key: value` are expected here"),
        (lambda e: e.inner("missing"), "1: missing is missing"),
        (lambda e: e.allow("word"), "1: nothing here is called 'first' (known: word)"),
    ],
)
def test_a_value_of_another_kind_is_refused_with_its_line(
    yaml_file: Write, ask: Callable[[Entry], object], message: str
) -> None:
    path = yaml_file(
        "first: 1\n"
        'empty: ""\n'
        "nothing:\n"
        "list: [1]\n"
        'bell: "\\bword\\b"\n'
        "object: !!python/object:os.system x\n"
        "word: maybe\n"
        "number: 4\n"
        "day: 2026-13\n"
    )
    with pytest.raises(ContentError) as error:
        ask(entry(path))
    assert complaint(error, path) == message


def test_values_are_read_by_their_kind(yaml_file: Write) -> None:
    read_entry = entry(
        yaml_file(
            "yes: yes\nno: 'false'\nnumber: 3\ncolour: green\nyear: 2022\nmonth: 2023-11\n"
            "day: 2026-11-24\nlist: [a, b]\nempty: []\nblock:\n  inner: c\n"
        )
    )
    assert read_entry.flag("yes")
    assert not read_entry.flag("no")
    assert read_entry.number("number", 1, 3) == 3
    assert read_entry.choice("colour", Colour) is Colour.GREEN
    assert read_entry.day("year") == date(2022, 1, 1)
    assert read_entry.day("month") == date(2023, 11, 1)
    assert read_entry.day("day") == date(2026, 11, 24)
    assert read_entry.texts("list") == ("a", "b")
    assert read_entry.texts("empty") == ()
    assert read_entry.texts("left out") == ()
    assert read_entry.inner("block").text("inner") == "c"
    assert read_entry.optional("left out") is None


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ("text: What was #1 today?", 2),
        ("text: What was # 1 today?", 2),
        ("text: What was good today? #1", 2),
        ("text: #1, what was it?", 2),
        ("text: # what was it?", 2),
        ("text: #1\n    was good?", 2),
        ("text: What was\n    on #1", 2),
    ],
)
def test_a_text_that_lost_its_end_to_a_comment_is_refused(
    yaml_file: Write, written: str, line: int
) -> None:
    path = yaml_file(f"  id: a\n  {written}\n  last: b\n")
    with pytest.raises(ContentError) as error:
        entry(path).sentence("text")
    assert complaint(error, path) == f"{line}: {COMMENT}"


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("What was good today? # asked for by Ada", "What was good today?"),
        ("'What was #1 today?' #1", "What was #1 today?"),
        ("What was no#1 today?", "What was no#1 today?"),
        ("|\n    What was #1 today?", "What was #1 today?"),
        ("# the short one\n    What was it?", "What was it?"),
        ("What was\n    it?\n  # a comment of its own", "What was it?"),
    ],
)
def test_a_comment_beside_a_whole_text_is_left_alone(
    yaml_file: Write, written: str, read_as: str
) -> None:
    assert entry(yaml_file(f"  id: a\n  text: {written}\n")).sentence("text") == read_as


def test_entries_know_their_lines(yaml_file: Write) -> None:
    path = yaml_file("# a comment\n\n- id: a\n  text: b\n\n- id: c\n")
    first, second = entries_of(path, read(path))
    assert (first.line, first.line_of("text"), second.line) == (3, 4, 6)
    assert second.line_of("text") == 6


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"gone\.yaml:1: the file is missing"):
        read(tmp_path / "gone.yaml")


def test_other_encodings_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "some.yaml"
    path.write_bytes("a: b\nc: é\n".encode("latin-1"))
    with pytest.raises(ContentError) as error:
        read(path)
    assert complaint(error, path) == "2: these characters are not UTF-8"


def test_a_complaint_takes_a_place_with_or_without_a_line() -> None:
    assert str(ContentError("a/b.yaml:12", "two\n  lines")) == "a/b.yaml:12: two lines"
    assert str(ContentError("a/b.yaml", "no line")) == "a/b.yaml:1: no line"
    assert ContentError("C:/a.yaml", "x").file == "C:/a.yaml"


def test_files_are_named_from_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert ContentError.at(tmp_path / "en" / "a.yaml", 3, "x").file == "en/a.yaml"

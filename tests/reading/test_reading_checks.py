"""What the check of the markers refuses; each case breaks a copy of the shipped files."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from prompts.checking_markers import markers
from prompts.findings import Bench
from prompts.loading import ROOT
from prompts.markers import FAMILIES, GATES, SAFETY, WORDS

TODAY = date(2026, 11, 24)
HEAD = """\
own-feelings:
  away:
  - family: M1
    plain: your mood hangs on theirs
    label: merging
    weights: {self: [0, 1], together: [0.5, 0]}
    patterns:
"""
GOOD = """\
    - say: my mood depends on <HIM>
      fires: |
        my mood depends on him
        my mood depends on her
      silent: |
        my mood depends on the weather
        he is late
"""

Said = Callable[[str], list[str]]


@pytest.fixture
def said(tmp_path: Path) -> Said:
    """What the check says about one families file, other families being missing or not."""
    for name in (WORDS, "rules.yaml", "wording.yaml"):
        shutil.copy(ROOT / "en" / name, tmp_path / name)
    (tmp_path / GATES).write_text("[]\n", encoding="utf-8")
    (tmp_path / SAFETY).write_text("patterns: []\ngates: []\n", encoding="utf-8")

    def ask(families: str) -> list[str]:
        (tmp_path / FAMILIES).write_text(families, encoding="utf-8")
        bench = Bench.of(tmp_path, TODAY)
        return [
            str(finding).replace(f"{tmp_path}/", "")
            for finding in markers(bench)
            if "stands under no rule" not in finding.message
        ]

    return ask


def test_a_good_family_is_not_complained_about(said: Said) -> None:
    assert said(HEAD + GOOD) == []


def test_missing_families_are_named(tmp_path: Path, said: Said) -> None:
    said(HEAD + GOOD)
    messages = [finding.message for finding in markers(Bench.of(tmp_path, TODAY))]
    assert "M2 stands under no rule" in messages
    assert "M1 stands under no rule" not in messages


@pytest.mark.parametrize(
    ("broken", "line", "complaint"),
    [
        (HEAD.replace("M1", "Q9") + GOOD, 3, "there is no family Q9"),
        (HEAD.replace("own-feelings", "no-rule") + GOOD, 3, "stands under no-rule, which is no"),
        (HEAD + GOOD.replace("<HIM>", "<HER>"), 8, "there is no macro <HER>"),
        (HEAD + GOOD.replace("<HIM>", "(him"), 8, "a ')' is missing"),
        (HEAD + GOOD.replace("my mood depends on <HIM>", '"mood\\b"'), 8, "control character"),
        (
            HEAD + GOOD.replace("        my mood depends on her\n", ""),
            8,
            "`fires` needs 2 sentences and has 1",
        ),
        (
            HEAD + GOOD.replace("        he is late\n", ""),
            8,
            "`silent` needs 2 sentences and has 1",
        ),
        (HEAD + GOOD.replace("depends on her", "rises with her"), 8, "does not fire"),
        (HEAD + GOOD.replace("the weather", "him"), 8, "is not silent"),
        (HEAD + GOOD + "      spares: [G99]\n", 8, "spares G99, which is no gate"),
        (HEAD.replace("merging", "fusing") + GOOD, 5, "label is one of"),
        (HEAD.replace("[0, 1]", "[0, 7]") + GOOD, 6, "a number from 0 to 1"),
        (HEAD + GOOD + GOOD.replace("say:", "sayy:"), 15, "nothing here is called 'sayy'"),
    ],
)
def test_each_fault_is_named_with_file_and_line(
    said: Said, broken: str, line: int, complaint: str
) -> None:
    findings = said(broken)
    assert any(
        finding.startswith(f"{FAMILIES}:{line}:") and complaint in finding for finding in findings
    ), findings


def test_a_family_under_two_rules_is_refused(said: Said) -> None:
    twice = HEAD + GOOD + HEAD.replace("own-feelings", "own-opinion") + GOOD
    assert any("more than once (under own-feelings, own-opinion)" in line for line in said(twice))


def test_a_rule_that_stands_there_twice_is_refused(said: Said) -> None:
    assert any("own-feelings stands here twice" in line for line in said(HEAD + GOOD + HEAD + GOOD))


def test_a_folder_without_markers_is_read_by_taps_alone(tmp_path: Path) -> None:
    assert list(markers(Bench.of(tmp_path, TODAY))) == []


def test_the_shipped_files_are_sound() -> None:
    """Every pattern compiles, and all of its sentences hold."""
    assert [str(finding) for finding in markers(Bench.of(ROOT / "en", TODAY))] == []

import json
import os
import pty
import subprocess
import sys

import pytest
from click.testing import CliRunner

from bot.commands.read import _SAFETY, command, explained
from bot.reading.language import Language
from bot.reading.reader import Bead, Reading
from bot.reading.spec import Label, SafetyKind
from prompts.loading import ROOT
from prompts.markers import load_spec


def test_a_text_is_read_into_one_line_of_json() -> None:
    result = CliRunner().invoke(command, ["he", "decides", "where", "we", "live"])
    assert result.exit_code == 0
    reading = json.loads(result.output)
    assert reading["label"] == "deferring"
    assert reading["beads"] == [
        {
            "rule": "who-decides",
            "family": "D2",
            "weights": {"say": [0.0, 1.0]},
            "phrase": "he decides where we live",
        }
    ]
    assert reading["set_aside"] == []
    assert reading["safety"] == []


def test_lines_of_json_are_read_one_by_one() -> None:
    lines = [
        {"id": "a", "text": "bins"},
        {"id": "b", "text": "he hit me"},
        {"id": "c", "text": "we think the film was bad", "question_axis": "together"},
        {"id": "d", "text": "he used to decide where we live"},
    ]
    result = CliRunner().invoke(
        command, [], input="\n".join(json.dumps(line) for line in lines) + "\n\n"
    )
    readings = [json.loads(line) for line in result.output.splitlines()]
    assert [reading["id"] for reading in readings] == ["a", "b", "c", "d"]
    assert readings[0]["label"] == "neutral"
    assert readings[1]["safety"] == ["C"]
    assert readings[2]["beads"] == []
    assert readings[3]["set_aside"][0] == {
        "family": "D2",
        "phrase": "he used to decide where we live",
        "gate": "G3",
    }


def test_reasons_are_given_in_words() -> None:
    result = CliRunner().invoke(
        command, ["--explain", "I bite my tongue. He used to decide where we live"]
    )
    assert 'D4 "I bite my tongue": keeping your view to yourself (voice;' in result.output
    assert "G3: something that is over" in result.output


def test_beside_something_grave_there_is_no_label() -> None:
    result = CliRunner().invoke(command, ["--explain", "he choked me last night and i am scared"])
    assert "safety: C, harm by the partner (sure)" in result.output
    assert "sounds most like" not in result.output


def test_every_kind_of_flag_has_words() -> None:
    assert _SAFETY.keys() == {kind.value for kind in SafetyKind}


@pytest.mark.parametrize(
    ("label", "families", "remark"),
    [
        (Label.MERGING, ["M1"], ""),
        (Label.MERGING, [], " (a guess from the words; no rule hit)"),
        (Label.MERGING, ["D2"], " (a guess from the words; no rule says so)"),
        (Label.NEUTRAL, [], ""),
    ],
)
def test_a_label_without_a_reason_is_called_a_guess(
    label: Label, families: list[str], remark: str
) -> None:
    spec = load_spec(ROOT / "en")
    beads = tuple(Bead("rule", family, {}, "phrase", 1.0) for family in families)
    reading = Reading(label, beads, (), (), Language.ENGLISH)
    said = explained("text", reading, {family.id: family for family in spec.families}, {})
    assert said.splitlines()[1] == f"  sounds most like: {label}{remark}"


def test_on_a_terminal_nothing_is_waited_for() -> None:
    ours, theirs = pty.openpty()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "bot", "read", "--explain"],
            stdin=theirs,
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
    finally:
        os.close(ours)
        os.close(theirs)
    assert done.returncode == 2
    assert "[TEXT]..." in done.stderr
    assert "give a sentence" in done.stderr


def test_a_line_that_is_no_json_is_named() -> None:
    result = CliRunner().invoke(command, [], input='{"text": "bins"}\nbins\n')
    assert result.exit_code == 1
    assert "line 2 is not JSON" in result.output


def test_a_line_without_text_is_named() -> None:
    result = CliRunner().invoke(command, [], input='{"id": 1}\n')
    assert result.exit_code == 1
    assert 'line 1 has no "text"' in result.output

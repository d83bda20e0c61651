import json

from click.testing import CliRunner

from bot.commands.read import command


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


def test_a_line_that_is_no_json_is_named() -> None:
    result = CliRunner().invoke(command, [], input='{"text": "bins"}\nbins\n')
    assert result.exit_code == 1
    assert "line 2 is no JSON" in result.output


def test_a_line_without_text_is_named() -> None:
    result = CliRunner().invoke(command, [], input='{"id": 1}\n')
    assert result.exit_code == 1
    assert 'line 1 has no "text"' in result.output

"""`ampersand rules` lists what is measured."""

import json

from click.testing import CliRunner

from bot.commands.rules import command
from prompts.loading import load_rules


def test_as_json_it_gives_every_rule_and_nothing_that_is_worded() -> None:
    listed = json.loads(CliRunner().invoke(command, ["--json"]).stdout)
    assert listed == [
        {"id": rule.id, "axis": rule.axis, "reversed": rule.reversed, "anchor": rule.anchor}
        for rule in load_rules().rules
    ]
    assert len(listed) == 24
    assert sum(rule["anchor"] for rule in listed) == 12


def test_as_a_table_it_gives_a_line_for_each() -> None:
    result = CliRunner().invoke(command)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    for rule in load_rules().rules:
        assert any(line.startswith(rule.id) and rule.plain in line for line in lines)


def test_a_language_that_is_not_there_is_said_in_one_line() -> None:
    result = CliRunner().invoke(command, ["--language", "xx"])
    assert result.exit_code == 1
    assert "xx" in result.stderr

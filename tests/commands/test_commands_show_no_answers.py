"""No command of whoever runs the bot shows what somebody wrote."""

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from bot.__main__ import SUBCOMMANDS, cli
from bot.chat.turn import Operator
from bot.content import load_content
from tests.direct import Direct
from tests.end_to_end.test_discreet import SENTENCE as BOILER
from tests.house import START

SECRET = "zebrawood"

NOT_TRIED = {
    "run": "it runs for good; all tests of the whole bot listen to what it logs",
    "demo": "it runs for good, with made-up people",
    "read": "it shows the sentence that stands in the command",
    "replay": "it shows numbers of a file that stands in the command",
}


@pytest.fixture
def lived(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database in which somebody has written and been in danger, as the settings name it."""
    path = tmp_path / "lived.db"
    direct = Direct(path, load_content(Operator("Olive", "")), START)
    direct.welcome(11)
    direct.say(11, f"{BOILER} And the {SECRET}.")
    direct.say(11, f"He hit me with the {SECRET}.")
    direct.press(11, "card:write")
    direct.say(11, f"My {SECRET} card.")
    direct.say(11, f"/mask {SECRET}son")
    assert SECRET in str(direct.rows("SELECT text FROM answers"))
    direct.close()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BOT_TOKEN", "123456789:a-token-for-a-test")
    monkeypatch.setenv("DATABASE_PATH", str(path))
    monkeypatch.setenv("TELEGRAM_API_BASE", "http://127.0.0.1:9")
    return path


def _arguments(command: click.Command, lived: Path, folder: Path) -> list[str]:
    """Something fitting for all that a command insists on."""
    given: list[str] = []
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            if not parameter.required:
                continue
            given.append(parameter.opts[0])
        elif not parameter.required:
            continue
        if isinstance(parameter.type, click.Path):
            given.append(str(lived if parameter.type.exists else folder / "new"))
        else:
            given.append("11")
    return given


@pytest.mark.parametrize("name", sorted(set(SUBCOMMANDS) - set(NOT_TRIED)))
def test_no_command_shows_an_answer(name: str, lived: Path, tmp_path: Path) -> None:
    """Each is run on a database with words in it, with what it insists on and nothing else."""
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    arguments = _arguments(command, lived, tmp_path)
    result = CliRunner().invoke(cli, [name, *arguments], input="yes\nyes\nyes\n")
    assert SECRET not in result.output
    assert SECRET not in str(result.exception)


def test_what_is_not_tried_is_still_there() -> None:
    assert set(NOT_TRIED) <= set(SUBCOMMANDS)


def test_no_command_asks_the_database_for_words() -> None:
    """The commands have no business with the tables that hold them."""
    folder = Path(__file__).parents[2] / "bot" / "commands"
    for path in folder.glob("*.py"):
        source = path.read_text(encoding="utf-8")
        for telling in (".answers.", ".hits.", ".archive.", "FROM answers", "FROM hits", ".card"):
            assert telling not in source, f"{path.name}: {telling}"

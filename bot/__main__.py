"""The command ``ampersand``."""

import keyword
from importlib import import_module

import click

SUBCOMMANDS = (
    "backup",
    "check",
    "demo",
    "doctor",
    "import",
    "read",
    "rekey",
    "replay",
    "restore",
    "rules",
    "run",
)


class _Lazy(click.Group):
    """Subcommands are imported when they are called: start-up time is a budget."""

    def list_commands(self, _: click.Context) -> list[str]:
        return list(SUBCOMMANDS)

    def get_command(self, _: click.Context, name: str) -> click.Command | None:
        if name not in SUBCOMMANDS:
            return None
        # "import" is a word of the language, so its module ends with a line
        module = f"{name}_" if keyword.iskeyword(name) else name
        command: click.Command = import_module(f"bot.commands.{module}").command
        return command


@click.group(cls=_Lazy)
@click.version_option(package_name="ampersand-bot")
def cli() -> None:
    """A quiet Telegram bot for daily relationship reflection: the & between I and we."""


def main() -> None:
    """Run the command line."""
    cli(prog_name="ampersand")


if __name__ == "__main__":
    main()

"""The command ``ampersand``."""

from importlib import import_module

import click

SUBCOMMANDS = ("check", "demo", "read", "replay", "rules", "run")


class _Lazy(click.Group):
    """Subcommands are imported when they are called: start-up time is a budget."""

    def list_commands(self, _: click.Context) -> list[str]:
        return list(SUBCOMMANDS)

    def get_command(self, _: click.Context, name: str) -> click.Command | None:
        if name not in SUBCOMMANDS:
            return None
        command: click.Command = import_module(f"bot.commands.{name}").command
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

"""What somebody types who runs the bot."""

from click.testing import CliRunner, Result

from bot.__main__ import cli


def ampersand(*arguments: str) -> Result:
    """What is typed, and what comes of it."""
    return CliRunner().invoke(cli, arguments)

"""``ampersand run``: the bot itself."""

import asyncio
import sys

import click

from bot.config import ConfigError, load_settings
from bot.logs import set_up_logging


@click.command(name="run")
def command() -> None:
    """Run the bot until it is stopped (Ctrl-C or SIGTERM)."""
    try:
        settings = load_settings()
    except ConfigError as error:
        sys.exit(_refuse(error))
    set_up_logging(settings.log_level, settings.log_format, settings.bot_token.get_secret_value())
    from bot.app import StartError, run
    from bot.report.typeface import FontError
    from prompts.source import ContentError
    from storage.errors import StorageError

    try:
        asyncio.run(run(settings))
    except (StartError, ContentError, FontError, StorageError) as error:
        sys.exit(_refuse(error))


def _refuse(error: Exception) -> int:
    click.echo(f"ampersand: {error}", err=True)
    return 2

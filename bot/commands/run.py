"""``ampersand run``: the bot itself."""

import asyncio
import gc
import sys
from typing import TYPE_CHECKING

import click

from bot.commands.refusing import LATER, refuse
from bot.config import ConfigError, Settings, load_settings
from bot.logs import set_up_logging

if TYPE_CHECKING:
    from storage.errors import StorageError


@click.command(name="run")
def command() -> None:
    """Run the bot until it is stopped (Ctrl-C or SIGTERM)."""
    try:
        settings = load_settings()
    except ConfigError as error:
        refuse(error)
    set_up_logging(settings.log_level, settings.log_format, settings.bot_token.get_secret_value())
    # What is imported stays. To look whether it is garbage takes a tenth of the time of a start.
    gc.disable()
    from bot.app import MistakeError, StartError, run
    from bot.report.typeface import FontError
    from prompts.source import ContentError
    from storage.errors import StorageError

    gc.freeze()
    gc.enable()
    try:
        asyncio.run(run(settings))
    except (ConfigError, StartError, ContentError, FontError) as error:
        refuse(error)
    except MistakeError as error:
        # Whoever keeps the bot running starts it again after any status but that of a refusal.
        click.echo(f"ampersand: {error}", err=True)
        sys.exit(LATER)
    except StorageError as error:
        refuse(error, _way_out(settings, error))


def _way_out(settings: Settings, error: "StorageError") -> str:
    """Where to go from a file that cannot be read: to the newest backup that can."""
    from storage.errors import DamagedError, MissingKeyError, WrongKeyError

    if isinstance(error, MissingKeyError):
        return ""
    backups = settings.backups()
    if backups is None or not isinstance(error, DamagedError | WrongKeyError):
        return ""
    good = backups.newest_good(settings.key())
    if good is None:
        damaged = isinstance(error, DamagedError)
        return f"; no good backup in {backups.folder}" if damaged else ""
    # After a change of the key that was cut short nothing is damaged.
    when = "" if isinstance(error, DamagedError) else "if the key is right, "
    return f"; {when}the newest good backup can take its place: ampersand restore {good.path}"

"""``ampersand backup``: a backup now, also while the bot runs."""

from datetime import UTC, datetime

import click

from bot.commands.refusing import refuse
from bot.config import ConfigError, load_settings


@click.command(name="backup")
def command() -> None:
    """Make a backup of the database now, prove it, and remove the oldest ones.

    The bot may run meanwhile. The backup is encrypted with the key of the database, if it has one.
    """
    from storage.errors import StorageError

    try:
        settings = load_settings()
        backups = settings.backups()
        if backups is None:
            refuse("BACKUP_FOLDER is none: there is nowhere to put a backup")
        now = datetime.now(UTC)
        made = backups.make(settings.key(), now)
        size = made.path.stat().st_size / 1e6
        click.echo(f"{made.path} ({size:.1f} MB), checked and good.")
        removed = backups.rotate(settings.backup_keep, now)
    except (ConfigError, StorageError, OSError) as error:
        refuse(error)
    if removed:
        click.echo(f"Older backups removed: {removed}.")

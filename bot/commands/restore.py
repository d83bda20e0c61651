"""``ampersand restore``: a backup takes the place of the database."""

from datetime import UTC, datetime
from pathlib import Path

import click

from bot.commands.refusing import refuse
from bot.config import ConfigError, load_settings, read_key


@click.command(name="restore")
@click.argument("backup", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--key-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The key of the backup, if it is not that of the settings.",
)
@click.option(
    "--plain", is_flag=True, help="The backup is not encrypted, though the settings have a key."
)
@click.option(
    "--forget-marks",
    is_flag=True,
    help="Go on even if the marks of deleted people cannot be read. They may come back.",
)
def command(backup: Path, key_file: Path | None, *, plain: bool, forget_marks: bool) -> None:
    """Make BACKUP the database. The bot must be stopped; the present file is kept aside.

    Whoever was deleted since the backup was made is left out, with every byte of theirs. Single
    answers that were removed since come back, though: only the deletion of a person is marked.
    """
    from storage.connection import is_plain
    from storage.errors import InUseError, MarksError, StorageError
    from storage.lock import holder
    from storage.restoring import restore

    try:
        settings = load_settings()
        key = settings.key()
        backup_key = None if plain else key if key_file is None else read_key(key_file)
        if backup_key is not None and is_plain(backup):
            refuse("This backup is not encrypted; add --plain")
        done = restore(
            settings.database_path,
            key,
            backup,
            backup_key,
            datetime.now(UTC),
            forget_marks=forget_marks,
            tell=lambda step: click.echo(f"... {step}"),
        )
    except MarksError as error:
        hint = "put it back, or say --forget-marks and deleted people may come back"
        if forget_marks:
            hint = "what cannot be read at all has to be put right, or moved away, first"
        refuse(error, f"; {hint}")
    except InUseError as error:
        # Another program that has the file open is not the bot.
        refuse(error, "; stop the bot first" if holder(settings.database_path) else "")
    except (ConfigError, StorageError, OSError) as error:
        refuse(error)
    people = "1 person" if done.people == 1 else f"{done.people} people"
    click.echo(f"Restored: {people}. Left out, deleted since: {done.erased}.")
    if done.aside is not None:
        click.echo(
            f"The former file is {done.aside}. It goes with the backups, after"
            f" {settings.backup_keep} days; remove it earlier if you do not need it."
        )

"""``ampersand rekey``: another key for the database, or one for the first time, or none."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from bot.commands.refusing import refuse
from bot.config import ConfigError, Settings, load_settings, read_key

_BENEATH = (
    "What the disk keeps beneath the file system (spare blocks of an SSD, snapshots, copies you"
    " made) is out of reach."
)
_CUT_SHORT = (
    "If an earlier run was cut short, what the former file held may still stand on the disk, in"
    " blocks without a name."
)


@click.command(name="rekey")
@click.option("--to-plain", is_flag=True, help="Let it be an ordinary file without a key.")
@click.option(
    "--new-key-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The key it shall have; made at random if the file is not there.",
)
@click.option(
    "--remove-backups",
    is_flag=True,
    help="Make a backup under the new key and remove all that have the former one.",
)
def command(new_key_file: Path | None, *, to_plain: bool, remove_backups: bool) -> None:
    """Write the database anew under another key. The bot must be stopped.

    The present key is that of the settings. The new file is compared with the old one and takes
    its place in one step: a kill at any point leaves one whole database, and the command may
    simply be given again.
    """
    if to_plain == (new_key_file is not None):
        refuse("say either --new-key-file FILE or --to-plain")
    from storage.errors import InUseError, StorageError
    from storage.lock import holder
    from storage.rekeying import rekey

    try:
        settings = load_settings()
        old, path = settings.key(), settings.database_path
        with _key_in(new_key_file, path) as new:
            if new == old:
                refuse("that is the key it has in the settings already")
            changed = rekey(path, old, new, lambda step: click.echo(f"... {step}"))
        click.echo(f"{path} {_outcome(new, changed=changed)}.")
        click.echo(_BENEATH if changed else _CUT_SHORT)
        advice = _about_backups(settings, old, new, remove=remove_backups)
    except InUseError as error:
        # Another program that has the file open is not the bot.
        refuse(error, "; stop the bot first" if holder(path) else "")
    except (ConfigError, StorageError, OSError) as error:
        refuse(error)
    if new_key_file is None:
        click.echo("Now take DATABASE_KEY and DATABASE_KEY_FILE out of the settings.")
    else:
        click.echo(f"Now set DATABASE_KEY_FILE={new_key_file.resolve()}, and no DATABASE_KEY.")
        click.echo("Keep a copy of the key elsewhere: without it nothing can ever be read again.")
    if advice:
        click.echo(advice)


def _outcome(new: str | None, *, changed: bool) -> str:
    if new is None:
        return "is not encrypted any more" if changed else "had no key already"
    return "has its new key" if changed else "had this key already"


@contextmanager
def _key_in(file: Path | None, database: Path) -> Iterator[str | None]:
    """The key in a file; one that was made for this goes again if the database does not get it.

    Raises:
        InUseError: the bot runs; then no key is made.
    """
    from storage.errors import InUseError, StorageError
    from storage.files import overwrite
    from storage.lock import holder

    if user := holder(database):
        raise InUseError(f"{database} is in use by {user}")
    new = file if file is not None and not file.exists() else None
    key = None if file is None else _new_key(file)
    try:
        yield key
    except StorageError:
        if new is not None and not _may_have(database, key):
            overwrite(new)
            click.echo(f"Removed {new} again.")
        raise


def _may_have(database: Path, key: str | None) -> bool:
    """Whether the database could have this key by now; then the key must not be thrown away."""
    from storage.connection import connect
    from storage.errors import StorageError, WrongKeyError

    try:
        if database.exists():
            connect(database, key, read_only=True).close()
            return True
    except WrongKeyError:
        return False
    except StorageError:
        return True
    return False


def _new_key(file: Path) -> str:
    """The key in a file; a new one if there is no such file, whole or not at all."""
    from storage.files import write_private

    if not file.exists():
        try:
            # A raw key, as SQLCipher calls it: it is random, so nothing has to be stretched, and
            # the database opens a quarter of a second sooner.
            write_private(file, f"x'{secrets.token_hex(32)}'\n")
        except OSError as error:
            raise ConfigError(f"cannot make {file}: {error.strerror}") from None
        click.echo(f"Made a new key in {file}.")
    return read_key(file)


def _about_backups(settings: Settings, old: str | None, new: str | None, *, remove: bool) -> str:
    """Tell of the former copies, or remove them; give what is to be done once the key is set."""
    from storage.files import overwrite

    backups, now = settings.backups(), datetime.now(UTC)
    if backups is None:
        return ""
    former = [*(backup.path for backup in backups.all()), *backups.aside(now)]
    if former and not remove:
        click.echo(
            f"Copies made before have the former key still, or none: {len(former)}, in"
            f" {backups.folder} and beside the database. --remove-backups removes them."
        )
    elif former:
        made = backups.make(new, now)
        for path in former:
            if path != made.path:
                overwrite(path)
        click.echo(f"{made.path} is a new backup. Former copies removed: {len(former)}.")
        return ""
    older = "are not encrypted" if old is None else "open with the former key only"
    why = f": those made before {older}" if former else ""
    return f"Then make a backup (ampersand backup){why}."

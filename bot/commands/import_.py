"""`ampersand import`: put somebody's export into a fresh account."""

import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from pydantic import ValidationError

from bot.commands.refusing import refuse
from bot.config import ConfigError, load_settings

if TYPE_CHECKING:
    from bot.export.shape import Export
    from storage.database import Database

LARGEST = 64 * 1024 * 1024
"""Bytes of the file inside the ZIP; ten years of long answers are a sixth of it."""


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--chat", type=int, required=True, help="The number of the person's private chat.")
def command(file: Path, chat: int) -> None:
    """Put FILE, the ZIP of /export or the export.json in it, into a fresh account.

    Stop the bot first. The chat must have no account here; /delete ends one that it has. The
    person is asked for their consent at the next contact, and nothing is asked of them before.
    Nothing of the file is printed.
    """
    from storage.database import Database
    from storage.errors import StorageError

    export = read(file)
    try:
        settings = load_settings()
        opened = Database(settings.database_path, settings.key()).open()
    except (ConfigError, StorageError) as error:
        refuse(error)
    try:
        added = put(opened, chat, export)
    except StorageError as error:
        refuse(f"nothing was imported: {error}")
    finally:
        opened.close()
    if not added:
        refuse("this chat has an account already; nothing was imported")
    click.echo(
        f"Imported {len(export.answers)} answers, {len(export.taps)} taps,"
        f" {len(export.check_ins)} check-ins, {len(export.quizzes)} quizzes."
    )


def read(file: Path) -> "Export":
    """The export in a file; ends the command with one line if it is none.

    Nothing of the file is in that line.
    """
    from bot.export.bundle import JSON
    from bot.export.shape import Export

    try:
        if zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as archive:
                if archive.getinfo(JSON).file_size > LARGEST:
                    refuse("the file is too large to be an export")
                content = archive.read(JSON)
        else:
            content = file.read_bytes()
        return Export.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(map(str, first["loc"])) or JSON
        refuse(f"{place}: {first['msg']}")
    except (KeyError, OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        refuse(f"this is no export ({type(error).__name__})")


def put(database: "Database", chat: int, export: "Export") -> bool:
    """Make the account and fill it, all or nothing; False if the chat has one already.

    Raises:
        StorageError: The database failed, or the file contradicts itself.
    """
    from bot.export.restoring import restore
    from storage.connection import Connection
    from storage.store import Store

    def work(conn: Connection) -> bool:
        store = Store(conn)
        if store.people.in_chat(chat) is not None:
            return False
        now = datetime.now(UTC)
        restore(store, store.people.add(chat, now), export, now)
        return True

    return database.submit(work).result()

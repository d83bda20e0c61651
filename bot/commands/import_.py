"""`ampersand import`: put somebody's export into a fresh account."""

import zipfile
from collections.abc import Sized
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from pydantic import ValidationError

from bot.clock import SystemClock
from bot.commands.refusing import refuse
from bot.config import ConfigError, load_settings

if TYPE_CHECKING:
    from bot.export.shape import Export
    from storage.database import Database

HIGHEST_CHAT = 2**52 - 1
"""Numbers of users have 52 bits at most (https://core.telegram.org/bots/api#user)."""

LARGEST = 64 * 1024 * 1024
"""Bytes of the file inside the ZIP; ten years of long answers are a sixth of it."""

_NONE = "is not an Ampersand export: the ZIP of /export, or the export.json in it"


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

    if not 0 < chat <= HIGHEST_CHAT:
        refuse("--chat: the number of a private chat is above 0 and has 16 digits at the most")
    now = _now()
    export = read(file)
    if (place := export.misdated(now)) is not None:
        refuse(f"{place}: the date cannot be: it is before 2015, or in the future")
    try:
        settings = load_settings()
        opened = Database(settings.database_path, settings.key()).open()
    except (ConfigError, StorageError) as error:
        refuse(error)
    try:
        added = put(opened, chat, export, now)
    except StorageError as error:
        refuse(f"nothing was imported: {error}")
    finally:
        opened.close()
    if not added:
        refuse("this chat has an account already; nothing was imported")
    click.echo(
        f"Imported {_counted(export.answers, 'answer')}, {_counted(export.taps, 'tap')},"
        f" {_counted(export.check_ins, 'check-in')},"
        f" {_counted(export.quizzes, 'quiz', 'quizzes')}."
    )


def _counted(things: Sized, one: str, many: str = "") -> str:
    return f"{len(things)} {one if len(things) == 1 else many or f'{one}s'}"


def read(file: Path) -> "Export":
    """The export in a file; ends the command with one line if it is none.

    The line names the file and holds nothing of what is in it.
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
        if first["type"] == "json_invalid":
            refuse(f"{file} {_NONE}")
        place = ".".join(map(str, first["loc"])) or JSON
        refuse(f"{file} {_NONE} ({place}: {first['msg']})")
    except (KeyError, OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        refuse(f"{file} {_NONE} ({type(error).__name__})")


def put(database: "Database", chat: int, export: "Export", now: datetime) -> bool:
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
        restore(store, store.people.add(chat, now), export, now)
        return True

    return database.submit(work).result()


def _now() -> datetime:
    return SystemClock().now()

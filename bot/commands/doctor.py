"""``ampersand doctor``: whether everything is as it has to be, line by line."""

import asyncio
import os
import shutil
import stat
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.config import ConfigError, Settings, load_settings

if TYPE_CHECKING:
    from storage.health import Health

TELEGRAM_SECONDS = 10.0
"""So long Telegram has for an answer."""

CLOCK_WARN, CLOCK_FAIL = timedelta(seconds=30), timedelta(minutes=5)
LAG_WARN = timedelta(seconds=60)
WAITING_WARN = timedelta(minutes=1)
BACKUP_WARN = timedelta(hours=36)
"""A nightly backup and half a day."""

ROOM_WARN, ROOM_FAIL = 200_000_000, 20_000_000
"""Bytes free on the disk, beyond twice the database, which a backup and a rebuilding need."""


class Level(StrEnum):
    """How bad a finding is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line."""

    level: Level
    about: str
    words: str

    def __str__(self) -> str:
        return f"{self.level:<5} {self.about}: {self.words}"


@click.command(name="doctor")
def command() -> None:
    """Look over the token, the clock, the database, its backups and the help lines.

    A line each: ok, warn or fail. Ends with status 1 if something has failed. The bot may run
    meanwhile; nothing is changed, and neither the token nor anything anybody wrote is shown.
    """
    failed = False
    for finding in examine(datetime.now(UTC)):
        click.echo(str(finding))
        failed = failed or finding.level is Level.FAIL
    if failed:
        raise click.exceptions.Exit(1)


def examine(now: datetime) -> Iterator[Finding]:
    """All findings, in an order in which they can be read."""
    try:
        settings = load_settings()
        key = settings.key()
    except ConfigError as error:
        yield Finding(Level.FAIL, "settings", str(error))
        return
    yield Finding(Level.OK, "settings", "complete")
    yield from _secrets(Path(".env"))
    told = asyncio.run(_ask_telegram(settings, now))
    yield from told
    yield from _disk(settings)
    yield from _database(settings, key, now, clock_known=len(told) > 1)
    yield from _backups(settings, key, now)
    yield from _helplines(now)


def _secrets(file: Path) -> Iterator[Finding]:
    try:
        mode = file.stat().st_mode
    except OSError:
        # The settings may come from elsewhere.
        return
    if mode & stat.S_IROTH:
        words = f"{file} can be read by everybody on this machine; `chmod 600 {file}` ends that"
        yield Finding(Level.WARN, "secrets", words)


async def _ask_telegram(settings: Settings, now: datetime) -> list[Finding]:
    import aiohttp

    token = settings.bot_token.get_secret_value()
    address = f"{settings.telegram_api_base}/bot{token}/getMe"
    timeout = aiohttp.ClientTimeout(total=TELEGRAM_SECONDS)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(address, allow_redirects=False) as response,
        ):
            status, date = response.status, response.headers.get("Date")
            body = await response.read()
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        # The text of such an error holds the address, and the address holds the token.
        reason = type(error).__name__
        return [Finding(Level.WARN, "token", f"Telegram cannot be reached ({reason})")]
    return [_token(status, body), *_clock(now, date or "")]


def _token(status: int, body: bytes) -> Finding:
    """What Telegram has answered to the question whose token it is."""
    from telegram.error import InvalidToken, TelegramError

    from bot.transport.answers import read_answer, refusal_of

    try:
        if not 200 <= status < 300:
            with warnings.catch_warnings():
                # The library warns whenever Telegram asks for a pause.
                warnings.simplefilter("ignore")
                raise refusal_of(status, body)
        owner = read_answer(body)["result"]["username"]
    except InvalidToken:
        return Finding(Level.FAIL, "token", "Telegram does not know it")
    except (TelegramError, TypeError, KeyError):
        return Finding(Level.WARN, "token", f"Telegram answers with {status}")
    return Finding(Level.OK, "token", f"belongs to @{owner}")


def _clock(now: datetime, date: str) -> Iterator[Finding]:
    try:
        there = parsedate_to_datetime(date)
        # Telegram's header is exact to the second, and the request takes a moment.
        off = abs(now - there)
    except (ValueError, TypeError):
        # No date, no instant, or none with a zone.
        return
    level = Level.OK if off < CLOCK_WARN else Level.WARN if off < CLOCK_FAIL else Level.FAIL
    yield Finding(level, "clock", f"{off.total_seconds():.0f} s off Telegram's")


def _disk(settings: Settings) -> Iterator[Finding]:
    path = settings.database_path
    folder = next(parent for parent in path.absolute().parents if parent.exists())
    needed = 2 * path.stat().st_size if path.exists() else 0
    free = shutil.disk_usage(folder).free
    spare = free - needed
    level = Level.OK if spare > ROOM_WARN else Level.WARN if spare > ROOM_FAIL else Level.FAIL
    yield Finding(level, "disk", f"{free / 1e6:,.0f} MB free")


def _database(
    settings: Settings, key: str | None, now: datetime, *, clock_known: bool
) -> Iterator[Finding]:
    from storage.connection import DriverError, check_soundness, connect, translated
    from storage.erasures import Erasures, Marks
    from storage.errors import MarksError, StorageError
    from storage.health import look
    from storage.lock import holder

    path = settings.database_path
    try:
        user = holder(path)
    except StorageError as error:
        yield Finding(Level.FAIL, "database", str(error))
        return
    if not path.exists():
        yield Finding(Level.WARN, "database", f"{path} is not there yet; the first start makes it")
        return
    running = f"in use by {user}" if user else "the bot does not run"
    yield Finding(Level.OK if user else Level.WARN, "bot", running)
    if not (os.access(path, os.W_OK) and os.access(path.absolute().parent, os.W_OK)):
        yield Finding(Level.FAIL, "database", f"{path} or its folder may not be written")
    try:
        conn = connect(path, key, read_only=True)
        try:
            check_soundness(conn, path)
            health = look(conn, now)
            Erasures(conn).last_number()
            Marks(path).last_number()
        except DriverError as error:
            raise translated(error) from None
        finally:
            conn.close()
    except MarksError as error:
        yield Finding(Level.FAIL, "deletions", f"{error}; the bot does not start like this")
        return
    except StorageError as error:
        yield Finding(Level.FAIL, "database", str(error))
        return
    kept = "encrypted" if key else "not encrypted"
    size = path.stat().st_size / 1e6
    yield Finding(Level.OK, "database", f"{path}, {size:.1f} MB, sound, {kept}")
    yield from _health(health, now, clock_known=clock_known)


def _health(health: "Health", now: datetime, *, clock_known: bool) -> Iterator[Finding]:
    if not clock_known and health.latest is not None and health.latest > now + CLOCK_WARN:
        behind = (health.latest - now).total_seconds()
        yield Finding(Level.WARN, "clock", f"{behind:.0f} s behind what was noted before")
    people = ", ".join(f"{count} {state}" for state, count in sorted(health.people.items()))
    yield Finding(Level.OK, "people", people or "none yet")
    late = health.lag > LAG_WARN
    words = f"{health.lag.total_seconds():.0f} s behind" if health.lag else "nothing is late"
    yield Finding(Level.WARN if late else Level.OK, "schedule", words)
    waiting = health.waiting > WAITING_WARN
    new = health.inbox.get("new", 0)
    words = f"{new} updates wait"
    if waiting:
        words += f", the oldest for {health.waiting.total_seconds():.0f} s"
    yield Finding(Level.WARN if waiting else Level.OK, "inbox", words)
    aside = health.inbox.get("quarantined", 0)
    words = f"{aside} updates could not be worked on; they go after a week"
    yield Finding(Level.WARN if aside else Level.OK, "set aside", words if aside else "none")
    refused = health.outbox.get("failed", 0)
    words = f"{health.outbox.get('queued', 0)} messages wait, {refused} were refused"
    yield Finding(Level.WARN if refused else Level.OK, "outbox", words)
    if health.unmarked:
        words = f"{health.unmarked} are not marked yet; the bot does it at its next start"
        yield Finding(Level.WARN, "deletions", words)


def _backups(settings: Settings, key: str | None, now: datetime) -> Iterator[Finding]:
    from storage.backups import is_good

    backups = settings.backups()
    if backups is None:
        yield Finding(Level.WARN, "backups", "none are made (BACKUP_FOLDER)")
        return
    if trouble := _folder_trouble(backups.folder):
        yield Finding(Level.FAIL, "backups", f"{backups.folder} {trouble} (BACKUP_FOLDER)")
        return
    newest = backups.newest(now)
    if newest is None:
        yield Finding(Level.WARN, "backups", f"none in {backups.folder} yet")
        return
    age = now - newest.made_at
    words = f"{newest.path}, {age.total_seconds() / 3600:.0f} h old"
    if not is_good(newest.path, key):
        level, trouble = _unread(newest.path, key)
        yield Finding(level, "backups", f"{words}, {trouble}; `ampersand backup` makes a new one")
    else:
        level = Level.WARN if age > BACKUP_WARN else Level.OK
        yield Finding(level, "backups", f"{words}, good; {len(backups.all())} in all")


def _unread(path: Path, key: str | None) -> tuple[Level, str]:
    """How bad it is that a backup does not open with the key of the settings, and why it is so."""
    from storage.backups import is_good
    from storage.connection import is_plain

    if key is not None and is_good(path, None):
        return Level.WARN, "was made before there was a key, and is not encrypted"
    # What is encrypted and damaged looks like what has another key.
    other = "" if is_plain(path) else "was made under another key, or "
    return Level.FAIL, f"{other}is damaged"


def _folder_trouble(folder: Path) -> str | None:
    """Why no backup can get into a folder; None if it can, or if the folder is still to be made."""
    if not os.path.lexists(folder):
        return None
    if not folder.is_dir():
        return "is no folder"
    usable = os.access(folder, os.R_OK | os.W_OK | os.X_OK)
    return None if usable else "may not be read or written"


def _helplines(now: datetime) -> Iterator[Finding]:
    from prompts.loading import load_helplines
    from prompts.source import ContentError

    try:
        lines = load_helplines().lines
    except ContentError as error:
        yield Finding(Level.FAIL, "help lines", str(error))
        return
    stale = sum(line.is_stale(now.date()) for line in lines)
    days = [line.verified_on for line in lines if line.verified_on is not None]
    words = f"{len(lines)}, the oldest checked {_roughly(min(days)) if days else 'never'}"
    if stale:
        words += f"; {stale} not for 90 days, `ampersand check --warnings` names them"
    yield Finding(Level.WARN if stale else Level.OK, "help lines", words)


def _roughly(day: date) -> str:
    """A day; a first day of a month or year may stand for all of it, and is told as that."""
    if day.day > 1:
        return f"on {day}"
    return f"in {day:%Y}" if day.month == 1 else f"in {day:%Y-%m}"

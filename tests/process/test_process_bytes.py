"""What stands in the files: nothing of who was deleted, and with a key nothing in plain at all."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.demo.people import Person
from bot.demo.server import BotApiServer
from storage.backups import Backups
from storage.connection import connect
from storage.rekeying import rekey
from tests.crowd import KEY
from tests.house import House, open_house
from tests.meeting import onboard
from tests.pages import decrypted
from tests.patience import PATIENCE
from tests.processes import BotProcess, environment

ZOE, BOB = 7_123_456_789, 7_987_654_321
WORDS = "He decides everything about the marmalade and I always ask for permission."
REWORDED = "He decides everything about the apricots and I always ask for permission."
PHRASE = "I always ask for permission"
"""What is recognised in it, and kept as a hit."""

OTHERS = (WORDS, REWORDED, "I gave in about the boiler again.", "Call Yolanda first", "Bartholomew")
ODD = "HALF AN UPDATE"


async def live(house: House, zoe: Person) -> None:
    """Leave words and what is derived of them wherever words can stand."""
    await house.welcome(zoe)
    await house.say(zoe, f"/mask {OTHERS[4]}")
    written = await house.say(zoe, WORDS)
    await zoe.edit_text(written.message_id, REWORDED)
    await house.settle()
    await house.say(zoe, "/safety")
    await house.tap(zoe, "my safety card")
    await house.say(zoe, OTHERS[3])
    await house.say(zoe, "/report")
    await house.say(zoe, "/discreet on")
    await house.say(zoe, OTHERS[2])
    await house.say(zoe, "/history")
    house.server.push_update({"message": {"chat": {"id": zoe.id}, "text": ODD}})
    await house.settle()


def everything(folder: Path, pid: int | None = None) -> Iterator[tuple[str, bytes]]:
    """Every file of a folder, and what a process has open beside them, named or not any more."""
    for path in sorted(folder.rglob("*")):
        # Journals come and go while the bot runs.
        with suppress(FileNotFoundError):
            if path.is_file():
                yield path.name, path.read_bytes()
    for link in Path(f"/proc/{pid}/fd").iterdir() if pid is not None else ():
        with suppress(OSError):
            if link.is_file():
                yield f"{link} -> {link.readlink()}", link.read_bytes()


def found(folder: Path, *secrets: bytes, pid: int | None = None) -> set[str]:
    """The names of the files that hold any of these."""
    return {
        name
        for name, content in everything(folder, pid)
        if any(secret in content for secret in secrets)
    }


def traces_of(person: Person) -> list[bytes]:
    """The words, the phrases in them, and the chat's number in digits and as SQLite writes it."""
    words = [text.encode() for text in (*OTHERS, PHRASE, ODD)]
    return [*words, str(person.id).encode(), person.id.to_bytes(6, "big")]


def in_pages(path: Path, key: str | None, secrets: list[bytes]) -> bool:
    """Whether any page of the database holds any of these; with a key it is decrypted first."""
    pages = path.read_bytes() if key is None else decrypted(path, key)
    return any(secret in pages for secret in secrets)


@pytest.mark.parametrize("key", [None, KEY])
async def test_nothing_of_a_person_who_deletes_themselves_stays_in_any_byte(
    database_path: Path, key: str | None
) -> None:
    """Words, phrases recognised in them, card, masks, held back and odd messages, the number."""
    folder = database_path.parent
    rekey(database_path, None, key) if key else None
    more = {} if key is None else {"database_key": SecretStr(key)}
    async with open_house(database_path, **more) as house:
        zoe, bob = house.server.person(ZOE, "Zoe"), house.server.person(BOB, "Bob")
        await live(house, zoe)
        await house.welcome(bob)
        await house.say(bob, "Bob's own words stay.")
        await house.app.database.scrub()
        for secret in traces_of(zoe)[1:]:
            assert in_pages(database_path, key, [secret]), secret
        await house.say(zoe, "/delete")
        await house.say(zoe, "remove everything")
        await house.say(zoe, "yes, remove everything now")
        await house.app.database.scrub()
        # While it runs, and with no reader waiting for its end.
        assert not in_pages(database_path, key, traces_of(zoe))
        assert (folder / "ampersand.db-wal").stat().st_size == 0
    assert not in_pages(database_path, key, traces_of(zoe))
    assert found(folder, *traces_of(zoe)) == set()
    assert in_pages(database_path, key, [b"Bob's own words stay."])
    assert found(folder, b"Bob's own words stay.") == ({"ampersand.db"} if key is None else set())
    # A backup that is made now holds no more than the file.
    backup = Backups(folder / "backups", database_path).make(key, house.clock.now())
    assert not in_pages(backup.path, key, traces_of(zoe))


async def test_with_a_key_no_typed_word_stands_in_any_file(
    server: BotApiServer, database_path: Path, tmp_path: Path
) -> None:
    """While the bot writes, after SIGKILL, in backups, and in what a killed command leaves."""
    key_file = tmp_path / "database.key"
    key_file.write_text(f"{KEY}\n")
    key_file.chmod(0o600)
    rekey(database_path, None, KEY)
    bot = BotProcess(tmp_path, server, database_path, DATABASE_KEY_FILE=str(key_file))
    zoe = server.person(ZOE, "Zoe")
    words = [WORDS.encode(), PHRASE.encode(), OTHERS[2].encode()]
    try:
        await bot.start()
        await onboard(zoe)
        for text in (WORDS, OTHERS[2]):
            await zoe.send_text(text)
        server.push_update({"message": {"chat": {"id": ZOE}, "text": WORDS}})
        await zoe.send_text("/history")
        await zoe.wait_for("marmalade", timeout=PATIENCE)
        assert found(tmp_path, *words, pid=bot.pid) == set()
        backup = await asyncio.to_thread(_run, tmp_path, key_file, "backup")
        assert backup == 0
        await zoe.send_text(f"{OTHERS[3]}, she said.")
        bot.kill()
        await bot.ended()
    finally:
        await bot.close()
    for size in (1, 200_000, 600_000):
        await asyncio.to_thread(_killed_backup, tmp_path, key_file, size)
    names = {name for name, _ in everything(tmp_path)}
    assert any(name.endswith(".part") for name in names)
    assert "ampersand.db-wal" in names
    assert found(tmp_path, *words, OTHERS[3].encode()) == set()
    assert not any(content.startswith(b"SQLite") for _, content in everything(tmp_path))
    connect(database_path, KEY).close()
    assert in_pages(database_path, KEY, words)


def _command(folder: Path, key_file: Path, name: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603 - a command of this project
        [sys.executable, "-m", "bot", name],
        cwd=folder,
        env=environment(
            folder,
            BOT_TOKEN="123456789:a-token-for-a-test",
            TELEGRAM_API_BASE="http://127.0.0.1:9",
            DATABASE_PATH=str(folder / "ampersand.db"),
            DATABASE_KEY_FILE=str(key_file),
        ),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _run(folder: Path, key_file: Path, name: str) -> int:
    return _command(folder, key_file, name).wait(PATIENCE)


def _killed_backup(folder: Path, key_file: Path, size: int) -> None:
    """Kill the command once its unfinished file has so many bytes."""
    process = _command(folder, key_file, "backup")
    part = folder / "backups"
    while process.poll() is None:
        sizes = [file.stat().st_size for file in part.glob(f"*.{process.pid}.part")]
        if any(reached >= size for reached in sizes):
            process.kill()
    process.wait()

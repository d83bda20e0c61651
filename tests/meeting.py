"""People who use the bot: put into its database while it does not run, or led there in the chat."""

from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from bot.demo.people import Person
from bot.demo.server import BotApiServer
from storage.connection import Connection
from storage.database import Database
from storage.store import Store
from tests.patience import PATIENCE


def meet(
    server: BotApiServer,
    path: Path,
    number: int,
    key: str | None = None,
    *,
    zone: str = "Europe/Berlin",
    consent: str = "seen",
) -> list[Person]:
    """So many people with no question open, so that what they write is a note of the day.

    Args:
        server: where their phones are.
        path: the database; nobody has it open.
        number: how many; their chats are 1, 2, 3 and so on.
        key: what the database is encrypted with.
        zone: where they live.
        consent: the version of the words that they have agreed to.
    """

    def work(conn: Connection) -> None:
        people = Store(conn).people
        for chat_id in range(1, number + 1):
            people.update(
                people.add(chat_id, datetime.now(UTC)),
                state="active",
                consent=consent,
                keep_days=0,
                push="text",
                zone=zone,
                started_on=date(2026, 3, 2),
            )

    database = Database(path, key).open()
    database.submit(work).result()
    database.close()
    met = [server.person(chat_id, f"P{chat_id}") for chat_id in range(1, number + 1)]
    for person in met:
        # They have written before, or Telegram would not let the bot write to them.
        server.world.known_chat(person.id).opened = True
    return met


async def onboard(person: Person) -> None:
    """Lead a person through onboarding, up to their first question; the bot runs."""
    wait_for = partial(person.wait_for, timeout=PATIENCE)
    await person.send_text("/start")
    for words, label in (
        ("clear yes", "consent:yes"),
        ("How long may I keep", "keep:90"),
        ("notification on your phone", "push:text"),
    ):
        await wait_for(words)
        await person.tap(label)
    await wait_for("Which city")
    await person.send_text("Berlin, Germany")
    await wait_for("At what time")
    await person.send_text("20:00")
    await wait_for(lambda message: "another" in message.labels)

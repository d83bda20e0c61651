"""Where in a conversation somebody may be who writes something grave, and what comes of it."""

from collections.abc import Awaitable, Callable

from bot.demo.messages import Message
from bot.demo.people import Person
from tests.house import House

HARMED = "He hit me again last night and I am scared he will kill me"
HEAVY = "I want to kill myself"
QUIET = "someone to talk to"
CALM = "We had tea together."
POSSIBLE = "I can't go on like this"

PASSING = {"inbox", "outbox", "messages", "facts", "sqlite_sequence", "places"}
"""Tables of what only passes through or goes within two days, and of what the bot itself knows."""

Situation = Callable[[House, Person], Awaitable[object]]


async def _nothing(house: House, person: Person) -> None:
    pass


def _typed(*texts: str) -> Situation:
    async def lead(house: House, person: Person) -> None:
        for text in texts:
            await house.say(person, text)

    return lead


def _onboarding(steps: int) -> Situation:
    async def lead(house: House, person: Person) -> None:
        await house.say(person, "/start")
        for button in ("consent:yes", "keep:365", "push:text")[:steps]:
            await house.tap(person, button)
        if steps > 3:
            await house.say(person, "Berlin, Germany")

    return lead


def _welcomed(*texts: str, taps: tuple[str, ...] = ()) -> Situation:
    async def lead(house: House, person: Person) -> None:
        await house.welcome(person)
        for text in texts:
            await house.say(person, text)
        for button in taps:
            await house.tap(person, button)

    return lead


STRANGERS: dict[str, Situation] = {
    "a stranger": _nothing,
    "a stranger who goes on": _typed("hello"),
    "asked for consent": _onboarding(0),
    "consent taken back": _welcomed("/withdraw", taps=("withdraw:stop",)),
}
AGREED: dict[str, Situation] = {
    "how long": _onboarding(1),
    "how quietly": _onboarding(2),
    "which city": _onboarding(3),
    "at what time": _onboarding(4),
    "ready": _welcomed(),
    "another zone": _welcomed("/timezone"),
    "another time": _welcomed("/time"),
    "asked before deleting": _welcomed("/delete"),
    "writing a card": _welcomed("/safety", taps=("card:show",)),
    "paused": _welcomed("/pause 3"),
    "stopped": _welcomed("/stop"),
    "discreet": _welcomed("/discreet on"),
}
WRITTEN = {
    "words": HARMED,
    "no command": f"/{HARMED}",
    "a command": f"/pause {HARMED}",
    "a command about help": f"/help {HARMED}",
    "a broken line": "I want to kill\nmyself",
}


def news(person: Person, since: Message) -> list[Message]:
    """What the bot has said since a message."""
    return [m for m in person.from_bot if m.message_id > since.message_id]


def is_help(message: Message) -> bool:
    """The reply of help: the emergency line comes with it, wherever the person lives."""
    return "automatic note-keeper" in message.text and "If you are in danger" in message.text


def flags(house: House) -> list[tuple[str, int]]:
    """The marks that something grave was read: its kind, and whether that was sure."""
    return house.rows("SELECT kind, sure FROM flags ORDER BY id")


def stored(house: House) -> dict[str, int]:
    """How many rows each table has, but for those of what passes."""
    tables = house.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
    return {
        name: house.rows(f'SELECT count(*) FROM "{name}"')[0][0]  # noqa: S608 - names of tables
        for (name,) in tables
        if name not in PASSING
    }


def words_kept_nowhere(house: House, text: str) -> bool:
    """Whether no text of any table holds these words."""
    places = house.rows(
        "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c"
        " WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%'"
    )
    assert ("inbox", "raw") in places
    return all(
        house.rows(f'SELECT count(*) FROM "{table}" WHERE instr("{column}", ?)', text) == [(0,)]  # noqa: S608 - names of columns
        for table, column in places
        if table not in {"places", "place_names"}
    )

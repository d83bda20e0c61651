"""How much is too much: floods of messages, reports and files."""

from collections.abc import Callable
from datetime import timedelta

from bot.chat.incoming import Text
from bot.chat.messages import send
from bot.chat.turn import Turn
from storage.outbox import Outgoing, Priority

FLOOD = 20
"""More messages within a minute than this are kept, but not answered one by one."""

FLOOD_WITHIN = timedelta(minutes=1)
FLOOD_SAID_EVERY = timedelta(minutes=10)

REPORTS = 10
REPORTS_WITHIN = timedelta(hours=1)
FILES = 3
FILES_WITHIN = timedelta(days=1)

_EFFECTS = frozenset({"deleteMessages", "setMyCommands", "deleteMyCommands"})
"""Calls that say nothing, and on which somebody relies."""

Conversation = Callable[[Turn, Text, str], list[Outgoing]]


def calmed(turn: Turn, messages: list[Outgoing]) -> list[Outgoing]:
    """The answers to a text; in a flood one quiet line, once, in place of what can be held back."""
    newest = turn.store.messages.nth_newest_of_theirs(turn.chat_id, FLOOD + 1)
    if newest is None or newest < turn.now - FLOOD_WITHIN:
        return messages
    left = unheld(messages)
    if turn.store.uses.count(turn.person.id, "flood", turn.now - FLOOD_SAID_EVERY):
        return left
    turn.store.uses.add(turn.person.id, "flood", turn.now)
    text = turn.say(line(agreed=turn.person.consent is not None))
    return [*left, send(turn.chat_id, text)]


def unheld(messages: list[Outgoing]) -> list[Outgoing]:
    """What no flood holds back: what is grave, and what empties a chat or changes its menu."""
    return [
        message
        for message in messages
        if message.priority is Priority.GRAVE or message.method in _EFFECTS
    ]


def line(*, agreed: bool) -> str:
    """The name of the line about a flood: of whoever has not agreed to it nothing is kept."""
    return "limits.flood" if agreed else "limits.flood_unkept"


def ten_an_hour(report: Conversation) -> Conversation:
    """The conversation about reports, held to ten an hour."""

    def limited(turn: Turn, message: Text, argument: str) -> list[Outgoing]:
        if turn.store.uses.count(turn.person.id, "report", turn.now - REPORTS_WITHIN) >= REPORTS:
            return [send(turn.chat_id, turn.say("limits.reports"))]
        turn.store.uses.add(turn.person.id, "report", turn.now)
        return report(turn, message, argument)

    return limited


def file_taken(turn: Turn) -> bool:
    """Count a file with everything; False if there were three within a day already."""
    if turn.store.uses.count(turn.person.id, "file", turn.now - FILES_WITHIN) >= FILES:
        return False
    turn.store.uses.add(turn.person.id, "file", turn.now)
    return True

"""What follows an update, whatever it was about."""

from bot.chat import consent, discreet, hiding, limits
from bot.chat.erasure import DELETE
from bot.chat.incoming import Press, Text, command
from bot.chat.turn import Turn
from storage.outbox import Outgoing, Priority

_ALONE = frozenset({"hide", "word", "safety", "stop", "delete", "withdraw"})
"""After these nothing else is said."""


def after(turn: Turn, incoming: object, messages: list[Outgoing]) -> list[Outgoing]:
    """The messages of an update: those of its conversation, and what is to come after them.

    In a flood the answers to texts are held back. Consent to new words is asked for, at most once a
    day. A discreet chat gets its cleaning planned, and its menu if that could not be set before.
    """
    if turn.forgotten:
        return messages
    if not isinstance(incoming, Press):
        messages = limits.calmed(turn, messages)
    asked = [] if _stands_alone(turn, incoming, messages) else consent.asked_again(turn)
    if turn.person.discreet:
        hiding.plan(turn, spoken=True)
        messages = [*messages, *discreet.menu_again(turn)]
    return [*messages, *discreet.covered(turn, asked)]


def _stands_alone(turn: Turn, incoming: object, messages: list[Outgoing]) -> bool:
    if isinstance(incoming, Text) and command(incoming.text)[0] in _ALONE:
        return True
    grave = any(message.priority is Priority.GRAVE for message in messages)
    return grave or turn.person.step == DELETE

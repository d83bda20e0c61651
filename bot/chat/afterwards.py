"""What follows an update, whatever it was about."""

from bot.chat import consent, discreet, hiding, limits
from bot.chat.erasure import DELETE
from bot.chat.incoming import Press, Text, command
from bot.chat.turn import Turn
from storage.outbox import Outgoing, Priority

_ALONE = frozenset({"hide", "word", "safety", "stop", "delete", "withdraw"})
"""After these nothing else is said."""


def after(turn: Turn, incoming: object, messages: list[Outgoing]) -> list[Outgoing]:
    """Hold back answers in a flood, ask for consent anew, and plan the cleaning of the chat.

    ``messages`` are those that the conversation has given.
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

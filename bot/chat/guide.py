"""/help, /privacy and /how."""

from bot.chat.incoming import Text
from bot.chat.messages import Button, send
from bot.chat.turn import Turn
from storage.outbox import Outgoing


def show(turn: Turn, _: Text, __: str) -> list[Outgoing]:
    """/help."""
    return [send(turn.chat_id, turn.say("help.commands"))]


def how(turn: Turn, _: Text, __: str) -> list[Outgoing]:
    """/how: how it counts, when it speaks, what it cannot."""
    return [send(turn.chat_id, turn.say("help.how"))]


def privacy(turn: Turn, _: Text, __: str) -> list[Outgoing]:
    """/privacy."""
    operator = turn.content.operator
    text = turn.say(
        "help.privacy",
        operator=operator.name,
        contact=operator.contact,
        keep=str(turn.person.keep_days),
    )
    if turn.person.consent is None:
        return [send(turn.chat_id, text)]
    row = [Button(turn.label("consent.button_withdraw"), "withdraw:ask")]
    return [send(turn.chat_id, text, [row])]

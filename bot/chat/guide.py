"""Help, privacy, and where help is for people who are not safe."""

from bot.chat.incoming import Press, Text
from bot.chat.messages import Button, send, toast
from bot.chat.turn import Turn
from storage.outbox import Outgoing, Priority


def show(turn: Turn, _: Text, __: str) -> list[Outgoing]:
    """/help."""
    return [send(turn.chat_id, turn.say("help.commands"))]


def how(turn: Turn, _: Text, __: str) -> list[Outgoing]:
    """/how: the model in one paragraph."""
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
    return [send(turn.chat_id, text)]


def safety(turn: Turn, _: Text | None, __: str) -> list[Outgoing]:
    """/safety: works for everybody, before any consent, and goes out before anything else."""
    row = [Button(turn.label("safety.button_directory"), url="https://findahelpline.com")]
    return [send(turn.chat_id, turn.say("safety.help"), [row], priority=Priority.GRAVE)]


def press_safety(turn: Turn, press: Press, _: str) -> list[Outgoing]:
    """The button to people who can help, wherever it stands."""
    return [toast(press), *safety(turn, None, "")]

"""/mask: a name that is replaced by "my partner" before a text is kept."""

import re
from collections.abc import Callable
from dataclasses import replace

from bot.chat.incoming import Text
from bot.chat.messages import send
from bot.chat.turn import Turn
from storage.outbox import Outgoing

MOST = 5
SHORTEST, LONGEST = 2, 40

_POSSESSIVE = r"(?P<own>['\u2019]s)?"


def command(turn: Turn, _: Text, argument: str) -> list[Outgoing]:
    """/mask NAME, /mask off, or what is replaced now."""
    names = turn.person.masks
    name = " ".join(argument.split())
    if not name:
        text = turn.say("mask.listed", names=names) if names else turn.say("mask.how")
        return [send(turn.chat_id, text)]
    if name.casefold() == "off":
        turn.update(masks=())
        return [send(turn.chat_id, turn.say("mask.off"))]
    if not SHORTEST <= len(name) <= LONGEST or not any(sign.isalpha() for sign in name):
        return [send(turn.chat_id, turn.say("mask.unsuitable"))]
    known = {other.casefold() for other in names}
    if name.casefold() not in known:
        if len(names) >= MOST:
            return [send(turn.chat_id, turn.say("mask.too_many", most=MOST))]
        turn.update(masks=(*names, name))
    return [send(turn.chat_id, turn.say("mask.on", name=name))]


def masked(turn: Turn, message: Text) -> Text:
    """The message as it may be kept: each masked name gives way to "my partner"."""
    if not turn.person.masks:
        return message
    text = without(
        message.text,
        turn.person.masks,
        turn.label("mask.replacement"),
        turn.label("mask.replacement_possessive"),
    )
    return replace(message, text=text)


def before(
    conversation: Callable[[Turn, Text], list[Outgoing] | None],
) -> Callable[[Turn, Text], list[Outgoing] | None]:
    """A conversation that hears masked words only."""

    def heard(turn: Turn, message: Text) -> list[Outgoing] | None:
        return conversation(turn, masked(turn, message))

    return heard


def without(text: str, names: tuple[str, ...], instead: str, possessive: str) -> str:
    """The text with whole names replaced, whatever their case, the longest name first."""
    for name in sorted(names, key=len, reverse=True):
        spaced = r"\s+".join(re.escape(part) for part in name.split())
        whole = rf"(?<!\w){spaced}{_POSSESSIVE}(?!\w)"
        text = re.sub(
            whole, lambda found: possessive if found["own"] else instead, text, flags=re.IGNORECASE
        )
    return text

"""/mask: a name that is replaced by "my partner" before a text is kept."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace

from bot.chat.incoming import Text
from bot.chat.messages import send
from bot.chat.turn import Turn
from storage.outbox import Outgoing

MOST = 5
SHORTEST, LONGEST = 2, 40

_UNSEEN = "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]"
"""Signs that are drawn as nothing, and may stand within a name without anybody seeing it."""

_BETWEEN = rf"(?:[\s\-\u2010-\u2015_]|{_UNSEEN})+"
"""What stands between the parts of a name: a hyphen is as good as a space."""

_POSSESSIVE = rf"(?P<own>{_UNSEEN}*['\u2019\u02bc]?{_UNSEEN}*s)?"
_BEFORE = r"(?<![^\W_])"
_AFTER = r"(?![^\W_]|[\u0300-\u036f])"
"""An underscore is no part of a word: people write _Sam_ for a slanted Sam."""


def command(turn: Turn, _: Text, argument: str) -> list[Outgoing]:
    """/mask NAME, /mask off, or what is replaced now."""
    names = turn.person.masks
    name = " ".join(_plain(argument).split())
    if not name:
        text = turn.say("mask.listed", names=names) if names else turn.say("mask.how")
        return [send(turn.chat_id, text)]
    if name.casefold() == "off":
        turn.update(masks=())
        return [send(turn.chat_id, turn.say("mask.off"))]
    if not SHORTEST <= len(name) <= LONGEST or not any(sign.isalpha() for sign in name):
        return [send(turn.chat_id, turn.say("mask.unsuitable"))]
    if _parts(name.casefold()) not in [_parts(other.casefold()) for other in names]:
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
    """The text with whole names replaced, the longest name first.

    Neither the case matters nor how a name is put down: composed or not, with a hyphen or a space,
    with signs in it that nobody sees, with or without an apostrophe before the s. All else in the
    text stays as it was written.
    """
    for name in sorted(names, key=len, reverse=True):
        parts = _parts(name)
        if not parts:
            continue
        spaced = _BETWEEN.join(_written(part) for part in parts)
        whole = rf"{_BEFORE}{spaced}{_POSSESSIVE}{_AFTER}"
        text = re.sub(
            whole, lambda found: possessive if found["own"] else instead, text, flags=re.IGNORECASE
        )
    return text


def _plain(name: str) -> str:
    return re.sub(_UNSEEN, "", unicodedata.normalize("NFC", name))


def _parts(name: str) -> list[str]:
    return [part for part in re.split(_BETWEEN, _plain(name)) if part]


def _written(part: str) -> str:
    """A pattern for all ways in which a part of a name can be put down."""
    signs = []
    for sign in part:
        cases = sign.lower(), sign.upper()
        forms = {sign, sign.casefold(), *(unicodedata.normalize("NFD", one) for one in cases)}
        either = "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))
        signs.append(f"(?:{either})" if len(forms) > 1 else either)
    return f"{_UNSEEN}*".join(signs)

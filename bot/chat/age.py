"""Whoever says that they are under 18 is shown where help is, and nothing of them is kept."""

import re
import unicodedata

from bot.chat import erasure
from bot.chat.incoming import Text
from bot.chat.messages import send
from bot.chat.turn import Turn
from storage.outbox import Outgoing

_UP_TO_TEN = "one|two|three|four|five|six|seven|eight|nine|ten"
_TEENS = "eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
_YOUNG = rf"(?:[1-9]|1[0-7]|{_UP_TO_TEN}|{_TEENS})"
_LIKELY = rf"(?:1[1-7]|{_TEENS})"
"""Ages that need no "years old" beside them; "I am 5" is rather an answer on a scale."""

_GROWN = r"(?:18|eighteen)"
_HEDGE = r"(?:(?:only|just|still|actually|also|about|almost|nearly|a)\s+)*"
_YEARS = r"(?:\s*-?\s*(?:years?\s*-?\s*old|yrs?(?:\s+old)?|y\W?o\W?))"
_ENDS = r"(?=\s*(?:$|[.,](?!\d)|[;:!?)\n]|\b(?:and|but|so|btw|lol|sorry|now|yet)\b))"

_CLAIM = re.compile(
    rf"(?:^|[.,;!?\n]|\b(?:and|but|because|yes|no|sorry|hi|hello))\s*"
    rf"i\s?'?\s?a?m\s+{_HEDGE}"
    rf"(?:{_LIKELY}|{_YOUNG}{_YEARS}"
    rf"|(?:under|below|younger\s+than)\s+(?:the\s+age\s+of\s+)?{_GROWN}"
    rf"|not\s+(?:yet\s+|even\s+)*(?:{_GROWN}|of\s+age){_YEARS}?"
    rf"|under\s?-?age|(?:a\s+)?minor){_ENDS}",
    re.IGNORECASE,
)
_BARE = re.compile(
    rf"\W*(?:(?:i\s?'?\s?a?m\s+)?{_HEDGE}{_YOUNG}{_YEARS}?|under\s?-?(?:age|18)|(?:a\s+)?minor)\W*",
    re.IGNORECASE,
)
_ADULT = re.compile(r"\bi\s?'?\s?a?m\s+(?:over\s+)?(?:1[89]|[2-9]\d)\b", re.IGNORECASE)


def says_so(text: str, *, asked: bool = False) -> bool:
    """Whether somebody says of themselves that they are under 18.

    Args:
        text: what they wrote.
        asked: whether they were just told that this is for adults, so that a mere "16" says it.

    >>> says_so("I'm sixteen"), says_so("My son is 16"), says_so("16"), says_so("16", asked=True)
    (True, False, False, True)
    """
    plain = unicodedata.normalize("NFKC", text).replace("\u2019", "'").replace("\u02bc", "'")
    if _ADULT.search(plain):
        return False
    return bool(_CLAIM.search(plain) or (asked and _BARE.fullmatch(plain)))


def too_young(turn: Turn, message: Text) -> list[Outgoing]:
    """Remove whatever there is of the person, and say where somebody can be talked to.

    Of somebody who has agreed and written before, one sentence removes nothing: it may be a joke,
    or not theirs. They are asked, and the sentence is not kept.
    """
    if not (turn.person.ready or turn.person.withdrawn):
        return [*erasure.forget(turn), send(turn.chat_id, turn.say("welcome.minor"))]
    asked = erasure.ask(turn, message, "")
    return [send(turn.chat_id, turn.say("welcome.minor_known")), *asked]

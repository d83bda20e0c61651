"""What each of Telegram's HTML tags becomes once it is closed."""

import re
from collections.abc import Mapping
from typing import Any, Final

from bot.demo.refusals import Refusal, bad_request

Entity = dict[str, Any]

SIMPLE_TAGS: Final = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
}
TAGS: Final = frozenset(SIMPLE_TAGS) | {"a", "code", "pre", "blockquote", "tg-emoji", "tg-time"}
_TIME_FORMAT: Final = re.compile(r"r|w?[dD]?[tT]?")
_INTEGER: Final = re.compile(r"[0-9]{1,19}")
_LINK: Final = re.compile(r"(?:(?:https?|ton|tonsite)://|tg://|tg:)?[^\s/?#]+[^\s]*", re.IGNORECASE)
_MENTION: Final = re.compile(r"tg:(?://)?user\?id=([0-9]{1,18})(?:$|[^0-9])")


def refused(reason: str) -> Refusal:
    """The refusal of a text whose markup cannot be read."""
    return bad_request(f"can't parse entities: {reason}")


def described(tag: str, attributes: Mapping[str, str], covered: str) -> Entity | None:
    """The entity of a closed tag without its place; None where Telegram keeps only the text.

    Args:
        tag: the tag's name in lower case, one of ``TAGS``.
        attributes: its attributes.
        covered: the text between start and end.

    Raises:
        Refusal: 400 where Telegram would not take the attributes.
    """
    simple = SIMPLE_TAGS.get(tag)
    if simple:
        return {"type": simple}
    if tag == "a":
        return _linked(attributes.get("href") or covered)
    if tag == "tg-time":
        return _timed(attributes)
    if tag == "tg-emoji":
        return _emoji(attributes.get("emoji-id", ""))
    return _block(tag, attributes)


def _block(tag: str, attributes: Mapping[str, str]) -> Entity:
    language = attributes.get("class", "")
    if tag == "code" and language.startswith("language-"):
        return {"type": "code", "language": language.removeprefix("language-")}
    expandable = tag == "blockquote" and "expandable" in attributes
    return {"type": "expandable_blockquote" if expandable else tag}


def _emoji(identifier: str) -> Entity:
    if not _INTEGER.fullmatch(identifier) or int(identifier) == 0:
        raise refused("Invalid custom emoji identifier specified")
    return {"type": "custom_emoji", "custom_emoji_id": identifier}


def _linked(url: str) -> Entity | None:
    mention = _MENTION.match(url)
    if mention:
        return {"type": "text_mention", "user": {"id": int(mention[1])}}
    has_scheme = re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:(?!\d)", url)
    known = re.match(r"(https?|ton|tonsite)://[^\s/?#]|tg:", url, re.IGNORECASE)
    if (has_scheme and not known) or not _LINK.fullmatch(url):
        return None
    if known:
        return {"type": "text_link", "url": url}
    return {"type": "text_link", "url": f"http://{url}"} if "." in url else None


def _timed(attributes: Mapping[str, str]) -> Entity | None:
    shape = attributes.get("format", "")
    if not _TIME_FORMAT.fullmatch(shape):
        raise refused("Invalid date-time format specified")
    unix = attributes.get("unix", "")
    if not _INTEGER.fullmatch(unix) or int(unix) == 0:
        return None
    return {"type": "date_time", "unix_time": int(unix)} | (
        {"date_time_format": shape} if shape else {}
    )

"""What becomes of a text on its way to the phone: trimming, detection, and back to HTML."""

import re
from html import escape
from typing import Final

from bot.demo.entities import MONOSPACE, QUOTES, arranged, utf16_length, utf16_slice
from bot.demo.tags import Entity

_DETECTED: Final = (
    ("url", re.compile(r"(?<![\w/])https?://[^\s<>\"]*[^\s<>\".,;:!?)\]]")),
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    (
        "bot_command",
        re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])"),
    ),
    ("mention", re.compile(r"(?<!\w)@[A-Za-z][A-Za-z0-9_]{3,31}(?!\w)")),
    ("hashtag", re.compile(r"(?<!\w)#\w*[^\W\d]\w*")),
)
_UNWANTED: Final = {code: " " for code in range(32) if chr(code) not in "\t\n\r"} | {13: None}
_WRAPPED: Final = {
    "bold": ("<b>", "</b>"),
    "italic": ("<i>", "</i>"),
    "underline": ("<u>", "</u>"),
    "strikethrough": ("<s>", "</s>"),
    "spoiler": ("<tg-spoiler>", "</tg-spoiler>"),
    "code": ("<code>", "</code>"),
    "blockquote": ("<blockquote>", "</blockquote>"),
    "expandable_blockquote": ("<blockquote expandable>", "</blockquote>"),
}


def cleaned(text: str) -> str:
    """``text`` as Telegram takes it in: control characters are spaces, no carriage returns."""
    return text.translate(_UNWANTED)


def trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Text and entities without the white space at both ends, which Telegram never shows."""
    left = len(text) - len(text.lstrip())
    removed = utf16_length(text[:left])
    inner = text.strip()
    total = utf16_length(inner)
    kept: list[Entity] = []
    for entity in entities:
        begin = max(entity["offset"] - removed, 0)
        end = min(entity["offset"] - removed + entity["length"], total)
        if end > begin:
            kept.append(entity | {"offset": begin, "length": end - begin})
    return inner, arranged(kept)


def disentangled(entities: list[Entity]) -> list[Entity]:
    """Entities as Telegram nests them: nothing inside code, no quotation inside a quotation."""
    fixed = [entity for entity in entities if entity["type"] in MONOSPACE]
    result = list(fixed)
    quoted_until = -1
    for entity in entities:
        if entity["type"] in QUOTES:
            if entity["offset"] >= quoted_until:
                quoted_until = entity["offset"] + entity["length"]
                result.append(entity)
        elif entity["type"] not in MONOSPACE:
            result.extend(_without(entity, fixed))
    return arranged(result)


def _without(entity: Entity, holes: list[Entity]) -> list[Entity]:
    pieces = [(entity["offset"], entity["offset"] + entity["length"])]
    for hole in holes:
        begin, end = hole["offset"], hole["offset"] + hole["length"]
        cut = [(a, min(b, begin)) for a, b in pieces] + [(max(a, end), b) for a, b in pieces]
        pieces = sorted({(a, b) for a, b in cut if a < b})
    return [entity | {"offset": a, "length": b - a} for a, b in pieces]


def detected(text: str, given: list[Entity]) -> list[Entity]:
    """The entities Telegram finds by itself: commands, links, addresses, mentions, hashtags.

    Places that are already a link, a mention or code are left alone.
    """
    taken = [
        (entity["offset"], entity["offset"] + entity["length"])
        for entity in given
        if entity["type"] in MONOSPACE or entity["type"] in {"text_link", "text_mention"}
    ]
    found: list[Entity] = []
    for kind, pattern in _DETECTED:
        for match in pattern.finditer(text):
            begin = utf16_length(text[: match.start()])
            end = begin + utf16_length(match.group())
            if all(end <= a or begin >= b for a, b in taken):
                taken.append((begin, end))
                found.append({"type": kind, "offset": begin, "length": end - begin})
    return found


def to_html(text: str, entities: list[Entity]) -> str:
    """The text in Telegram's HTML, safe to put into a page: everything else is escaped."""
    edges = {0, utf16_length(text)}
    for entity in entities:
        edges |= {entity["offset"], entity["offset"] + entity["length"]}
    ordered = sorted(edges)
    parts: list[str] = []
    stack: list[Entity] = []
    for begin, end in zip(ordered, [*ordered[1:], ordered[-1]], strict=True):
        over = [one for one in stack if one["offset"] + one["length"] <= begin]
        if over:
            depth = stack.index(over[0])
            parts.extend(_tags(one)[1] for one in reversed(stack[depth:]))
            reopened = [one for one in stack[depth:] if one not in over]
            parts.extend(_tags(one)[0] for one in reopened)
            stack[depth:] = reopened
        for one in entities:
            if one["offset"] == begin and one["length"] > 0:
                stack.append(one)
                parts.append(_tags(one)[0])
        parts.append(escape(utf16_slice(text, begin, end - begin), quote=False))
    return "".join(parts)


def _tags(entity: Entity) -> tuple[str, str]:
    kind = entity["type"]
    if kind in _WRAPPED:
        return _WRAPPED[kind]
    if kind == "text_link":
        return f'<a href="{escape(entity["url"])}">', "</a>"
    if kind == "text_mention":
        return f'<a href="tg://user?id={entity["user"]["id"]}">', "</a>"
    if kind == "custom_emoji":
        return f'<tg-emoji emoji-id="{escape(entity["custom_emoji_id"])}">', "</tg-emoji>"
    return _tags_with_detail(entity)


def _tags_with_detail(entity: Entity) -> tuple[str, str]:
    if entity["type"] == "date_time":
        shape = entity.get("date_time_format")
        suffix = f' format="{escape(shape)}"' if shape else ""
        return f'<tg-time unix="{entity["unix_time"]}"{suffix}>', "</tg-time>"
    if entity["type"] != "pre":
        return "", ""
    language = entity.get("language")
    if language:
        return f'<pre><code class="language-{escape(language)}">', "</code></pre>"
    return "<pre>", "</pre>"

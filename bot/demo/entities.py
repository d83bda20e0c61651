"""Telegram's HTML into text and entities, as the Bot API reads it, refusals included.

Follows https://core.telegram.org/bots/api#html-style and the behaviour of the Bot API server:
offsets and lengths count UTF-16 code units, positions in refusals count UTF-8 bytes.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from bot.demo.tags import TAGS, Entity, described, refused

MONOSPACE: Final = frozenset({"code", "pre"})
QUOTES: Final = frozenset({"blockquote", "expandable_blockquote"})

_SPACE: Final = " \t\r\n\v\0"
_NAMED: Final = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_CHARACTER: Final = re.compile(r"&(?:#x([0-9a-fA-F]*)|#([0-9]*)|([a-zA-Z]*));?")


def utf16_length(text: str) -> int:
    """The length of ``text`` in UTF-16 code units, Telegram's unit for offsets."""
    return len(text) + sum(character > "\uffff" for character in text)


def utf16_slice(text: str, offset: int, length: int) -> str:
    """The part of ``text`` that an entity with this offset and length covers."""
    units = text.encode("utf-16-le", "surrogatepass")
    return units[2 * offset : 2 * (offset + length)].decode("utf-16-le", "replace")


@dataclass(slots=True)
class _Open:
    """A start tag that still waits for its end."""

    tag: str
    offset: int
    position: int
    attributes: dict[str, str] = field(default_factory=dict)


class _Reader:
    """Walks once over the source; one instance reads one text."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.parts: list[str] = []
        self.offset = 0
        self.open: list[_Open] = []
        self.entities: list[Entity] = []

    def read(self) -> tuple[str, list[Entity]]:
        while self.at < len(self.source):
            character = self.source[self.at]
            if character == "<":
                begin = self.at
                self.at += 1
                if self._peek() == "/":
                    self._end_tag(begin)
                else:
                    self._start_tag(begin)
            elif character == "&":
                self._add(self._character_reference())
            else:
                self.at += 1
                self._add(character)
        if self.open:
            tag = self.open[-1].tag
            raise refused(f'Can\'t find end tag corresponding to start tag "{tag}"')
        return self._whole_text(), self.entities

    def _whole_text(self) -> str:
        try:
            joined = "".join(self.parts).encode("utf-16-le", "surrogatepass").decode("utf-16-le")
        except UnicodeDecodeError as error:
            raise refused(
                "Text contains invalid Unicode characters after decoding HTML entities, "
                "check for unmatched surrogate code units"
            ) from error
        return joined

    def _peek(self) -> str:
        return self.source[self.at] if self.at < len(self.source) else "\0"

    def _byte(self, position: int) -> int:
        return len(self.source[:position].encode())

    def _add(self, text: str) -> None:
        self.parts.append(text)
        self.offset += utf16_length(text)

    def _skip_space(self) -> None:
        while self.at < len(self.source) and self.source[self.at] in _SPACE:
            self.at += 1

    def _take_until(self, stops: str) -> str:
        begin = self.at
        while self._peek() not in _SPACE and self._peek() not in stops:
            self.at += 1
        return self.source[begin : self.at]

    def _character_reference(self) -> str:
        """The character that ``&...`` stands for, or a plain ampersand."""
        match = _CHARACTER.match(self.source, self.at)
        decoded = _decoded(match) if match else None
        if match is None or decoded is None:
            self.at += 1
            return "&"
        self.at = match.end()
        return decoded

    def _start_tag(self, begin: int) -> None:
        tag = self._take_until(">").lower()
        if self.at >= len(self.source):
            raise refused(f"Unclosed start tag at byte offset {self._byte(begin)}")
        if tag not in TAGS:
            raise refused(f'Unsupported start tag "{tag}" at byte offset {self._byte(begin)}')
        opened = _Open(tag, self.offset, len(self.parts))
        while self._peek() != ">":
            self._skip_space()
            if self._peek() == ">":
                break
            self._attribute(opened, begin)
        self.at += 1
        if tag == "span" and opened.attributes.get("class") != "tg-spoiler":
            where = self._byte(begin)
            raise refused(f'Tag "span" must have class "tg-spoiler" at byte offset {where}')
        self.open.append(opened)

    def _attribute(self, opened: _Open, begin: int) -> None:
        where = self._byte(begin)
        name = self._take_until("=>/\"'")
        if not name:
            raise refused(f'Empty attribute name in the tag "{opened.tag}" at byte offset {where}')
        self._skip_space()
        valued = self._peek() == "="
        if valued:
            self.at += 1
            self._skip_space()
        if self.at >= len(self.source):
            raise refused(f'Unclosed start tag "{opened.tag}" at byte offset {where}')
        opened.attributes[name] = self._attribute_value() if valued else ""
        if self.at >= len(self.source):
            raise refused(f"Unclosed start tag at byte offset {where}")

    def _attribute_value(self) -> str:
        quote = self._peek()
        if quote not in "\"'":
            begin = self.at
            while self._peek().isascii() and (self._peek().isalnum() or self._peek() in ".-"):
                self.at += 1
            if self._peek() not in _SPACE and self._peek() != ">":
                raise refused(f"Unexpected end of name token at byte offset {self._byte(begin)}")
            return self.source[begin : self.at].lower()
        self.at += 1
        value: list[str] = []
        while self.at < len(self.source) and self._peek() != quote:
            if self._peek() == "&":
                value.append(self._character_reference())
            else:
                value.append(self._peek())
                self.at += 1
        self.at = min(self.at + 1, len(self.source))
        return "".join(value)

    def _end_tag(self, begin: int) -> None:
        where = self._byte(begin)
        if not self.open:
            raise refused(f"Unexpected end tag at byte offset {where}")
        self.at += 1
        tag = self._take_until(">").lower()
        self._skip_space()
        if self._peek() != ">":
            raise refused(f"Unclosed end tag at byte offset {where}")
        self.at += 1
        opened = self.open[-1]
        if tag and tag != opened.tag:
            raise refused(
                f"Unmatched end tag at byte offset {where}, "
                f'expected "</{opened.tag}>", found "</{tag}>"'
            )
        self.open.pop()
        if self.offset > opened.offset:
            self._close(opened)

    def _close(self, opened: _Open) -> None:
        found = described(opened.tag, opened.attributes, "".join(self.parts[opened.position :]))
        if found is None:
            return
        entity: Entity = {"offset": opened.offset, "length": self.offset - opened.offset}
        last = self.entities[-1] if self.entities else {}
        covers_same = all(last.get(key) == entity[key] for key in ("offset", "length"))
        inner, outer = last.get("type"), found["type"]
        if covers_same and {inner, outer} == MONOSPACE:
            language = last.get("language") or found.get("language")
            if language:
                last.update(type="pre", language=language)
                return
        self.entities.append(found | entity)


def _decoded(match: re.Match[str]) -> str | None:
    hexadecimal, decimal, name = match.groups()
    if name is not None:
        return _NAMED.get(name)
    digits = hexadecimal if hexadecimal is not None else decimal
    if not digits or match.end() - match.start() > 10:
        return None
    code = int(digits, 16 if hexadecimal is not None else 10)
    return chr(code) if 0 < code < 0x10FFFF else None


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """Text and entities of a message in Telegram's HTML, before trimming.

    Raises:
        Refusal: 400 with Telegram's own wording, where Telegram would refuse the text.
    """
    text, entities = _Reader(source).read()
    for entity in entities:
        if entity["type"] == "code":
            entity.pop("language", None)
    return text, arranged(entities)


def arranged(entities: Iterable[Entity]) -> list[Entity]:
    """Entities in Telegram's order: by offset, the longer first."""
    return sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))

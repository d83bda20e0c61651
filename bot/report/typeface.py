"""Typeface: the packaged font of the pictures, and whether it can write what stands in them.

A missing font file, or a character that it does not have, would not stop a picture: it would be
drawn without its text, or with a box. So this is looked at when the bot starts.
"""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bot.report.labels import read_labels
from bot.report.raster import FONT
from prompts.templates import Words

_UNICODE_PLANE_TABLE: Final = 4
_NO_OFFSET: Final = 0


class FontError(Exception):
    """The font of the pictures is not there, cannot be read or lacks a character."""


def check_fonts(words: Words, font: Path = FONT) -> None:
    """Make sure that the labels of the pictures can be written.

    Raises:
        FontError: If the font is missing, is no font, or lacks a character of a label.
        ContentError: If a label is missing.
    """
    missing = sorted(read_labels(words).characters - characters(font))
    if missing:
        listed = ", ".join(f"{sign!r} (U+{ord(sign):04X})" for sign in missing)
        raise FontError(f"{font.name} cannot write {listed}, which stands in templates/picture.j2")


def characters(font: Path) -> frozenset[str]:
    """The characters that a TrueType font has a glyph for, among those up to U+FFFF.

    Only the table that every such font has is read (``cmap``, format 4), so that nothing more than
    the standard library is needed for it.

    Raises:
        FontError: If the file is missing or not such a font.
    """
    try:
        data = font.read_bytes()
    except OSError as error:
        raise FontError(
            f"the font of the pictures cannot be read: {font} ({error.strerror})"
        ) from None
    try:
        return frozenset(_mapped(data, _subtable(data, _table(data, b"cmap"))))
    except (struct.error, LookupError):
        raise FontError(f"{font} is not a font that can be read") from None


def _table(data: bytes, tag: bytes) -> int:
    """Where a table begins; all of them have to be there, or half a file would pass for whole."""
    (count,) = struct.unpack_from(">H", data, 4)
    places = {}
    for index in range(count):
        name, _, offset, length = struct.unpack_from(">4sLLL", data, 12 + 16 * index)
        if offset + length > len(data):
            raise LookupError(name)
        places[name] = int(offset)
    return places[tag]


def _subtable(data: bytes, cmap: int) -> int:
    (count,) = struct.unpack_from(">H", data, cmap + 2)
    for index in range(count):
        _, _, offset = struct.unpack_from(">HHL", data, cmap + 4 + 8 * index)
        (form,) = struct.unpack_from(">H", data, cmap + offset)
        if form == _UNICODE_PLANE_TABLE:
            return int(cmap + offset)
    raise LookupError("format 4")


def _mapped(data: bytes, table: int) -> Iterator[str]:
    """Segment by segment, as the OpenType specification lays format 4 out."""
    (doubled,) = struct.unpack_from(">H", data, table + 6)
    count = doubled // 2
    ends = table + 14
    starts = ends + doubled + 2
    deltas, offsets = starts + doubled, starts + 2 * doubled
    for index in range(count):
        start, end, delta, offset = (
            struct.unpack_from(">H", data, place + 2 * index)[0]
            for place in (starts, ends, deltas, offsets)
        )
        for code in range(start, end + 1):
            glyph = code
            if offset != _NO_OFFSET:
                at = offsets + 2 * index + offset + 2 * (code - start)
                (glyph,) = struct.unpack_from(">H", data, at)
                if glyph == 0:
                    continue
            if (glyph + delta) & 0xFFFF and code != 0xFFFF:
                yield chr(code)

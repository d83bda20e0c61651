"""Reading a content file so that every complaint can name its file and line.

The files are YAML 1.2. Only plain text is taken from them: scalars stay the characters that were
written, so `0800` keeps its zero, `NO` is a country, and nothing in a file can run.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from prompts.unreadable import COMMENT, explained

_Word = TypeVar("_Word", bound=StrEnum)

_NULL = "null"
_CORE_TAGS = "tag:yaml.org,2002:"
_FLAGS = {"yes": True, "true": True, "no": False, "false": False}
_REST_OF_DATE = {len("2026"): "-01-01", len("2026-11"): "-01"}
_FIRST_PRINTABLE = " "
_ENDS = (".", "?", "!")
# a comment, and the letter or digit that it begins with if there is no blank
_COMMENT = re.compile(r"[ \t]+#(\w?)")
_BEGUN = re.compile(r"^[ -]*[\w-]+:[ \t]+#(\w?)")


class ContentError(Exception):
    """Something in a content file that cannot be used; its text is `file:line: message`.

    Args:
        where: `file:line`, or a file alone when all of it is meant.
        message: What is wrong, in one line.

    Attributes:
        file: The path as a person finds it, from the working folder where possible.
        line: From 1.
        message: What is wrong.
    """

    def __init__(self, where: str, message: str) -> None:
        file, colon, line = where.rpartition(":")
        numbered = bool(colon) and line.isdecimal()
        self.file = shown(file if numbered else where)
        self.line = int(line) if numbered else 1
        self.message = " ".join(message.split())
        super().__init__(f"{self.file}:{self.line}: {self.message}")

    @classmethod
    def at(cls, file: Path, line: int, message: str) -> "ContentError":
        """A complaint about a line of a file."""
        return cls(f"{file}:{line}", message)


@dataclass(frozen=True, slots=True)
class Entry:
    """One block of `key: value` lines, with the line of each.

    Values are asked for by kind (`text`, `flag`, `choice` ...); each of these raises ContentError
    when the value is missing or of another kind.
    """

    file: Path
    line: int
    nodes: Mapping[str, Node]
    lines: Mapping[str, int]

    def __contains__(self, key: object) -> bool:
        return key in self.nodes

    def line_of(self, key: str) -> int:
        """The line of a key; the first line of the entry if it has no such key."""
        return self.lines.get(key, self.line)

    def error(self, message: str, key: str | None = None) -> ContentError:
        """A complaint about the entry, or about one of its values."""
        return ContentError.at(self.file, self.line_of(key) if key else self.line, message)

    def allow(self, *keys: str) -> None:
        """Refuse keys that nobody reads: they are misspelt more often than not."""
        for key in self.nodes:
            if key not in keys:
                raise self.error(f"nothing here is called {key!r} (known: {', '.join(keys)})", key)

    def text(self, key: str) -> str:
        """A text, white space at its ends removed."""
        if key not in self.nodes:
            raise self.error(f"{key} is missing")
        return _text(self.nodes[key], self.file, self.line_of(key), key)

    def optional(self, key: str) -> str | None:
        """A text, or None if the key is left out."""
        return self.text(key) if key in self.nodes else None

    def sentence(self, key: str) -> str:
        """A text for people to read, which must not have lost its end to a `#`.

        A comment is told from a lost end: it begins with a blank, `# like this`, and what stands
        before it is complete.
        """
        if key in self.nodes and _lost(self.nodes[key], self.line_of(key)):
            raise self.error(COMMENT, key)
        return self.text(key)

    def flag(self, key: str) -> bool:
        """`yes` or `no` (`true` and `false` will do)."""
        value = self.text(key)
        if value not in _FLAGS:
            raise self.error(f"{key} is yes or no, not {value!r}", key)
        return _FLAGS[value]

    def number(self, key: str, lowest: int, highest: int) -> int:
        """A whole number between two limits, both included."""
        value = self.text(key)
        if not value.isdecimal() or not lowest <= int(value) <= highest:
            raise self.error(
                f"{key} is a number from {lowest} to {highest}, not {value!r}",
                key,
            )
        return int(value)

    def choice(self, key: str, words: type[_Word]) -> _Word:
        """One of a few words."""
        value = self.text(key)
        try:
            return words(value)
        except ValueError:
            known = ", ".join(words)
            raise self.error(f"{key} is one of {known}, not {value!r}", key) from None

    def day(self, key: str) -> date:
        """A date; a month or a year alone stand for their first day.

        So what is known only roughly counts as older rather than newer.
        """
        value = self.text(key)
        try:
            return date.fromisoformat(value + _REST_OF_DATE.get(len(value), ""))
        except ValueError:
            raise self.error(
                f"{key} is a date like 2026-11-24, 2026-11 or 2026, not {value!r}", key
            ) from None

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; empty if the key is left out."""
        return tuple(text_of(self.file, node, key) for node in self.items(key))

    def items(self, key: str) -> list[Node]:
        """The members of a list, as nodes; empty if the key is left out."""
        if key not in self.nodes:
            return []
        node = self.nodes[key]
        if not isinstance(node, SequenceNode):
            raise self.error(f"{key} is a list: [] or lines that begin with a dash", key)
        return list(node.value)

    def inner(self, key: str) -> "Entry":
        """The block of `key: value` lines under a key."""
        if key not in self.nodes:
            raise self.error(f"{key} is missing")
        return entry_of(self.file, self.nodes[key])


def shown(path: Path | str) -> str:
    """The path as a person would type it: from the working folder where possible."""
    path = Path(path)
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def line_of(node: Node) -> int:
    """The line a node begins on, from 1."""
    return int(node.start_mark.line) + 1


def read(path: Path) -> Node:
    """The content of a YAML file as a tree of nodes that know their lines.

    Raises:
        ContentError: If the file is missing, not UTF-8, empty, or no YAML.
    """
    try:
        source = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ContentError(str(path), "the file is missing") from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ContentError.at(path, line, "these characters are not UTF-8") from None
    try:
        root: Node | None = YAML(typ="safe", pure=True).compose(source)
    except MarkedYAMLError as error:
        raise ContentError.at(path, *explained(source, error)) from None
    except YAMLError as error:
        raise ContentError(str(path), str(error)) from None
    if root is None:
        raise ContentError(str(path), "the file is empty")
    return root


def entries_of(path: Path, root: Node) -> Iterator[Entry]:
    """The entries of a list.

    Raises:
        ContentError: If it is no list, or a member is no block of `key: value` lines.
    """
    if not isinstance(root, SequenceNode):
        raise ContentError.at(
            path, line_of(root), "entries that begin with a dash are expected here"
        )
    for node in root.value:
        yield entry_of(path, node)


def entry_of(path: Path, node: Node) -> Entry:
    """A block of `key: value` lines.

    Raises:
        ContentError: If it is something else, or has a key twice.
    """
    if not isinstance(node, MappingNode):
        raise ContentError.at(path, line_of(node), "lines like `key: value` are expected here")
    nodes: dict[str, Node] = {}
    lines: dict[str, int] = {}
    for key_node, value in node.value:
        key = text_of(path, key_node, "a key")
        if key in nodes:
            raise ContentError.at(path, line_of(key_node), f"{key} stands here twice")
        nodes[key] = value
        # the key's line and not the value's: a value that was left out begins further down
        lines[key] = line_of(key_node)
    return Entry(path, line_of(node), nodes, lines)


def text_of(path: Path, node: Node, name: str) -> str:
    r"""The text of a scalar.

    Raises:
        ContentError: If it is empty, a list or a block, or holds a control character (`\b` in
            double quotes is a backspace, which no pattern ever meets).
    """
    return _text(node, path, line_of(node), name)


def _lost(node: Node, line: int) -> bool:
    """Whether YAML took a part of an unquoted text for a comment."""
    if not isinstance(node, ScalarNode) or node.style is not None:
        return False
    source: str = node.end_mark.buffer
    if line_of(node) != line and (begun := _BEGUN.search(source.splitlines()[line - 1])):
        return begun[1] != "" or not node.value
    end = node.end_mark.pointer
    comment = _COMMENT.match(source, end)
    return comment is not None and (comment[1] != "" or node.value[-1:] not in _ENDS)


def _text(node: Node, path: Path, line: int, name: str) -> str:
    # "int" or "str" is a kind of scalar, "python/object:..." is not for us
    kind = str(node.tag).removeprefix(_CORE_TAGS)
    if not isinstance(node, ScalarNode) or not kind.isalpha():
        raise ContentError.at(path, line, f"{name} is a text")
    value: str = node.value.strip()
    if not value or kind == _NULL:
        raise ContentError.at(path, line, f"{name} is empty")
    if any(character < _FIRST_PRINTABLE and character != "\n" for character in value):
        raise ContentError.at(
            path,
            line,
            f"{name} holds a control character: a backslash in double quotes? "
            "Use single quotes or none",
        )
    return value

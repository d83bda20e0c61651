"""Whether every tag that a text opens is closed again, whichever way the text takes.

Telegram refuses a message whose tags do not pair, and the person would get nothing. A text is
followed along each way through its conditions; the same condition has the same outcome wherever it
stands, so a tag may be opened under one `if` and closed under another one like it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from jinja2 import nodes

TELEGRAM_TAGS: Final = frozenset(
    {
        *("b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "span", "tg-spoiler", "a"),
        *("tg-emoji", "code", "pre", "blockquote", "tg-time"),
    }
)
"""The tags of https://core.telegram.org/bots/api#html-style."""

TAG: Final = re.compile(r"<(/?)\s*([a-zA-Z][\w-]*)")

# beyond so many ways a text is let pass: nobody can follow it, and neither does this
_MOST_WAYS: Final = 256
_FIRST: Final = repr(nodes.Getattr(nodes.Name("loop", "load"), "first", "load"))
_LAST: Final = repr(nodes.Getattr(nodes.Name("loop", "load"), "last", "load"))

_Complaint = tuple[int, str]


class _TooManyWaysError(Exception):
    """A text has more ways than are worth following."""


@dataclass(frozen=True, slots=True)
class _Way:
    """One way through a text, up to some point.

    Attributes:
        open: Tags that are open, the innermost last, and their lines.
        outcomes: What the conditions that were met came to.
    """

    open: tuple[tuple[str, int], ...]
    outcomes: Mapping[str, bool]


def unpaired(tree: nodes.Template) -> Iterator[tuple[int, str]]:
    """Where a text opens a tag and does not close it, or the other way round: line and message."""
    for macro in tree.find_all(nodes.Macro):
        text = _Text()
        try:
            ends = text.along(macro.body, _Way((), {}))
        except _TooManyWaysError:
            continue
        not_closed = {opened for way in ends for opened in way.open}
        yield from sorted(
            text.complaints | {(n, f"<{tag}> is not closed") for tag, n in not_closed}
        )


class _Text:
    """Follows one text and gathers the complaints; a way that met one is not followed further."""

    def __init__(self) -> None:
        self.complaints: set[_Complaint] = set()

    def along(self, body: Iterable[nodes.Node], way: _Way) -> list[_Way]:
        ways = [way]
        for node in body:
            ways = _joined([after for one in ways for after in self._past(node, one)])
            if len(ways) > _MOST_WAYS:
                raise _TooManyWaysError
        return ways

    def _past(self, node: Any, way: _Way) -> list[_Way]:
        match node:
            case nodes.TemplateData():
                return self._data(node, way)
            case nodes.Output():
                return self.along(node.nodes, way)
            case nodes.If():
                return self._branches(node, way)
            case nodes.For():
                return self._loop(node, way)
            case nodes.Macro():
                return [way]  # a text of its own
            case nodes.Assign():
                return [_without(way, _names(node.target))]
            case _:
                return self.along(getattr(node, "body", ()), way)

    def _each(self, body: Iterable[nodes.Node], ways: Iterable[_Way]) -> list[_Way]:
        return [after for way in ways for after in self.along(body, way)]

    def _data(self, data: nodes.TemplateData, way: _Way) -> list[_Way]:
        opened = list(way.open)
        for tag in TAG.finditer(data.data):
            name = tag[2].lower()
            line = data.lineno + data.data.count("\n", 0, tag.start())
            if name not in TELEGRAM_TAGS:
                continue
            if not tag[1]:
                opened.append((name, line))
            elif opened and opened[-1][0] == name:
                opened.pop()
            else:
                if any(name == other for other, _ in opened):
                    message = f"</{name}> stands where <{opened[-1][0]}> is open: close that first"
                else:
                    message = f"</{name}> is closed and was never opened"
                self.complaints.add((line, message))
                return []
        return [replace(way, open=tuple(opened))]

    def _branches(self, node: nodes.If, way: _Way) -> list[_Way]:
        ends: list[_Way] = []
        otherwise: list[_Way] = [way]
        for branch in (node, *node.elif_):
            taken = [w for one in otherwise for w in _supposed(one, branch.test, True)]
            otherwise = [w for one in otherwise for w in _supposed(one, branch.test, False)]
            ends += self._each(branch.body, taken)
        return ends + self._each(node.else_, otherwise)

    def _loop(self, node: nodes.For, way: _Way) -> list[_Way]:
        """Around no time, once and twice: that meets the first, the last and any other round."""
        if node.test:  # it may leave out all, whatever there is
            ends, some = self.along(node.else_, way), [way]
        else:
            ends = self._each(node.else_, _supposed(way, node.iter, False))
            some = _supposed(way, node.iter, True)
        own = {"loop", *_names(node.target)}
        some = [_without(one, own) for one in some]
        for rounds in (1, 2):
            ways = some
            for number in range(rounds):
                place = {_FIRST: number == 0, _LAST: number == rounds - 1}
                ways = [replace(one, outcomes={**one.outcomes, **place}) for one in ways]
                ways = [_without(one, own) for one in self._each(node.body, ways)]
            ends += ways
        # after the loop its names mean again what they meant before
        return [replace(one, outcomes={**way.outcomes, **one.outcomes}) for one in ends]


def _supposed(way: _Way, test: nodes.Node, outcome: bool) -> list[_Way]:
    """The way if a condition comes out like this; none if it is known to come out differently."""
    while isinstance(test, nodes.Not):
        test, outcome = test.node, not outcome
    if isinstance(test, nodes.And | nodes.Or):
        # what settles the whole when it stands on the left alone
        settling = isinstance(test, nodes.Or)
        onwards = _supposed(way, test.left, not settling)
        ends = [end for one in onwards for end in _supposed(one, test.right, outcome)]
        return ends + (_supposed(way, test.left, settling) if outcome is settling else [])
    condition = repr(test)
    if condition in way.outcomes:
        return [way] if way.outcomes[condition] is outcome else []
    return [replace(way, outcomes={**way.outcomes, condition: outcome})]


def _without(way: _Way, names: set[str]) -> _Way:
    """The way without what depended on names that now mean something else."""
    gone = tuple(f"Name(name={name!r}," for name in names)
    kept = {
        condition: outcome
        for condition, outcome in way.outcomes.items()
        if not any(name in condition for name in gone)
    }
    return replace(way, outcomes=kept)


def _joined(ways: list[_Way]) -> list[_Way]:
    """One way in place of several that have come to the same; it knows what they all know."""
    if len(ways) < 2 or any(way.open != ways[0].open for way in ways):
        return ways
    agreed = set(ways[0].outcomes.items()).intersection(*(way.outcomes.items() for way in ways))
    return [_Way(ways[0].open, dict(agreed))]


def _names(node: nodes.Node) -> set[str]:
    names = [node] if isinstance(node, nodes.Name) else node.find_all(nodes.Name)
    return {name.name for name in names}

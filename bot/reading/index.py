"""Which of many patterns a line could match at all, and where in it they are to be asked.

A column of bits for each way to match; a word moves all ways on at once. What is through is asked
by RE2 in the one sentence that got it through, which is all that RE2 then has to walk.
"""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.reading.line import Line
from bot.reading.notation import Notation
from bot.reading.structure import Structure
from bot.reading.ways import MOST_NEEDS, Way, rarest

_LAYERS = MOST_NEEDS
# bytes of a line that RE2 walks faster than it can be told where to
_SHORT = 512
# words of a sentence looked at together, if it is a long one; no shorter than most patterns
_WINDOW = 48


@dataclass(frozen=True, slots=True)
class _Column:
    owner: int
    needs: Way
    crosses: bool
    whole: bool


class Index:
    """Which of many structures a text could match at all.

    Each way to match has a column, a bit in whole numbers, and its three rarest needs are in three
    layers, the last need in the last. A word lets a way move on by one layer if it is what the way
    needs next, all ways at once; a way that is through is one to ask. Ways with fewer needs start
    further on. The end of a sentence takes all back to their start, but for those that go on
    behind it. A sentence without end is looked at in windows, each as long as two of the longest
    patterns and half of it new, so that what is to be asked does not grow with its length.
    """

    def __init__(
        self,
        structures: Sequence[Structure],
        notation: Notation,
        whole: Container[int] = frozenset(),
    ) -> None:
        """Lay out the rarest needs of all ways of all structures.

        Args:
            structures: What is to be found.
            notation: What read them; it knows how common words are.
            whole: Which of them are always to be asked about the whole line.
        """
        columns = [
            _Column(
                owner,
                rarest(way, _LAYERS, notation.usage),
                structure.crosses or structure.longest > _WINDOW,
                owner in whole or not structure.within_sentence or structure.longest > _WINDOW,
            )
            for owner, structure in enumerate(structures)
            for way in structure.ways
        ]
        # ways with most needs come first, so that the numbers of the first layers are short
        columns.sort(key=lambda column: -len(column.needs))
        self._owners = [column.owner for column in columns]
        # word -> the bits it has, layer by layer
        places: dict[str, list[int]] = {}
        start = [0] * (_LAYERS + 1)
        self._crossing = self._whole = 0
        for at, column in enumerate(columns):
            bit = 1 << at
            first = _LAYERS - len(column.needs)
            start[first] |= bit
            if column.crosses:
                self._crossing |= bit
            if column.whole:
                self._whole |= bit
            for layer, need in enumerate(column.needs, first):
                place = layer * len(columns) + at
                for word in need:
                    places.setdefault(word, []).append(place)
        self._start = (start[1], start[2], start[3])
        self._masks = _shared(
            (word, tuple(_masks(bits, len(columns)))) for word, bits in places.items()
        )

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Be what another process has made; a number that many words have comes many times."""
        vars(self).update(state)
        self._masks = _shared(self._masks.items())

    def candidates(self, line: Line) -> list[tuple[int, int, int]]:
        """The structures whose needs the line meets: which, and in which bytes of it to ask.

        Structures that do not go on in the next sentence have to meet their needs in one, and are
        asked from the first sentence that does to the last. Others are asked about the whole line.
        Each comes once: asking RE2 about some more words costs less than asking it again.
        """
        start_one, start_two, start_through = self._start
        one = two = met = 0
        crossing = self._crossing
        get = self._masks.get
        texts = line.words.texts
        stretches: list[tuple[int, int, int]] = []
        for first, past in _stretches(line):
            one = one & crossing | start_one
            two = two & crossing | start_two
            through = start_through
            for masks in map(get, texts[first:past]):
                if masks is not None:
                    one_more, two_more, three_more = masks
                    if three_more:
                        through |= two & three_more
                    if two_more:
                        two |= one & two_more
                    if one_more:
                        one |= one_more
            if through:
                met |= through
                stretches.append((through, first, past))
        length = len(line.text)
        if length <= _SHORT:
            return [(owner, 0, length) for owner in sorted(self._owners_of(met))]
        return self._placed(line, met, stretches)

    def _placed(
        self, line: Line, met: int, stretches: list[tuple[int, int, int]]
    ) -> list[tuple[int, int, int]]:
        """The structures of some ways, with the bytes of the line that they are met in."""
        spans = {owner: (0, len(line.text)) for owner in self._owners_of(met & self._whole)}
        within = met & ~self._whole
        for through, first, past in stretches:
            # with the ends of sentences on either side
            start, end = line.byte_of(first - 1), line.byte_of(past + 1)
            for owner in self._owners_of(through & within):
                spans[owner] = (spans.get(owner, (start, end))[0], end)
        return [(owner, *spans[owner]) for owner in sorted(spans)]

    def _owners_of(self, ways: int) -> set[int]:
        owners = self._owners
        found = set()
        while ways:
            highest = ways.bit_length() - 1
            found.add(owners[highest])
            ways ^= 1 << highest
        return found


def _shared(masks: Iterable[tuple[str, tuple[int, ...]]]) -> dict[str, tuple[int, ...]]:
    """The same, with one object for all that are equal.

    He and she, give and gave are mostly needed by the same ways: so there is less to hold and, more
    than that, less for the processor to fetch.
    """
    numbers: dict[int, int] = {}
    rows: dict[tuple[int, ...], tuple[int, ...]] = {}
    shared: dict[str, tuple[int, ...]] = {}
    for word, masks_of_word in masks:
        row = tuple(numbers.setdefault(mask, mask) for mask in masks_of_word)
        shared[word] = rows.setdefault(row, row)
    return shared


def _masks(places: list[int], width: int) -> Iterator[int]:
    """A number for each layer, with the bits at some places of all layers laid end to end."""
    for layer in range(_LAYERS):
        mask = bytearray(width // 8 + 1)
        for place in places:
            at = place - layer * width
            if 0 <= at < width:
                mask[at // 8] |= 1 << at % 8
        yield int.from_bytes(mask, "little")


def _stretches(line: Line) -> list[tuple[int, int]]:
    """The sentences of a line without their ends, long ones in windows; as ranges of words."""
    stretches = []
    first = 1
    for end in line.ends[1:]:
        while end - first > 2 * _WINDOW:
            stretches.append((first, first + 2 * _WINDOW))
            first += _WINDOW
        stretches.append((first, end))
        first = end + 1
    return stretches

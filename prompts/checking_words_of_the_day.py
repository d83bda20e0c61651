"""The check of the words of the day: they can be read."""

from collections.abc import Iterator
from typing import Final

from prompts.findings import Bench, Check, Finding
from prompts.source import ContentError
from prompts.words_of_the_day import load_words_of_the_day


def readable(bench: Bench) -> Iterator[Finding]:
    """Every word has a meaning and stands there once."""
    try:
        load_words_of_the_day(bench.folder.name, bench.folder.parent)
    except ContentError as error:
        yield Finding.of(error)


CHECKS: Final[tuple[Check, ...]] = (readable,)

"""From a reading to the beads that drift and patterns know."""

from collections.abc import Set as AbstractSet
from datetime import date

from bot.drift.beads import Bead, text_beads
from bot.drift.record import FEWEST_WORDS_OF_A_REPLY, count_words
from bot.reading.language import Language
from bot.reading.reader import Reading


def counts(text: str, reading: Reading) -> bool:
    """Whether what was found in a text may count: three words at least, in a language read here."""
    return reading.language is Language.ENGLISH and count_words(text) >= FEWEST_WORDS_OF_A_REPLY


def beads_of(
    reading: Reading,
    day: date,
    version: str,
    *,
    backfilled: bool = False,
    without: AbstractSet[str] = frozenset(),
) -> list[Bead]:
    """The beads of a reading, leaving out families that the person called "not me".

    Args:
        reading: What was found in the text.
        day: The local day the text is about.
        version: The stamp of everything the reader reads by.
        backfilled: True if it was written later, for a day gone by; it then weighs half.
        without: Families that do not count.
    """
    return [
        bead
        for hit in reading.beads
        if hit.family not in without
        for bead in text_beads(
            hit.rule, hit.family, hit.weights, day, version=version, backfilled=backfilled
        )
    ]

"""All checks of the content files, one after another.

A check is a function that looks at the bench and yields findings. To add one, write it and put it
into the list of its file; to add a file of checks, put its list below.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

from prompts import (
    checking_helplines,
    checking_markers,
    checking_questions,
    checking_rules,
    checking_templates,
    checking_words_of_the_day,
)
from prompts.findings import Bench, Check, Finding
from prompts.loading import LANGUAGE, ROOT


def unread(bench: Bench) -> Iterator[Finding]:
    """What stopped the list of forbidden words from being read."""
    yield from map(Finding.of, bench.errors)


CHECKS: Final[tuple[Check, ...]] = (
    unread,
    *checking_rules.CHECKS,
    *checking_questions.CHECKS,
    *checking_helplines.CHECKS,
    *checking_templates.CHECKS,
    *checking_words_of_the_day.CHECKS,
    *checking_markers.CHECKS,
)


def check(today: date, language: str = LANGUAGE, root: Path = ROOT) -> list[Finding]:
    """Everything that is wrong with the files of a language, by file and line.

    Args:
        today: The date that the ages of help lines are counted to.
        language: The name of the folder.
        root: The folder that holds the folders of the languages.
    """
    bench = Bench.of(root / language, today)
    return sorted({finding for look in CHECKS for finding in look(bench)})

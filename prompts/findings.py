"""What `ampersand check` has to say, and what the checks are given to look at."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from bot.drift.rules import Rule
from bot.rhythm.questions import Question
from prompts.helplines import Helpline
from prompts.loading import Reading, read_helplines, read_questions, read_rules
from prompts.source import ContentError, Entry, entry_of, read, shown


class Level(StrEnum):
    """How bad a finding is: an error must not be shipped, a warning wants to be looked at."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing to put right; its text is `file:line: message`."""

    file: str
    line: int
    message: str
    level: Level = Level.ERROR

    def __str__(self) -> str:
        """The finding in one line."""
        mark = "warning: " if self.level is Level.WARNING else ""
        return f"{self.file}:{self.line}: {mark}{self.message}"

    @classmethod
    def of(cls, error: ContentError) -> "Finding":
        """What stopped a file from being read."""
        return cls(error.file, error.line, error.message)

    @classmethod
    def about(
        cls, entry: Entry, message: str, key: str | None = None, level: Level = Level.ERROR
    ) -> "Finding":
        """Something about an entry, or about one of its values."""
        return cls(shown(entry.file), entry.line_of(key) if key else entry.line, message, level)

    @classmethod
    def about_file(cls, path: Path, message: str, level: Level = Level.ERROR) -> "Finding":
        """Something about a file as a whole."""
        return cls(shown(path), 1, message, level)


@dataclass(frozen=True, slots=True)
class Forbidden:
    """Words that are not used, and why."""

    pattern: re.Pattern[str]
    because: str

    def complaint(self, text: str) -> str | None:
        """What to say about a text, or None if it is free of them."""
        found = self.pattern.search(text)
        return f'"{" ".join(found[0].split())}": {self.because}' if found else None


@dataclass(frozen=True, slots=True)
class Bench:
    """What every check is given: the files of one language, read as far as they can be.

    Attributes:
        folder: The folder of the language, with its YAML files and `templates`.
        today: The date that ages are counted to.
        rules: The rules.
        questions: The open questions.
        countries: The names of the countries by their code.
        helplines: All help lines, also those that must not be shown.
        forbidden: Words that are not used.
        errors: Complaints about files that no other field carries.
    """

    folder: Path
    today: date
    rules: Reading[Rule]
    questions: Reading[Question]
    countries: Mapping[str, str]
    helplines: Reading[Helpline]
    forbidden: tuple[Forbidden, ...]
    errors: tuple[ContentError, ...] = ()

    @classmethod
    def of(cls, folder: Path, today: date) -> "Bench":
        """Read the files of a folder; what cannot be read becomes complaints, not an exception."""
        countries, helplines = read_helplines(folder)
        errors: tuple[ContentError, ...] = ()
        try:
            forbidden = read_forbidden(folder)
        except ContentError as error:
            forbidden, errors = (), (error,)
        return cls(
            folder=folder,
            today=today,
            rules=read_rules(folder),
            questions=read_questions(folder),
            countries=countries,
            helplines=helplines,
            forbidden=forbidden,
            errors=errors,
        )

    def complaints(self, text: str) -> Iterator[str]:
        """What the list of forbidden words has to say about a text."""
        for forbidden in self.forbidden:
            complaint = forbidden.complaint(text)
            if complaint:
                yield complaint


Check = Callable[[Bench], Iterator[Finding]]


def read_forbidden(folder: Path) -> tuple[Forbidden, ...]:
    """The words that are not used.

    Raises:
        ContentError: If the file cannot be used, or a pattern is no regular expression.
    """
    path = folder / "wording.yaml"
    top = entry_of(path, read(path))
    top.allow("forbidden")
    return tuple(_forbidden(entry_of(path, node)) for node in top.items("forbidden"))


def _forbidden(entry: Entry) -> Forbidden:
    entry.allow("pattern", "because")
    words = entry.text("pattern").replace(" ", r"\s+")
    try:
        pattern = re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)
    except re.error as error:
        raise entry.error(f"no regular expression: {error}", "pattern") from None
    return Forbidden(pattern, entry.text("because"))

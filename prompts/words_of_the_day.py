"""The dull screen of discreet mode: words of the day."""

from dataclasses import dataclass
from pathlib import Path

from prompts.loading import LANGUAGE, ROOT
from prompts.source import ContentError, Entry, entries_of, read

LONGEST_MEANING = 20


@dataclass(frozen=True, slots=True)
class DullWord:
    """A word that gives nothing away, and what it means."""

    word: str
    meaning: str


def load_words_of_the_day(language: str = LANGUAGE, root: Path = ROOT) -> tuple[DullWord, ...]:
    """The words of the day, in the order of their file.

    Raises:
        ContentError: If the file cannot be used.
    """
    path = root / language / "words_of_the_day.yaml"
    found: list[DullWord] = []
    for entry in entries_of(path, read(path)):
        word = _word(entry)
        if any(word.word == other.word for other in found):
            raise entry.error(f"{word.word} stands here twice", "word")
        found.append(word)
    if not found:
        raise ContentError(str(path), "there has to be a word")
    return tuple(found)


def _word(entry: Entry) -> DullWord:
    entry.allow("word", "meaning")
    meaning = entry.text("meaning")
    if len(meaning.split()) > LONGEST_MEANING:
        raise entry.error(f"a meaning has at most {LONGEST_MEANING} words", "meaning")
    return DullWord(entry.text("word"), meaning)

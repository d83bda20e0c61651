"""A report's view in words."""

from datetime import date

from bot.report.view import Sentence, View, since
from prompts.templates import Words

MOST_WORDS = 120
"""A report is read on a phone, in one look."""


def report_text(words: Words, view: View) -> str:
    """The report as HTML, paragraph by paragraph."""
    return "\n\n".join(
        " ".join(_said(words, sentence) for sentence in paragraph) for paragraph in view.paragraphs
    )


def _said(words: Words, sentence: Sentence) -> str:
    values = {
        name: words("report.day", **since(value)) if isinstance(value, date) else value
        for name, value in sentence.values.items()
    }
    return words(f"report.{sentence.name}", **values)

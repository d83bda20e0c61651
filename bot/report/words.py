"""A report's view in words."""

import html
import re
from datetime import date

from bot.report.view import Sentence, View, since
from prompts.templates import Words

_TAG = re.compile(r"<[^>]+>")

MOST_WORDS = 120
"""A report is read on a phone, in one look."""


def report_text(words: Words, view: View) -> str:
    """The report as HTML, paragraph by paragraph."""
    return "\n\n".join(
        " ".join(said(words, sentence) for sentence in paragraph) for paragraph in view.paragraphs
    )


def said(words: Words, sentence: Sentence, *, plain: bool = False) -> str:
    """One sentence as HTML, or ``plain``: without tags, to be put into another text."""
    values = {
        name: words("report.day", **since(value)) if isinstance(value, date) else value
        for name, value in sentence.values.items()
    }
    text = words(f"report.{sentence.name}", **values)
    return html.unescape(_TAG.sub("", text)) if plain else text

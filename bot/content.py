"""Everything that the bot says and measures by, put together from ``prompts/``."""

from collections.abc import Mapping
from functools import cache

from bot.chat.lazy_reader import LazyReader
from bot.chat.turn import Content, Operator
from bot.reading.reader import Reader
from bot.reading.tiers import TwoTierReader
from bot.reading.weak import WeakReader
from bot.report.picture import Pictures
from bot.report.typeface import check_fonts
from bot.rhythm.choice import Library
from prompts.loading import LANGUAGE, ROOT, load_helplines, load_questions, load_rules
from prompts.markers import load_spec
from prompts.templates import Words
from prompts.weak import load_weak
from prompts.words_of_the_day import load_words_of_the_day


def load_content(operator: Operator) -> Content:
    """Everything from ``prompts/``, checked as far as the program needs it.

    Raises:
        ContentError: a file cannot be used; the message names file and line.
    """
    words = Words()
    words.prepare()
    check_fonts(words)
    pictures = Pictures(words)
    pictures.prepare()
    return Content(
        rules=load_rules(),
        library=Library(load_questions()),
        helplines=load_helplines(),
        words=words,
        operator=operator,
        reader=LazyReader(load_reader),
        pictures=pictures,
        dull_words=load_words_of_the_day(),
    )


@cache
def load_reader() -> tuple[TwoTierReader, Mapping[str, str]]:
    """The reader of texts, and each family of markers in plain words.

    Raises:
        ContentError: a file cannot be used; the message names file and line.
    """
    spec = load_spec(ROOT / LANGUAGE)
    reader = TwoTierReader(Reader(spec), WeakReader(load_weak(ROOT / LANGUAGE)))
    return reader, {family.id: family.plain for family in spec.families}

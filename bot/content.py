"""Everything that the bot says and measures by, put together from ``prompts/``."""

from bot.chat.lazy_reader import LazyReader
from bot.chat.turn import Content, Operator
from bot.reader import MakeReader, load_reader
from bot.report.picture import Pictures
from bot.report.typeface import check_fonts
from bot.rhythm.choice import Library
from prompts.loading import load_helplines, load_questions, load_rules
from prompts.templates import Words
from prompts.words_of_the_day import load_words_of_the_day


def load_content(operator: Operator, make_reader: MakeReader = load_reader) -> Content:
    """Everything from ``prompts/``, checked as far as the program needs it.

    Args:
        operator: who runs the bot.
        make_reader: gives the reader of texts when it is needed.

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
        reader=LazyReader(make_reader),
        pictures=pictures,
        dull_words=load_words_of_the_day(),
    )

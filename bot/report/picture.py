"""Picture: a reading as two circles and calm lines; numbers -> figure -> SVG -> PNG.

No text but the labels of ``templates/picture.j2`` can stand in one: what a template is given holds
numbers, those labels and nothing else.
"""

import html
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jinja2 import TemplateError

from bot.drift.quizzes import QuizReading
from bot.drift.weeks import Reading
from bot.report.circles import Arc, Circles, arc, circles
from bot.report.figure import (
    WEEKS_OF_A_MONTH,
    WEEKS_OF_A_YEAR,
    WEEKS_OF_THE_WEEKLY,
    Figure,
    figure,
    quiz_figure,
)
from bot.report.labels import Kind, Labels, caption, read_labels
from bot.report.lines import Lines, lines
from bot.report.raster import FAMILY, draw
from bot.report.samples import BLANK, SAMPLE
from prompts.loading import LANGUAGE, ROOT
from prompts.source import ContentError
from prompts.templates import Words, environment

MIDDLE: Final = (262.0, 160.0)
MIDDLE_OF_EMPTY: Final = (240.0, 150.0)
ARC_RADIUS: Final = 214.0
SMALL_SCALE: Final = 0.3
SMALL_AT: Final = (66.0, 116.0, 396.0)
"""The small pairs of a month: the first one's middle, from one to the next, and their height."""

STRIPS_TOP: Final = 318.0
STRIP_HEIGHT: Final = 68.0
STRIP_GAP: Final = 10.0
NO_LINES: Final = Lines((), ())


@dataclass(frozen=True, slots=True)
class Sketch:
    """A picture that is not drawn yet: SVG text of a few kilobytes, and its caption in HTML."""

    svg: str
    caption: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as PNG, and its caption in HTML."""

    png: bytes
    caption: str


@dataclass(frozen=True, slots=True)
class SmallPair:
    """One week of a month, about a point."""

    x: float
    circles: Circles


@dataclass(frozen=True, slots=True)
class Drawing:
    """All that a template is given."""

    font: str
    caption: str
    labels: Labels
    circles: Circles
    arc: Arc
    lines: Lines
    weeks: tuple[SmallPair, ...]


class Pictures:
    """The pictures of one language; templates are compiled at their first use and kept.

    Args:
        words: The texts, for labels and captions.
        language: Whose templates.
        root: Where the languages are.

    Raises:
        ContentError: If a label is missing.
    """

    def __init__(self, words: Words, language: str = LANGUAGE, root: Path = ROOT) -> None:
        self._words = words
        self._labels = read_labels(words)
        self._folder = root / language / "pictures"
        self._templates = environment(self._folder)
        self._templates.filters["n"] = number

    def week(self, reading: Reading) -> Sketch:
        """The weekly picture, and the one on request: 28 days as circles, twelve weeks as lines."""
        return self._sketch(Kind.WEEK, figure(reading, WEEKS_OF_THE_WEEKLY), WEEKS_OF_THE_WEEKLY)

    def month(self, reading: Reading) -> Sketch:
        """The last 28 days as circles, and the four weeks in small, one by one."""
        return self._sketch(Kind.MONTH, figure(reading, WEEKS_OF_A_MONTH), WEEKS_OF_A_MONTH)

    def year(self, reading: Reading) -> Sketch:
        """For those who stay: the weekly picture with up to 52 weeks in its lines."""
        return self._sketch(Kind.YEAR, figure(reading, WEEKS_OF_A_YEAR), WEEKS_OF_A_YEAR)

    def quiz(self, reading: QuizReading) -> Sketch:
        """One quiz by itself."""
        return self._sketch(Kind.QUIZ, quiz_figure(reading), 0)

    def prepare(self) -> None:
        """Fill in every template once, so that a mistake stops the start and not a report.

        Raises:
            ContentError: For the first template that cannot be used.
        """
        for kind in Kind:
            shown = BLANK if kind is Kind.EMPTY else SAMPLE
            try:
                self._sketch(kind, shown, WEEKS_OF_THE_WEEKLY)
            except TemplateError as error:
                path = self._folder / _template(kind)
                line = getattr(error, "lineno", 1)
                raise ContentError.at(path, line, error.message or "cannot be used") from None

    def _sketch(self, kind: Kind, shown: Figure, most: int) -> Sketch:
        if shown.empty:
            kind = Kind.EMPTY
        said = caption(self._words, kind, shown)
        middle = MIDDLE_OF_EMPTY if kind is Kind.EMPTY else MIDDLE
        pair = circles(shown.pair, *middle)
        with_lines = kind in {Kind.WEEK, Kind.YEAR}
        drawing = Drawing(
            font=FAMILY,
            caption=html.unescape(said),
            labels=self._labels,
            circles=pair,
            arc=arc(shown.pair, pair, *middle, ARC_RADIUS),
            lines=lines(shown.slots, most, STRIPS_TOP, STRIP_HEIGHT, STRIP_GAP)
            if with_lines
            else NO_LINES,
            weeks=_small(shown) if kind is Kind.MONTH else (),
        )
        svg = self._templates.get_template(_template(kind)).render(drawing=drawing)
        return Sketch(_tidy(svg), said)


def week_picture(pictures: Pictures, reading: Reading) -> Picture:
    """The weekly picture, drawn here and now: 50 ms or so in which nothing else runs."""
    return _drawn(pictures.week(reading))


def month_picture(pictures: Pictures, reading: Reading) -> Picture:
    """The picture of four weeks, drawn here and now."""
    return _drawn(pictures.month(reading))


def year_picture(pictures: Pictures, reading: Reading) -> Picture:
    """The picture of a year, drawn here and now."""
    return _drawn(pictures.year(reading))


def quiz_picture(pictures: Pictures, reading: QuizReading) -> Picture:
    """The picture of a quiz, drawn here and now."""
    return _drawn(pictures.quiz(reading))


def number(value: float, digits: int = 1) -> str:
    """A length for SVG: rounded, so that the same numbers give the same text everywhere.

    Args:
        value: Any length.
        digits: How many decimals at most, 1 or more.
    """
    said = f"{value:.{digits}f}".rstrip("0").rstrip(".")
    return "0" if said in {"-0", ""} else said


def _drawn(sketch: Sketch) -> Picture:
    return Picture(draw(sketch.svg), sketch.caption)


def _template(kind: Kind) -> str:
    return f"{(Kind.WEEK if kind is Kind.YEAR else kind).value}.svg.j2"


def _small(shown: Figure) -> tuple[SmallPair, ...]:
    first, step, y = SMALL_AT
    return tuple(
        SmallPair(first + step * index, circles(slot.pair, first + step * index, y, SMALL_SCALE))
        for index, slot in enumerate(shown.slots)
    )


def _tidy(svg: str) -> str:
    return "\n".join(line.strip() for line in svg.splitlines() if line.strip()) + "\n"

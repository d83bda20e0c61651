"""Pictures of reports: compared as SVG with what is stored, and looked at as pixels."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from enum import StrEnum
from io import BytesIO
from itertools import product
from pathlib import Path
from shutil import copytree
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints
from xml.etree import ElementTree

import pytest
from PIL import Image, ImageChops

from bot.drift.beads import Bead
from bot.drift.record import Record
from bot.drift.rules import Axis, Source
from bot.drift.weeks import read
from bot.report.figure import Figure
from bot.report.labels import LONGEST_CAPTION, Labels, read_labels
from bot.report.lines import Path as PathData
from bot.report.picture import (
    Drawing,
    Picture,
    Pictures,
    month_picture,
    number,
    quiz_picture,
    week_picture,
    year_picture,
)
from bot.report.raster import FONT, draw
from prompts.loading import ROOT
from prompts.source import ContentError
from tests.report import people
from tests.report.people import START, last_day
from tests.report.pictured import (
    CONFLICTING,
    EMPTY,
    FIRST_WEEK,
    PICTURES,
    SKETCHES,
    WORDS,
    quiz,
    steady,
    year,
)

GOLDEN = Path(__file__).parent / "golden" / "pictures"
SVG = "{http://www.w3.org/2000/svg}"


def pixels(png: bytes) -> Image.Image:
    """A PNG as pixels without transparency."""
    return Image.open(BytesIO(png)).convert("RGB")


def parsed(svg: str) -> ElementTree.Element:
    """A picture as a tree of elements."""
    return ElementTree.fromstring(svg)  # noqa: S314  it is our own template's text


def written(svg: str) -> list[str]:
    """Every text in a picture."""
    return [text.text or "" for text in parsed(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize("name", SKETCHES)
def test_a_picture_is_what_is_stored(name: str, request: pytest.FixtureRequest) -> None:
    path = GOLDEN / f"{name}.svg"
    if request.config.getoption("--rewrite-golden"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(SKETCHES[name].svg, encoding="utf-8")
    assert SKETCHES[name].svg == path.read_text(encoding="utf-8")


def test_no_golden_file_is_left_over() -> None:
    assert {path.stem for path in GOLDEN.glob("*.svg")} == set(SKETCHES)


@pytest.mark.parametrize("name", SKETCHES)
def test_a_picture_holds_its_labels_and_nothing_else_in_words(name: str) -> None:
    labels = read_labels(WORDS)
    known = {getattr(labels, field.name) for field in fields(labels) if field.name != "months"}
    texts = written(SKETCHES[name].svg)
    assert {"I", "we"} <= set(texts)
    assert set(texts) <= known | set(labels.months)
    assert not any(sign.isdigit() for text in texts for sign in text)


@pytest.mark.parametrize("name", SKETCHES)
def test_a_picture_has_its_size_in_pixels_and_is_drawn_all_over(name: str) -> None:
    svg = parsed(SKETCHES[name].svg)
    image = pixels(draw(SKETCHES[name].svg))
    assert image.size == (2 * int(svg.attrib["width"]), 2 * int(svg.attrib["height"]))
    blank = Image.new("RGB", image.size, image.getpixel((0, 0)))
    left, top, right, bottom = ImageChops.difference(image, blank).getbbox() or (0, 0, 0, 0)
    assert right - left > image.width / 3
    assert bottom - top > image.height / 3


def test_the_packaged_font_is_what_writes_the_labels(tmp_path: Path) -> None:
    svg = SKETCHES["merging"].svg
    with_font = pixels(draw(svg))
    without_font = pixels(draw(svg, tmp_path / "missing.ttf"))
    difference = ImageChops.difference(with_font, without_font).convert("L")
    changed = sum(difference.point(lambda value: 255 if value > 60 else 0).histogram()[255:])
    assert changed > 1000
    wordless = re.sub(r"<text.*?</text>", "", svg)
    assert pixels(draw(wordless, FONT)).tobytes() == without_font.tobytes()


def test_it_is_the_same_picture_every_time() -> None:
    assert draw(SKETCHES["merging"].svg) == draw(SKETCHES["merging"].svg)
    assert draw(SKETCHES["merging"].svg) != draw(SKETCHES["deferring"].svg)


def test_every_kind_of_picture_comes_with_pixels_and_caption() -> None:
    made: list[Picture] = [
        week_picture(PICTURES, CONFLICTING),
        month_picture(PICTURES, CONFLICTING),
        year_picture(PICTURES, year()),
        quiz_picture(PICTURES, quiz(people.MERGING)),
    ]
    assert len({picture.png for picture in made}) == len(made)
    assert len({picture.caption for picture in made}) == len(made)
    assert all(picture.png.startswith(b"\x89PNG") for picture in made)


NUMBERS = {float, int, bool, date, type(None), Ellipsis}


def leaves(kind: Any) -> Iterator[Any]:
    """The types of all values that a dataclass can hold, however deep."""
    if is_dataclass(kind):
        for hint in get_type_hints(kind).values():
            yield from leaves(hint)
    elif get_origin(kind) in {tuple, UnionType}:
        for part in get_args(kind):
            yield from leaves(part)
    elif isinstance(kind, type) and issubclass(kind, tuple):
        for hint in get_type_hints(kind).values():
            yield from leaves(hint)
    else:
        yield kind


def test_what_is_shown_is_numbers_days_and_choices_by_its_types() -> None:
    for leaf in leaves(Figure):
        assert leaf in NUMBERS or issubclass(leaf, StrEnum), leaf


def test_what_a_template_is_given_has_no_room_for_what_somebody_wrote() -> None:
    allowed = {*NUMBERS, PathData}
    texts = {
        field.name: get_type_hints(Drawing)[field.name]
        for field in fields(Drawing)
        if str in leaves(get_type_hints(Drawing)[field.name])
    }
    assert texts == {"font": str, "caption": str, "labels": Labels}
    for field in fields(Drawing):
        if field.name not in texts:
            for leaf in leaves(get_type_hints(Drawing)[field.name]):
                assert leaf in allowed or issubclass(leaf, StrEnum), (field.name, leaf)


def test_names_of_rules_and_families_stay_outside() -> None:
    record = Record(
        start=START,
        beads=tuple(
            Bead(
                day=last_day(1),
                source=Source.TEXT,
                rule="<script>",
                family="my-secret",
                axis=axis,
                plus=3.0,
                minus=0.0,
                version="v&quot;",
            )
            for axis in Axis
        ),
    )
    sketch = PICTURES.week(read(record, last_day(1)))
    assert "script" not in sketch.svg
    assert "secret" not in sketch.svg
    assert "quot" not in sketch.svg
    assert "secret" not in sketch.caption


@pytest.mark.parametrize("name", SKETCHES)
def test_a_caption_keeps_its_limits(name: str) -> None:
    caption = SKETCHES[name].caption
    assert 0 < len(caption) < LONGEST_CAPTION
    assert not re.search(r"[\d<>!]|\s\s|score|target|ideal", caption)
    assert parsed(SKETCHES[name].svg).findtext(f"{SVG}desc") == caption


LEVELS = ("low", "middle", "high", "unclear")
SAY_LEVELS = (*LEVELS, "rather_low", "rather_high")


@pytest.mark.parametrize("kind", ["week", "month", "year", "quiz"])
def test_every_caption_there_can_be_is_short_enough(kind: str) -> None:
    said = {
        WORDS(f"picture.caption_{kind}", own=own, together=together, say=say)
        for own, together, say in product(LEVELS, LEVELS, SAY_LEVELS)
    }
    assert len(said) == len(LEVELS) ** 2 * len(SAY_LEVELS)
    assert max(map(len, said)) < LONGEST_CAPTION


@pytest.mark.parametrize(
    ("levels", "said"),
    [
        (people.BALANCED, "What is yours: much room. Closeness: much. Say: leans to neither side."),
        (people.MERGING, "What is yours: little room. Closeness: much."),
        (people.DEFERRING, "Say: leans to giving way."),
        (people.DIRECTING, "Say: leans to deciding."),
        (people.DISTANT, "What is yours: much room. Closeness: little."),
        (people.BOTH_LOW, "What is yours: little room. Closeness: little."),
        ((0.5, 0.5, -0.25), "Say: a little toward giving way."),
        ((0.5, 0.5, 0.25), "Say: a little toward deciding."),
    ],
)
def test_a_caption_says_what_the_picture_shows(levels: people.Levels, said: str) -> None:
    assert said in PICTURES.week(steady(levels)).caption


def test_too_early_is_drawn_in_dashes_and_said() -> None:
    sketch = PICTURES.week(FIRST_WEEK)
    assert sketch.svg.count("stroke-dasharray") == 2
    assert "not clear yet" in sketch.caption
    assert "room" not in sketch.caption
    assert "stroke-dasharray" not in SKETCHES["merging"].svg


def test_nothing_answered_is_a_picture_of_its_own() -> None:
    for sketch in (PICTURES.week(EMPTY), PICTURES.month(EMPTY), PICTURES.year(EMPTY)):
        assert written(sketch.svg) == ["I", "we", "nothing to draw yet"]
        assert "nothing to draw yet" in sketch.caption


def test_an_axis_without_answers_is_dotted_and_not_clear() -> None:
    sketch = SKETCHES["quiz_half_done"]
    assert sketch.svg.count("stroke-dasharray") == 1
    assert sketch.caption.endswith(
        "What is yours: little room. Closeness: not clear yet. Say: not clear yet."
    )


@pytest.mark.parametrize(
    ("value", "digits", "said"),
    [(1.0, 1, "1"), (100.04, 1, "100"), (-0.01, 1, "0"), (0.125, 2, "0.12"), (-3.25, 1, "-3.2")],
)
def test_a_number_is_short(value: float, digits: int, said: str) -> None:
    assert number(value, digits) == said


def test_every_template_is_looked_at_before_it_is_needed(tmp_path: Path) -> None:
    PICTURES.prepare()
    copytree(ROOT / "en", tmp_path / "en")
    template = tmp_path / "en" / "pictures" / "month.svg.j2"
    template.write_text("{{ drawing.nothing.like_it }}", encoding="utf-8")
    with pytest.raises(ContentError, match=r"month\.svg\.j2.*like_it|month\.svg\.j2.*nothing"):
        Pictures(WORDS, root=tmp_path).prepare()
    template.write_text("\n{% if %}", encoding="utf-8")
    with pytest.raises(ContentError, match=r"month\.svg\.j2:2"):
        Pictures(WORDS, root=tmp_path).prepare()
    template.unlink()
    with pytest.raises(ContentError, match=r"month\.svg\.j2"):
        Pictures(WORDS, root=tmp_path).prepare()

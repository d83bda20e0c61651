"""The packaged font: there, readable, and able to write every label."""

from pathlib import Path
from shutil import copytree

import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # has no annotations

from bot.report.labels import read_labels
from bot.report.raster import FAMILY, FONT
from bot.report.typeface import FontError, characters, check_fonts
from prompts.loading import ROOT
from prompts.templates import Words


def test_the_labels_can_be_written() -> None:
    check_fonts(Words())


def test_its_characters_are_those_that_fonttools_finds() -> None:
    assert characters(FONT) == {chr(code) for code in TTFont(FONT).getBestCmap()}


def test_its_family_is_the_one_that_the_pictures_ask_for() -> None:
    assert TTFont(FONT)["name"].getBestFamilyName() == FAMILY


def test_it_is_small_and_comes_with_its_licence() -> None:
    assert FONT.stat().st_size < 400_000
    licence = (FONT.parent / "OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence


def test_a_missing_font_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(FontError, match=r"cannot be read: .*gone\.ttf"):
        check_fonts(Words(), tmp_path / "gone.ttf")


@pytest.mark.parametrize("size", [0, 3, 11, 200, 5000, 50_000])
def test_half_a_font_stops_the_start(tmp_path: Path, size: int) -> None:
    broken = tmp_path / "broken.ttf"
    broken.write_bytes(FONT.read_bytes()[:size])
    with pytest.raises(FontError, match="not a font that can be read"):
        check_fonts(Words(), broken)


def test_a_label_that_the_font_cannot_write_stops_the_start(tmp_path: Path) -> None:
    copytree(ROOT / "en", tmp_path / "en")
    template = tmp_path / "en" / "templates" / "picture.j2"
    text = template.read_text(encoding="utf-8")
    template.write_text(text.replace(">I{%", "}я{%").replace("%}I{%", "%}я{%"), encoding="utf-8")
    assert "я" in read_labels(Words(root=tmp_path)).own
    with pytest.raises(FontError, match=r"'я' \(U\+044F\)"):
        check_fonts(Words(root=tmp_path))

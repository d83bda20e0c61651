import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from prompts.checking import check
from prompts.findings import Finding
from prompts.loading import ROOT

TODAY = date(2026, 11, 24)
_EMPTY = {
    "rules.yaml": "[]\n",
    "questions.yaml": "[]\n",
    "helplines.yaml": "countries: {}\nlines: []\n",
}


class Copy:
    """A copy of the shipped files that may be broken."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / "en"

    def change(self, file: str, old: str, new: str) -> int:
        """Replace the first place where a text stands; its line, from 1."""
        path = self.folder / file
        source = path.read_text(encoding="utf-8")
        assert old in source, f"{old!r} is not in {file}"
        path.write_text(source.replace(old, new, 1), encoding="utf-8")
        return source[: source.index(old)].count("\n") + 1

    def write(self, file: str, text: str) -> Path:
        path = self.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def keep_only(self, file: str) -> None:
        """Empty the other YAML files, which are slow to read."""
        for other, nothing in _EMPTY.items():
            if other != file:
                self.write(other, nothing)

    def findings(self) -> list[Finding]:
        return check(TODAY, root=self.root)

    def said(self) -> list[str]:
        """The findings without the folder they are in."""
        return [str(finding).replace(f"{self.folder}/", "") for finding in self.findings()]


@pytest.fixture
def content(tmp_path: Path) -> Copy:
    """The shipped YAML files, copied; of the templates one that stays put while others grow."""
    copy = Copy(tmp_path)
    copy.folder.mkdir()
    for name in (
        "rules.yaml",
        "questions.yaml",
        "helplines.yaml",
        "wording.yaml",
        "words_of_the_day.yaml",
    ):
        shutil.copy(ROOT / "en" / name, copy.folder / name)
    copy.write("templates/start.j2", "{% macro hello(name) %}\nHello {{ name }}.\n{% endmacro %}\n")
    return copy


@pytest.fixture
def yaml_file(tmp_path: Path) -> Callable[[str], Path]:
    """Write a small YAML file."""

    def write(text: str) -> Path:
        path = tmp_path / "some.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write

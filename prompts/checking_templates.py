"""Checks of the templates: they compile, Telegram takes them, and they say nothing unkind."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from jinja2 import TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from prompts.findings import Bench, Check, Finding, Level
from prompts.source import ContentError
from prompts.template_names import unknown
from prompts.template_tags import TAG, TELEGRAM_TAGS, unpaired
from prompts.templates import environment, signatures_of

_STRAY: Final = re.compile(r"<(?!/?[a-zA-Z])|&(?!(?:amp|lt|gt|quot|#\d+|#x[0-9a-fA-F]+);)")
_CODE: Final = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_QUOTED: Final = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'")
_FILLED_IN: Final = "{{ }}"


def templates(bench: Bench) -> Iterator[Path]:
    """The template files of a language, in the order of their names."""
    yield from sorted((bench.folder / "templates").rglob("*.j2"))


def compiling(bench: Bench) -> Iterator[Finding]:
    """Every file can be compiled, says nothing outside a macro, and fits what is put in."""
    made = environment(bench.folder / "templates")
    for path in templates(bench):
        try:
            source = path.read_text(encoding="utf-8")
            yield from _about_macros(path, made, source)
            tree = made.parse(source)
            for line, message in (*unpaired(tree), *unknown(tree, made.globals)):
                yield Finding.of(ContentError.at(path, line, message))
            made.from_string(source)
        except UnicodeDecodeError:
            yield Finding.about_file(path, "these characters are not UTF-8")
        except TemplateSyntaxError as error:
            yield Finding.of(ContentError.at(path, error.lineno, error.message or "cannot be read"))


def wording(bench: Bench) -> Iterator[Finding]:
    """No forbidden words and no exclamation marks."""
    for path, text in _texts(bench):
        for forbidden in bench.forbidden:
            for match in forbidden.pattern.finditer(text):
                said = " ".join(match[0].split())
                yield _at(path, text, match.start(), f'"{said}": {forbidden.because}')
        for match in re.finditer("!", text):
            yield _at(path, text, match.start(), "no exclamation marks")


def markup(bench: Bench) -> Iterator[Finding]:
    """Only the HTML that Telegram knows: it refuses a message with anything else in it."""
    for path, text in _texts(bench):
        for match in TAG.finditer(text):
            if match[2].lower() not in TELEGRAM_TAGS:
                yield _at(path, text, match.start(), f"Telegram knows no <{match[2]}>")
        for match in _STRAY.finditer(text):
            escaped = "&lt;" if match[0] == "<" else "&amp;"
            yield _at(path, text, match.start(), f'"{match[0]}" is written {escaped}')


def _about_macros(
    path: Path, made: ImmutableSandboxedEnvironment, source: str
) -> Iterator[Finding]:
    for node in made.parse(source).body:
        if isinstance(node, nodes.Output) and any(
            not isinstance(part, nodes.TemplateData) or part.data.strip() for part in node.nodes
        ):
            line = next(
                part.lineno + leading_lines(part)
                for part in node.nodes
                if not isinstance(part, nodes.TemplateData) or part.data.strip()
            )
            yield Finding.of(
                ContentError.at(path, line, "text outside a macro is never said; is it a comment?")
            )
    for name, signature in signatures_of(made, source).items():
        for argument in sorted(signature.unused):
            yield Finding(
                Finding.about_file(path, "").file,
                signature.line,
                f"{name} never mentions {argument}",
                Level.WARNING,
            )


def leading_lines(part: nodes.Node) -> int:
    """How many lines of white space a piece of text begins with."""
    data = str(getattr(part, "data", ""))
    return data[: len(data) - len(data.lstrip())].count("\n")


def _texts(bench: Bench) -> Iterator[tuple[Path, str]]:
    """What each file can say, on the lines where it stands."""
    for path in templates(bench):
        try:
            yield path, said(path.read_text(encoding="utf-8"))
        except UnicodeDecodeError:
            continue


def said(source: str) -> str:
    """A template with its code blanked out: same lines, `{{ }}` for what is filled in.

    Texts in quotation marks inside the code stay, since they may be said as well.
    """
    return _CODE.sub(_blanked, source)


def _blanked(code: re.Match[str]) -> str:
    if code[0].startswith("{#"):
        return "\n" * code[0].count("\n")
    inner = code[0][2:-2]
    kept: list[str] = []
    end = 0
    for quoted in _QUOTED.finditer(inner):
        kept += ["\n" * inner.count("\n", end, quoted.start()), f" {quoted[0][1:-1]} "]
        end = quoted.end()
    kept.append("\n" * inner.count("\n", end))
    blank = "".join(kept)
    return blank if code[0].startswith("{%") else f"{_FILLED_IN}{blank}"


def _at(path: Path, text: str, position: int, message: str) -> Finding:
    return Finding.of(ContentError.at(path, text.count("\n", 0, position) + 1, message))


CHECKS: Final[tuple[Check, ...]] = (compiling, wording, markup)

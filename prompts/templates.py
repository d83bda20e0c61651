"""What the bot says: one template file per conversation, one macro per text.

`words("start.welcome", operator="Ada")` says the macro `welcome` of `templates/start.j2`. Texts are
HTML, arguments are escaped; button labels and push texts, which Telegram takes as they are, come
from `words.plain(...)`. Templates can say things, and do nothing else: they run in Jinja's
immutable sandbox.

White space: lines that hold only a `{% ... %}` or a comment leave nothing behind, blank lines
between paragraphs stay (two in a row become one), and both ends are trimmed.
"""

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from jinja2 import (
    FileSystemLoader,
    StrictUndefined,
    Template,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    UndefinedError,
    nodes,
)
from jinja2.sandbox import ImmutableSandboxedEnvironment

from prompts.loading import LANGUAGE, ROOT
from prompts.source import ContentError

_BLANK_LINES: Final = re.compile(r"\n\s*\n\s*\n")

_REMEMBERED: Final = 1024
"""So many texts are kept as they were said; there are fewer in which no words are put."""


@dataclass(frozen=True, slots=True)
class Signature:
    """What a macro is to be told.

    Attributes:
        line: Where it begins, from 1.
        needed: Arguments without a default.
        known: All arguments.
        unused: Arguments that its text never mentions.
    """

    line: int
    needed: frozenset[str]
    known: frozenset[str]
    unused: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Text:
    """One macro, ready to be said."""

    signature: Signature
    say: Callable[..., str]


class Words:
    """The texts of one language.

    Each file is compiled at its first use, or by `prepare`, and kept. Not to be shared between
    threads while files are still being met for the first time.
    """

    def __init__(self, language: str = LANGUAGE, root: Path = ROOT) -> None:
        self._folder = root / language / "templates"
        self._environment = environment(self._folder)
        self._texts: dict[str, _Text] = {}
        self._said_before = lru_cache(_REMEMBERED, typed=True)(self._say)

    def __call__(self, name: str, /, **arguments: object) -> str:
        """The text `conversation.macro` as HTML.

        Raises:
            ContentError: If there is no such text, an argument is missing, or one is not known to
                the text, or something in the text goes wrong.
        """
        # what a person wrote is never kept: labels and numbers are most of what is said again
        if all(isinstance(value, int) for value in arguments.values()):
            return self._said_before(name, **arguments)
        return self._say(name, **arguments)

    def _say(self, name: str, /, **arguments: object) -> str:
        text = self._texts.get(name) or self._find(name)
        signature = text.signature
        if not signature.needed <= arguments.keys() <= signature.known:
            raise self._wrong_arguments(name, signature, arguments)
        try:
            said = str(text.say(**arguments)).strip()
        except TemplateError as error:
            raise self._error(name, signature.line, f"{name}: {error.message}") from None
        except (TypeError, ValueError, ArithmeticError, LookupError) as error:
            # their messages quote values, and a value may be what a person wrote
            kind = type(error).__name__
            raise self._error(name, signature.line, f"{name}: {kind} in the text") from None
        return _BLANK_LINES.sub("\n\n", said) if "\n" in said else said

    def plain(self, name: str, /, **arguments: object) -> str:
        """The same text with nothing escaped, for button labels and where HTML is not read.

        Raises:
            ContentError: As for the HTML.
        """
        return html.unescape(self(name, **arguments))

    def prepare(self) -> None:
        """Compile every file now, so that a mistake stops the start and not a conversation.

        Raises:
            ContentError: For the first file that does not compile.
        """
        for path in sorted(self._folder.glob("*.j2")):
            self._load(path.stem)

    def _find(self, name: str) -> _Text:
        conversation, dot, macro = name.partition(".")
        if not dot or not macro:
            raise self._error(name, 1, f"a text is called conversation.macro, not {name!r}")
        self._load(conversation)
        if name not in self._texts:
            raise self._error(name, 1, f"no text is called {macro!r}")
        return self._texts[name]

    def _load(self, conversation: str) -> None:
        """Compile a file and keep all its texts; those that begin with `_` are for the file."""
        try:
            signatures, template = self._compiled(f"{conversation}.j2")
            module: Any = template.module
        except (FileNotFoundError, TemplateNotFound) as error:
            missing = getattr(error, "name", f"{conversation}.j2")
            raise self._error(conversation, 1, f"there is no template {missing}") from None
        except TemplateSyntaxError as error:
            raise self._error(conversation, error.lineno, str(error.message)) from None
        except UndefinedError as error:
            raise self._error(conversation, 1, str(error.message)) from None
        for macro, signature in signatures.items():
            if not macro.startswith("_"):
                self._texts[f"{conversation}.{macro}"] = _Text(signature, getattr(module, macro))

    def _compiled(self, file: str) -> tuple[dict[str, Signature], Template]:
        """What the environment would do by itself, but parsed once: all files wait for this."""
        path, made = self._folder / file, self._environment
        tree = made.parse(path.read_text(encoding="utf-8"), file, str(path))
        signatures = _signatures(tree)
        code = made.compile(tree, file, str(path))
        return signatures, made.template_class.from_code(made, code, made.make_globals(None))

    def _wrong_arguments(
        self, name: str, signature: Signature, arguments: Mapping[str, object]
    ) -> ContentError:
        missing = sorted(signature.needed - arguments.keys())
        unknown = sorted(arguments.keys() - signature.known)
        message = "; ".join(
            [f"{argument} is missing" for argument in missing]
            + [f"{argument} is not used" for argument in unknown]
        )
        return self._error(name, signature.line, f"{name}: {message}")

    def _error(self, name: str, line: int, message: str) -> ContentError:
        return ContentError.at(self._folder / f"{name.partition('.')[0]}.j2", line, message)


def environment(folder: Path) -> ImmutableSandboxedEnvironment:
    """The settings under which every text of a folder is compiled."""
    made = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(folder, encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    made.filters["plural"] = counted
    return made


def counted(count: int, one: str, many: str | None = None) -> str:
    """A count with its noun, 1 day or 3 days: the filter `plural` of the templates."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def signatures_of(made: ImmutableSandboxedEnvironment, source: str) -> dict[str, Signature]:
    """The macros of a template and what each is to be told.

    Raises:
        jinja2.TemplateSyntaxError: If the template cannot be read.
    """
    return _signatures(made.parse(source))


def _signatures(tree: nodes.Template) -> dict[str, Signature]:
    return {macro.name: _signature(macro) for macro in tree.body if isinstance(macro, nodes.Macro)}


def _signature(macro: Any) -> Signature:
    arguments = [argument.name for argument in macro.args]
    with_default = arguments[len(arguments) - len(macro.defaults) :] if macro.defaults else []
    mentioned = {name.name for part in macro.body for name in _names(part)}
    return Signature(
        line=macro.lineno,
        needed=frozenset(arguments) - frozenset(with_default),
        known=frozenset(arguments),
        unused=frozenset(arguments) - mentioned,
    )


def _names(part: Any) -> list[Any]:
    found = list(part.find_all(nodes.Name))
    return [part, *found] if isinstance(part, nodes.Name) else found

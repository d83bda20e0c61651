"""Whether a log holds what must never be in one: a token, or a sentence that somebody typed."""

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from bot.demo.server import DEFAULT_TOKEN
from bot.demo.world import World
from bot.logs import set_up_logging

LEAST = 8
"""Shorter texts ("yes", "20:00") stand in a log by chance, so they prove nothing."""


class Overheard:
    """All that was logged while a test ran, and all that people typed meanwhile.

    ``logs`` are the files into which processes log, ``tokens`` what may not be seen in there.
    """

    def __init__(self) -> None:
        self.stream = io.StringIO()
        self.worlds: list[World] = []
        self.logs: list[Path] = []
        self.tokens = {DEFAULT_TOKEN}

    def logged(self) -> str:
        """Everything that was logged, by this process and by others."""
        texts = [path.read_text(encoding="utf-8") for path in self.logs if path.exists()]
        return "\n".join([self.stream.getvalue(), *texts])

    def typed(self) -> set[str]:
        """What people typed, before and after edits; commands are no secret."""
        found = set()
        for world in self.worlds:
            for chat in world.chats.values():
                for message in chat.messages.values():
                    if not message.from_bot:
                        found |= {message.text, *(edit.text for edit in message.history)}
        return {text for text in found if len(text) >= LEAST and not text.startswith("/")}

    def leaks(self) -> list[str]:
        """What was typed, and tokens, as far as they were logged."""
        logged = self.logged()
        return sorted(secret for secret in self.typed() | self.tokens if secret in logged)

    def forget(self) -> None:
        """Forget what was logged so far in this process."""
        self.stream.truncate(0)


@contextmanager
def listening() -> Iterator[Overheard]:
    """Log as the bot does at its most talkative, note all of it, and all worlds that are made."""
    heard = Overheard()
    made = World.__init__
    levels, handlers = _levels(), list(logging.getLogger().handlers)

    def noticed(world: World, *args: object, **kwargs: object) -> None:
        made(world, *args, **kwargs)  # type: ignore[arg-type]  # whatever the caller has given
        heard.worlds.append(world)

    with patch("sys.stderr", heard.stream):
        set_up_logging("DEBUG", "text", DEFAULT_TOKEN)
    logging.getLogger().handlers += handlers
    try:
        with patch.object(World, "__init__", noticed):
            yield heard
    finally:
        logging.getLogger().handlers[:] = handlers
        for name in _levels():
            logging.getLogger(name).setLevel(levels.get(name, logging.NOTSET))


def _levels() -> dict[str, int]:
    names = ("", *logging.Logger.manager.loggerDict)
    return {name: logging.getLogger(name).level for name in names}

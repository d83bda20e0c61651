"""The reader of texts, made here or by a process of its own: ``python -m bot.reader`` gives it.

Making it takes three times the memory of what is made, and Python seldom gives back what lies
between things that stay. A process that ends gives back everything.
"""

import logging
import pickle
import subprocess
import sys
from collections.abc import Callable, Mapping
from functools import cache
from typing import TypeAlias

from bot.logs import where
from bot.reading.reader import Reader
from bot.reading.tiers import TwoTierReader
from bot.reading.weak import WeakReader
from prompts.loading import LANGUAGE, ROOT
from prompts.markers import load_spec
from prompts.weak import load_weak

log = logging.getLogger(__name__)

Made: TypeAlias = tuple[TwoTierReader, Mapping[str, str]]
"""The reader, and each family of markers in plain words."""

MakeReader: TypeAlias = Callable[[], Made]


@cache
def load_reader() -> Made:
    """Make the reader here.

    Raises:
        ContentError: a file cannot be used; the message names file and line.
    """
    spec = load_spec(ROOT / LANGUAGE)
    reader = TwoTierReader(Reader(spec), WeakReader(load_weak(ROOT / LANGUAGE)))
    return reader, {family.id: family.plain for family in spec.families}


def fetch_reader() -> Made:
    """Have the reader made by a process of its own, or else make it here.

    Raises:
        ContentError: a file cannot be used; the message names file and line.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-m", "bot.reader"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # a Ctrl-C is meant for the bot
            check=True,
        )
        made: Made = pickle.loads(done.stdout)  # noqa: S301 - from this very program
    except (OSError, subprocess.SubprocessError, EOFError, pickle.UnpicklingError) as error:
        log.info("no other process has made the reader, so it is made here: %s", where(error))
        return load_reader()
    return made


if __name__ == "__main__":
    pickle.dump(load_reader(), sys.stdout.buffer, pickle.HIGHEST_PROTOCOL)

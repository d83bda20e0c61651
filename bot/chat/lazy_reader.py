"""The reader of texts, made when it is first needed or while there is nothing else to do.

Compiling several hundred patterns takes most of a second; the bot polls before that is done.
"""

import ctypes
import threading
from collections.abc import Callable, Mapping

from bot.reading.reader import Reading
from bot.reading.tiers import TwoTierReader


class LazyReader:
    """Stands for a reader; the first use waits until it is made."""

    def __init__(self, make: Callable[[], tuple[TwoTierReader, Mapping[str, str]]]) -> None:
        """``make`` gives the reader and the families' plain words."""
        self._make = make
        self._made: tuple[TwoTierReader, Mapping[str, str]] | None = None
        self._lock = threading.Lock()

    def prepare(self) -> None:
        """Make the reader now, if it is not there yet, and all it may need; from any thread.

        Raises:
            ContentError: a file it reads by cannot be used.
        """
        self._get()[0].prepare()
        _give_back()

    def read(self, text: str, question_axis: str | None = None) -> Reading:
        """Read one text; see ``Reader.read``."""
        return self._get()[0].read(text, question_axis)

    @property
    def version(self) -> str:
        """The stamp of everything the reader reads by."""
        return self._get()[0].version

    def plain(self, family: str) -> str:
        """What a family of markers says, in plain words; its name if nobody knows it any more."""
        return self._get()[1].get(family, family)

    def _get(self) -> tuple[TwoTierReader, Mapping[str, str]]:
        if self._made is None:
            with self._lock:
                if self._made is None:
                    self._made = self._make()
        return self._made


def _give_back() -> None:
    """Give memory that only the making needed back to the system.

    It is free already, but the C library keeps it for later. glibc can be told to let go; where
    there is another library nothing happens.
    """
    try:
        trim = ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError, TypeError):
        return
    trim(0)

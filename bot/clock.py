"""Where the time comes from: the machine, or a demo or a test that moves it."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Anything that tells the present instant."""

    def now(self) -> datetime:
        """The present instant, aware and in UTC."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """The present instant, aware and in UTC."""
        return datetime.now(UTC)


class MovedClock:
    """The machine's clock, moved ahead by hand: for the demo and for tests."""

    def __init__(self, start: datetime | None = None) -> None:
        self._offset = timedelta(0) if start is None else start - datetime.now(UTC)

    def now(self) -> datetime:
        """The present instant of the moved clock, aware and in UTC."""
        return datetime.now(UTC) + self._offset

    def move_to(self, instant: datetime) -> None:
        """Let it be ``instant`` now."""
        self._offset = instant - datetime.now(UTC)

    def move(self, step: timedelta) -> None:
        """Move by ``step``, forward or back."""
        self._offset += step

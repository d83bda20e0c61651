"""How instants and local days are written down."""

from datetime import UTC, date, datetime


def to_seconds(instant: datetime) -> int:
    """Whole seconds since 1970 in UTC, rounded down, of an aware instant."""
    return int(instant.timestamp())


def from_seconds(seconds: int) -> datetime:
    """The aware UTC instant for whole seconds since 1970."""
    return datetime.fromtimestamp(seconds, UTC)


def to_day(text: str) -> date:
    """The local day written as ``YYYY-MM-DD``."""
    return date.fromisoformat(text)

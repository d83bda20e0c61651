"""Times of day and weekdays as people type them."""

import re
from datetime import time

_TIME = re.compile(
    r"^\s*(?:at\s+)?(?P<hour>\d{1,2})(?:[:.h ]?(?P<minute>\d{2}))?\s*(?P<half>[ap]\.?m\.?)?\s*$",
    re.IGNORECASE,
)
_NAMED = {"noon": time(12), "midday": time(12), "midnight": time(0)}


def time_in(text: str) -> time | None:
    """The time of day that a person means, or None.

    Understands "20:00", "8pm", "8.15 pm", "2030", "20" and "noon".
    """
    named = _NAMED.get(text.strip().casefold())
    if named is not None:
        return named
    match = _TIME.match(text)
    if match is None:
        return None
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    if match["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match["half"].lower().startswith("p") else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NAMED_DAYS = {
    "weekdays": frozenset({1, 2, 3, 4, 5}),
    "weekends": frozenset({6, 7}),
    "weekend": frozenset({6, 7}),
    "every day": frozenset(range(1, 8)),
    "everyday": frozenset(range(1, 8)),
    "daily": frozenset(range(1, 8)),
    "all": frozenset(range(1, 8)),
}
_WORDS = re.compile(r"[a-z]+")


def days_in(text: str) -> frozenset[int] | None:
    """The ISO weekdays (1 Monday .. 7 Sunday) that a person lists, or None.

    Understands "mon wed fri", "monday and friday", "weekdays" and "every day".
    """
    folded = " ".join(text.casefold().split())
    if folded in _NAMED_DAYS:
        return _NAMED_DAYS[folded]
    words = [word for word in _WORDS.findall(folded) if word not in {"and", "on"}]
    days = {_weekday(word) for word in words}
    return frozenset(day for day in days if day) if days and None not in days else None


def weekly_in(text: str) -> tuple[int, time] | None:
    """The ISO weekday and the time of day in "sunday 18:00", or None."""
    first, _, rest = text.strip().partition(" ")
    day, at = _weekday(first.casefold().rstrip(",")), time_in(rest)
    return (day, at) if day is not None and at is not None else None


def _weekday(word: str) -> int | None:
    """The weekday a word names, in full or by three letters or more."""
    for number, short in enumerate(_WEEKDAYS, start=1):
        full = {"tue": "tuesday", "wed": "wednesday", "thu": "thursday", "sat": "saturday"}.get(
            short, f"{short}day"
        )
        if len(word) >= 3 and full.startswith(word.rstrip("s") if word.endswith("ys") else word):
            return number
    return None

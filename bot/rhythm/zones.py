"""Time zones by name, looked up once."""

from functools import cache, lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones


class UnknownZoneError(ValueError):
    """There is no time zone of this name."""


@lru_cache(maxsize=1024)  # zoneinfo itself keeps only the last eight alive for certain
def zone_named(name: str) -> ZoneInfo:
    """The zone of an IANA name such as "Europe/Berlin".

    Raises:
        UnknownZoneError: if there is no such zone; the name may be anything a person typed.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        # a folder ("America") and a path ("../x") fail in ways of their own
        raise UnknownZoneError(name) from error


def zone_typed(text: str) -> str:
    """The name of the zone that somebody has typed in any case: "america/new york" is one.

    Raises:
        UnknownZoneError: if there is no such zone.
    """
    try:
        return _names()[text.strip().casefold().replace(" ", "_")]
    except KeyError:
        raise UnknownZoneError(text) from None


@cache
def _names() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones()}

"""Time zones by name, looked up once."""

from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


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

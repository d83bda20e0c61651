"""Help lines: the numbers behind `/safety`, and which of them may be shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

ANY_COUNTRY = "ANY"
RECHECK_AFTER = timedelta(days=90)


class Kind(StrEnum):
    """What a line is for."""

    ABUSE = "abuse"
    CRISIS = "crisis"
    EMERGENCY = "emergency"
    DIRECTORY = "directory"


class Status(StrEnum):
    """What is known about a number; only what was seen in a source is shown."""

    SEEN = "seen"
    UNVERIFIED = "unverified"
    REPORTED_DEAD = "reported_dead"


@dataclass(frozen=True, slots=True)
class Helpline:
    """One number.

    Attributes:
        country: Two letters, `EU`, or `ANY`.
        name: What the person reads.
        kind: What it is for.
        number: As people dial it; for a directory its address.
        sms: How to write instead of calling.
        hours: When somebody answers, as the source says it.
        source: Where the number was read.
        verified_on: When; the first day of a month or year if no more is known.
        status: What is known about it.
        note: A remark for the person.
    """

    country: str
    name: str
    kind: Kind
    number: str
    source: str
    status: Status
    sms: str | None = None
    hours: str | None = None
    verified_on: date | None = None
    note: str | None = None

    @property
    def showable(self) -> bool:
        """Whether a person may see it: a wrong number is worse than none."""
        return self.status is Status.SEEN

    def is_stale(self, today: date) -> bool:
        """Whether nobody has checked it for 90 days."""
        return self.verified_on is None or today - self.verified_on > RECHECK_AFTER


@dataclass(frozen=True, slots=True)
class Helplines:
    """The lines that may be shown, in the order of their file, and the names of the countries."""

    countries: Mapping[str, str]
    lines: tuple[Helpline, ...]

    def of(self, country: str | None, kind: Kind | None = None) -> tuple[Helpline, ...]:
        """The lines of a country, all or of one kind; what works everywhere is not among them."""
        return tuple(
            line
            for line in self.lines
            if line.country == country and (kind is None or line.kind is kind)
        )

    @property
    def everywhere(self) -> tuple[Helpline, ...]:
        """What works in any country, and is shown when none was chosen."""
        return self.of(ANY_COUNTRY)

"""What `export.json` looks like; an import reads the same shape back.

Every `id` is a number within the file, from 1. Days are the person's local days, instants are
ISO 8601 in UTC. Everything is checked when it is read: a file may have been edited, or be none of
ours.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from bot.rhythm.reminders import MAX_PAUSE_DAYS
from bot.rhythm.zones import UnknownZoneError, zone_named

Number = Annotated[int, Field(ge=1)]
Value = Annotated[int, Field(ge=1, le=5)]
Closeness = Annotated[int, Field(ge=1, le=7)]

EARLIEST = date(2015, 1, 1)
"""Telegram has had bots since June 2015; nothing of a file can be older."""

AHEAD = timedelta(days=1)
"""So much later than now a day can be somewhere else, or by another clock."""

AHEAD_BY_NATURE = {
    "paused_until": timedelta(days=MAX_PAUSE_DAYS + 1),
    "help_until": timedelta(days=8),
}
"""What lies ahead because it is when something ends: a pause, or the week in which help is shown,
and a day more."""

Axis = Literal["self", "together", "say"]
Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class Part(BaseModel):
    """A part of the file; unknown names are refused."""

    # errors are printed, and what people wrote is not for printing
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Settings(Part):
    """What the person chose, and since when they are here."""

    created_at: AwareDatetime
    consented_at: AwareDatetime | None
    withdrawn: bool = False
    started_on: date | None
    state: Literal["new", "active", "paused", "stopped", "gone"]
    paused_until: date | None
    keep_days: Literal[0, 90, 365] | None
    push: Literal["text", "quiet"] | None
    discreet: bool
    zone: str | None
    place: str | None
    ask_at: Clock
    days: Annotated[str, Field(pattern=r"^[1-7]{1,7}$")]
    weekly_at: Annotated[str, Field(pattern=r"^[1-7] ([01]\d|2[0-3]):[0-5]\d$")]
    masks: tuple[str, ...]


class Question(Part):
    """A question as it was asked."""

    id: Number
    day: date
    kind: Literal["daily", "extra"]
    question: str
    text: str
    tap: str | None
    asked_at: AwareDatetime
    state: Literal["open", "answered", "skipped", "later", "expired"]
    replaced: tuple[str, ...]


class Phrase(Part):
    """A phrase that was recognised in an answer; `gate` says why it does not count."""

    rule: str
    family: str
    phrase: str
    gate: str | None


class Answer(Part):
    """What was written: to a question, or as a note of the day."""

    id: Number
    day: date
    question: str | None
    question_id: Number | None
    text: str
    words: Annotated[int, Field(ge=0)]
    unread: bool
    late: bool
    answered_at: AwareDatetime
    edited_at: AwareDatetime | None
    recognised: tuple[Phrase, ...]


class Tap(Part):
    """A daily tap; `wording` is the stamp of the words it was asked in."""

    id: Number
    question_id: Number
    rule: str
    wording: str
    value: Value
    day: date
    late: bool
    tapped_at: AwareDatetime


class Quiz(Part):
    """A quiz; `day` is None while it is not finished."""

    id: Number
    day: date | None
    started_at: AwareDatetime
    version: str
    closeness_now: Closeness | None
    closeness_wished: Closeness | None
    answers: dict[str, Value | None]


class CheckIn(Part):
    """A weekly check-in."""

    id: Number
    day: date
    sent_at: AwareDatetime
    finished_at: AwareDatetime | None
    answers: dict[str, Value | None]
    wordings: dict[str, str]


class Bead(Part):
    """What an answer counted for; `of` is the id of the tap, check-in, quiz or answer."""

    day: date
    source: Literal["tap", "check_in", "quiz", "text"]
    of: Number | None
    rule: str
    family: str
    axis: Axis
    plus: float
    minus: float
    version: str


class Report(Part):
    """A report that was given, and what it named."""

    day: date
    kind: Literal["weekly", "asked", "month"]
    pattern: str
    version: str
    made_at: AwareDatetime


class Shift(Part):
    """A shift that was told."""

    axis: Axis
    told: date
    since: date
    direction: Literal["up", "down"]
    clear: bool


class NotMe(Part):
    """A phrase that the person called "not me"."""

    family: str
    answer_id: Number | None
    said_on: date


class Flag(Part):
    """A time at which help was offered."""

    kind: Literal["A", "B", "C", "D", "E"]
    sure: bool
    raised_at: AwareDatetime
    closed_at: AwareDatetime | None


class Safety(Part):
    """Only there if the person asked for it."""

    card: str | None
    country: str | None
    help_until: AwareDatetime | None
    flags: tuple[Flag, ...]


class Export(Part):
    """The whole file."""

    program: Literal["ampersand"] = "ampersand"
    format: Literal[1] = 1
    settings: Settings
    questions: tuple[Question, ...]
    answers: tuple[Answer, ...]
    taps: tuple[Tap, ...]
    quizzes: tuple[Quiz, ...]
    check_ins: tuple[CheckIn, ...]
    beads: tuple[Bead, ...]
    reports: tuple[Report, ...]
    chapters: tuple[date, ...]
    unusual_weeks: tuple[date, ...]
    told_shifts: tuple[Shift, ...]
    not_me: tuple[NotMe, ...]
    safety: Safety | None = None

    @model_validator(mode="after")
    def _whole(self) -> "Export":
        questions = {question.id for question in self.questions}
        answers = {answer.id for answer in self.answers}
        asked = [
            *(answer.question_id for answer in self.answers),
            *(tap.question_id for tap in self.taps),
        ]
        if any(one is not None and one not in questions for one in asked):
            raise ValueError("something answers a question that is not in the file")
        if any(one.answer_id is not None and one.answer_id not in answers for one in self.not_me):
            raise ValueError("a not_me is about an answer that is not in the file")
        if self.settings.zone is not None:
            try:
                zone_named(self.settings.zone)
            except UnknownZoneError:
                raise ValueError("no such time zone") from None
        return self

    def as_json(self) -> dict[str, Any]:
        """The file as plain values; `safety` only if it is there."""
        without = {"safety"} if self.safety is None else set()
        return self.model_dump(mode="json", exclude=without)

    def misdated(self, now: datetime) -> str | None:
        """The first place with a day or an instant that cannot be; None if there is none.

        Args:
            now: nothing of the file can be later than this by more than a day, but for the end of a
                pause and of the time in which help is shown.
        """
        for place, found in _dated(self.model_dump(), ""):
            day = _utc_day(found) if isinstance(found, datetime) else found
            ahead = AHEAD_BY_NATURE.get(place.rpartition(".")[2], timedelta(0)) + AHEAD
            if not EARLIEST <= day <= now.astimezone(UTC).date() + ahead:
                return place
        return None


def _utc_day(instant: datetime) -> date:
    try:
        return instant.astimezone(UTC).date()
    except OverflowError:  # at either end of the calendar there is no such day in UTC
        return instant.date()


def _dated(value: Any, place: str) -> Iterator[tuple[str, date]]:
    """Every day and instant, with its place in the file."""
    if isinstance(value, date):
        yield place, value
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from _dated(one, f"{place}.{name}" if place else str(name))
    elif isinstance(value, tuple | list):
        for number, one in enumerate(value):
            yield from _dated(one, f"{place}.{number}")

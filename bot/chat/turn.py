"""What a conversation is given: the person, the present moment, the store and the words."""

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.chat.lazy_reader import LazyReader
from bot.drift.rules import Rule, RuleSet
from bot.reading.reader import Reading
from bot.report.picture import Pictures
from bot.rhythm.choice import Library
from bot.rhythm.due import Schedule, local_day
from bot.rhythm.reminders import Pace, Silence, days_at
from bot.rhythm.taps import tap_rotation
from bot.rhythm.zones import zone_named
from prompts.helplines import Helplines
from prompts.templates import Words
from prompts.words_of_the_day import DullWord
from storage.people import Person
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Operator:
    """Who runs the bot, as people are told, and the code that lets them in (None: everybody)."""

    name: str
    contact: str
    invite_code: str | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that was loaded from ``prompts/``."""

    rules: RuleSet
    library: Library
    helplines: Helplines
    words: Words
    operator: Operator
    reader: LazyReader
    pictures: Pictures
    dull_words: tuple[DullWord, ...]
    taps: tuple[Rule, ...] = field(init=False)
    consent: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "taps", tap_rotation(self.rules.anchors))
        object.__setattr__(self, "consent", _consent_stamp(self.words))


def _consent_stamp(words: Words) -> str:
    """A stamp of what people agree to; it changes when those words do."""
    texts = (
        words("welcome.what"),
        words("welcome.kept", operator="", contact=""),
        words("welcome.consent"),
    )
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:12]


@dataclass(slots=True)
class Turn:
    """One update or one due row of one person, inside one transaction.

    What a conversation changes through ``store`` commits together with the messages it returns,
    and with the mark that the update is done. Nothing is sent from here. ``person`` is always as
    stored, until they are ``forgotten``: they change through ``update`` alone. ``heard`` is what
    was written just now, as it may be kept, and what was read in it; ``grave`` that it gets the
    reply of help, and ``raised`` which flags were raised because of it ("3-4").
    """

    store: Store
    content: Content
    now: datetime
    person: Person
    forgotten: bool = False
    heard: tuple[str, Reading] | None = None
    grave: bool = False
    raised: str = ""

    @property
    def chat_id(self) -> int:
        """The person's private chat."""
        return self.person.chat_id

    @property
    def zone(self) -> ZoneInfo:
        """The person's time zone; UTC until they have said where they live."""
        return zone_named(self.person.zone or "UTC")

    @property
    def today(self) -> date:
        """The date on the person's calendar."""
        return local_day(self.now, self.zone)

    @property
    def silence(self) -> Silence:
        """How long the person has not answered."""
        stored = self.person.silence
        if not stored:
            return Silence()
        return Silence(
            Pace(stored["pace"]),
            int(stored["missed"]),
            date.fromisoformat(stored["since"]) if stored["since"] else None,
            date.fromisoformat(stored["latest"]) if stored["latest"] else None,
        )

    @property
    def daily(self) -> Schedule:
        """When the person is asked: their time on their days, fewer of them after a silence."""
        chosen = frozenset(int(digit) - 1 for digit in self.person.days)
        days = days_at(self.silence.pace, chosen) or chosen
        return Schedule(time.fromisoformat(self.person.ask_at), self.zone, days)

    @property
    def weekly(self) -> Schedule:
        """When the check-in and the report come."""
        day, _, at = self.person.weekly_at.partition(" ")
        return Schedule(time.fromisoformat(at), self.zone, frozenset({int(day) - 1}))

    def say(self, text: str, /, **values: object) -> str:
        """The words of a template, as HTML."""
        return self.content.words(text, **values)

    def label(self, text: str, /, **values: object) -> str:
        """The words of a template for a button or a toast, where Telegram reads no HTML."""
        return self.content.words.plain(text, **values)

    def update(self, **values: object) -> None:
        """Change the person and see them as they now are."""
        self.person = self.store.people.update(self.person, **values)

    def forget(self) -> None:
        """Remove the person; there is nothing to change any more."""
        self.store.people.delete(self.person)
        self.forgotten = True

    def wait_for(self, step: str | None, **data: object) -> None:
        """Remember what the person's next words will be about, and since when."""
        since = {} if step is None else {"since": int(self.now.timestamp())}
        self.update(step=step, step_data=since | data)

    def note_silence(self, silence: Silence) -> None:
        """Remember how long the person has not answered."""
        if silence == self.silence:
            return
        if silence == Silence():
            self.update(silence={})
            return
        self.update(
            silence={
                "pace": silence.pace.value,
                "missed": silence.missed,
                "since": silence.since.isoformat() if silence.since else None,
                "latest": silence.latest.isoformat() if silence.latest else None,
            }
        )

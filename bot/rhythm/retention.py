"""How long what a person gave is kept, and when they are told before it goes.

Four rules, each about whole local days:

- What was written stays for the number of days that the person chose (0: until they delete it).
- Numbers (taps, check-ins, quizzes, beads, reports) stay for a year.
- Of somebody from whom nothing was heard for 180 days nothing stays.
- Of somebody who never agreed nothing stays after 30 days; all there is of them is a chat number.

Nothing that a person wrote goes before they were told: seven days before the first texts go, and
again each time that the kept days, less these seven, have passed; so whoever takes their file at
each notice has everything. Fourteen days before everything goes for silence.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

TEXTS_NOTICE: Final = timedelta(days=7)
SILENCE: Final = timedelta(days=180)
SILENCE_NOTICE: Final = timedelta(days=14)
NUMBERS_KEPT: Final = timedelta(days=365)
UNDECIDED_KEPT: Final = timedelta(days=30)

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Holding:
    """What is held of a person, in their own local days.

    Attributes:
        consented: whether they ever agreed that anything is kept, and may have taken it back.
        heard_on: the day of their last sign of life.
        keep_days: for how many days texts stay; 0 means until they are deleted.
        oldest_text: the day of the oldest text, or None without any.
        texts_told_on: when they were last told that texts will go.
        texts_told_before: when they were told so the time before.
        silence_told_on: when they were last told that everything will go.
    """

    consented: bool
    heard_on: date
    keep_days: int
    oldest_text: date | None = None
    texts_told_on: date | None = None
    texts_told_before: date | None = None
    silence_told_on: date | None = None


@dataclass(frozen=True, slots=True)
class Steps:
    """What is to be done today.

    Attributes:
        forget: remove everything, the person included; then nothing else is to be done.
        tell_silence: tell that everything goes on this day.
        tell_texts: tell that texts go from this day on.
        texts_before: remove texts from before this day; None removes none.
        numbers_before: remove numbers from before this day; None removes none.
    """

    forget: bool = False
    tell_silence: date | None = None
    tell_texts: date | None = None
    texts_before: date | None = None
    numbers_before: date | None = None


def steps(holding: Holding, today: date) -> Steps:
    """What retention asks for today."""
    if not holding.consented:
        return Steps(forget=today - holding.heard_on >= UNDECIDED_KEPT)
    told = holding.silence_told_on
    # a notice from before the last sign of life is void
    warned = told is not None and told > holding.heard_on
    if told is not None and warned:
        goes = max(holding.heard_on + SILENCE, told + SILENCE_NOTICE)
        if today >= goes:
            return Steps(forget=True)
    return Steps(
        tell_silence=None if warned else _silence_ends(holding, today),
        tell_texts=_texts_notice(holding, today),
        texts_before=_texts_before(holding, today),
        numbers_before=today - NUMBERS_KEPT,
    )


def _silence_ends(holding: Holding, today: date) -> date | None:
    """The day on which everything goes, if it is time to say so."""
    ends = holding.heard_on + SILENCE
    if today < ends - SILENCE_NOTICE:
        return None
    return max(ends, today + SILENCE_NOTICE)


def _texts_notice(holding: Holding, today: date) -> date | None:
    """The day from which texts go, if it is time to say so."""
    if not holding.keep_days or holding.oldest_text is None:
        return None
    goes = holding.oldest_text + timedelta(days=holding.keep_days) + _DAY
    if goes > today + TEXTS_NOTICE:
        return None
    told = holding.texts_told_on
    if told is not None and today - told < timedelta(days=holding.keep_days) - TEXTS_NOTICE:
        return None
    return max(goes, today + TEXTS_NOTICE)


def _texts_before(holding: Holding, today: date) -> date | None:
    """Texts from before this day are old enough, and their going was told a week ago."""
    told = holding.texts_told_on
    if told is not None and told + TEXTS_NOTICE > today:
        told = holding.texts_told_before
    if not holding.keep_days or told is None:
        return None
    return min(today - timedelta(days=holding.keep_days), told + _DAY)

"""After a long silence: those who wrote shortly before it hear that something may be lost."""

from datetime import datetime, timedelta

from bot.chat.calendar_words import clock
from bot.chat.messages import send
from bot.chat.turn import Turn
from storage.outbox import Outgoing, Priority
from storage.schedule import Due
from storage.store import Store

OUTAGE = "outage"
"""What it is called on the schedule; the fact of the same name holds from when to when."""

WROTE_WITHIN = timedelta(days=1, hours=1)
"""A day before the silence, and the hour by which ``heard_at`` may be behind."""

WORTH_SAYING = timedelta(days=2)


def begin(store: Store, first: datetime, last: datetime) -> int:
    """Let a line fall due for active people who wrote in the day before the silence; give how many.

    ``first`` and ``last`` are the two moments between which something may be lost. It is one line
    for one silence, because it is begun in the transaction that notes its end. It falls due as of
    ``first``, and so before what fell due in the silence: a question comes after it.
    """
    store.facts.set(OUTAGE, f"{first.isoformat()} {last.isoformat()}")
    return store.schedule.set_for_heard_since(OUTAGE, first, first - WROTE_WITHIN)


def outage_due(turn: Turn, _: Due) -> list[Outgoing]:
    """Say between which two moments a message may not have arrived."""
    turn.store.schedule.clear(turn.person.id, OUTAGE)
    noted = turn.store.facts.get(OUTAGE)
    if noted is None:
        return []
    first, last = (datetime.fromisoformat(instant) for instant in noted.split())
    text = turn.say("outage.lost", first=_moment(turn, first), last=_moment(turn, last))
    expires_at = turn.now + WORTH_SAYING
    return [send(turn.chat_id, text, priority=Priority.SCHEDULED, expires_at=expires_at)]


def _moment(turn: Turn, instant: datetime) -> str:
    local = instant.astimezone(turn.zone)
    return turn.say(
        "outage.moment",
        weekday=turn.label("settings.weekday", number=local.isoweekday()),
        date=turn.label("retention.date", day=local.day, month=local.month),
        clock=clock(turn, instant),
    )

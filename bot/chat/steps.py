"""How long a step waits for a person's next words: nothing that was asked for is asked for ever.

What a step is about stands in ``routes.STEPS``. The steps of the first conversation wait as long as
it takes; all others end with their time, with the next question or check-in, and with a reply to a
question.
"""

from datetime import UTC, datetime, timedelta

from bot.chat import agenda, erasure, place, safety
from bot.chat.incoming import Text
from bot.chat.turn import Turn
from storage.schedule import Due

LASTS = {
    erasure.DELETE: timedelta(minutes=30),
    safety.CARD: timedelta(minutes=30),
    place.CITY: timedelta(hours=3),
    place.NEW_TIME: timedelta(hours=3),
}
"""How long a step waits. What cannot be brought back, or is written over, waits shortest."""

_FIRST = frozenset({place.CITY})
"""Steps that belong to the first conversation as well, where they wait as long as it takes."""

_OVERTAKEN_BY = frozenset({agenda.QUESTION, agenda.LATER, agenda.CHECK_IN})


def lapse(turn: Turn) -> None:
    """End a step whose time is over, or of which nobody knows when it began."""
    step = turn.person.step
    lasts = LASTS.get(step or "")
    if lasts is None or (step in _FIRST and not turn.person.ready):
        return
    since = turn.person.step_data.get("since")
    # a clock that has been put back must not keep a step open, either
    if since is None or abs(turn.now - datetime.fromtimestamp(since, UTC)) > lasts:
        turn.wait_for(None)


def overtaken(turn: Turn, due: Due) -> None:
    """End a step because something has been asked: the next words are about that."""
    if due.kind in _OVERTAKEN_BY and turn.person.step is not None:
        turn.wait_for(None)


def end_for_reply(turn: Turn, message: Text) -> bool:
    """End a step that still waits if the person replies to a question; give whether they do."""
    if message.reply_to is None or not turn.person.ready:
        return False
    if turn.store.asked.by_message(turn.person.id, message.reply_to) is None:
        return False
    if turn.person.step is not None:
        turn.wait_for(None)
    return True

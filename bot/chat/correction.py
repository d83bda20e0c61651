"""After the machine's clock was put right: what it has planned too far ahead is planned anew."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.chat import agenda, hiding
from bot.chat.turn import Turn
from bot.rhythm.due import FURTHEST_DUE
from bot.rhythm.reminders import MAX_PAUSE_DAYS
from storage.messages import DELETABLE
from storage.people import Person
from storage.store import Store

LONGEST_PAUSE = timedelta(days=MAX_PAUSE_DAYS + 2)
"""A pause is counted in local days and ends at noon."""


def planned_anew(store: Store, now: datetime, turn_of: Callable[[Person], Turn]) -> int:
    """Plan anew what lies further ahead than anything can; give the number of rows.

    A pause that was begun under a wrong clock ends: how much of it is left nobody knows, and the
    person is told so and can pause again.
    """
    wrong = store.schedule.beyond(now + FURTHEST_DUE, (agenda.QUESTION, agenda.CHECK_IN))
    for row in wrong:
        person = store.people.get(row.person_id)
        if person is None:
            continue
        turn = turn_of(person)
        plan = agenda.plan_question if row.kind == agenda.QUESTION else agenda.plan_check_in
        plan(turn)
    over = store.schedule.beyond(now + LONGEST_PAUSE, (agenda.RESUME,))
    over += store.schedule.beyond(now + DELETABLE, (hiding.CLEAN, hiding.SWEEP))
    for row in over:
        store.schedule.set(row.person_id, row.kind, now)
    return len(wrong) + len(over)

"""How the bot is doing, in numbers that name nobody."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.connection import Connection
from storage.instants import from_seconds, to_seconds
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Health:
    """Counts and ages; the last four are of the day before.

    ``lag`` is for how long the oldest thing on the schedule has been due, ``waiting`` for how long
    the oldest update has not been worked on; both are zero when nothing is late. ``latest`` is the
    newest instant that is noted anywhere: the clock was there already.
    """

    people: dict[str, int]
    inbox: dict[str, int]
    outbox: dict[str, int]
    lag: timedelta
    waiting: timedelta
    unmarked: int
    latest: datetime | None
    updates: int
    questions: int
    answers: int
    taps: int


def look(conn: Connection, now: datetime) -> Health:
    """Count everything once; for the daily line and ``ampersand doctor``."""
    store = Store(conn)
    day_ago = to_seconds(now - timedelta(days=1))

    def count(query: str) -> int:
        return int(conn.execute(query, (day_ago,)).fetchone()[0])

    def oldest(query: str) -> timedelta:
        seconds = conn.execute(query).fetchone()[0]
        return timedelta(0) if seconds is None else max(timedelta(0), now - from_seconds(seconds))

    newest = conn.execute(
        "SELECT max(coalesce((SELECT max(stored_at) FROM inbox), 0),"
        " coalesce((SELECT max(sent_at) FROM messages), 0))"
    ).fetchone()[0]
    return Health(
        people=dict(conn.execute("SELECT state, count(*) FROM people GROUP BY state").fetchall()),
        inbox=store.inbox.sizes(),
        outbox=store.outbox.sizes(),
        lag=lag(conn, now),
        waiting=oldest("SELECT min(stored_at) FROM inbox WHERE state = 'new'"),
        unmarked=len(store.erasures.pending()),
        latest=from_seconds(newest) if newest else None,
        updates=count("SELECT count(*) FROM inbox WHERE done_at >= ?"),
        questions=count("SELECT count(*) FROM asked WHERE asked_at >= ?"),
        answers=count("SELECT count(*) FROM answers WHERE answered_at >= ?"),
        taps=count("SELECT count(*) FROM taps WHERE tapped_at >= ?"),
    )


def lag(conn: Connection, now: datetime) -> timedelta:
    """For how long the oldest thing on the schedule has been due; zero if nothing is."""
    due_at = Store(conn).schedule.next_at()
    return timedelta(0) if due_at is None else max(timedelta(0), now - due_at)

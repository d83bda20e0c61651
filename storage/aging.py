"""What has grown old: whose it is, and taking it away."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from storage.connection import Connection
from storage.instants import from_seconds, to_day, to_seconds

FLAGS_KEPT = timedelta(days=28)
"""A safety flag has an effect for so long, and is kept no longer than that."""

FAILED_KEPT = timedelta(days=7)
"""A message that Telegram refused (without its text) stays so long for whoever runs the bot."""

_LOOK = """
SELECT id, coalesce(consent, consented_at) IS NOT NULL, zone, keep_days,
    coalesce(heard_at, created_at),
    purge_told_on, purge_told_before, silence_told_on,
    (SELECT min(day) FROM answers WHERE person_id = people.id AND text <> '')
FROM people WHERE id > ? ORDER BY id LIMIT ?
"""


@dataclass(frozen=True, slots=True)
class Aged:
    """What decides what of a person is old; the days are the person's own."""

    person_id: int
    consented: bool
    zone: str | None
    keep_days: int | None
    heard_at: datetime
    purge_told_on: date | None
    purge_told_before: date | None
    silence_told_on: date | None
    oldest_text: date | None


class Aging:
    """The repository of what has grown old."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def look(self, after: int, limit: int) -> list[Aged]:
        """At most ``limit`` people with ids above ``after``, in the order of their ids."""
        return [
            Aged(
                row[0],
                bool(row[1]),
                row[2],
                row[3],
                from_seconds(row[4]),
                *(None if day is None else to_day(day) for day in tuple(row)[5:9]),
            )
            for row in self._conn.execute(_LOOK, (after, limit))
        ]

    def remove_texts(self, person_id: int, before: date) -> int:
        """Empty what was written before a local day, and forget what was recognised in it.

        The number of words stays, so that what was counted then stays true. Gives how many.
        """
        day = before.isoformat()
        self._conn.execute(
            "DELETE FROM hits WHERE answer_id IN"
            " (SELECT id FROM answers WHERE person_id = ? AND day < ? AND text <> '')",
            (person_id, day),
        )
        cursor = self._conn.execute(
            "UPDATE answers SET text = '', message_id = NULL"
            " WHERE person_id = ? AND day < ? AND text <> ''",
            (person_id, day),
        )
        return int(cursor.rowcount)

    def remove_numbers(self, person_id: int, before: date) -> None:
        """Forget taps, check-ins, quizzes, reports and beads from before a local day.

        What was written stays, if it may; answers without their text go too.
        """
        day = before.isoformat()
        for statement in (
            "DELETE FROM beads WHERE person_id = ? AND day < ?",
            "DELETE FROM taps WHERE person_id = ? AND day < ?",
            "DELETE FROM check_ins WHERE person_id = ? AND day < ?",
            "DELETE FROM reports WHERE person_id = ? AND day < ?",
            "DELETE FROM quizzes WHERE person_id = ?"
            " AND coalesce(finished_on, date(started_at, 'unixepoch')) < ?",
            "DELETE FROM not_mine WHERE person_id = ? AND said_on < ?",
            "DELETE FROM answers WHERE person_id = ? AND day < ? AND text = ''",
        ):
            self._conn.execute(statement, (person_id, day))

    def remove_everywhere(self, now: datetime) -> None:
        """Forget flags without effect, and refused messages that nobody has looked into."""
        self._conn.execute("DELETE FROM flags WHERE raised_at < ?", (to_seconds(now - FLAGS_KEPT),))
        self._conn.execute(
            "DELETE FROM outbox WHERE state = 'failed' AND send_at < ?",
            (to_seconds(now - FAILED_KEPT),),
        )

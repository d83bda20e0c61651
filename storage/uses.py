"""What is counted of a person: exports, reports, lines that are said once in a while."""

from datetime import datetime, timedelta

from storage.connection import Connection
from storage.instants import to_seconds

REPLY = "reply_"
"""What begins like this is a reply to something grave."""

KEPT = timedelta(days=7)
"""Nothing is counted over more than a week."""


class Uses:
    """The repository of uses."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def add(self, person_id: int, what: str, now: datetime) -> None:
        """Note one use."""
        self._conn.execute(
            "INSERT INTO uses (person_id, what, used_at) VALUES (?, ?, ?)",
            (person_id, what, to_seconds(now)),
        )

    def count(self, person_id: int, what: str, since: datetime) -> int:
        """How many uses there were since an instant."""
        row = self._conn.execute(
            "SELECT count(*) FROM uses WHERE person_id = ? AND what = ? AND used_at >= ?",
            (person_id, what, to_seconds(since)),
        ).fetchone()
        return int(row[0])

    def clear(self, person_id: int, what: str) -> None:
        """Forget all uses of one kind."""
        self._conn.execute("DELETE FROM uses WHERE person_id = ? AND what = ?", (person_id, what))

    def clear_replies(self, person_id: int) -> None:
        """Note that no reply to something grave stands in the chat."""
        self._conn.execute(
            "DELETE FROM uses WHERE person_id = ? AND what GLOB ?", (person_id, f"{REPLY}*")
        )

    def prune(self, now: datetime) -> None:
        """Forget what is older than a week."""
        self._conn.execute("DELETE FROM uses WHERE used_at < ?", (to_seconds(now - KEPT),))

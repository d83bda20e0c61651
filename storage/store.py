"""All repositories over one connection."""

from collections.abc import Iterator
from contextlib import contextmanager

from storage.aging import Aging
from storage.answers import Answers
from storage.archive import Archive
from storage.asked import AskedQuestions
from storage.beads import Beads
from storage.check_ins import CheckIns
from storage.connection import Connection
from storage.covers import Covers
from storage.erasures import Erasures
from storage.facts import Facts
from storage.flags import Flags
from storage.hits import Hits
from storage.inbox import Inbox
from storage.messages import Messages
from storage.outbox import Outbox
from storage.people import People
from storage.places import Places
from storage.quizzes import Quizzes
from storage.reports import Reports
from storage.schedule import Schedule
from storage.taps import Taps
from storage.uses import Uses


class Store:
    """What a piece of work sees of the database, inside its transaction."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self.people = People(conn)
        self.schedule = Schedule(conn)
        self.asked = AskedQuestions(conn)
        self.answers = Answers(conn)
        self.taps = Taps(conn)
        self.quizzes = Quizzes(conn)
        self.check_ins = CheckIns(conn)
        self.beads = Beads(conn)
        self.hits = Hits(conn)
        self.flags = Flags(conn)
        self.reports = Reports(conn)
        self.inbox = Inbox(conn)
        self.outbox = Outbox(conn)
        self.messages = Messages(conn)
        self.places = Places(conn)
        self.erasures = Erasures(conn)
        self.facts = Facts(conn)
        self.uses = Uses(conn)
        self.covers = Covers(conn)
        self.aging = Aging(conn)
        self.archive = Archive(conn)

    @contextmanager
    def part(self) -> Iterator[None]:
        """Run a block whose changes are undone alone if it raises."""
        self._conn.execute("SAVEPOINT part")
        try:
            yield
        except Exception:
            if self._conn.in_transaction:
                self._conn.execute("ROLLBACK TO part")
                self._conn.execute("RELEASE part")
            raise
        self._conn.execute("RELEASE part")

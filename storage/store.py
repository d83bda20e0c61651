"""All repositories over one connection."""

from storage.answers import Answers
from storage.asked import AskedQuestions
from storage.beads import Beads
from storage.check_ins import CheckIns
from storage.connection import Connection
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


class Store:
    """What a piece of work sees of the database, inside its transaction."""

    def __init__(self, conn: Connection) -> None:
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
        self.facts = Facts(conn)

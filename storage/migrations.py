"""The schema, as a list of steps that were each applied once.

Instants are whole seconds since 1970 in UTC (columns ``*_at``), local days are ``YYYY-MM-DD`` in
the person's zone (columns ``day``). What each column is for and how long it stays is written in
``docs/data-map.md``. Ids that a button in a chat or a message on its way can name are never given
twice (AUTOINCREMENT): otherwise what is long gone would come to mean something else.
"""

from typing import TYPE_CHECKING

from storage.connection import Connection
from storage.errors import NewerSchemaError

if TYPE_CHECKING:
    import sqlite_utils

NAME = "ampersand"
"""Whose steps they are, as it stands in the file."""


def m001_first_schema(db: "sqlite_utils.Database") -> None:
    """People, what they were asked and answered, what it counts for, and the two boxes."""
    for statement in (
        """
        CREATE TABLE people (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            chat_id INTEGER NOT NULL UNIQUE,
            state TEXT NOT NULL DEFAULT 'new'
                CHECK (state IN ('new', 'active', 'paused', 'stopped', 'gone')),
            step TEXT,
            step_data TEXT,
            created_at INTEGER NOT NULL,
            consent TEXT,
            consented_at INTEGER,
            keep_days INTEGER,
            push TEXT CHECK (push IN ('text', 'quiet')),
            zone TEXT,
            place TEXT,
            ask_at TEXT NOT NULL DEFAULT '20:00',
            days TEXT NOT NULL DEFAULT '1234567',
            weekly_at TEXT NOT NULL DEFAULT '7 18:00',
            silence TEXT,
            paused_until TEXT,
            started_on TEXT,
            heard_at INTEGER,
            country TEXT,
            card TEXT,
            help_until INTEGER,
            widest TEXT,
            discreet INTEGER NOT NULL DEFAULT 0,
            masks TEXT,
            purge_told_on TEXT,
            purge_told_before TEXT,
            silence_told_on TEXT
        ) STRICT
        """,
        """
        CREATE TABLE schedule (
            person_id INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE,
            kind TEXT NOT NULL,
            due_at INTEGER NOT NULL,
            PRIMARY KEY (person_id, kind)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX schedule_by_time ON schedule (due_at)",
        """
        CREATE TABLE uses (
            person_id INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE,
            what TEXT NOT NULL,
            used_at INTEGER NOT NULL
        ) STRICT
        """,
        "CREATE INDEX uses_of_person ON uses (person_id, what, used_at)",
        """
        CREATE TABLE covered (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            person_id INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE,
            payload TEXT NOT NULL,
            covered_at INTEGER NOT NULL
        ) STRICT
        """,
        "CREATE INDEX covered_of_person ON covered (person_id)",
        """
        CREATE TABLE asked (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            person_id INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE,
            day TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('daily', 'extra')),
            question TEXT NOT NULL,
            text TEXT NOT NULL,
            tap TEXT,
            asked_at INTEGER NOT NULL,
            state TEXT NOT NULL DEFAULT 'open'
                CHECK (state IN ('open', 'answered', 'skipped', 'later', 'expired')),
            hidden INTEGER NOT NULL DEFAULT 0,
            replaced TEXT,
            message_id INTEGER
        ) STRICT
        """,
        "CREATE UNIQUE INDEX asked_once_a_day ON asked (person_id, day) WHERE kind = 'daily'",
        "CREATE INDEX asked_of_person ON asked (person_id, id)",
        """
        CREATE TABLE answers (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            person_id INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE,
            asked_id INTEGER REFERENCES asked (id) ON DELETE SET NULL,
            day TEXT NOT NULL,
            text TEXT NOT NULL,
            words INTEGER NOT NULL,
            unread INTEGER NOT NULL DEFAULT 0,
            late INTEGER NOT NULL DEFAULT 0,
            answered_at INTEGER NOT NULL,
            edited_at INTEGER,
            message_id INTEGER
        ) STRICT
        """,
        "CREATE INDEX answers_of_person ON answers (person_id, day)",
        "CREATE UNIQUE INDEX answers_by_message ON answers (person_id, message_id)",
        "CREATE INDEX answers_of_question ON answers (asked_id)",
        """
        CREATE TABLE taps (
            id INTEGER PRIMARY KEY,
            person_id INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE,
            asked_id INTEGER NOT NULL UNIQUE REFERENCES asked (id) ON DELETE CASCADE,
            rule TEXT NOT NULL,
            wording TEXT NOT NULL,
            value INTEGER NOT NULL CHECK (value BETWEEN 1 AND 5),
            day TEXT NOT NULL,
            late INTEGER NOT NULL DEFAULT 0,
            tapped_at INTEGER NOT NULL
        ) STRICT
        """,
        "CREATE INDEX taps_of_person ON taps (person_id, day)",
        """
        CREATE TABLE quizzes (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            person_id INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE,
            started_at INTEGER NOT NULL,
            finished_on TEXT,
            version TEXT NOT NULL,
            closeness_now INTEGER CHECK (closeness_now BETWEEN 1 AND 7),
            closeness_wished INTEGER CHECK (closeness_wished BETWEEN 1 AND 7)
        ) STRICT
        """,
        "CREATE INDEX quizzes_of_person ON quizzes (person_id, id)",
        """
        CREATE TABLE quiz_answers (
            quiz_id INTEGER NOT NULL REFERENCES quizzes (id) ON DELETE CASCADE,
            rule TEXT NOT NULL,
            value INTEGER CHECK (value BETWEEN 1 AND 5),
            PRIMARY KEY (quiz_id, rule)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE check_ins (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            person_id INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE,
            day TEXT NOT NULL,
            sent_at INTEGER NOT NULL,
            finished_at INTEGER,
            UNIQUE (person_id, day)
        ) STRICT
        """,
        """
        CREATE TABLE check_in_answers (
            check_in_id INTEGER NOT NULL REFERENCES check_ins (id) ON DELETE CASCADE,
            rule TEXT NOT NULL,
            wording TEXT NOT NULL,
            value INTEGER CHECK (value BETWEEN 1 AND 5),
            PRIMARY KEY (check_in_id, rule)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE reports (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            person_id INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE,
            day TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('weekly', 'asked', 'month')),
            pattern TEXT NOT NULL,
            version TEXT NOT NULL,
            made_at INTEGER NOT NULL
        ) STRICT
        """,
        "CREATE UNIQUE INDEX reports_once_a_week ON reports (person_id, day) WHERE kind = 'weekly'",
        "CREATE INDEX reports_of_person ON reports (person_id, id)",
        """
        CREATE TABLE told (
            person_id INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE,
            axis TEXT NOT NULL CHECK (axis IN ('self', 'together', 'say')),
            told TEXT NOT NULL,
            since TEXT NOT NULL,
            direction TEXT NOT NULL CHECK (direction IN ('up', 'down')),
            clear INTEGER NOT NULL,
            PRIMARY KEY (person_id, axis, told)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE marked_days (
            person_id INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE,
            day TEXT NOT NULL,
            mark TEXT NOT NULL CHECK (mark IN ('chapter', 'unusual')),
            PRIMARY KEY (person_id, day, mark)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE beads (
            person_id INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE,
            day TEXT NOT NULL,
            source TEXT NOT NULL CHECK (source IN ('tap', 'check_in', 'quiz', 'text')),
            source_id INTEGER NOT NULL,
            rule TEXT NOT NULL,
            family TEXT NOT NULL DEFAULT '',
            axis TEXT NOT NULL CHECK (axis IN ('self', 'together', 'say')),
            plus REAL NOT NULL,
            minus REAL NOT NULL,
            version TEXT NOT NULL,
            PRIMARY KEY (person_id, source, source_id, rule, family, axis)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE hits (
            id INTEGER PRIMARY KEY,
            answer_id INTEGER NOT NULL REFERENCES answers (id) ON DELETE CASCADE,
            rule TEXT NOT NULL,
            family TEXT NOT NULL,
            phrase TEXT NOT NULL,
            gate TEXT
        ) STRICT
        """,
        "CREATE INDEX hits_of_answer ON hits (answer_id)",
        """
        CREATE TABLE not_mine (
            person_id INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE,
            family TEXT NOT NULL,
            answer_id INTEGER NOT NULL,
            said_on TEXT NOT NULL,
            PRIMARY KEY (person_id, family, answer_id)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE flags (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            person_id INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE,
            kind TEXT NOT NULL CHECK (kind IN ('A', 'B', 'C', 'D', 'E')),
            sure INTEGER NOT NULL,
            raised_at INTEGER NOT NULL,
            closed_at INTEGER
        ) STRICT
        """,
        "CREATE INDEX flags_of_person ON flags (person_id)",
        """
        CREATE TABLE inbox (
            update_id INTEGER PRIMARY KEY,
            raw TEXT,
            state TEXT NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'done', 'quarantined')),
            attempts INTEGER NOT NULL DEFAULT 0,
            stored_at INTEGER NOT NULL,
            done_at INTEGER
        ) STRICT
        """,
        "CREATE INDEX inbox_new ON inbox (update_id) WHERE state = 'new'",
        "CREATE INDEX inbox_done ON inbox (done_at)",
        """
        CREATE TABLE outbox (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            chat_id INTEGER NOT NULL,
            method TEXT NOT NULL,
            payload TEXT NOT NULL,
            priority INTEGER NOT NULL,
            subject TEXT,
            target TEXT,
            state TEXT NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'sending', 'failed')),
            doubted INTEGER NOT NULL DEFAULT 0,
            attempts INTEGER NOT NULL DEFAULT 0,
            send_at INTEGER NOT NULL,
            expires_at INTEGER,
            error TEXT
        ) STRICT
        """,
        "CREATE INDEX outbox_queue ON outbox (priority, id, chat_id, send_at)"
        " WHERE state = 'queued'",
        "CREATE INDEX outbox_of_chat ON outbox (chat_id)",
        "CREATE INDEX outbox_put_off ON outbox (chat_id, priority, id)"
        " WHERE state = 'queued' AND send_at > 0",
        """
        CREATE TABLE messages (
            chat_id INTEGER NOT NULL,
            message_id INTEGER NOT NULL,
            mine INTEGER NOT NULL,
            subject TEXT,
            sent_at INTEGER NOT NULL,
            PRIMARY KEY (chat_id, message_id)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX messages_by_time ON messages (sent_at)",
        """
        CREATE TABLE places (
            id INTEGER PRIMARY KEY,
            key TEXT NOT NULL,
            name TEXT NOT NULL,
            region TEXT NOT NULL,
            country TEXT NOT NULL,
            zone TEXT NOT NULL,
            people INTEGER NOT NULL
        ) STRICT
        """,
        "CREATE INDEX places_by_key ON places (key)",
        """
        CREATE TABLE erasures (
            id INTEGER PRIMARY KEY,
            chat_id INTEGER NOT NULL,
            day TEXT NOT NULL
        ) STRICT
        """,
        "CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
    ):
        db.execute(statement)


STEPS = (m001_first_schema,)


def migrate(conn: Connection) -> None:
    """Apply the steps that this file has not seen yet, each in a transaction of its own.

    Raises:
        NewerSchemaError: the file knows steps that this program does not.
    """
    known = {step.__name__ for step in STEPS}
    applied = _applied(conn)
    if applied - known:
        raise NewerSchemaError("the database was written by a newer version of Ampersand")
    if applied == known:
        return
    # Hardly ever needed, and it takes longer to import than the whole storage.
    import sqlite_utils
    from sqlite_utils.migrations import Migrations

    migrations = Migrations(NAME)
    for step in STEPS:
        migrations()(step)
    migrations.apply(sqlite_utils.Database(conn))


def _applied(conn: Connection) -> set[str]:
    """The names of the steps that this file has seen."""
    begun = conn.execute(
        "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '_sqlite_migrations'"
    ).fetchone()
    if begun is None:
        return set()
    rows = conn.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = ?", (NAME,))
    return {str(row[0]) for row in rows}

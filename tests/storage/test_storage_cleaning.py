"""What was deleted is gone from every byte: the file, its log, its free pages, between rows."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from storage import cleaning
from storage.connection import Connection, connect
from storage.database import Database
from storage.erasures import Marks
from storage.people import People
from storage.store import Store
from tests.crowd import FIRST, KEY, cleaned, fill, forget, people_in, traces
from tests.pages import decrypted

GONE = (7, 8, 33)
Opener = Callable[..., Database]


@pytest.mark.parametrize("seed", [1, 2, 3, 8])
def test_no_byte_stays_of_people_who_were_deleted(
    tmp_path: Path, opened: Opener, seed: int
) -> None:
    """While the bot goes on running, and after it; the others lose nothing."""
    path = tmp_path / "ampersand.db"
    database = opened(path)
    fill(database, 60, each=20, seed=seed)
    assert "ampersand.db" in traces(path, *GONE)
    assert "ampersand.db-wal" in traces(path, *GONE)
    forget(database, *GONE)
    assert traces(path, *GONE) == {}
    assert (tmp_path / "ampersand.db-wal").stat().st_size == 0
    assert not database.has_residue
    database.close()
    assert traces(path, *GONE) == {}
    assert people_in(path) == 57
    assert traces(path, 9) != {}


def test_secure_delete_alone_is_not_enough(tmp_path: Path, opened: Opener) -> None:
    """Why the file is written anew: pages that were split keep copies of rows in their middle."""
    left = 0
    for seed in (1, 2, 3, 8):
        path = tmp_path / f"{seed}.db"
        database = opened(path)
        fill(database, 60, each=20, seed=seed)
        conn = connect(path)
        for number in GONE:
            conn.execute("DELETE FROM outbox WHERE chat_id = ?", (FIRST + number,))
            conn.execute("DELETE FROM messages WHERE chat_id = ?", (FIRST + number,))
            conn.execute("DELETE FROM people WHERE chat_id = ?", (FIRST + number,))
        assert cleaning.checkpoint(conn)
        conn.close()
        left += sum(traces(path, *GONE).values())
        database.close()
    assert left > 0


def test_with_a_key_nothing_stays_either(tmp_path: Path, opened: Opener) -> None:
    """Every page is decrypted and looked through, with what no query shows."""
    path = tmp_path / "ampersand.db"
    database = opened(path, KEY)
    fill(database, 60, each=8)
    forget(database, *GONE)
    assert (tmp_path / "ampersand.db-wal").stat().st_size == 0
    database.close()
    pages = tmp_path / "pages"
    pages.write_bytes(decrypted(path, KEY))
    assert traces(pages, *GONE) == {}
    assert traces(pages, 9) != {}
    assert people_in(path, KEY) == 57


def test_a_reader_in_the_way_is_waited_for(tmp_path: Path, opened: Opener) -> None:
    """A backup that runs just then, say: the log is emptied as soon as it has ended."""
    path = tmp_path / "ampersand.db"
    database = opened(path)
    fill(database, 60, each=8)
    reader = connect(path, read_only=True)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM answers").fetchone()
    forget(database, *GONE)
    assert "ampersand.db-wal" in traces(path, *GONE)
    reader.execute("ROLLBACK")
    waited = threading.Event()
    for _ in range(200):
        if not traces(path, *GONE):
            break
        waited.wait(0.05)
    assert traces(path, *GONE) == {}
    reader.close()
    database.close()


async def test_a_large_file_is_written_anew_when_it_is_asked_for(
    tmp_path: Path, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until then the deletion is remembered, also over a start."""
    monkeypatch.setattr(cleaning, "REBUILT_AT_ONCE", 0)
    path = tmp_path / "ampersand.db"
    database = opened(path)
    fill(database, 60, each=20, seed=8)
    forget(database, *GONE)
    assert (tmp_path / "ampersand.db-wal").stat().st_size == 0
    assert database.has_residue
    database.close()
    database = opened(path)
    assert database.has_residue
    assert await database.scrub(whole=True)
    assert not database.has_residue
    assert traces(path, *GONE) == {}
    database.close()


def test_deletions_in_a_row_share_a_rebuilding(
    tmp_path: Path, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever says /start and /delete all day keeps nobody else waiting."""
    rebuilt: list[Path] = []
    whole = cleaning.rebuild

    def counted(conn: Connection, path: Path, key: str | None) -> None:
        rebuilt.append(path)
        whole(conn, path, key)

    monkeypatch.setattr(cleaning, "rebuild", counted)
    database = opened(tmp_path / "ampersand.db")
    fill(database, 60)
    for number in range(1, 21):
        forget(database, number)
    assert len(rebuilt) == 1
    assert database.has_residue
    database.close()


def test_the_last_of_many_deletions_is_cleaned_away_by_itself(
    tmp_path: Path, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though nothing else is written then."""
    monkeypatch.setattr(cleaning, "BETWEEN_REBUILDS", 0.3)
    path = tmp_path / "ampersand.db"
    database = opened(path)
    fill(database, 60, each=20, seed=8)
    for number in GONE:
        forget(database, number)
    waited = threading.Event()
    for _ in range(600):
        if not database.has_residue:
            break
        waited.wait(0.05)
    assert traces(path, *GONE) == {}
    database.close()


async def test_work_goes_on_when_cleaning_fails(
    tmp_path: Path, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without room for the marks nothing is forgotten; with room it is done later."""
    path = tmp_path / "ampersand.db"
    database = opened(path)
    fill(database, 20)
    marks = tmp_path / "ampersand.db.erased"
    marks.mkdir()
    forget(database, 7)
    assert await database.read(lambda conn: [e.chat_id for e in Store(conn).erasures.pending()])
    assert await database.write(lambda conn: People(conn).count()) == 19
    marks.rmdir()
    assert await database.scrub(whole=True)
    assert await database.read(lambda conn: Store(conn).erasures.pending()) == []
    assert Marks(path).deleted_since(0)(FIRST + 7)
    assert traces(path, 7) == {}
    database.close()


def test_a_kill_right_after_a_deletion_forgets_neither_mark_nor_bytes(
    tmp_path: Path, opened: Opener
) -> None:
    """The row of the deletion is in the transaction; the next start does the rest."""
    path = tmp_path / "ampersand.db"
    database = opened(path)
    fill(database, 60, each=8)
    database.close()
    conn = connect(path)
    conn.execute("DELETE FROM outbox")
    conn.execute("DELETE FROM messages")
    person = People(conn).in_chat(FIRST + 7)
    assert person is not None
    People(conn).delete(person)
    conn.close()
    (tmp_path / "ampersand.db.rebuilding").write_bytes(b"half a file")
    assert not (tmp_path / "ampersand.db.erased").exists()
    database = opened(path)
    cleaned(database)
    assert traces(path, 7) == {}
    assert not (tmp_path / "ampersand.db.rebuilding").exists()
    database.close()
    assert Marks(path).deleted_since(0)(FIRST + 7)
    assert not Marks(path).deleted_since(0)(FIRST + 8)


def test_a_file_that_cannot_be_looked_at_ends_nothing(tmp_path: Path) -> None:
    """Its size is asked for between two pieces of work, where nobody would hear of it."""
    cleaner = cleaning.Cleaner(tmp_path / "not there" / "ampersand.db", None)
    cleaner.residue = True
    assert cleaner.pause() is None

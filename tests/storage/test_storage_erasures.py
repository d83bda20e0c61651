"""Marks of deletions: they name nobody, lose nothing, and tell exactly who was deleted since."""

import stat
from pathlib import Path

import pytest

from storage.connection import Connection
from storage.database import Database
from storage.erasures import Erasure, Erasures, Marks
from storage.errors import MarksError
from storage.facts import Facts
from storage.mark_keys import MarkKeyFile
from storage.people import People
from storage.store import Store
from tests.crowd import FIRST, KEY, NOW, OTHER_KEY, cleaned


def test_a_mark_names_nobody_and_only_the_owner_reads_it(tmp_path: Path) -> None:
    marks = Marks(tmp_path / "ampersand.db")
    marks.write([Erasure(1, FIRST, "2026-03-02"), Erasure(2, FIRST + 1, "2026-03-03")])
    written = marks.path.read_text()
    assert written.count("\n") == 2
    assert str(FIRST) not in written
    for file in (marks.path, MarkKeyFile(tmp_path / "ampersand.db").path):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    # Under another key the same chat has another mark.
    other = Marks(tmp_path / "other.db")
    other.write([Erasure(1, FIRST, "2026-03-02")])
    assert other.path.read_text().split()[-1] not in written


def test_deletions_are_told_by_their_number(tmp_path: Path) -> None:
    marks = Marks(tmp_path / "ampersand.db")
    assert marks.last_number() == 0
    assert not marks.deleted_since(0)(FIRST)
    marks.write([Erasure(number, FIRST + number, "2026-03-02") for number in (1, 2, 3)])
    assert marks.last_number() == 3
    deleted = marks.deleted_since(1)
    assert [deleted(FIRST + number) for number in range(5)] == [False, False, True, True, False]


def test_a_line_that_a_kill_has_torn_spoils_no_other(tmp_path: Path) -> None:
    marks = Marks(tmp_path / "ampersand.db")
    marks.write([Erasure(1, FIRST + 1, "2026-03-02")])
    with marks.path.open("a") as file:
        file.write("2 2026-03-02 12ab")
    marks.write([Erasure(2, FIRST + 2, "2026-03-02")])
    deleted = marks.deleted_since(0)
    assert [deleted(FIRST + number) for number in range(4)] == [False, True, True, False]


_DAMAGED = [
    None,
    b"1 2026-01-01 \xff\n",
    b"7" * 5000 + b" 2026-01-01 " + b"0" * 8 + b" " + b"0" * 64,
]


@pytest.mark.parametrize("content", _DAMAGED, ids=["folder", "no text", "no number"])
def test_damaged_marks_are_refused_and_not_taken_for_none(
    tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "ampersand.db"
    marks = Marks(path)
    if content is None:
        marks.path.mkdir()
    else:
        marks.path.write_bytes(content)
    for ask in (marks.last_number, lambda: marks.deleted_since(0), Database(path).open):
        with pytest.raises(MarksError, match=r"ampersand\.db\.erased (cannot be read|is damaged)"):
            ask()
    # Nothing keeps the file locked, and once it is put right all goes on.
    marks.path.rename(tmp_path / "aside")
    Database(path).open().close()


def test_marks_that_may_not_be_read_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also by whoever runs the tests as root, from whom no mode keeps anything."""
    marks = Marks(tmp_path / "ampersand.db")
    marks.write([Erasure(1, FIRST, "2026-03-02")])

    def denied(path: Path, **_: object) -> str:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_text", denied)
    with pytest.raises(MarksError, match="cannot be read: Permission denied"):
        marks.last_number()


@pytest.mark.parametrize("value", ["", "many", "-1", "1.0", "7" * 5000])
def test_a_count_of_deletions_that_is_no_number_is_refused(tmp_path: Path, value: str) -> None:
    path = tmp_path / "ampersand.db"
    database = Database(path).open()
    database.submit(lambda conn: Facts(conn).set("erasures", value)).result()
    database.close()
    with pytest.raises(MarksError, match="its count of deletions is no number"):
        Database(path).open()


@pytest.mark.parametrize("content", [None, "no key", f"12345678 open {'00' * 32}"])
def test_without_its_key_a_mark_is_not_taken_for_nothing(
    tmp_path: Path, content: str | None
) -> None:
    path = tmp_path / "ampersand.db"
    Marks(path).write([Erasure(1, FIRST, "2026-03-02")])
    if content is None:
        MarkKeyFile(path).path.unlink()
    else:
        MarkKeyFile(path).path.write_text(content)
    with pytest.raises(MarksError):
        Marks(path).deleted_since(0)
    # Nobody was deleted since, so there is nothing to be known.
    assert not Marks(path).deleted_since(1)(FIRST)


@pytest.mark.parametrize("content", [None, "no key", "\xff"])
def test_a_deletion_does_not_wait_for_a_key_that_is_gone(
    tmp_path: Path, content: str | None
) -> None:
    """The next ones are marked with another key; the former stays, should it be put right."""
    path = tmp_path / "ampersand.db"
    Marks(path).write([Erasure(1, FIRST + 1, "2026-03-02")])
    if content is None:
        MarkKeyFile(path).path.unlink()
    else:
        MarkKeyFile(path).path.write_text(content, encoding="latin-1")
    database = Database(path).open()
    database.submit(lambda conn: People(conn).add(FIRST + 2, NOW)).result()
    database.close()
    database = Database(path).open()
    database.submit(_delete_all).result()
    cleaned(database)
    assert database.submit(lambda conn: Erasures(conn).pending()).result() == []
    database.close()
    assert Marks(path).deleted_since(1)(FIRST + 2)
    with pytest.raises(MarksError, match="not the key it was written with"):
        Marks(path).deleted_since(0)
    former = tmp_path / "ampersand.db.erased.key.former"
    assert former.exists() is (content is not None)


def _delete_all(conn: Connection) -> None:
    people = People(conn)
    for (chat_id,) in conn.execute("SELECT chat_id FROM people").fetchall():
        person = people.in_chat(chat_id)
        assert person is not None
        people.delete(person)


@pytest.mark.parametrize("key", [KEY, "a passphrase"])
def test_beside_an_encrypted_database_nobody_can_be_guessed(tmp_path: Path, key: str) -> None:
    """With the key of the marks one could try all chats; it does not open without the other."""
    path = tmp_path / "ampersand.db"
    Marks(path, key).write([Erasure(1, FIRST, "2026-03-02")])
    secret = MarkKeyFile(path).read(key)
    assert secret is not None
    assert secret.hex() not in MarkKeyFile(path).path.read_text()
    assert Marks(path, key).deleted_since(0)(FIRST)
    for other in (None, OTHER_KEY):
        with pytest.raises(MarksError, match="does not open with the key of the database"):
            Marks(path, other).deleted_since(0)
    # Where the key may be one of two, either will do.
    assert Marks(path, None, OTHER_KEY, key).deleted_since(0)(FIRST)


def test_numbers_go_on_over_starts_and_even_over_a_new_file(tmp_path: Path) -> None:
    """Otherwise the marks of an earlier database would count against people of a new one."""
    path = tmp_path / "ampersand.db"
    for number in (1, 2, 3):
        database = Database(path).open()

        def meet_and_delete(store: Store) -> None:
            store.people.delete(store.people.add(FIRST, NOW))

        database.submit(lambda conn: meet_and_delete(Store(conn))).result()
        database.close()
        assert Marks(path).last_number() == number
        if number == 2:
            path.unlink()
    database = Database(path).open()
    assert database.submit(lambda conn: Erasures(conn).last_number()).result() == 3
    database.close()


def test_an_older_file_that_was_put_here_by_hand_brings_nobody_back(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "ampersand.db"
    database = Database(path).open()
    database.submit(lambda conn: [People(conn).add(FIRST + n, NOW) for n in range(3)]).result()
    database.close()
    older = path.read_bytes()
    database = Database(path).open()

    def come_and_go(store: Store) -> None:
        gone = store.people.in_chat(FIRST + 1)
        assert gone is not None
        store.people.delete(gone)

    database.submit(lambda conn: come_and_go(Store(conn))).result()
    database.close()
    path.write_bytes(older)
    for _ in range(2):
        database = Database(path).open()
        left = database.submit(
            lambda conn: [row[0] for row in conn.execute("SELECT chat_id FROM people")]
        ).result()
        assert left == [FIRST, FIRST + 2]
        database.close()
    assert caplog.text.count("deleted since and removed again: 1") == 1

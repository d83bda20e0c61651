"""An export that is read back loses nothing of what the data map says is in the file."""

import csv
import io
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.export.bundle import bundle
from bot.export.diary import diary
from bot.export.gathering import exported
from bot.export.maker import ExportMaker
from bot.export.restoring import restore
from bot.export.shape import Export
from bot.export.tables import tables
from storage.people import AGREED_ELSEWHERE
from storage.store import Store
from tests.direct import Direct
from tests.storage.test_storage_data_map import mapped

NOW = datetime(2026, 5, 1, tzinfo=UTC)
NUMBERED = {"id", "asked_id", "answer_id", "source_id", "quiz_id", "check_in_id"}
"""Numbers of rows: within the file they begin at 1."""

OF_PERSON = {
    "asked": "person_id = ?",
    "answers": "person_id = ?",
    "taps": "person_id = ?",
    "quizzes": "person_id = ?",
    "check_ins": "person_id = ?",
    "reports": "person_id = ?",
    "told": "person_id = ?",
    "marked_days": "person_id = ?",
    "beads": "person_id = ?",
    "not_mine": "person_id = ?",
    "flags": "person_id = ?",
    "people": "id = ?",
    "hits": "answer_id IN (SELECT id FROM answers WHERE person_id = ?)",
    "quiz_answers": "quiz_id IN (SELECT id FROM quizzes WHERE person_id = ?)",
    "check_in_answers": "check_in_id IN (SELECT id FROM check_ins WHERE person_id = ?)",
}


@pytest.fixture
def lived(direct: Direct, ada: int) -> int:
    """Ada, with rows of every kind; also such as come only after months."""
    asked = direct.rows("SELECT id FROM asked")[0][0]
    direct.press(ada, f"tap:{asked}:4")
    direct.say(ada, "=1+1 I just give in, every time.")
    direct.say(ada, "He hit me again last night.")
    direct.press(ada, "card:write")
    direct.say(ada, "Call my sister.")
    direct.press(ada, "numbers:DE")
    direct.say(ada, "/quiz")
    for at in range(24):
        direct.press(ada, f"quiz:1:{at}:{at % 5 + 1}")
    direct.press(ada, "quiz:1:24:3")
    direct.press(ada, "quiz:1:25:5")
    direct.press(ada, "again:yes")
    direct.pass_time(days=6, hours=10)
    direct.press(ada, "checkin:1:0:3")
    direct.press(ada, "checkin:1:1:0")
    direct.press(ada, "checkin:1:2:x")
    direct.say(ada, "Wir haben gestern lange geredet und dann gekocht.")
    direct.say(ada, "/report")
    direct.press(ada, "unusual:2026-03-04")
    direct.press(ada, "notme:1:0:1:M1")
    direct.press(ada, "chapter:yes")
    direct.say(ada, "/mask Sam")
    direct.say(ada, "/discreet on")
    direct.say(ada, "/pause 7")
    direct.rows(
        "INSERT INTO told SELECT id, 'self', '2026-03-08', '2026-03-03', 'down', 1 FROM people"
    )
    # a bead and a "not me" whose answer is gone, and a text that retention has emptied
    direct.rows(
        "INSERT INTO beads SELECT id, '2026-03-02', 'text', 999, 'r', 'M1', 'self', 0, 1, 'v'"
        " FROM people"
    )
    direct.rows("INSERT INTO not_mine SELECT id, 'M2', 999, '2026-03-05' FROM people")
    direct.rows("UPDATE answers SET text = '', edited_at = answered_at WHERE id = 1")
    return ada


def _export(direct: Direct, chat_id: int, *, safety: bool = True) -> Export:
    def work(store: Store) -> Export:
        person = store.archive.person(chat_id)
        assert person is not None
        return exported(person, store.archive.read(person["id"]), safety=safety)

    return direct.store(work)


def _brought(direct: Direct, export: Export, chat_id: int) -> None:
    def work(store: Store) -> None:
        restore(store, store.people.add(chat_id, NOW), export, NOW)

    direct.store(work)


def _rows(direct: Direct, chat_id: int, table: str, columns: list[str]) -> list[tuple[Any, ...]]:
    person_id = direct.rows("SELECT id FROM people WHERE chat_id = ?", chat_id)[0][0]
    listed = ", ".join(columns)
    where = OF_PERSON[table]
    return sorted(
        direct.rows(f"SELECT {listed} FROM {table} WHERE {where}", person_id),  # noqa: S608 - ours
        key=str,
    )


def test_every_column_that_is_in_the_file_comes_back(direct: Direct, lived: int) -> None:
    _brought(direct, _export(direct, lived), 77)
    checked: dict[str, list[str]] = {}
    for column in mapped():
        if not column.in_file.startswith("no") and column.name not in NUMBERED:
            checked.setdefault(column.table, []).append(column.name)
    assert checked.keys() == OF_PERSON.keys()
    for table, columns in checked.items():
        before = _rows(direct, lived, table, columns)
        assert before, f"nothing of {table} was there to be lost"
        assert _rows(direct, 77, table, columns) == before, table
    assert direct.rows("PRAGMA foreign_key_check") == []


def test_a_second_export_is_the_first(direct: Direct, lived: int) -> None:
    first = _export(direct, lived)
    _brought(direct, first, 77)
    assert _export(direct, 77) == first
    read = Export.model_validate_json(first.model_dump_json())
    assert read == first


def test_beads_belong_to_the_same_answers_again(direct: Direct, lived: int) -> None:
    _brought(direct, _export(direct, lived), 77)
    query = (
        "SELECT b.family, b.plus, b.minus, a.day, a.words FROM beads b JOIN answers a"
        " ON a.id = b.source_id JOIN people p ON p.id = b.person_id"
        " WHERE b.source = 'text' AND a.person_id = p.id AND p.chat_id = ?"
        " ORDER BY a.id, b.family, b.axis"
    )
    assert direct.rows(query, 77) == direct.rows(query, lived) != []


def test_without_what_is_grave_nothing_grave_comes_back(direct: Direct, lived: int) -> None:
    export = _export(direct, lived, safety=False)
    assert "safety" not in export.as_json()
    _brought(direct, export, 77)
    assert direct.rows("SELECT card, country FROM people WHERE chat_id = 77") == [(None, None)]
    assert direct.rows("SELECT count(*) FROM flags f JOIN people p ON p.id = f.person_id"
                       " WHERE p.chat_id = 77") == [(0,)]  # fmt: skip


def test_who_was_brought_here_has_agreed_to_nothing_here(direct: Direct, lived: int) -> None:
    _brought(direct, _export(direct, lived), 77)
    assert direct.rows("SELECT consent FROM people WHERE chat_id = 77") == [(AGREED_ELSEWHERE,)]


def test_the_diary_tells_the_days_in_order(direct: Direct, lived: int) -> None:
    content = direct.content
    text = diary(_export(direct, lived), content.words, content.rules)
    days = [line[3:] for line in text.splitlines() if line.startswith("## ")]
    assert days == sorted(days)
    assert days[0] == "2026-03-02"
    assert "removed after the time you chose" in text
    assert "*A new chapter began.*" in text
    assert "closeness now 3, wished 5" in text
    assert "&" not in text.replace(" & ", ""), "nothing is escaped in Markdown"


def test_an_empty_account_has_a_file_too(direct: Direct, ada: int) -> None:
    content = direct.content
    direct.rows("DELETE FROM asked")
    made = bundle(_export(direct, ada), content.words, content.rules, date(2026, 3, 2))
    assert made.startswith(b"PK")
    text = diary(_export(direct, ada), content.words, content.rules)
    assert "Nothing has been written or tapped yet." in text


def test_no_cell_is_a_formula(direct: Direct, ada: int) -> None:
    for text in ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "plain"):
        direct.say(ada, text)
    written = tables(_export(direct, ada))["answers.csv"].decode("utf-8-sig")
    cells = [row["text"] for row in csv.DictReader(io.StringIO(written))]
    assert cells == ["'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\t=1", "plain"]


def test_for_somebody_who_is_gone_nothing_is_made(direct: Direct, ada: int) -> None:
    content = direct.content
    maker = ExportMaker(content.words, content.rules, direct.clock)
    assert direct.store(lambda store: maker.gather(store, 404, {})) is None
    assert direct.store(lambda store: maker.gather(store, ada, {})) is not None


@pytest.mark.parametrize(
    "instant", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "2014-12-31T00:00:00Z"]
)
def test_an_instant_that_cannot_be_is_named(direct: Direct, ada: int, instant: str) -> None:
    export = _export(direct, ada)
    assert export.misdated(NOW) is None
    written = export.as_json()
    written["settings"]["created_at"] = instant
    assert Export.model_validate(written).misdated(NOW) == "settings.created_at"

"""/export and `ampersand import`: everything out, and in again."""

import csv
import io
import json
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from bot.__main__ import cli
from bot.commands import import_
from bot.demo.people import Person
from tests.house import START, House
from tests.patience import until

SENTENCE = "We cooked together, and I said what I wanted for once."
GRAVE = "He hit me again last night."
CARD = "My sister has a bed for me."


async def a_full_life(house: House, person: Person) -> None:
    """A fortnight with something of every kind."""
    await house.tap(person, "3")
    await house.say(person, SENTENCE)
    await house.say(person, "/quiz")
    for at in range(24):
        await house.tap_ending(person, f":{at}:{at % 5 + 1}")
    await house.tap_ending(person, ":24:3")
    await house.tap_ending(person, ":25:5")
    for day in range(3, 9):
        await house.move_to_local("Europe/Berlin", f"2026-03-{day:02}", "20:30")
        await house.tap(person, str(day % 5 + 1))
        await house.say(person, f"=SUM({day}) he decides, {day} and I just give in")
        if day == 8:
            await house.tap_ending(person, ":0:4")
    await house.move_to_local("Europe/Berlin", "2026-03-08", "21:30")
    await house.say(person, "/report")
    await house.tap(person, "an unusual week")
    await house.say(person, "/mask Sam")
    await house.say(person, "/chapter")
    await house.tap(person, "chapter:yes")


async def export(house: House, person: Person, choice: str = "without") -> dict[str, bytes]:
    """Ask for the file and give what is in it."""
    await house.say(person, "/export")
    await house.tap(person, f"export:{choice}")
    file = person.last.file
    assert file is not None, person.last.text
    with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def everything(files: dict[str, bytes]) -> dict[str, Any]:
    """The part for programs."""
    found: dict[str, Any] = json.loads(files["export.json"])
    return found


async def test_the_file_holds_everything(house: House, ada: Person) -> None:
    await a_full_life(house, ada)
    files = await export(house, ada)
    found = everything(files)
    answers = house.rows("SELECT text, day FROM answers ORDER BY id")
    assert [(one["text"], one["day"]) for one in found["answers"]] == answers
    assert found["answers"][0]["question"] == house.rows("SELECT text FROM asked")[0][0]
    taps = house.rows("SELECT rule, value, day FROM taps ORDER BY id")
    assert [(one["rule"], one["value"], one["day"]) for one in found["taps"]] == taps
    assert len(found["quizzes"][0]["answers"]) == 24
    assert len(found["check_ins"]) == 1
    assert len(found["beads"]) == house.rows("SELECT count(*) FROM beads")[0][0]
    assert len(found["reports"]) == house.rows("SELECT count(*) FROM reports")[0][0]
    assert found["settings"]["zone"] == "Europe/Berlin"
    assert found["settings"]["masks"] == ["Sam"]
    assert len(found["chapters"]) == 1
    assert len(found["unusual_weeks"]) == 1
    assert SENTENCE in files["diary.md"].decode()
    written = files["answers.csv"].decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(written)))
    assert rows[0]["text"] == SENTENCE
    assert rows[1]["text"].startswith("'=SUM(3)"), "a spreadsheet would run it"


async def test_nothing_of_anybody_else_is_in_the_file(house: House, ada: Person) -> None:
    bea = house.server.person(12, "Bea")
    await house.welcome(bea)
    await house.say(bea, "Only Bea knows about the zebrawood.")
    await house.say(ada, SENTENCE)
    files = await export(house, ada)
    assert b"zebrawood" not in b"".join(files.values())


async def test_what_is_grave_is_only_in_the_file_on_request(house: House, ada: Person) -> None:
    await house.say(ada, GRAVE)
    await house.tap(ada, "card:show")
    await house.say(ada, CARD)
    assert house.rows("SELECT count(*) FROM flags WHERE kind = 'C'") == [(1,)]
    without = await export(house, ada)
    assert "safety" not in everything(without)
    assert CARD.encode() not in b"".join(without.values())
    flags = everything(await export(house, ada, "with"))["safety"]
    assert flags["card"] == CARD
    assert [flag["kind"] for flag in flags["flags"]] == ["C"]


async def test_the_question_is_the_same_whether_or_not_there_is_anything_grave(
    house: House, ada: Person
) -> None:
    """Otherwise the question itself would tell."""
    await house.say(ada, "/export")
    before = ada.last.html
    await house.say(ada, GRAVE)
    await house.say(ada, "/export")
    assert ada.last.html == before


async def test_three_files_a_day(house: House, ada: Person) -> None:
    for _ in range(3):
        await export(house, ada)
    await house.say(ada, "/export")
    await house.tap(ada, "export:without")
    assert "three files" in ada.last.text
    assert len(house.server.calls("sendDocument")) == 3
    await house.move(days=1, minutes=1)
    await export(house, ada)


async def test_a_file_is_never_made_for_somebody_who_has_just_been_deleted(
    house: House, ada: Person
) -> None:
    await house.say(ada, "/export")
    await house.say(ada, "/delete")
    await house.tap(ada, "delete:first")
    await house.tap(ada, "delete:second")
    await ada.press_raw("export:without")
    await house.settle()
    assert house.server.calls("sendDocument") == []


async def test_a_file_that_cannot_be_made_is_apologised_for(
    house: House, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> bytes:
        raise ValueError(SENTENCE)

    monkeypatch.setattr("bot.export.bundle.bundle", broken)
    await house.say(ada, SENTENCE)
    await house.say(ada, "/export")
    await house.tap(ada, "export:without")
    assert "could not be made" in ada.last.text
    assert house.rows("SELECT count(*) FROM outbox") == [(0,)]


async def test_a_file_is_made_anew_where_telegram_could_not_take_it(
    house: House, ada: Person
) -> None:
    """The outbox holds only what is to be made, and holds it until it has arrived."""
    await house.say(ada, SENTENCE)
    house.server.faults.server_error(502, method="sendDocument", times=2)
    files = await export(house, ada)
    assert everything(files)["answers"][0]["text"] == SENTENCE
    assert len(house.server.calls("sendDocument")) >= 1
    assert house.rows("SELECT count(*) FROM outbox") == [(0,)]


async def test_the_outbox_never_holds_the_file(house: House, ada: Person) -> None:
    await house.say(ada, SENTENCE)
    house.server.faults.server_error(502, method="sendDocument", times=-1)
    await house.say(ada, "/export")
    await ada.tap("export:without")
    query = "SELECT payload FROM outbox WHERE method = 'sendDocument' AND attempts > 0"
    await until(lambda: house.rows(query))
    waiting = house.rows(query)
    assert '"make":"export"' in waiting[0][0]
    assert SENTENCE not in str(waiting)
    house.server.faults.clear()
    await house.settle()
    assert ada.last.file is not None


async def test_export_import_export_is_the_same(house: House, ada: Person, tmp_path: Path) -> None:
    """Into a fresh account: nothing is lost on the way, and nothing is made up."""
    await a_full_life(house, ada)
    await house.say(ada, GRAVE)
    await house.tap(ada, "card:show")
    await house.say(ada, CARD)
    first = await export(house, ada, "with")
    path = tmp_path / "notes.zip"
    path.write_bytes(ada.last.file.content if ada.last.file else b"")
    result = await _imported(house, path, 77)
    assert result.exit_code == 0, result.output
    assert result.output.endswith(", 1 check-in, 1 quiz.\n")
    assert SENTENCE not in result.output
    bea = house.server.person(77, "Bea")
    second = await export(house, bea, "with")
    assert everything(second) == everything(first)
    assert second == first
    assert house.rows("PRAGMA foreign_key_check") == []


async def test_who_was_imported_is_asked_for_consent_and_then_goes_on(
    house: House, ada: Person, tmp_path: Path
) -> None:
    await a_full_life(house, ada)
    await export(house, ada)
    path = tmp_path / "notes.zip"
    path.write_bytes(ada.last.file.content if ada.last.file else b"")
    assert (await _imported(house, path, 77)).exit_code == 0
    bea = house.server.person(77, "Bea")
    await house.move(days=2)
    assert bea.from_bot == []
    await house.say(bea, "/history")
    assert "I agree" in bea.last.labels
    await house.tap(bea, "renew:yes")
    await house.move(days=1)
    assert "1 not at all" in bea.last.text
    await house.say(bea, "/report")
    assert "Counted" in bea.last.text


async def test_nothing_is_imported_while_the_bot_runs(
    house: House, ada: Person, tmp_path: Path
) -> None:
    files = await export(house, ada)
    path = tmp_path / "export.json"
    path.write_bytes(files["export.json"])
    assert _run(house.settings.database_path, str(path), "--chat", "77").exit_code == 2
    assert house.rows("SELECT chat_id FROM people") == [(11,)]


async def test_whoever_was_discreet_is_so_after_an_import(
    house: House, ada: Person, tmp_path: Path
) -> None:
    """An import changes no menu, so the first contact does."""
    await house.say(ada, "/discreet on")
    files = await export(house, ada)
    path = tmp_path / "export.json"
    path.write_bytes(files["export.json"])
    assert (await _imported(house, path, 77)).exit_code == 0
    bea = house.server.person(77, "Bea")
    assert len(bea.menu) > 10
    await house.say(bea, "/start")
    assert [entry["command"] for entry in bea.menu] == ["start", "word", "help"]


async def test_consent_that_was_taken_back_stays_so_after_an_import(
    house: House, ada: Person, tmp_path: Path
) -> None:
    await house.say(ada, SENTENCE)
    await house.say(ada, "/withdraw")
    await house.tap(ada, "Stop, and keep it")
    files = await export(house, ada)
    path = tmp_path / "export.json"
    path.write_bytes(files["export.json"])
    assert (await _imported(house, path, 77)).exit_code == 0
    bea = house.server.person(77, "Bea")
    await house.say(bea, SENTENCE)
    assert "was not kept" in bea.last.text
    assert house.rows("SELECT count(*) FROM answers") == [(2,)]
    await house.say(bea, "/start")
    await house.tap(bea, "consent:yes")
    await house.say(bea, SENTENCE)
    assert house.rows("SELECT count(*) FROM answers") == [(3,)]


async def test_an_account_is_never_overwritten(house: House, ada: Person, tmp_path: Path) -> None:
    await house.say(ada, SENTENCE)
    files = await export(house, ada)
    path = tmp_path / "export.json"
    path.write_bytes(files["export.json"])
    result = await _imported(house, path, 11)
    assert result.exit_code == 2
    assert "has an account already" in result.output
    assert house.rows("SELECT count(*) FROM answers") == [(1,)]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"PK\x03\x04 not really a zip",
        b'{"program": "ampersand", "format": 1, "secret": "my own words"}',
    ],
)
def test_a_file_that_is_no_export_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    result = _run(tmp_path / "x.db", str(path), "--chat", "5")
    assert result.exit_code == 2
    assert result.output.count("\n") == 1
    assert result.output.startswith(f"ampersand: {path} is not an Ampersand export: ")
    assert "Invalid JSON" not in result.output
    assert "my own words" not in result.output


@pytest.mark.parametrize("chat", [-100, 0, 2**52])
def test_only_a_private_chat_gets_an_account(tmp_path: Path, chat: int) -> None:
    path = tmp_path / "export.json"
    path.write_text("{}")
    result = _run(tmp_path / "x.db", str(path), "--chat", str(chat))
    assert result.exit_code == 2
    assert "--chat: the number of a private chat is above 0" in result.output


async def test_a_file_that_contradicts_itself_changes_nothing(
    house: House, ada: Person, tmp_path: Path
) -> None:
    """Two taps for one question, which no database of ours can hold."""
    await house.tap(ada, "3")
    content = everything(await export(house, ada))
    content["taps"].append(content["taps"][0] | {"id": 2})
    path = tmp_path / "export.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    result = await _imported(house, path, 77)
    assert result.exit_code == 2
    assert "nothing was imported" in result.output
    assert house.rows("SELECT count(*) FROM people") == [(1,)]


@pytest.mark.parametrize(
    ("part", "changed"),
    [
        ("settings", {"started_on": "9999-12-31"}),
        ("settings", {"created_at": "2014-12-31T00:00:00Z"}),
        ("settings", {"paused_until": "2031-01-01"}),
        ("quizzes", {"day": "9999-12-31"}),
        ("quizzes", {"started_at": "0001-01-01T00:00:00Z"}),
        ("taps", {"day": "2026-03-05"}),
        ("beads", {"day": "0001-01-01"}),
        ("chapters", "9999-12-31"),
    ],
)
async def test_a_file_with_a_day_that_cannot_be_is_refused(
    house: House, ada: Person, tmp_path: Path, part: str, changed: Any
) -> None:
    """A day too far ahead or back would break every report and the quiz."""
    await house.tap(ada, "3")
    await house.tap(ada, "take the quiz")
    content = everything(await export(house, ada))
    if isinstance(changed, str):
        content[part].append(changed)
    else:
        of = content[part] if isinstance(content[part], dict) else content[part][0]
        assert changed.keys() <= of.keys()
        of.update(changed)
    path = tmp_path / "export.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    result = await _imported(house, path, 77)
    assert result.exit_code == 2
    assert "the date cannot be" in result.output
    assert part in result.output
    assert result.output.count("\n") == 1
    assert house.rows("SELECT count(*) FROM people") == [(1,)]


async def _imported(house: House, path: Path, chat: int) -> Any:
    """Import while the bot is stopped, and start it again."""
    await house.stop()
    now = house.clock.now()
    result = _run(house.settings.database_path, str(path), "--chat", str(chat), now=now)
    await house.start()
    return result


def _run(database: Path, *arguments: str, now: datetime = START) -> Any:
    settings = {"BOT_TOKEN": "123456789:a-token-for-a-test", "DATABASE_PATH": str(database)}
    with pytest.MonkeyPatch.context() as patch:
        # the command asks the machine for the time, and these tests do not live in its time
        patch.setattr(import_, "_now", lambda: now)
        return CliRunner().invoke(cli, ["import", *arguments], env=settings)

"""/delete: two taps, or the words of the two buttons typed, and nothing is left."""

from pathlib import Path

import pytest

from bot.demo.people import Person
from tests.house import House, open_house

WORDS = "My brother came to visit us today."
NOTE = "The neighbour's dog barked all night."
FIRST, SECOND = "Remove everything", "Yes, remove everything now"


async def fill(house: House, person: Person) -> None:
    """Leave traces everywhere: answers, a tap, a quiz, a report, something unreadable."""
    await house.say(person, WORDS)
    await house.tap(person, "3")
    await house.tap(person, "take the quiz")
    await house.tap_ending(person, ":0:4")
    await house.say(person, "/report")
    await house.say(person, "/chapter")
    await house.tap(person, "Begin a new chapter")
    house.server.push_update({"message": {"chat": {"id": person.id}, "text": "SECRET HALF"}})
    await house.move_to_local("Europe/Berlin", "2026-03-08", "19:30")
    await house.tap(person, "skip")
    await house.say(person, NOTE)
    await house.settle()


def traces(house: House, person: Person) -> list[str]:
    """Rows of any table that hold the chat's number or anything the person wrote."""
    found = []
    for (table,) in house.rows("SELECT name FROM sqlite_master WHERE type = 'table'"):
        if table == "places":
            continue
        for row in house.rows(f'SELECT * FROM "{table}"'):  # noqa: S608 - names from the schema
            texts = [str(value) for value in row]
            if str(person.id) in texts or any(
                words in text
                for text in texts
                for words in (WORDS, NOTE, "SECRET HALF", f'"id":{person.id}')
            ):
                found.append(f"{table}: {texts}")
    return found


@pytest.fixture
async def zoe(house: House) -> Person:
    """Somebody with a long number, who has left traces everywhere."""
    person = house.server.person(7_123_456_789, "Zoe")
    await house.welcome(person)
    await fill(house, person)
    return person


def asked(person: Person) -> int:
    """The message with the newest question."""
    return next(m.message_id for m in reversed(person.from_bot) if m.button("skip"))


def is_empty(house: House) -> bool:
    """Whether everything that hangs on people is gone with them."""
    tables = ("people", "schedule", "asked", "answers", "taps", "quizzes", "quiz_answers",
              "check_ins", "check_in_answers", "reports", "marked_days", "beads", "messages",
              "outbox")  # fmt: skip
    return all(house.rows(f"SELECT * FROM {table}") == [] for table in tables)  # noqa: S608 - constants


async def test_there_is_something_to_find(house: House, zoe: Person) -> None:
    """Otherwise the other tests here would show nothing."""
    found = {trace.partition(":")[0] for trace in traces(house, zoe)}
    assert found >= {"people", "answers", "inbox", "messages"}


async def test_two_taps_remove_everything(house: House, zoe: Person) -> None:
    await house.say(zoe, "/delete")
    assert "It cannot be brought back" in zoe.last.text
    asked = zoe.last
    await house.tap(zoe, "Remove everything")
    assert "Really everything?" in asked.text
    await house.tap(zoe, "Yes, remove everything now")
    assert "Everything is removed" in asked.text
    assert traces(house, zoe) == []
    assert is_empty(house)


async def test_typing_the_words_of_both_buttons_removes_everything(
    house: House, zoe: Person
) -> None:
    await house.say(zoe, "/delete")
    await house.say(zoe, "Remove everything.")
    assert "Really everything?" in zoe.last.text
    await house.say(zoe, "yes remove everything now")
    assert "Everything is removed" in zoe.last.text
    assert traces(house, zoe) == []
    assert is_empty(house)


async def test_nothing_comes_afterwards_and_it_begins_anew(house: House, zoe: Person) -> None:
    await house.say(zoe, "/delete")
    await house.say(zoe, FIRST)
    await house.say(zoe, SECOND)
    before = len(zoe.from_bot)
    await house.move(days=9)
    assert len(zoe.from_bot) == before
    await house.say(zoe, "Are you still there?")
    assert "Send /start" in zoe.last.text
    await house.say(zoe, "/start")
    assert "clear yes" in zoe.last.text


async def test_no_is_no(house: House, zoe: Person) -> None:
    await house.say(zoe, "/delete")
    await house.tap(zoe, "No, keep it")
    assert zoe.last.text == "Nothing was removed."
    await house.say(zoe, "/delete")
    await house.say(zoe, FIRST)
    await house.tap(zoe, "No, keep it")
    await house.say(zoe, SECOND)
    await house.say(zoe, "/delete")
    await house.say(zoe, "no, keep it")
    assert zoe.last.text == "Nothing was removed."
    await house.say(zoe, SECOND)
    assert house.rows("SELECT count(*) FROM people") == [(1,)]
    assert traces(house, zoe) != []


async def test_a_mere_yes_removes_nothing(house: House, zoe: Person) -> None:
    await house.say(zoe, "/delete")
    for _ in range(3):
        await house.say(zoe, "Yes.")
        assert "Nothing is removed yet" in zoe.last.text
        assert "Remove everything" in zoe.last.text
    await house.say(zoe, FIRST)
    for _ in range(3):
        await house.say(zoe, "yes")
        assert "Yes, remove everything now" in zoe.last.text
    assert traces(house, zoe) != []


async def test_an_open_deletion_does_not_wait_for_the_answer_of_the_next_evening(
    house: House, zoe: Person
) -> None:
    """/delete, one tap, and then nothing: the next question is answered with yes."""
    await house.say(zoe, "/delete")
    await house.tap(zoe, "Remove everything")
    await house.move_to_local("Europe/Berlin", "2026-03-09", "20:05")
    await house.say(zoe, "Yes.", reply_to=asked(zoe))
    await house.say(zoe, "Yes.")
    await house.say(zoe, SECOND)
    assert house.rows("SELECT count(*) FROM people") == [(1,)]
    assert house.rows("SELECT text FROM answers ORDER BY id DESC LIMIT 3") == [
        (SECOND,),
        ("Yes.",),
        ("Yes.",),
    ]


async def test_a_deletion_is_open_for_half_an_hour(house: House, zoe: Person) -> None:
    await house.move_to_local("Europe/Berlin", "2026-03-09", "10:00")
    await house.say(zoe, "/delete")
    await house.tap(zoe, "Remove everything")
    last = zoe.last
    await house.move(minutes=31)
    await house.say(zoe, SECOND)
    assert house.rows("SELECT text FROM answers ORDER BY id DESC LIMIT 1") == [(SECOND,)]
    await zoe.press(last.message_id, "Yes, remove everything now")
    await house.settle()
    assert zoe.callback_answers[-1]["text"] == "That button no longer works."
    assert house.rows("SELECT count(*) FROM people") == [(1,)]


async def test_a_reply_to_a_question_is_an_answer_and_ends_the_deletion(
    house: House, zoe: Person
) -> None:
    await house.move_to_local("Europe/Berlin", "2026-03-09", "20:05")
    await house.say(zoe, "/delete")
    await house.tap(zoe, "Remove everything")
    await house.say(zoe, SECOND, reply_to=asked(zoe))
    assert house.rows("SELECT count(*) FROM people") == [(1,)]
    assert house.rows("SELECT text FROM answers ORDER BY id DESC LIMIT 1") == [(SECOND,)]
    await house.say(zoe, SECOND)
    assert house.rows("SELECT count(*) FROM people") == [(1,)]


async def test_other_words_end_the_question_and_are_kept(house: House, zoe: Person) -> None:
    await house.say(zoe, "/delete")
    await house.say(zoe, "Yes, I thought about us a lot.")
    assert "Kept as a note" in zoe.last.text
    await house.say(zoe, "yes")
    assert house.rows("SELECT count(*) FROM people") == [(1,)]


async def test_an_old_button_and_an_interruption_remove_nothing(house: House, zoe: Person) -> None:
    await house.say(zoe, "/delete")
    asked = zoe.last
    await house.say(zoe, "/help")
    await zoe.press(asked.message_id, "Remove everything")
    await house.settle()
    assert zoe.callback_answers[-1]["text"] == "That button no longer works."
    await zoe.press_raw("delete:second", asked.message_id)
    await house.settle()
    assert house.rows("SELECT count(*) FROM people") == [(1,)]


async def test_others_lose_nothing(house: House, zoe: Person) -> None:
    bob = house.server.person(21, "Bob")
    await house.welcome(bob)
    await house.say(bob, "Mine stays where it is.")
    await house.say(zoe, "/delete")
    await house.say(zoe, FIRST)
    await house.say(zoe, SECOND)
    assert house.rows("SELECT text FROM answers") == [("Mine stays where it is.",)]
    assert house.rows("SELECT chat_id FROM people") == [(21,)]


async def test_the_file_itself_holds_nothing_any_more(database_path: Path) -> None:
    """SQLite marks deleted rows as free; here they are overwritten as well."""
    async with open_house(database_path) as house:
        zoe = house.server.person(7_123_456_789, "Zoe")
        await house.welcome(zoe)
        await fill(house, zoe)
        await house.stop()
        assert WORDS.encode() in _bytes(database_path)
        await house.start()
        await house.say(zoe, "/delete")
        await house.say(zoe, FIRST)
        await house.say(zoe, SECOND)
    left = _bytes(database_path)
    assert WORDS.encode() not in left
    assert NOTE.encode() not in left
    assert b"SECRET HALF" not in left


def _bytes(database: Path) -> bytes:
    return b"".join(path.read_bytes() for path in database.parent.glob(f"{database.name}*"))

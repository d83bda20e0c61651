"""/history: page, search, delete one."""

from bot.demo.people import Person
from tests.house import House


async def test_what_was_written_is_found_page_by_page(house: House, ada: Person) -> None:
    for number in range(7):
        await house.say(ada, f"note {number} with 100% <b>_care_</b>")
    await house.say(ada, "/history")
    assert "note 6" in ada.last.text
    assert "note 1" not in ada.last.text
    await house.tap(ada, "older")
    assert "note 0" in ada.last.text
    assert "<b>_care_</b>" in ada.last.text
    await house.say(ada, "/history 100%")
    assert "note 6" in ada.last.text
    await house.say(ada, "/history nothing like it")
    assert "I found nothing" in ada.last.text


async def test_one_entry_is_deleted_with_what_was_read_in_it(house: House, ada: Person) -> None:
    await house.say(ada, "to be kept for later")
    await house.say(ada, "to be removed for good")
    await house.say(ada, "/history")
    await house.tap(ada, "delete 1")
    assert "to be removed" in ada.last.text
    await house.tap(ada, "delete it")
    assert house.rows("SELECT text FROM answers") == [("to be kept for later",)]


async def test_nobody_deletes_what_somebody_else_wrote(house: House, ada: Person) -> None:
    await house.say(ada, "only mine to delete")
    bob = house.server.person(12, "Bob")
    await house.welcome(bob)
    number = house.rows("SELECT id FROM answers")[0][0]
    await bob.press_raw(f"histsure:{number}")
    await house.settle()
    assert house.rows("SELECT count(*) FROM answers") == [(1,)]

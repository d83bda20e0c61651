"""/timezone and /time: where somebody lives and when they are asked."""

import pytest

from bot.demo.people import Person
from tests.house import House


def where(house: House) -> tuple[str, str]:
    """Zone and place as stored."""
    row = house.rows("SELECT zone, place FROM people")[0]
    return row[0], row[1]


async def test_a_city_with_several_matches_becomes_buttons(house: House, ada: Person) -> None:
    await house.say(ada, "/timezone Portland")
    assert "I know more than one" in ada.last.text
    assert "Portland, Oregon, United States" in ada.last.labels
    assert "Portland, Maine, United States" in ada.last.labels
    assert ada.last.labels[-1] == "none of these"
    await house.tap(ada, "Portland, Oregon, United States")
    assert where(house) == ("America/Los_Angeles", "Portland")
    assert "Portland, where it is" in ada.last.text


async def test_none_of_these_asks_again(house: House, ada: Person) -> None:
    await house.say(ada, "/timezone Portland")
    await house.tap(ada, "none of these")
    assert "Which city are you in?" in ada.last.text
    await house.say(ada, "Reykjavik")
    assert where(house) == ("Atlantic/Reykjavik", "Reykjavík")


async def test_an_unknown_city_and_a_folder_of_zones_are_no_places(
    house: House, ada: Person
) -> None:
    for name in ("Xyzzyville", "../../etc/passwd", "💃" * 40):
        await house.say(ada, f"/timezone {name}")
        assert "I do not know that place" in ada.last.text
    assert where(house) == ("Europe/Berlin", "Berlin")
    await house.say(ada, "Pacific/Auckland")
    assert where(house) == ("Pacific/Auckland", "Auckland")


@pytest.mark.parametrize("typed", ["europe/lisbon", " EUROPE/Lisbon ", "Europe/Lisbon"])
async def test_a_zone_can_be_typed_in_any_case(house: House, ada: Person, typed: str) -> None:
    await house.say(ada, f"/timezone {typed}")
    assert where(house) == ("Europe/Lisbon", "Lisbon")


async def test_the_place_can_be_asked_for_and_given_on_a_new_line(
    house: House, ada: Person
) -> None:
    await house.say(ada, "/timezone")
    assert "Which city are you in?" in ada.last.text
    await house.say(ada, "/timezone\nLisbon")
    assert where(house)[0] == "Europe/Lisbon"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("/time 21:15", "21:15"), ("/time 8 pm", "20:00"), ("/time@ampersand_demo_bot noon", "12:00")],
)
async def test_a_time_can_be_typed(house: House, ada: Person, typed: str, stored: str) -> None:
    await house.say(ada, typed)
    assert f"From now on at {stored}" in ada.last.text
    assert house.rows("SELECT ask_at FROM people") == [(stored,)]


async def test_a_time_can_be_chosen_by_button_or_answered_in_words(
    house: House, ada: Person
) -> None:
    await house.say(ada, "/time")
    assert ada.last.labels == ["12:30", "20:00"]
    await house.tap(ada, "12:30")
    assert "From now on at 12:30. The next question comes tomorrow at 12:30." in ada.last.text
    await house.say(ada, "/time")
    await house.say(ada, "never")
    assert "I did not understand that as a time" in ada.last.text
    await house.say(ada, "7.05 am")
    assert house.rows("SELECT ask_at, step FROM people") == [("07:05", None)]
    await house.move_to_local("Europe/Berlin", "2026-03-03", "07:05")
    assert house.rows("SELECT day FROM asked") == [("2026-03-02",), ("2026-03-03",)]


async def test_a_journey_doubles_no_day_and_leaves_none_out(house: House, ada: Person) -> None:
    """West after the question of the day: the same date comes again, the question does not."""
    await house.move_to_local("Europe/Berlin", "2026-03-03", "20:00")
    await house.tap(ada, "3")
    await house.say(ada, "/timezone America/New_York")
    assert "The next question comes tomorrow at 20:00." in ada.last.text
    await house.move_to_local("America/New_York", "2026-03-04", "23:59")
    await house.say(ada, "/timezone Asia/Tokyo")
    await house.move_to_local("Asia/Tokyo", "2026-03-05", "23:59")
    assert [row[0] for row in house.rows("SELECT day FROM asked ORDER BY id")] == [
        "2026-03-02",
        "2026-03-03",
        "2026-03-04",
        "2026-03-05",
    ]

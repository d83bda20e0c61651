"""/settings with every button, and the commands behind them."""

import pytest

from bot.demo.people import Person
from tests.house import House

WEEK = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def settings(house: House, columns: str) -> tuple[object, ...]:
    """Columns of the only person here."""
    return tuple(house.rows(f"SELECT {columns} FROM people")[0])  # noqa: S608 - constants


async def test_the_page_shows_everything_and_each_button_leads_on(
    house: House, ada: Person
) -> None:
    await house.say(ada, "/settings")
    page = ada.last
    assert "A question at 20:00 in Berlin, every day" in page.text
    assert "Check-in and report: Sunday at 18:00" in page.text
    assert "shows the question" in page.text
    assert "for a year" in page.text
    for button, words in {
        "time": "I ask at 20:00 now.",
        "place": "Which city are you in?",
        "pause": "I will be quiet until you send /resume.",
        "new chapter": "A new chapter is for",
        "delete everything": "This removes everything",
    }.items():
        assert button in page.labels
        await ada.press(page.message_id, button)
        await house.settle()
        assert words in ada.last.text
    await house.say(ada, "/resume")


async def test_how_it_notifies_and_how_long_it_keeps_change_in_place(
    house: House, ada: Person
) -> None:
    await house.say(ada, "/settings")
    page = ada.last
    await house.tap(ada, "notification")
    assert "behind a button" in page.text
    assert settings(house, "push") == ("quiet",)
    await house.tap(ada, "notification")
    assert "shows the question" in page.text
    for kept, days in (("until you delete it", 0), ("for 90 days", 90), ("for a year", 365)):
        await house.tap(ada, "how long kept")
        assert kept in page.text
        assert settings(house, "keep_days") == (days,)


async def test_days_are_toggled_and_one_stays(house: House, ada: Person) -> None:
    await house.say(ada, "/settings")
    page = ada.last
    await house.tap(ada, "days")
    assert page.labels == [*(f"· {day} ·" for day in WEEK), "done"]
    for day in WEEK[:1] + WEEK[2:]:
        await ada.press(page.message_id, f"· {day} ·")
        await house.settle()
    assert "I ask on Tuesday" in page.text
    await ada.press(page.message_id, "· Tue ·")
    await house.settle()
    assert ada.callback_answers[-1]["text"] == "one day has to stay; /pause stops them all"
    assert settings(house, "days") == ("2",)
    await house.tap(ada, "done")
    assert "A question at 20:00 in Berlin, on Tuesday" in page.text
    await house.move_to_local("Europe/Berlin", "2026-03-12", "12:00")
    assert [row[0] for row in house.rows("SELECT day FROM asked ORDER BY id")] == [
        "2026-03-02",
        "2026-03-03",
        "2026-03-10",
    ]


async def test_the_weekly_day_is_chosen_by_button(house: House, ada: Person) -> None:
    await house.say(ada, "/settings")
    page = ada.last
    await house.tap(ada, "weekly time")
    assert "· Sun ·" in page.labels
    await ada.press(page.message_id, "Thu")
    await house.settle()
    assert "Thursday at 18:00" in page.text
    assert settings(house, "weekly_at") == ("4 18:00",)
    await house.tap(ada, "done")
    assert "Check-in and report: Thursday at 18:00" in page.text


@pytest.mark.parametrize(
    ("wish", "said", "stored"),
    [
        ("/days mon wed fri", "I ask on Monday, Wednesday, Friday now.", "135"),
        ("/days weekdays", "Friday now.", "12345"),
        ("/days Saturday and Sunday", "I ask on Saturday, Sunday now.", "67"),
        ("/days every day", "I ask every day now.", "1234567"),
        ("/days someday", "I did not understand those days", "1234567"),
        ("/days", "Tap a day to change it", "1234567"),
    ],
)
async def test_days_in_words(house: House, ada: Person, wish: str, said: str, stored: str) -> None:
    await house.say(ada, wish)
    assert said in ada.last.text
    assert settings(house, "days") == (stored,)


@pytest.mark.parametrize(
    ("wish", "said", "stored"),
    [
        ("/weekly friday 19:30", "on Friday at 19:30 now.", "5 19:30"),
        ("/weekly Mon, 8 am", "on Monday at 08:00 now.", "1 08:00"),
        ("/weekly tomorrow", "I did not understand that", "7 18:00"),
        ("/weekly", "Tap another day", "7 18:00"),
    ],
)
async def test_the_weekly_time_in_words(
    house: House, ada: Person, wish: str, said: str, stored: str
) -> None:
    await house.say(ada, wish)
    assert said in ada.last.text
    assert settings(house, "weekly_at") == (stored,)


async def test_the_check_in_and_the_report_come_at_the_weekly_time(
    house: House, ada: Person
) -> None:
    await house.say(ada, "/weekly wednesday 19:00")
    await house.move_to_local("Europe/Berlin", "2026-03-04", "18:59")
    assert not any("Your week" in message.text for message in ada.from_bot)
    await house.move_to_local("Europe/Berlin", "2026-03-04", "19:00")
    assert "Your week, 1 of 12" in ada.last.text
    assert ada.last.silent
    await house.tap(ada, "that is enough")
    await house.move_to_local("Europe/Berlin", "2026-03-04", "19:01")
    assert ada.last.text.startswith("Your week\n")
    await house.move_to_local("Europe/Berlin", "2026-03-10", "12:00")
    assert sum(message.text.startswith("Your week\n") for message in ada.from_bot) == 1


async def test_a_new_chapter_is_asked_about_before_it_begins(house: House, ada: Person) -> None:
    await house.say(ada, "/chapter")
    question = ada.last
    await house.tap(ada, "No, go on as it is")
    assert question.text == "It goes on as it is."
    assert house.rows("SELECT count(*) FROM marked_days") == [(0,)]
    await house.say(ada, "/chapter")
    await house.tap(ada, "Begin a new chapter")
    assert ada.last.text == "A new chapter begins today."
    await house.say(ada, "/chapter")
    await house.tap(ada, "Begin a new chapter")
    assert house.rows("SELECT day, mark FROM marked_days") == [("2026-03-02", "chapter")]


async def test_what_explains_itself(house: House, ada: Person) -> None:
    for command, words in {
        "/help": "What you can do",
        "/privacy": "Olive keeps me running and could look into my storage",
        "/how": "Each answer drops beads into three bowls",
        "/safety": "If you are in danger",
    }.items():
        await house.say(ada, command)
        assert words in ada.last.text
    await house.say(ada, "/privacy")
    assert "for a year" in ada.last.text


async def test_help_for_those_who_are_not_safe_asks_for_nothing(house: House) -> None:
    """/safety answers strangers too, and keeps nothing of them."""
    bea = house.server.person(12, "Bea")
    await house.say(bea, "/safety")
    assert "If you are in danger" in bea.last.text
    assert "findahelpline.com" in bea.last.text
    assert house.rows("SELECT count(*) FROM people") == [(0,)]
    assert house.rows("SELECT count(*) FROM messages") == [(0,)]


async def test_a_command_of_the_menu_is_never_unknown(house: House, ada: Person) -> None:
    assert len(ada.menu) >= 14
    for entry in ada.menu:
        await house.say(ada, f"/{entry['command']}")
        assert "I do not know that command" not in ada.last.text

"""Discreet mode: two people, one phone. What the other one finds."""

from datetime import timedelta

from bot.demo.messages import Message
from bot.demo.people import Person
from prompts.words_of_the_day import load_words_of_the_day
from tests.house import House

SENTENCE = "I gave in about the boiler again."

TELLING = (
    *(
        "question",
        "answer",
        "report",
        "week",
        "quiz",
        "partner",
        "relationship",
        "safe",
        "discreet",
    ),
    *("delete", "kept", "keep", "wrote", "boiler", "lean", "tap", "chapter", "history", "helpline"),
)
"""Words that tell somebody what this chat is about."""

DULL = {word.meaning for word in load_words_of_the_day()}


def found(person: Person) -> list[Message]:
    """What whoever picks up the phone sees in the chat."""
    return person.visible


def gives_nothing_away(person: Person) -> bool:
    """Whether texts, buttons and menu of the chat could be those of a bot for words."""
    shown = [
        *(message.text for message in found(person)),
        *(label for message in found(person) for label in message.labels),
        *(f"{entry['command']} {entry['description']}" for entry in person.menu),
    ]
    return not [text for text in shown for word in TELLING if word in text.lower()]


def notifications(person: Person, after: int) -> list[str]:
    """What the lock screen showed since the chat held so many messages."""
    sent = [m for m in person.messages if m.from_bot and m.message_id > after]
    return [(message.history[0].text if message.history else message.text) for message in sent]


async def discreet(house: House, person: Person) -> None:
    await house.say(person, "/discreet on")


async def test_the_chat_as_the_other_finds_it(house: House, ada: Person) -> None:
    """A whole day with everything in it; an hour after Ada has put the phone down, nothing is."""
    await house.say(ada, SENTENCE)
    await discreet(house, ada)
    assert SENTENCE not in "".join(message.text for message in found(ada))
    assert len(found(ada)) == 2
    await house.say(ada, "/report")
    await house.say(ada, "/history")
    await house.say(ada, "/settings")
    await house.say(ada, "/safety")
    await house.say(ada, SENTENCE)
    assert not gives_nothing_away(ada)
    await house.move(minutes=61)
    assert found(ada) == []
    assert gives_nothing_away(ada)
    assert house.rows("SELECT count(*) FROM answers WHERE text = ?", SENTENCE) == [(2,)]


async def test_a_push_shows_nothing_until_it_is_opened(house: House, ada: Person) -> None:
    """Question, check-in and report over a week: the lock screen learns one line."""
    await discreet(house, ada)
    await house.move(hours=2)
    newest = ada.messages[-1].message_id
    opened = []
    for day in range(3, 9):
        await house.move_to_local("Europe/Berlin", f"2026-03-{day:02}", "20:30")
        assert gives_nothing_away(ada)
        for waits in [message for message in found(ada) if message.labels == ["open"]]:
            await ada.press(waits.message_id, "open")
            await house.settle()
            opened.append(waits.text)
        await house.tap(ada, "3")
        await house.move(hours=2)
    pushed = notifications(ada, newest)
    assert len(pushed) >= 8
    assert set(pushed) == {"Your note is ready."}
    asked = [row[0] for row in house.rows("SELECT text FROM asked ORDER BY id")][1:]
    for text in [*asked, "Your week, 1 of 12", "Your week\n"]:
        assert [shown for shown in opened if text in shown], text


async def test_an_opened_question_is_answered_by_tap_and_words_and_goes(
    house: House, ada: Person
) -> None:
    await discreet(house, ada)
    await house.move_to_local("Europe/Berlin", "2026-03-03", "20:01")
    await house.tap(ada, "open")
    asked = house.rows("SELECT id, text FROM asked ORDER BY id DESC LIMIT 1")[0]
    assert asked[1] in ada.last.text
    await house.tap(ada, "4")
    assert "· 4 ·" in ada.last.labels
    await house.say(ada, SENTENCE, ada.last.message_id)
    assert house.rows("SELECT asked_id FROM answers") == [(asked[0],)]
    await house.move(minutes=59)
    assert len(found(ada)) >= 2
    await house.move(minutes=2)
    assert found(ada) == []


async def test_what_nobody_opens_is_gone_before_telegram_keeps_it_for_good(
    house: House, ada: Person
) -> None:
    await discreet(house, ada)
    await house.say(ada, "/pause")
    await house.say(ada, "/resume")
    await house.move_to_local("Europe/Berlin", "2026-03-03", "20:01")
    waits = ada.last
    await house.say(ada, "/pause")
    await house.move(hours=2)
    assert [message.message_id for message in found(ada)] == [waits.message_id]
    await house.move(hours=43)
    assert found(ada) != []
    await house.move(hours=2)
    assert found(ada) == []


async def test_everything_is_deleted_before_47_hours_whatever_happens(
    house: House, ada: Person
) -> None:
    """Two weeks with words on some days: no message is ever seen two hours short of two days."""
    await discreet(house, ada)
    for number in range(14 * 4):
        await house.move(hours=6)
        if number % 5 == 0:
            await house.say(ada, f"{SENTENCE} ({number})")
        old = [m for m in found(ada) if house.clock.now() - m.sent_at > timedelta(hours=47)]
        assert old == []


async def test_hide_empties_the_chat_at_once_and_shows_a_word(house: House, ada: Person) -> None:
    """Without discreet mode, too."""
    await house.say(ada, SENTENCE)
    await house.say(ada, "/report")
    await house.say(ada, "/hide")
    assert len(found(ada)) == 1
    only = found(ada)[0]
    assert only.text.startswith("Word of the day")
    assert any(meaning in only.text for meaning in DULL)
    await house.tap(ada, "another word")
    assert len(found(ada)) == 1
    assert any(meaning in found(ada)[0].text for meaning in DULL)
    assert house.rows("SELECT text FROM answers") == [(SENTENCE,)]


async def test_the_menu_leads_to_dull_screens_only(house: House, ada: Person) -> None:
    """The other one presses everything the phone offers."""
    await discreet(house, ada)
    await house.move(hours=2)
    menu = ada.menu
    assert [entry["command"] for entry in menu] == ["start", "word", "help"]
    for entry in menu:
        await house.say(ada, f"/{entry['command']}")
        assert gives_nothing_away(ada), ada.last.text
    for label in {label for message in ada.from_bot for label in message.labels}:
        await house.tap(ada, label)
        assert gives_nothing_away(ada)
    before = len(ada.from_bot)
    await house.say(ada, "hello, who are you?")
    assert gives_nothing_away(ada)
    assert len(ada.from_bot) == before


async def test_a_note_of_the_day_is_kept_without_a_word(house: House, ada: Person) -> None:
    """Only the sign under it says so: whoever tries the bot with a word learns nothing."""
    await house.say(ada, "/skip")
    await discreet(house, ada)
    await house.move(hours=2)
    sent = await house.say(ada, "hello, who are you?")
    assert found(ada) == [sent]
    assert sent.reactions == ["\N{WRITING HAND}"]
    assert house.rows("SELECT asked_id, text FROM answers") == [(None, "hello, who are you?")]


async def test_the_menu_of_others_stays(house: House, ada: Person) -> None:
    bea = house.server.person(12, "Bea")
    await house.welcome(bea)
    await discreet(house, ada)
    assert len(bea.menu) > 10


async def test_commands_still_work_when_they_are_typed(house: House, ada: Person) -> None:
    await discreet(house, ada)
    await house.say(ada, "/help all")
    assert "/report" in ada.last.text
    await house.say(ada, "/report")
    report = ada.last
    assert "spoiler" in {entity["type"] for entity in report.entities}
    assert report.protected
    await house.say(ada, "/prompt")
    assert house.rows("SELECT count(*) FROM asked")[0][0] == 2
    await house.say(ada, "/stop")
    await house.say(ada, "/start")
    assert ada.last.text.startswith("Word of the day")
    assert house.rows("SELECT state FROM people") == [("active",)]


async def test_only_questions_that_anybody_may_see_are_asked(house: House, ada: Person) -> None:
    await discreet(house, ada)
    for day in range(3, 31):
        await house.move_to_local("Europe/Berlin", f"2026-03-{day:02}", "20:01")
        await house.say(ada, "Fine today, thank you.")
    library = house.app.content.library.by_id
    asked = [row[0] for row in house.rows("SELECT question FROM asked ORDER BY id")][1:]
    assert len(asked) == 28
    assert all(library[question].discreet_ok for question in asked)


async def test_switching_off_brings_everything_back(house: House, ada: Person) -> None:
    await discreet(house, ada)
    await house.say(ada, "/discreet off")
    await house.say(ada, SENTENCE)
    await house.move(hours=3)
    assert SENTENCE in [message.text for message in found(ada)]
    assert len(ada.menu) > 10
    await house.move_to_local("Europe/Berlin", "2026-03-03", "20:01")
    assert "1 not at all" in ada.last.text


async def test_a_restart_forgets_no_cleaning(house: House, ada: Person) -> None:
    await discreet(house, ada)
    await house.say(ada, SENTENCE)
    await house.restart()
    await house.move(minutes=61)
    assert found(ada) == []


async def test_deleting_everything_leaves_a_discreet_chat_almost_empty(
    house: House, ada: Person
) -> None:
    await discreet(house, ada)
    await house.say(ada, SENTENCE)
    await house.say(ada, "/delete")
    await house.tap(ada, "delete:first")
    await house.tap(ada, "delete:second")
    assert found(ada) == []
    assert house.rows("SELECT count(*) FROM people") == [(0,)]
    assert house.rows("SELECT count(*) FROM messages") == [(0,)]


async def test_the_button_in_the_settings_says_what_it_cannot_do(house: House, ada: Person) -> None:
    await house.say(ada, "/settings")
    await house.tap(ada, "set:discreet")
    said = " ".join(message.text for message in ada.from_bot[-2:])
    for limit in ("My name", "older than two days", "suddenly empty"):
        assert limit in said
    await house.tap(ada, "switch it on")
    assert house.rows("SELECT discreet FROM people") == [(1,)]


async def test_a_quiet_push_shows_nothing_of_a_report_either(house: House) -> None:
    """Whoever wants no question in their notifications wants no report there."""
    bea = house.server.person(12, "Bea")
    await house.welcome(bea, push="quiet")
    await house.tap(bea, "3")
    newest = bea.messages[-1].message_id
    await house.move_to_local("Europe/Berlin", "2026-03-08", "19:30")
    assert "Your note is ready." in notifications(bea, newest)
    assert not [text for text in notifications(bea, newest) if "Counted" in text]
    await house.move(days=3)
    report = next(m for m in bea.from_bot if m.text == "Your note is ready.")
    await bea.press(report.message_id, "open")
    await house.settle()
    assert "Counted" in report.text
    assert "picture" in " ".join(report.labels)

"""The quiz: items, back, leaving, restarts, the result, and when it may be taken again."""

from bot.demo.people import Person
from bot.drift.rules import Axis
from prompts.loading import load_rules
from tests.house import House

ITEMS = load_rules().rules


async def _answer_all(house: House, person: Person, give_way: bool) -> None:
    """Answer everything in the middle; say at its lowest if the person gives way throughout."""
    for at, rule in enumerate(ITEMS):
        value = 3
        if give_way and rule.axis is Axis.SAY:
            value = 5 if rule.reversed else 1
        await house.tap_ending(person, f":{at}:{value}")
    await house.tap_ending(person, ":24:4")
    await house.tap_ending(person, ":25:4")


async def test_the_quiz_is_one_message_with_progress_and_a_way_back(
    house: House, ada: Person
) -> None:
    await house.say(ada, "/quiz")
    first = ada.last
    assert "1 of 24" in first.text
    assert ITEMS[0].quiz in first.text
    before = len(ada.from_bot)
    await house.tap_ending(ada, ":0:4")
    assert len(ada.from_bot) == before
    assert "2 of 24" in first.text
    await house.tap(ada, "back")
    assert "1 of 24" in first.text
    assert "· 4 ·" in first.labels
    await house.tap(ada, "doesn't fit")
    assert house.rows("SELECT rule, value FROM quiz_answers") == [(ITEMS[0].id, None)]


async def test_the_quiz_is_left_and_taken_up_days_and_restarts_later(
    house: House, ada: Person
) -> None:
    await house.say(ada, "/quiz")
    for at in range(5):
        await house.tap_ending(ada, f":{at}:2")
    await house.tap(ada, "go on later")
    assert "/quiz goes on" in ada.last.text
    await house.move(days=3)
    await house.restart()
    await house.say(ada, "/quiz")
    assert "6 of 24" in ada.last.text


async def test_the_result_has_reasons_and_comes_again_after_28_days_only(
    house: House, ada: Person
) -> None:
    await house.say(ada, "/quiz")
    await _answer_all(house, ada, give_way=False)
    result = next(m for m in ada.from_bot if "From your quiz" in m.text)
    assert "as much closeness as you wish for" in result.text
    assert "someone to talk to" not in result.labels
    assert ada.last.photo is not None
    assert ada.last.spoiler
    await house.say(ada, "/quiz")
    assert "From 30 March" in ada.last.text
    await house.move(days=28)
    await house.say(ada, "/quiz")
    assert "1 of 24" in ada.last.text


async def test_at_the_floor_of_say_the_result_offers_help_and_no_label(
    house: House, ada: Person
) -> None:
    await house.say(ada, "/quiz")
    await _answer_all(house, ada, give_way=True)
    assert "I put no name on that" in ada.last.text
    assert "someone to talk to" in ada.last.labels
    await house.tap(ada, "someone to talk to")
    assert "findahelpline.com" in ada.last.text
    await house.say(ada, "/report")
    assert "deferring" not in ada.last.text
    assert "If you like" not in ada.last.text


async def test_a_forged_item_changes_nothing(house: House, ada: Person) -> None:
    await house.say(ada, "/quiz")
    quiz = house.rows("SELECT id FROM quizzes")[0][0]
    bob = house.server.person(12, "Bob")
    await house.welcome(bob)
    for data in (f"quiz:{quiz}:0:5", "quiz:999:0:5", f"quiz:{quiz}:99:5", f"quiz:{quiz}:x:5"):
        await bob.press_raw(data)
        await house.settle()
    assert house.rows("SELECT count(*) FROM quiz_answers") == [(0,)]

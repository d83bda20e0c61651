"""What somebody writes: kept, added up, edited, undone, late, or a note of the day."""

from bot.demo.messages import Message
from bot.demo.people import Person
from tests.end_to_end.cards import card_of
from tests.house import House

ZONE = "Europe/Berlin"


def answers(house: House) -> list[tuple[int | None, str, str, int]]:
    """Question, day, text and lateness of everything kept."""
    return [
        tuple(row)
        for row in house.rows("SELECT asked_id, day, text, late FROM answers ORDER BY id")
    ]


async def test_an_answer_gets_a_sign_and_can_be_undone(house: House, ada: Person) -> None:
    card, before = card_of(ada), len(ada.from_bot)
    sent = await house.say(ada, "I cooked and she read to me.")
    assert sent.reactions == ["✍"]
    assert card.text.endswith("kept")
    assert card.labels == ["1", "2", "3", "4", "5", "undo"]
    # Nothing is said, except that there is a quiz, once.
    assert [m.labels for m in ada.from_bot[before:]] == [["take the quiz"]]
    assert answers(house) == [(1, "2026-03-02", "I cooked and she read to me.", 0)]
    await house.tap(ada, "undo")
    assert ada.callback_answers[-1]["text"] == "taken out again"
    assert sent.reactions == []
    assert card.labels[-3:] == ["another", "later", "skip"]
    assert answers(house) == []
    await ada.press_raw("undo:1", card.message_id)
    await house.settle()
    assert ada.callback_answers[-1]["text"] == "there is nothing left to undo"


async def test_several_messages_add_up_and_the_newest_is_undone(house: House, ada: Person) -> None:
    for words in ("First this.", "Then that.", "And one more thing."):
        await house.say(ada, words)
    assert "kept · 3 messages" in card_of(ada).text
    await house.tap(ada, "undo")
    assert "kept · 2 messages" in card_of(ada).text
    assert [row[:3] for row in answers(house)] == [
        (1, "2026-03-02", "First this."),
        (1, "2026-03-02", "Then that."),
    ]
    await house.tap(ada, "undo")
    await house.tap(ada, "undo")
    assert answers(house) == []
    assert house.rows("SELECT state FROM asked") == [("open",)]


async def test_an_edit_edits(house: House, ada: Person) -> None:
    sent = await house.say(ada, "We had tee together.")
    await ada.edit_text(sent.message_id, "We had tea together, the two of us.")
    await house.settle()
    assert sent.reactions == ["👌"]
    assert [row[2] for row in answers(house)] == ["We had tea together, the two of us."]
    assert house.rows("SELECT words, edited_at IS NOT NULL FROM answers") == [(8, 1)]
    await ada.edit_text(sent.message_id, "We had tea together, the two of us.")
    await house.settle()
    assert len(answers(house)) == 1


async def test_an_edit_of_what_is_not_kept_keeps_nothing(house: House, ada: Person) -> None:
    sent = await house.say(ada, "/help")
    await ada.edit_text(sent.message_id, "help me understand this")
    undone = await house.say(ada, "Never mind this.")
    await house.tap(ada, "undo")
    await ada.edit_text(undone.message_id, "Never mind this at all.")
    await house.settle()
    assert answers(house) == []


async def test_a_reply_to_an_older_question_answers_that_one(house: House, ada: Person) -> None:
    monday = card_of(ada)
    await house.move_to_local(ZONE, "2026-03-03", "20:00")
    tuesday = card_of(ada)
    await house.say(ada, "This is about Monday.", reply_to=monday.message_id)
    # Within a day it still counts for Monday, at half weight.
    assert answers(house) == [(1, "2026-03-02", "This is about Monday.", 1)]
    assert "kept" in monday.text
    assert "kept" not in tuesday.text
    await house.say(ada, "And this about Tuesday.")
    assert answers(house)[1:] == [(2, "2026-03-03", "And this about Tuesday.", 0)]
    await house.say(ada, "/report")
    # One day in full and one by half, rounded to what a person would say.
    assert "2 replies" in ada.last.text


async def test_a_reply_to_a_question_of_long_ago_counts_for_today(
    house: House, ada: Person
) -> None:
    monday = card_of(ada)
    await house.move_to_local(ZONE, "2026-03-05", "21:00")
    await house.say(ada, "Looking back at Monday.", reply_to=monday.message_id)
    assert answers(house) == [(1, "2026-03-05", "Looking back at Monday.", 1)]


async def test_a_late_tap_counts_half_and_an_old_one_not_at_all(house: House, ada: Person) -> None:
    monday = card_of(ada)
    await house.move_to_local(ZONE, "2026-03-03", "21:00")
    await ada.press(monday.message_id, "4")
    await house.settle()
    assert house.rows("SELECT day, late FROM taps") == [("2026-03-02", 1)]
    assert house.rows("SELECT day, plus + minus FROM beads") == [("2026-03-02", 1.0)]
    await house.move_to_local(ZONE, "2026-03-04", "00:30")
    await ada.press(monday.message_id, "1")
    await house.settle()
    assert ada.callback_answers[-1]["text"] == "That day is past. Today's question counts."
    assert house.rows("SELECT value FROM taps") == [(4,)]


async def test_an_answer_after_midnight_belongs_to_the_evening(house: House, ada: Person) -> None:
    await house.move_to_local(ZONE, "2026-03-03", "00:20")
    await house.say(ada, "Cannot sleep, so here it is.")
    assert answers(house) == [(1, "2026-03-02", "Cannot sleep, so here it is.", 1)]


async def test_without_an_open_question_it_is_a_note(house: House, ada: Person) -> None:
    await house.tap(ada, "skip")
    sent = await house.say(ada, "Something else happened, too.")
    note = ada.last
    assert note.text == "Kept as a note of the day."
    assert sent.reactions == ["✍"]
    assert answers(house) == [(None, "2026-03-02", "Something else happened, too.", 0)]
    await house.tap(ada, "undo")
    assert note.text == "Taken out again."
    assert note.labels == []
    assert sent.reactions == []
    assert answers(house) == []


async def test_what_came_while_the_bot_was_off_keeps_its_time(house: House, ada: Person) -> None:
    """Written on Monday evening, fetched on Tuesday morning."""
    await house.move_to_local(ZONE, "2026-03-02", "22:00")
    await house.stop()
    await ada.send_text("Written while you slept.")
    house.clock.move_to(house.clock.now().replace(day=3, hour=8))
    await house.start()
    await house.settle()
    assert answers(house) == [(1, "2026-03-02", "Written while you slept.", 0)]


async def test_a_reply_to_something_else_answers_the_open_question(
    house: House, ada: Person
) -> None:
    first: Message = ada.from_bot[0]
    await house.say(ada, "Replying to your welcome.", reply_to=first.message_id)
    assert answers(house)[0][0] == 1

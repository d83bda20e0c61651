"""When somebody writes something grave: what comes back, and what does not come any more."""

import re

import pytest

from bot.demo.messages import Message
from bot.demo.people import Person
from tests.house import House

BERLIN = "Europe/Berlin"
MOST_WORDS = 90

GRAVE = {
    "A": (
        "he's outside with a knife",
        "I'm locked in the bathroom and he is kicking the door",
        "she's strangling me",
        "he has a gun and he won't let me leave",
        "he's choking me",
        "she is coming at me with a knife",
        "I'm hiding in the wardrobe, he is looking for me",
        "please help he's hitting me right now",
        "he says he will kill me tonight and he has locked the door",
        "he is holding a knife and I can't get out",
    ),
    "B": (
        "I want to die",
        "everyone would be better off without me",
        "I cut myself again last night",
        "I can't go on like this",
        "there is no point living any more",
        "goodbye everyone, I am sorry",
        "I don't want to wake up tomorrow",
        "I have been saving up my pills",
        "I want to kill myself",
        "I just want to disappear for good",
    ),
    "C": (
        "he hit me last night",
        "she pushed me down the stairs",
        "I'm scared of her when she drinks",
        "he won't let me see my mum",
        "he takes my phone and reads everything",
        "he tracks where I am all day",
        "he threatened to hurt me if I leave",
        "he forced me to have sex",
        "I walk on eggshells so he doesn't explode",
        "he used to hit me, he hasn't hit me this week",
        "he grabbed me by the throat",
        "I am not allowed to see my friends",
    ),
    "D": (
        "he hit our son",
        "she hurts the baby when she is angry",
        "my daughter is scared of him",
        "he shakes the baby when it cries",
        "the kids hide when he comes home",
        "he locked our little one in the cellar",
        "my son has bruises from his dad",
        "she hit the children again",
        "he threatened to take the kids and hurt them",
        "he beats my daughter",
    ),
    "E": (
        "I hit her yesterday",
        "I pushed him against the wall",
        "I lost it and slapped her",
        "I grabbed her by the hair",
        "I locked him out in the cold to teach him",
        "I broke her phone so she can't call anyone",
        "I threatened to hurt him",
        "I am scared of what I might do to her",
        "I held her down on the bed",
        "I shook him hard, I couldn't stop myself",
    ),
}
NEAR_MISSES = (
    "I'd kill for a nap",
    "this job is killing me",
    "we died laughing at the film",
    "she hit the jackpot at bingo",
    "he beat me at chess again",
    "scared of flying, she held my hand",
    "the murder mystery was great tonight",
    "he threw the ball and I caught it",
    "my boss is strangling the project",
    "walked into a door at work, he put ice on it",
    "our argument about the dishes was loud, then we laughed",
)
NAMES_OF_KINDS = re.compile(
    r"abuse|violence|suicid|self-harm|coerci|danger to|perpetrator|victim", re.IGNORECASE
)


def _answers(person: Person, since: int) -> list[Message]:
    return [message for message in person.from_bot if message.message_id > since]


@pytest.mark.parametrize("kind", GRAVE)
async def test_what_is_grave_is_answered_at_once_or_gets_the_quiet_button(
    house: House, ada: Person, kind: str
) -> None:
    for sentence in GRAVE[kind]:
        sent = await house.say(ada, sentence)
        flags = house.rows("SELECT kind, sure FROM flags ORDER BY id")
        assert flags, sentence
        answers = _answers(ada, sent.message_id)
        if any(sure for _, sure in flags):
            reply = answers[0]
            assert "automatic note-keeper" in reply.text, sentence
            assert len(reply.text.split()) <= MOST_WORDS
            assert not NAMES_OF_KINDS.search(reply.text)
            assert {"numbers", "my safety card", "pause messages", "delete this"} <= set(
                reply.labels
            )
            await house.tap(ada, "that is not what I meant")
        else:
            assert answers == [] or "automatic note-keeper" not in answers[0].text
            assert any("someone to talk to" in message.labels for message in ada.from_bot)
        # Each sentence is looked at by itself.
        house.store(lambda store: store.flags.close(1, house.clock.now()))
        house.rows("DELETE FROM flags")


async def test_near_misses_are_left_in_peace_or_get_the_quiet_button(
    house: House, ada: Person
) -> None:
    for sentence in NEAR_MISSES:
        sent = await house.say(ada, sentence)
        for message in _answers(ada, sent.message_id):
            assert "automatic note-keeper" not in message.text, sentence
    assert house.rows("SELECT count(*) FROM flags WHERE sure = 1") == [(0,)]


async def test_after_a_sure_flag_no_pattern_no_advice_no_check_in(
    house: House, ada: Person
) -> None:
    await house.say(ada, "he hit me last night")
    await house.say(ada, "/report")
    assert "Your notes are saved" in ada.last.text
    await house.move_to_local(BERLIN, "2026-03-08", "20:30")
    texts = [message.text for message in ada.from_bot]
    assert not any("Your week" in text for text in texts)
    assert house.rows("SELECT count(*) FROM check_ins") == [(0,)]
    asked = house.rows("SELECT question FROM asked WHERE day > '2026-03-02'")
    library = house.app.content.library.by_id
    for (question,) in asked:
        assert library[question].axis == "self"
        assert library[question].depth == 1


async def test_28_quiet_days_or_the_persons_word_end_it(house: House, ada: Person) -> None:
    await house.say(ada, "he hit me last night")
    await house.say(ada, "/report")
    await house.tap(ada, "look at my answers again")
    await house.say(ada, "/report")
    assert ada.last.text.startswith("So far")
    await house.say(ada, "she pushed me down the stairs")
    await house.say(ada, "/report")
    assert "Your notes are saved" in ada.last.text
    await house.move(days=29)
    await house.say(ada, "/report")
    assert ada.last.text.startswith("So far")


async def test_that_is_not_what_i_meant_closes_it_and_the_button_stays_a_week(
    house: House, ada: Person
) -> None:
    await house.say(ada, "he hit me last night")
    await house.tap(ada, "that is not what I meant")
    assert "Thank you for saying so" in ada.last.text
    await house.say(ada, "/report")
    assert ada.last.text.startswith("So far")
    assert "someone to talk to" in ada.last.labels
    await house.move(days=8)
    await house.say(ada, "/report")
    assert "someone to talk to" not in ada.last.labels


async def test_numbers_of_a_chosen_country_can_be_copied(house: House, ada: Person) -> None:
    await house.say(ada, "/safety")
    await house.tap(ada, "numbers")
    await house.tap(ada, "United Kingdom")
    assert "999" in ada.last.text
    copied = [button["copy_text"]["text"] for button in ada.last.buttons if "copy_text" in button]
    assert "999" in copied
    await house.say(ada, "he hit me last night")
    assert any("999" in message.text for message in ada.from_bot[-3:])


async def test_the_safety_card_is_kept_shown_and_deleted(house: House, ada: Person) -> None:
    await house.say(ada, "/safety")
    await house.tap(ada, "my safety card")
    await house.say(ada, "Call Ruth. Spare key at the neighbour's.")
    assert house.rows("SELECT count(*) FROM answers") == [(0,)]
    await house.say(ada, "/safety")
    await house.tap(ada, "my safety card")
    assert "Call Ruth" in ada.last.text
    await house.tap(ada, "delete the card")
    assert house.rows("SELECT card FROM people") == [(None,)]


async def test_delete_this_removes_the_answer_and_the_message(house: House, ada: Person) -> None:
    sent = await house.say(ada, "he hit me last night")
    await house.tap(ada, "delete this")
    assert house.rows("SELECT count(*) FROM answers") == [(0,)]
    assert sent.deleted


async def test_flags_hold_no_words(house: House, ada: Person) -> None:
    await house.say(ada, "he hit me last night")
    columns = [row[1] for row in house.rows("SELECT * FROM pragma_table_info('flags')")]
    assert columns == ["id", "person_id", "kind", "sure", "raised_at", "closed_at"]

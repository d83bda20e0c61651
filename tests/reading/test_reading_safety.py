import pytest

from bot.reading.reader import Reader
from bot.reading.spec import Certainty, SafetyKind


def flags(reader: Reader, text: str) -> dict[SafetyKind, Certainty]:
    return {flag.kind: flag.certainty for flag in reader.read(text).safety}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("he's outside with a knife", "A"),
        ("I'm locked in the bathroom, he is shouting", "A"),
        ("she's strangling me", "A"),
        ("I want to die", "B"),
        ("they would be better off without me", "B"),
        ("thinking of ending it all", "B"),
        ("I cut again", "B"),
        ("I can't go on", "B"),
        ("no point living", "B"),
        ("goodbye everyone", "B"),
        ("he pushed me", "C"),
        ("I'm scared of her", "C"),
        ("he won't let me see my mum", "C"),
        ("he takes my pay", "C"),
        ("she tracks where I am", "C"),
        ("he threatened to hurt the kids", "C"),
        ("he forced me to have sex", "C"),
        ("walking on eggshells so he doesn't explode", "C"),
        ("I'm not allowed money", "C"),
        ("up against the fridge by my collar", "C"),
        ("came at me with the iron", "C"),
        ("he used to hit me", "C"),
        ("I shook the baby", "D"),
        ("I lost it and shook her hard", "E"),
        ("I took his phone so he can't call her", "E"),
    ],
)
def test_what_is_grave_is_flagged(reader: Reader, text: str, kind: str) -> None:
    assert SafetyKind(kind) in flags(reader, text)


@pytest.mark.parametrize(
    "text",
    [
        "dying of laughter",
        "I'd kill for a nap",
        "these shoes are murder",
        "she beat me at tennis",
        "he killed it on stage last night",
        "finished the thriller, the wife did it with an axe",
        "scared of flying, she's got the window seat",
        "walked into a lamp post, he's icing my eye",
        "he grabbed me a coffee",
        "she cut my hair",
        "he threw a party",
        "I locked the door before bed",
        "safeguarding training at school about bruises on kids",
        "we argued about the bins",
        "",
    ],
)
def test_near_misses_are_left_alone(reader: Reader, text: str) -> None:
    assert flags(reader, text) == {}


def test_the_past_and_a_no_do_not_silence_it(reader: Reader) -> None:
    for text in ("he hasn't hit me this week", "he never hits me any more", "if he hit me again"):
        assert SafetyKind.HARM_BY_PARTNER in flags(reader, text), text


def test_the_surest_flag_of_a_kind_stands(reader: Reader) -> None:
    assert flags(reader, "he punched the wall")[SafetyKind.HARM_BY_PARTNER] is Certainty.POSSIBLE
    both = flags(reader, "he punched the wall and then he hit me")
    assert both[SafetyKind.HARM_BY_PARTNER] is Certainty.SURE


def test_a_joke_only_softens(reader: Reader) -> None:
    assert flags(reader, "he hit me haha") == {SafetyKind.HARM_BY_PARTNER: Certainty.POSSIBLE}


def test_grave_lines_are_seen_in_texts_that_are_otherwise_not_read(reader: Reader) -> None:
    """A text in another language is kept unread, but not where it holds an English cry for help."""
    text = "ich habe angst und er ist nicht da, und he hit me, und ich bin allein"
    reading = reader.read(text)
    assert reading.beads == ()
    assert SafetyKind.HARM_BY_PARTNER in {flag.kind for flag in reading.safety}

"""/mask: a name that is never stored in a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.mask import without
from tests.direct import Direct, texts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sam cooked.", "my partner cooked."),
        ("SAM and sam", "my partner and my partner"),
        ("It was Sam's idea, Sam\u2019s alone", "It was my partner's idea, my partner's alone"),
        ("Same old samovar, Samantha", "Same old samovar, Samantha"),
        ("(Sam)", "(my partner)"),
        ("Sam", "my partner"),
        ("Sam-Lee", "my partner-Lee"),
        ("no name here", "no name here"),
        ("_Sam_ and *Sam*", "_my partner_ and *my partner*"),
        ("Sams plan, Sam\u02bcs plan", "my partner's plan, my partner's plan"),
        ("S\u200bam and Sa\u00adm\u2060's", "my partner and my partner's"),
        (
            "\U0001f469\u200d\u2764\ufe0f\u200d\U0001f468 Sam",
            "\U0001f469\u200d\u2764\ufe0f\u200d\U0001f468 my partner",
        ),
    ],
)
def test_whole_names_are_replaced(text: str, expected: str) -> None:
    assert without(text, ("Sam",), "my partner", "my partner's") == expected


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Zo\u00eb", "zo\u00eb laughed"),
        ("Zo\u00eb", "Zoe\u0308 laughed"),
        ("Zoe\u0308", "ZO\u00cb laughed"),
        ("\u00c9mile", "e\u0301mile laughed"),
        ("Jean-Luc", "Jean Luc laughed"),
        ("Jean Luc", "jean\u2011luc laughed"),
        ("Wei\u00df", "WEISS laughed"),
        ("Sa\u200bm", "Sam laughed"),
        ("\u0410\u043d\u043d\u0430", "\u0430\u043d\u043d\u0430 laughed"),
        ("Anna Maria", "anna  maria laughed"),
        ("J.R.", "j.r. laughed"),
        ("$am", "$AM laughed"),
    ],
)
def test_names_of_all_kinds_are_replaced(name: str, text: str) -> None:
    assert without(text, (name,), "my partner", "my partner's") == "my partner laughed"


def test_another_name_with_a_sign_more_stays_whole() -> None:
    """The two dots over the e are a letter of their own here."""
    assert (
        without("Zoe\u0308 laughed", ("Zoe",), "my partner", "my partner's") == "Zoe\u0308 laughed"
    )


def test_one_name_in_two_writings_is_one_mask(direct: Direct, ada: int) -> None:
    for name in ("Jean-Luc", "jean luc", "Zo\u00eb", "Zoe\u0308", "Z\u200bo\u00eb"):
        direct.say(ada, f"/mask {name}")
    masks = direct.rows("SELECT masks FROM people")[0][0]
    assert masks == '["Jean-Luc", "Zo\u00eb"]'


@given(
    before=st.text(alphabet="ab .,'\n", max_size=20),
    after=st.text(alphabet="ab .,'\n", max_size=20),
    name=st.sampled_from(["Xenia", "Xenia Q", "(x)", "X.*"]),
)
def test_a_name_that_stands_alone_never_survives(before: str, after: str, name: str) -> None:
    text = without(f"{before} {name} {after}", (name,), "my partner", "my partner's")
    assert name not in text
    assert "my partner" in text


def test_the_name_is_replaced_before_anything_is_stored(direct: Direct, ada: int) -> None:
    """Answers, edits and the safety card; nowhere in the file is the name but in the mask."""
    assert "my partner" in texts(direct.say(ada, "/mask Xenia"))[0]
    direct.say(ada, "I think Xenia is right, and I said so.", message_id=500)
    direct.edit(ada, "Xenia's plan was mine, too.", 500)
    direct.press(ada, "card:write")
    direct.say(ada, "Not Xenia: call my sister.")
    assert direct.rows("SELECT text FROM answers") == [("my partner's plan was mine, too.",)]
    assert direct.rows("SELECT card FROM people") == [("Not my partner: call my sister.",)]
    for table in ("answers", "hits", "asked", "inbox", "outbox", "covered"):
        assert "Xenia" not in str(direct.rows(f"SELECT * FROM {table}"))  # noqa: S608 - ours


def test_masks_are_listed_limited_and_forgotten(direct: Direct, ada: int) -> None:
    for name in ("Ann", "Bo", "Cy", "Di", "Ed"):
        direct.say(ada, f"/mask {name}")
    assert "5 names at most" in texts(direct.say(ada, "/mask Flo"))[0]
    assert "Ann, Bo, Cy, Di, Ed" in texts(direct.say(ada, "/mask"))[0]
    direct.say(ada, "/mask off")
    direct.say(ada, "Ann came by.")
    assert direct.rows("SELECT text FROM answers") == [("Ann came by.",)]
    assert direct.rows("SELECT masks FROM people") == [(None,)]
    for unsuitable in ("x", "12", "?" * 3, "x" * 41):
        assert "2 to 40" in texts(direct.say(ada, f"/mask {unsuitable}"))[0]

"""Quotations: whole clauses, short enough to be a reminder, and never another word than written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.report.quoting import LONGEST_QUOTE, few, whole


@pytest.mark.parametrize(
    ("phrase", "text", "quoted"),
    [
        (
            "He had warmed",
            "Cold night. He had warmed my side of the bed. I noticed.",
            "He had warmed my side of the bed",
        ),
        ("I gave in", "I gave in, as always", "I gave in"),
        ("I gave in", "I gave in\nand that was it", "I gave in"),
        ("I gave in", "I gave in - again", "I gave in"),
        ("I gave in", "I gave in for the well-being of all", "I gave in for the well-being of all"),
        ("I gave in", "I gave in again  ", "I gave in again"),
        (
            "I gave in",
            "I gave in because it was late and we both wanted to sleep at last",
            "I gave in because it was late and we\N{HORIZONTAL ELLIPSIS}",
        ),
        ("I gave in", "", "I gave in"),
        ("I gave in", "something else", "I gave in"),
        ("", "something else", ""),
    ],
)
def test_a_phrase_goes_on_to_the_end_of_its_clause(phrase: str, text: str, quoted: str) -> None:
    assert whole(phrase, text) == quoted


@given(st.lists(st.sampled_from(["we", "went", "home", "late,", "and", "slept."]), min_size=1))
def test_a_quotation_is_the_beginning_of_what_follows_and_short(words: list[str]) -> None:
    text = " ".join(words)
    said = whole(words[0], text)
    assert text.startswith(said.removesuffix("\N{HORIZONTAL ELLIPSIS}"))
    assert len(said.split()) <= LONGEST_QUOTE


def test_a_phrase_is_cut_between_words() -> None:
    assert (
        few("He had warmed my side of the bed", 30)
        == "He had warmed my side of the\N{HORIZONTAL ELLIPSIS}"
    )
    assert few("all of it", 30) == "all of it"


@given(st.text(), st.integers(2, 40))
def test_a_few_words_fit(phrase: str, most: int) -> None:
    assert len(few(phrase, most)) <= most

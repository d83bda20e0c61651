"""What a question says about itself."""

import pytest

from bot.rhythm.questions import Frame, Question, QuestionAxis, Valence


@pytest.mark.parametrize(
    ("text", "opening"),
    [
        ("What did you want today?", "what did"),
        ("WHAT did you like?", "what did"),
        ("Today, what helped?", "today what"),
        ("What\u2019s one thing?", "what\u2019s one"),
        ("Who's there?", "who's there"),
        ("When?", "when"),
        ("  \u2026 ", ""),
        ("", ""),
    ],
)
def test_the_opening_is_the_first_two_words(text: str, opening: str) -> None:
    question = Question(
        id="q",
        axis=QuestionAxis.SELF,
        facet="wants",
        depth=1,
        valence=Valence.NEUTRAL,
        frame=Frame.TODAY,
        text=text,
        discreet_ok=True,
        version="1",
    )
    assert question.opening == opening

"""What answers count for: "not me" takes a phrase out and brings none back."""

import pytest

from tests.direct import Direct

BOTH = "We think the film was bad. I just give in to keep the peace."


def _families(direct: Direct) -> set[str]:
    return {family for (family,) in direct.rows("SELECT family FROM beads WHERE source = 'text'")}


@pytest.mark.parametrize("question", ["sharing-worth-telling", "say-got-to-choose"])
def test_not_me_brings_nothing_back_that_the_question_had_set_aside(
    direct: Direct, ada: int, question: str
) -> None:
    """Saying "we" means little to a question about the two, or about who decides."""
    direct.rows(f"UPDATE asked SET question = '{question}' RETURNING id")  # noqa: S608 - from above
    direct.say(ada, BOTH)
    assert direct.rows("SELECT gate FROM hits WHERE family = 'M13'") == [("G7",)]
    counted = _families(direct)
    assert "D1" in counted
    direct.say(ada, "/report")
    direct.press(ada, "notme:1:0:1:D1")
    assert _families(direct) == counted - {"D1"}

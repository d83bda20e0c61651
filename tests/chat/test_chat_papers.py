"""What PRIVACY.md and the chat promise in numbers is what the program does."""

from pathlib import Path

import pytest

from bot.chat import hiding, limits, retention, welcome
from bot.rhythm import retention as rules
from storage.aging import FLAGS_KEPT
from storage.inbox import KEEP_QUARANTINED
from storage.messages import DELETABLE
from tests.direct import Direct, texts

FOLDER = Path(__file__).parents[2]
PRIVACY = " ".join((FOLDER / "PRIVACY.md").read_text(encoding="utf-8").split())
SECURITY = " ".join((FOLDER / "SECURITY.md").read_text(encoding="utf-8").split())


@pytest.mark.parametrize(
    ("promise", "number", "kept"),
    [
        ("marks that something grave was read | {} days", 28, FLAGS_KEPT.days),
        ("nothing is heard of you for {} days", 180, rules.SILENCE.days),
        ("chat number of somebody who never agreed | {} days", 30, rules.UNDECIDED_KEPT.days),
        ("ids of the messages in your chat | {} hours", 48, DELETABLE.total_seconds() / 3600),
        ("after {} days if it could not", 7, KEEP_QUARANTINED.days),
    ],
)
def test_the_paper_names_the_number_that_the_program_has(
    promise: str, number: int, kept: float
) -> None:
    assert promise.format(number) in PRIVACY
    assert kept == number


def test_the_notices_come_as_early_as_the_paper_says() -> None:
    assert "you are told seven days ahead" in PRIVACY
    assert rules.TEXTS_NOTICE.days == 7
    assert "you are told fourteen days ahead" in PRIVACY
    assert rules.SILENCE_NOTICE.days == 14
    assert "reports | a year |" in PRIVACY
    assert rules.NUMBERS_KEPT.days == 365
    assert "90 days, a year, or until you delete it" in PRIVACY
    assert welcome.KEEP_CHOICES == (90, 365, 0)
    assert retention.CHUNK > 0


def test_the_threat_model_names_the_limits_that_the_program_has() -> None:
    assert "an hour after the last word" in SECURITY
    assert hiding.CLEANED_AFTER.total_seconds() == 3600
    assert "none stays for longer than 46 hours" in SECURITY
    assert hiding.SWEPT_AT.total_seconds() == 46 * 3600
    assert "ten reports an hour, three files a day" in SECURITY
    assert (limits.REPORTS, limits.FILES) == (10, 3)


def test_every_test_that_the_threat_model_points_to_is_there() -> None:
    table = (FOLDER / "SECURITY.md").read_text(encoding="utf-8").partition("## Where each")[2]
    paths = [part for part in table.split("`") if part.startswith("tests/")]
    assert len(paths) >= 10
    for path in paths:
        assert (FOLDER / path).exists(), path


def test_the_first_conversation_says_what_the_papers_say(direct: Direct) -> None:
    """Before anybody agrees: what, who, how long, and how to take it back."""
    said = " ".join(texts(direct.say(11, "/start")))
    for promise in (
        "Olive",
        "what I read from it",
        "half a year",
        "what you tap and what I read from both a year",
        "/export",
        "/withdraw",
        "/delete",
        "18 or over",
        "Anyone who can open this phone",
    ):
        assert promise in said, promise

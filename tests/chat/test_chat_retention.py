"""What is kept goes when its time is over, and never before it was told."""

import logging
from datetime import timedelta

import pytest

from bot.chat import retention
from bot.chat.turn import Turn
from storage.aging import Aged
from storage.outbox import Outgoing
from tests.direct import Direct, data_of, texts

SENTENCE = "A line about the zebrawood, and I just give in."


def _told(messages: list[str]) -> list[str]:
    return [text for text in messages if "remove" in text]


def _live(direct: Direct, chat_id: int, days: int, *, write: bool = False) -> dict[int, list[str]]:
    """Days that pass, with a sign of life on each; what was said in each night."""
    said: dict[int, list[str]] = {}
    for day in range(1, days + 1):
        direct.pass_time(days=1)
        direct.say(chat_id, SENTENCE if write else "/word")
        night = texts(direct.night())
        if night:
            said[day] = night
    return said


def _wait(direct: Direct, days: int) -> None:
    """Days and nights without a word from anybody."""
    for _ in range(days):
        direct.pass_time(days=1)
        direct.night()


@pytest.mark.parametrize("keep", [90, 365])
def test_a_text_goes_after_the_chosen_days_and_is_told_of_a_week_before(
    direct: Direct, keep: int
) -> None:
    direct.welcome(11, keep=keep)
    direct.say(11, SENTENCE)
    assert direct.rows("SELECT count(*) FROM hits")[0][0] >= 1
    said = _live(direct, 11, keep)
    assert [day for day, lines in said.items() if _told(lines)] == [keep - 6]
    assert direct.rows("SELECT text FROM answers") == [(SENTENCE,)]
    said = _live(direct, 11, 1)
    assert said == {}
    assert direct.rows("SELECT text, words, message_id FROM answers") in (
        [("", 10, None)],
        [],
    )
    assert direct.rows("SELECT count(*) FROM hits") == [(0,)]


def test_who_keeps_until_deleting_keeps(direct: Direct) -> None:
    direct.welcome(11, keep=0)
    direct.say(11, SENTENCE)
    assert _live(direct, 11, 400) == {}
    assert direct.rows("SELECT text FROM answers") == [(SENTENCE,)]


def test_numbers_stay_a_year_whatever_was_chosen_for_texts(direct: Direct) -> None:
    direct.welcome(11, keep=90)
    asked = direct.rows("SELECT id FROM asked")[0][0]
    direct.press(11, f"tap:{asked}:4")
    direct.say(11, SENTENCE)
    direct.say(11, "/report")
    first = "day <= '2026-03-02'"
    _live(direct, 11, 365)
    assert direct.rows(f"SELECT count(*) FROM taps WHERE {first}") == [(1,)]  # noqa: S608 - ours
    assert direct.rows(f"SELECT count(*) FROM beads WHERE {first}")[0][0] >= 2  # noqa: S608 - ours
    _live(direct, 11, 1)
    for table in ("taps", "beads", "answers", "reports"):
        assert direct.rows(f"SELECT count(*) FROM {table} WHERE {first}") == [(0,)]  # noqa: S608 - ours


def test_the_notice_offers_the_file(direct: Direct, ada: int) -> None:
    direct.press(ada, "set:keep")  # from a year to "until I delete it"
    direct.press(ada, "set:keep")  # and on to 90 days
    assert direct.rows("SELECT keep_days FROM people") == [(90,)]
    direct.say(ada, SENTENCE)
    for _ in range(84):
        direct.pass_time(days=1)
        direct.say(ada, "/word")
        messages = direct.night()
    assert "kept:file" in data_of(messages)
    assert "export:without" in data_of(direct.press(ada, "kept:file"))


def test_a_shorter_time_is_told_of_anew_before_anything_goes(direct: Direct) -> None:
    direct.welcome(11, keep=365)
    direct.say(11, SENTENCE)
    _live(direct, 11, 200)
    # under the longer time they were told already
    direct.rows("UPDATE people SET purge_told_on = '2026-06-01', purge_told_before = '2026-05-01'")
    direct.press(11, "set:keep")
    direct.press(11, "set:keep")
    said = _live(direct, 11, 7)
    assert len(_told(said[1])) == 1
    assert direct.rows("SELECT text FROM answers") == [(SENTENCE,)]
    _live(direct, 11, 1)
    assert direct.rows("SELECT text FROM answers") == [("",)]


def test_silence_is_told_of_two_weeks_before_everything_goes(direct: Direct, ada: int) -> None:
    direct.say(ada, SENTENCE)
    said: dict[int, list[str]] = {}
    for day in range(1, 200):
        direct.pass_time(days=1)
        night = texts(direct.night())
        if night:
            said[day] = night
        if direct.rows("SELECT count(*) FROM people") == [(0,)]:
            break
    assert [day for day, lines in said.items() if any("29 August" in line for line in lines)] == [
        166
    ]
    assert day == 180
    for table in ("people", "answers", "asked", "beads", "hits", "schedule", "messages"):
        assert direct.rows(f"SELECT count(*) FROM {table}") == [(0,)]  # noqa: S608 - ours


def test_any_word_after_the_notice_keeps_everything(direct: Direct, ada: int) -> None:
    direct.say(ada, SENTENCE)
    for day in range(1, 300):
        direct.pass_time(days=1)
        messages = direct.night()
        if day == 170:
            direct.press(ada, "kept:stay")
        assert direct.rows("SELECT count(*) FROM people") == [(1,)], messages


def test_who_has_stopped_hears_only_of_the_end(direct: Direct) -> None:
    direct.welcome(11, keep=90)
    direct.say(11, SENTENCE)
    direct.say(11, "/stop")
    said: list[str] = []
    for _ in range(170):
        direct.pass_time(days=1)
        said += texts(direct.night())
    assert len(said) == 1
    assert "On 29 August I remove everything" in said[0]
    assert direct.rows("SELECT text FROM answers") == [("",)]


def test_who_has_blocked_the_bot_is_not_written_to(direct: Direct, ada: int) -> None:
    direct.say(ada, SENTENCE)
    direct.rows("UPDATE people SET state = 'gone'")
    for _ in range(181):
        direct.pass_time(days=1)
        assert direct.night() == []
    assert direct.rows("SELECT count(*) FROM people") == [(0,)]


def test_who_never_agreed_is_forgotten_after_a_month(direct: Direct) -> None:
    direct.say(11, "/start")
    for _ in range(30):
        assert direct.rows("SELECT count(*) FROM people") == [(1,)]
        direct.pass_time(days=1)
        assert direct.night() == []
    assert direct.rows("SELECT count(*) FROM people") == [(0,)]


def test_a_discreet_notice_shows_nothing(direct: Direct) -> None:
    direct.welcome(11, keep=90)
    direct.say(11, SENTENCE)
    direct.say(11, "/discreet on")
    said = _live(direct, 11, 84)
    assert said[84] == ["Your note is ready."]
    cover = direct.rows("SELECT max(id) FROM covered")[0][0]
    assert "for 90 days" in texts(direct.press(11, f"cover:{cover}"))[-1]


def test_everybody_is_looked_at_once_a_day_and_some_at_a_time(
    direct: Direct, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[int] = []
    real = retention.tidy

    def counted(turn: Turn, aged: Aged) -> list[Outgoing]:
        looked.append(aged.person_id)
        return real(turn, aged)

    monkeypatch.setattr(retention, "tidy", counted)
    monkeypatch.setattr(retention, "CHUNK", 3)
    for chat in range(1, 9):
        direct.say(chat, "/start")
    for _ in range(3):
        direct.night()
    assert sorted(looked) == list(range(1, 9))
    direct.pass_time(days=1)
    direct.night()
    assert len(looked) == 16


def test_one_person_who_cannot_be_looked_after_stops_nobody(
    direct: Direct,
    ada: int,
    bea: int,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What was half done for them is undone, and their words are in no log."""
    real = retention.tidy

    def broken(turn: Turn, aged: Aged) -> list[Outgoing]:
        found = real(turn, aged)
        if turn.chat_id == ada:
            raise ValueError(SENTENCE)
        return found

    monkeypatch.setattr(retention, "tidy", broken)
    direct.say(ada, SENTENCE)
    direct.say(bea, SENTENCE)
    _wait(direct, 165)
    direct.pass_time(days=1)
    with caplog.at_level(logging.DEBUG):
        direct.night()
    told = direct.rows("SELECT silence_told_on IS NULL FROM people ORDER BY id")
    assert told == [(1,), (0,)]
    assert SENTENCE not in caplog.text
    assert "could not be removed" in caplog.text


def test_a_clock_that_leaps_ahead_removes_nothing(direct: Direct, ada: int) -> None:
    """A year ahead for an hour, which would be the end of every tap; and back again."""
    asked = direct.rows("SELECT id FROM asked")[0][0]
    direct.press(ada, f"tap:{asked}:4")
    direct.say(ada, SENTENCE)
    _wait(direct, 2)
    before = direct.rows("SELECT * FROM beads"), direct.rows("SELECT * FROM answers")
    direct.clock.move(timedelta(days=400))
    assert direct.night() == []
    direct.clock.move(-timedelta(days=400))
    assert direct.night() == []
    assert (direct.rows("SELECT * FROM beads"), direct.rows("SELECT * FROM answers")) == before
    told = direct.rows("SELECT purge_told_on, silence_told_on FROM people")
    assert told == [(None, None)]


def test_after_an_outage_what_is_old_goes_a_day_later(direct: Direct) -> None:
    direct.welcome(11, keep=90)
    direct.say(11, SENTENCE)
    _live(direct, 11, 86)
    direct.clock.move(timedelta(days=30))
    direct.say(11, "/word")
    direct.night()
    assert direct.rows("SELECT text FROM answers") == [(SENTENCE,)]
    _live(direct, 11, 1)
    assert direct.rows("SELECT text FROM answers") == [("",)]


def test_flags_go_when_they_have_no_effect_any_more(direct: Direct, ada: int) -> None:
    direct.say(ada, "He hit me again last night.")
    assert direct.rows("SELECT count(*) FROM flags")[0][0] >= 1
    _wait(direct, 28)
    assert direct.rows("SELECT count(*) FROM flags")[0][0] >= 1
    _wait(direct, 1)
    assert direct.rows("SELECT count(*) FROM flags") == [(0,)]

"""Buttons: whatever a forged one says, nothing of somebody else is read or changed."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.chat.routes import PRESSES
from bot.chat.turn import Content
from bot.demo.limits import check_keyboard, check_text, formatted
from tests.direct import Direct, data_of, texts

SECRET = "zebrawood"
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

TABLES = (
    *("asked", "answers", "taps", "quizzes", "check_ins", "reports", "told", "marked_days"),
    *("beads", "not_mine", "flags", "schedule", "uses", "covered"),
)

GARBAGE = (
    *("", "0", "-1", "1.5", "nobody", "' OR 1=1 --", "%", "None", "\u00b2", "\u0663", "\u0b6b"),
    *("9223372036854775807", "9223372036854775808", "99999999999999999999999", "\U0001f600"),
    *("2026-03-02", "9999-12-31", "yes", "no", "x", "b", "o", "show", "pause", "second", "stop"),
)


def _belongings(direct: Direct, chat_id: int) -> list[Any]:
    """Every row of a person, the person included."""
    found = [direct.rows("SELECT * FROM people WHERE chat_id = ?", chat_id)]
    found += [
        direct.rows(
            f"SELECT t.* FROM {table} t JOIN people p ON p.id = t.person_id"  # noqa: S608 - names
            " WHERE p.chat_id = ?",
            chat_id,
        )
        for table in TABLES
    ]
    for table, parent, key in (
        ("quiz_answers", "quizzes", "quiz_id"),
        ("check_in_answers", "check_ins", "check_in_id"),
        ("hits", "answers", "answer_id"),
    ):
        found.append(
            direct.rows(
                f"SELECT t.* FROM {table} t JOIN {parent} s ON s.id = t.{key}"  # noqa: S608 - names
                " JOIN people p ON p.id = s.person_id WHERE p.chat_id = ?",
                chat_id,
            )
        )
    return found


def _live_richly(direct: Direct, chat_id: int) -> None:
    """Have a row of every kind."""
    asked = direct.rows("SELECT max(id) FROM asked")[0][0]
    direct.press(chat_id, f"tap:{asked}:4")
    direct.say(chat_id, f"We talked about the {SECRET} and I just give in every time.")
    direct.say(chat_id, f"He hit me over the {SECRET}.")
    direct.press(chat_id, "card:write")
    direct.say(chat_id, f"Call the {SECRET} line.")
    direct.say(chat_id, "/quiz")
    direct.press(chat_id, "quiz:1:0:3")
    direct.press(chat_id, "again:yes")
    direct.pass_time(days=6, hours=10)
    direct.press(chat_id, "checkin:1:0:3")
    direct.say(chat_id, "/report")
    direct.press(chat_id, "chapter:yes")
    direct.press(chat_id, "unusual:2026-03-04")
    direct.press(chat_id, "notme:1:0:1:M1")
    direct.say(chat_id, f"/mask {SECRET}")
    direct.say(chat_id, "/discreet on")
    direct.pass_time(days=1)


def _numbers(direct: Direct) -> set[str]:
    """Every id that any row has."""
    found = {"1", "2", "3"}
    for table in ("asked", "answers", "taps", "quizzes", "check_ins", "reports", "covered"):
        found |= {str(row[0]) for row in direct.rows(f"SELECT id FROM {table}")}  # noqa: S608 - names
    return found


def test_the_rich_life_has_rows_of_every_kind(direct: Direct, ada: int) -> None:
    """Otherwise the tests below would prove nothing."""
    _live_richly(direct, ada)
    empty = [
        table
        for table in (*TABLES, "quiz_answers", "check_in_answers")
        if not direct.rows(f"SELECT 1 FROM {table} LIMIT 1")  # noqa: S608 - names
    ]
    assert set(empty) <= {"told", "not_mine"}


@pytest.mark.parametrize("verb", sorted(PRESSES))
def test_no_button_reaches_what_belongs_to_somebody_else(
    direct: Direct, ada: int, bea: int, verb: str
) -> None:
    """Bea presses every button with every id that Ada's rows have, and with garbage."""
    _live_richly(direct, ada)
    before = _belongings(direct, ada)
    assert SECRET in str(before)
    _, arguments = PRESSES[verb]
    pool = [*sorted(_numbers(direct)), *GARBAGE]
    tried = [[value] * arguments for value in pool]
    if arguments > 1:
        tried += [[value, *["1"] * (arguments - 1)] for value in pool]
        tried += [[*["1"] * (arguments - 1), value] for value in pool]
    for values in tried:
        messages = direct.press(bea, ":".join([verb, *values]))
        assert {message.chat_id for message in messages} <= {bea}
        assert SECRET not in str(messages)
        for message in messages:
            payload = message.payload
            if "parse_mode" in payload:
                words = payload.get("text") or payload["caption"]
                check_text(formatted(words, "HTML", None, {})[0])
            if "reply_markup" in payload:
                check_keyboard(payload["reply_markup"])
    assert _belongings(direct, ada) == before


def test_a_button_nobody_made_says_that_it_does_not_work(direct: Direct, ada: int) -> None:
    for data in ("", ":", "drop:answers", "tap", "tap:1", "tap:1:2:3", "x" * 64):
        assert texts(direct.press(ada, data)) == ["That button no longer works."]


def test_strangers_get_nothing_by_any_button(direct: Direct, ada: int) -> None:
    direct.say(ada, f"about the {SECRET}")
    for verb, (_, arguments) in PRESSES.items():
        said = texts(direct.press(99, ":".join([verb, *["1"] * arguments])))
        assert said == ["That button no longer works."]
    assert direct.rows("SELECT count(*) FROM people") == [(1,)]


ABOUT_ROWS = {
    "tap:{}:3": "asked",
    "undo:{}": "asked",
    "another:{}": "asked",
    "later:{}": "asked",
    "skip:{}": "asked",
    "open:{}": "asked",
    "unnote:{}": "answers",
    "histdel:{}": "answers",
    "histsure:{}": "answers",
    "flag:delete:{}": "answers",
    "notme:{}:0:1:M1": "reports",
    "quiz:{}:0:3": "quizzes",
    "checkin:{}:0:3": "check_ins",
    "checkin:{}:0:x": "check_ins",
    "why:{}": "reports",
    "whypage:{}:0": "reports",
    "picture:{}": "reports",
    "cover:{}": "covered",
}
"""Buttons whose data hold the number of a row, and the table it is in."""

ABOUT_NOTHING = frozenset(
    {
        *("consent", "keep", "push", "time", "place", "newtime", "delete", "help", "numbers"),
        *("card", "again", "begin", "hist", "set", "day", "weekly", "chapter", "unusual"),
        *("export", "kept", "renew", "withdraw", "discreet", "word"),
    }
)
"""Buttons that are about whoever presses them."""


@pytest.mark.parametrize("data", ABOUT_ROWS)
def test_somebody_elses_row_is_as_good_as_none(
    direct: Direct, ada: int, bea: int, data: str
) -> None:
    """Bea is answered as if there were no such row, and Ada's rows stay as they are."""
    _live_richly(direct, ada)
    before = _belongings(direct, ada)
    table = ABOUT_ROWS[data]
    query = {
        "asked": "SELECT t.id FROM asked t",
        "answers": "SELECT t.id FROM answers t",
        "reports": "SELECT t.id FROM reports t",
        "quizzes": "SELECT t.id FROM quizzes t",
        "check_ins": "SELECT t.id FROM check_ins t",
        "covered": "SELECT t.id FROM covered t",
    }[table]
    mine = " JOIN people p ON p.id = t.person_id WHERE p.chat_id = ?"
    numbers = [row[0] for row in direct.rows(query + mine, ada)]
    assert numbers, f"Ada has nothing in {table}"
    nothing = direct.press(bea, data.format(987_654_321))
    for number in numbers:
        assert direct.press(bea, data.format(number)) == nothing
    assert _belongings(direct, ada) == before


def test_every_button_is_known_to_be_about_a_row_or_about_none() -> None:
    """A new one has to be put into one of the lists above."""
    about_rows = {data.partition(":")[0] for data in ABOUT_ROWS}
    assert about_rows | ABOUT_NOTHING == set(PRESSES)


def test_a_stranger_without_an_invitation_leaves_no_trace(content: Content, tmp_path: Path) -> None:
    """Neither a row nor a mark of an erasure, however often they try."""
    operator = replace(content.operator, invite_code="zebra")
    path = tmp_path / "by_invitation.db"
    direct = Direct(path, replace(content, operator=operator), START)
    try:
        for text in ("/start", "/start lion", "hello", "/start", "/safety", "I am 15"):
            said = texts(direct.say(99, text))
            assert len(said) == 1
        for table in ("people", "messages", "uses", "erasures", "facts", "outbox"):
            assert direct.rows(f"SELECT * FROM {table}") == []  # noqa: S608 - constants
        assert not path.with_name(f"{path.name}.erased").exists()
        assert "consent:yes" in data_of(direct.say(99, "/start zebra"))
    finally:
        direct.close()

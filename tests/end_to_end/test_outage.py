"""After an outage: nobody is flooded, and who may have lost something is told so, once."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import app
from bot.clock import Clock, MovedClock
from bot.demo.people import Person
from bot.transport.contact import Contact, OnReturn, uptime
from storage.backups import Backups
from storage.database import Database
from storage.restoring import restore
from tests.end_to_end.cards import card_of
from tests.house import House, open_house
from tests.patience import until

ZONE = "Europe/Berlin"
AWAY = "I was away for a while."


def told(person: Person) -> list[str]:
    """What a person can read about the outage."""
    return [message.text for message in person.from_bot if AWAY in message.text]


def questions(house: House) -> list[tuple[str, str]]:
    """Each daily question: its day of March 2026, and what became of it."""
    rows = house.rows("SELECT day, state FROM asked WHERE kind = 'daily' ORDER BY id")
    return [(day.removeprefix("2026-03-"), state) for day, state in rows]


async def off(house: House, until: datetime) -> None:
    """The bot is off until then."""
    await house.stop()
    house.clock.move_to(until)
    await house.start()
    await house.move(seconds=2)


async def test_who_wrote_in_the_day_before_is_told_what_may_be_lost(
    house: House, ada: Person
) -> None:
    """Off from Wednesday noon to Saturday; Telegram has kept the last day of that."""
    bob = house.server.person(12, "Bob")
    await house.welcome(bob)
    await house.move_to_local(ZONE, "2026-03-04", "12:00")
    await house.say(ada, "Before it all went dark.")
    await house.stop()
    for hour, text in ((5, "Nobody will ever read this."), (30, "This one is still here.")):
        house.clock.move_to(datetime(2026, 3, 5, 9, 0, tzinfo=UTC) + timedelta(hours=hour))
        await ada.send_text(text)
    house.clock.move_to(datetime(2026, 3, 7, 10, 0, tzinfo=UTC))
    await house.start()
    await house.move(seconds=2)
    assert told(ada) == [
        "I was away for a while. What you sent between Wednesday 4 March, 12:00 and Friday"
        " 6 March, 11:00 may not have arrived. Anything you sent later is here, and everything"
        " from before is as it was."
    ]
    assert told(bob) == []
    assert [text for (text,) in house.rows("SELECT text FROM answers ORDER BY id")] == [
        "Before it all went dark.",
        "This one is still here.",
    ]


async def test_they_are_told_once(house: House, ada: Person) -> None:
    await off(house, datetime(2026, 3, 4, 9, 30, tzinfo=UTC))
    assert len(told(ada)) == 1
    await house.restart()
    await house.move(days=1)
    await house.restart()
    await house.move(seconds=2)
    assert len(told(ada)) == 1


async def test_a_kill_before_it_is_sent_changes_nothing(house: House, ada: Person) -> None:
    """The bot comes back, notes that it is back, and is gone again before it could say so."""
    await house.stop()
    house.clock.move_to(datetime(2026, 3, 4, 9, 30, tzinfo=UTC))
    house.server.faults.server_error(method="sendMessage", times=-1)
    await house.start()
    await house.stop()
    house.server.faults.clear()
    await house.start()
    await house.move(seconds=2)
    assert len(told(ada)) == 1


async def test_it_comes_before_the_question(house: House, ada: Person) -> None:
    await off(house, datetime(2026, 3, 4, 20, 0, tzinfo=UTC))
    assert AWAY in ada.from_bot[-2].text
    assert card_of(ada) is ada.last


async def test_what_was_written_meanwhile_answers_the_question_that_was_there_then(
    house: House, ada: Person
) -> None:
    """Monday's question, an answer on Tuesday morning, and the bot back after Tuesday's time."""
    await house.stop()
    house.clock.move_to(datetime(2026, 3, 3, 8, 0, tzinfo=UTC))
    await ada.send_text("About yesterday, if it still counts.")
    house.clock.move_to(datetime(2026, 3, 3, 20, 0, tzinfo=UTC))
    await house.start()
    await house.move(seconds=2)
    assert house.rows("SELECT asked_id FROM answers") == [(1,)]
    assert questions(house) == [("02", "answered"), ("03", "open")]


async def test_after_less_than_a_day_nothing_is_lost_and_nothing_said(
    house: House, ada: Person
) -> None:
    await off(house, datetime(2026, 3, 3, 8, 30, tzinfo=UTC))
    assert told(ada) == []


async def test_a_discreet_chat_shows_a_neutral_line(house: House, ada: Person) -> None:
    await house.say(ada, "/discreet on")
    await off(house, datetime(2026, 3, 4, 9, 30, tzinfo=UTC))
    assert told(ada) == []
    assert ada.last.text == "Your note is ready."
    await house.tap(ada, "open")
    assert len(told(ada)) == 1


async def test_a_stopped_person_hears_nothing(house: House, ada: Person) -> None:
    await house.say(ada, "/stop")
    await off(house, datetime(2026, 3, 6, 9, 30, tzinfo=UTC))
    assert told(ada) == []


async def test_a_clock_that_leaps_ahead_is_no_outage(house: House, ada: Person) -> None:
    await house.say(ada, "The clock is about to be set.")
    house.clock.move(timedelta(days=40))
    await house.say(ada, "And now it is set, weeks ahead.")
    house.clock.move(timedelta(days=-40))
    await house.say(ada, "And back where it was before.")
    await house.restart()
    await house.move(seconds=2)
    assert told(ada) == []


@pytest.fixture
async def sleeper(database_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A house whose machine can be put to sleep: its clocks go on, its programs do not."""
    slept = 0.0

    def contact(database: Database, clock: Clock, on_return: OnReturn) -> Contact:
        return Contact(database, clock, on_return, lambda: slept)

    async def sleep(house: House, **time: float) -> None:
        nonlocal slept
        port = int(house.server.base_url.rpartition(":")[2])
        await house.server.stop()
        slept += timedelta(**time).total_seconds()
        house.clock.move(timedelta(**time))
        await house.server.start(port)

    monkeypatch.setattr(app, "Contact", contact)
    async with open_house(database_path) as house:
        yield house, sleep


async def test_a_machine_that_slept_for_a_day_and_a_half_goes_on_by_itself(sleeper: Any) -> None:
    """Nobody starts it anew: today's question comes, and who wrote before is told."""
    house, sleep = sleeper
    ada = house.server.person(11, "Ada")
    await house.welcome(ada)
    before = len(ada.from_bot)
    await sleep(house, hours=36)
    await until(lambda: len(ada.from_bot) == before + 2)
    await house.settle()
    assert questions(house) == [("02", "expired"), ("03", "open")]
    assert len(told(ada)) == 1
    assert len(ada.from_bot) == before + 2


async def test_a_machine_that_slept_for_a_night_says_nothing_of_it(sleeper: Any) -> None:
    house, sleep = sleeper
    ada = house.server.person(11, "Ada")
    await house.welcome(ada)
    await sleep(house, hours=10)
    await house.say(ada, "Good morning, dear machine.")
    assert told(ada) == []


async def test_questions_that_could_not_be_sent_expire_and_are_no_silence(
    house: House, ada: Person
) -> None:
    """Telegram takes nothing for three evenings; on the fourth there is that day's question."""
    before = len(ada.from_bot)
    house.server.faults.server_error(method="sendMessage", times=-1)
    for day in (3, 4, 5):
        house.clock.move_to(datetime(2026, 3, day, 19, 0, tzinfo=UTC))
        await house.app.tick.run_due()
        await until(lambda: house.server.requests[-1].status == 502)
        house.clock.move_to(datetime(2026, 3, day, 23, 0, tzinfo=UTC))
        await until(lambda: house.rows("SELECT count(*) FROM outbox") == [(0,)])
    house.server.faults.clear()
    await house.move_to_local(ZONE, "2026-03-06", "20:30")
    assert questions(house) == [
        ("02", "expired"),
        ("03", "expired"),
        ("04", "expired"),
        ("05", "expired"),
        ("06", "open"),
    ]
    assert len(ada.from_bot) == before + 1
    # Only the question of the second was ever seen and not answered.
    assert house.rows("SELECT silence ->> 'missed' FROM people") == [(1,)]


async def test_a_question_that_expired_under_its_cover_is_recorded_too(
    house: House, ada: Person
) -> None:
    await house.say(ada, "/discreet on")
    house.server.faults.server_error(method="sendMessage", times=-1)
    house.clock.move_to(datetime(2026, 3, 3, 19, 0, tzinfo=UTC))
    await house.app.tick.run_due()
    await until(lambda: house.server.requests[-1].status == 502)
    house.clock.move_to(datetime(2026, 3, 3, 23, 0, tzinfo=UTC))
    await until(lambda: questions(house)[-1] == ("03", "expired"))
    house.server.faults.clear()
    assert house.rows("SELECT count(*) FROM covered") == [(0,)]


@pytest.mark.parametrize("back", ["2026-03-08T19:00", "2026-03-09T12:00", "2026-03-10T12:00"])
async def test_a_week_has_one_check_in_and_one_report(house: House, ada: Person, back: str) -> None:
    """The bot is off when they fall due, and started several times afterwards."""
    await house.tap(ada, "3")
    await house.move_to_local(ZONE, "2026-03-08", "12:00")
    await off(house, datetime.fromisoformat(back).replace(tzinfo=UTC))
    await house.restart()
    await house.move(hours=1, seconds=2)
    await house.restart()
    await house.move(hours=20)
    reports = "SELECT day FROM reports WHERE kind = 'weekly'"
    assert house.rows("SELECT day FROM check_ins") == [("2026-03-08",)]
    assert house.rows(reports) == [("2026-03-08",)]
    assert sum("Your week, 1 of 12" in message.text for message in ada.from_bot) == 1
    await house.move_to_local(ZONE, "2026-03-15", "20:00")
    assert house.rows(reports) == [("2026-03-08",), ("2026-03-15",)]


async def test_weeks_without_the_bot_are_not_made_up_for(house: House, ada: Person) -> None:
    """Off for three weeks: one check-in, about the week that has just ended, and one report."""
    await house.move_to_local(ZONE, "2026-03-08", "12:00")
    await off(house, datetime(2026, 3, 30, 10, 0, tzinfo=UTC))
    await house.move(hours=2)
    assert house.rows("SELECT day FROM check_ins") == [("2026-03-29",)]
    assert house.rows("SELECT count(*) FROM reports WHERE kind = 'weekly'") == [(1,)]
    assert len(questions(house)) <= 8


def test_silence_is_measured_by_a_clock_that_nobody_sets() -> None:
    clock = MovedClock()
    before = uptime()
    clock.move(timedelta(days=1))
    assert 0 <= uptime() - before < 3600


async def test_after_a_restore_it_is_told_what_the_backup_cannot_hold(
    house: House, ada: Person, tmp_path: Path
) -> None:
    """However short it is: the old file had fetched it, so Telegram does not bring it again."""
    await house.say(ada, "Before the backup.")
    path = house.settings.database_path
    backup = Backups(tmp_path / "kept", path).make(None, house.clock.now())
    await house.move_to_local(ZONE, "2026-03-02", "13:30")
    await house.say(ada, "Between the backup and the restore.")
    await house.stop()
    restore(path, None, backup.path, None, house.clock.now())
    for _ in range(2):
        await house.start()
        await house.move(seconds=2)
        assert [text.partition(" may not")[0] for text in told(ada)] == [
            f"{AWAY} What you sent between Monday 2 March, 10:00 and Monday 2 March, 13:30"
        ]
        await house.stop()
        house.clock.move(timedelta(hours=1))
    await house.start()
    assert house.rows("SELECT text FROM answers") == [("Before the backup.",)]

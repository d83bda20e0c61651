"""*Why?* and *not me*: every sentence leads back to answers, and answers can be taken out."""

from bot.demo.people import Person
from tests.house import House


async def _four_weeks(house: House, ada: Person) -> None:
    """A person who taps low on everything that speaks for deferring, and says so in words once."""
    for day in range(3, 31):
        await house.move_to_local("Europe/Berlin", f"2026-03-{day:02d}", "20:30")
        asked, rule = house.rows("SELECT id, tap FROM asked ORDER BY id DESC LIMIT 1")[0]
        high = rule in {"giving-way", "whose-needs", "sharing", "affection", "own-time"}
        await house.tap(ada, f"tap:{asked}:{5 if high else 1}")
        if day in {10, 20}:
            await house.say(ada, "i just give in to keep the peace")


async def test_why_shows_the_answers_behind_each_sentence(house: House, ada: Person) -> None:
    await _four_weeks(house, ada)
    await house.say(ada, "/report")
    assert "why?" in ada.last.labels
    await house.tap(ada, "why?")
    pages = [ada.last.text]
    while "next" in ada.last.labels:
        await house.tap(ada, "next")
        pages.append(ada.last.text)
    together = "\n".join(pages)
    assert 'you wrote "i just give in' in together
    assert "tap," in together
    assert "beads" in together
    for tapped in house.rows("SELECT DISTINCT rule FROM taps WHERE rule = 'giving-way'"):
        assert tapped


async def test_not_me_takes_the_phrase_out_at_once_and_mutes_after_two(
    house: House, ada: Person
) -> None:
    await _four_weeks(house, ada)
    await house.say(ada, "/report")
    await house.tap(ada, "why?")
    before = house.rows("SELECT count(*) FROM beads WHERE source = 'text'")[0][0]
    while not any(label.startswith("not me") for label in ada.last.labels):
        await house.tap(ada, "next")
    first = next(label for label in ada.last.labels if label.startswith("not me"))
    await house.tap(ada, first)
    assert house.rows("SELECT count(*) FROM beads WHERE source = 'text'")[0][0] < before
    await house.tap(ada, next(label for label in ada.last.labels if label.startswith("not me")))
    assert "not counted for 30 days" in ada.callback_answers[-1]["text"]
    assert house.rows("SELECT count(*) FROM beads WHERE source = 'text' AND family = 'D1'") == [
        (0,)
    ]


async def test_deleting_an_answer_changes_the_report_at_once(house: House, ada: Person) -> None:
    await house.say(ada, "i just give in to keep the peace")
    assert house.rows("SELECT count(*) FROM hits")[0][0] > 0
    await house.tap(ada, "undo")
    assert house.rows("SELECT count(*) FROM hits") == [(0,)]
    assert house.rows("SELECT count(*) FROM beads WHERE source = 'text'") == [(0,)]

"""*Why?* and *not me*: every sentence leads back to answers, and answers can be taken out."""

from bot.demo.people import Person
from prompts.loading import load_rules
from tests.house import House


async def _four_weeks(house: House, ada: Person, low: int = 1) -> None:
    """A person who taps low on everything that speaks for deferring, and says so in words twice."""
    for day in range(3, 31):
        await house.move_to_local("Europe/Berlin", f"2026-03-{day:02d}", "20:30")
        asked, rule = house.rows("SELECT id, tap FROM asked ORDER BY id DESC LIMIT 1")[0]
        high = rule in {"giving-way", "whose-needs", "sharing", "affection", "own-time"}
        await house.tap(ada, f"tap:{asked}:{6 - low if high else low}")
        if day in {10, 20}:
            await house.say(ada, "i just give in to keep the peace")


async def _every_view(house: House, ada: Person) -> tuple[str, str]:
    """All short views and all full ones, from the first statement to the last."""
    short, full = [], []
    while True:
        short.append(ada.last.text)
        more = [label for label in ada.last.labels if label.startswith(("all of", "what each"))]
        if more:
            await house.tap(ada, more[0])
            full.append(ada.last.text)
            while "next" in ada.last.labels:
                await house.tap(ada, "next")
                full.append(ada.last.text)
            await house.tap(ada, "what weighs most")
            assert ada.last.text == short[-1]
        if "next" not in ada.last.labels:
            return "\n".join(short), "\n".join(full)
        await house.tap(ada, "next")


async def test_why_says_it_plainly_and_has_every_weight_behind_it(
    house: House, ada: Person
) -> None:
    await _four_weeks(house, ada)
    await house.say(ada, "In the film i just give in to keep the peace")
    await house.say(ada, "/report")
    assert "why?" in ada.last.labels
    await house.tap(ada, "why?")
    assert ada.last.text.count("\n30 Mar,") + ada.last.text.count("\n29 Mar,") >= 1
    assert sum(line[:1].isdigit() for line in ada.last.text.splitlines()) <= 7
    short, full = await _every_view(house, ada)
    said = 'you wrote "i just give in to keep the peace": for less that is yours'
    assert f"{said}, and for giving way\n" in short
    assert "5 of 5: for giving way\n" in short
    assert "bead" not in short
    assert "set aside" not in short
    assert "5 of 5: for giving way, 2 beads\n" in full
    assert f"{said}, 0.5 beads, and for giving way, 1 bead\n" in full
    assert "(from a song, film or book)" in full
    taps = house.rows("SELECT count(*) FROM taps WHERE rule = 'giving-way'")[0][0]
    item = load_rules()["giving-way"].tap
    assert full.count(f'tap, "{item}"') == taps > 0


async def test_what_the_report_quotes_comes_first_with_its_words_on_the_button(
    house: House, ada: Person
) -> None:
    await _four_weeks(house, ada, low=2)
    await house.say(ada, "i just give in to keep the peace")
    await house.say(ada, "/report")
    assert 'You wrote "i just give in to keep the peace"' in ada.last.text
    await house.tap(ada, "why?")
    assert "You wrote" in ada.last.text.split("\n\n")[1]
    assert "not me: i just give in to keep the\u2026" in ada.last.labels
    assert all(len(button["callback_data"].encode()) <= 64 for button in ada.last.buttons)


async def test_in_a_discreet_chat_no_button_is_called_by_a_phrase(
    house: House, ada: Person
) -> None:
    await _four_weeks(house, ada)
    await house.say(ada, "/discreet on")
    await house.say(ada, "/report")
    await house.tap(ada, "why?")
    while not any(label.startswith("not me") for label in ada.last.labels):
        await house.tap(ada, "next")
    assert "not me: 1" in ada.last.labels
    assert not any("give in" in label for label in ada.last.labels)


async def test_not_me_takes_the_phrase_out_at_once_and_mutes_after_two(
    house: House, ada: Person
) -> None:
    await _four_weeks(house, ada)
    await house.say(ada, "/report")
    await house.tap(ada, "why?")
    before = house.rows("SELECT count(*) FROM beads WHERE source = 'text'")[0][0]
    while not any(label.startswith("not me") for label in ada.last.labels):
        await house.tap(ada, "next")
    await house.tap(ada, next(one for one in ada.last.labels if one.startswith("all of them")))
    for _ in range(2):
        while not any(label.startswith("not me") for label in ada.last.labels):
            await house.tap(ada, "next")
        first = next(label for label in ada.last.labels if label.startswith("not me"))
        await house.tap(ada, first)
        after = house.rows("SELECT count(*) FROM beads WHERE source = 'text'")[0][0]
        assert after < before
        before = after
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

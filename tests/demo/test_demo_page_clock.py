"""The clock of the demo: what falls due on the way happens, in its order, on the person's clock."""

import re

import pytest
from playwright.async_api import Page, expect

from bot.demo.demo import Demo
from tests.demo.visiting import begin, log, newest, press, question, room_of, say

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    # The bots live longer than one test; what they do not want to hear is set at their start.
    pytest.mark.filterwarnings("ignore:Please use 'Bot"),
]


async def _let_pass(page: Page, step: str) -> None:
    button = page.get_by_role("button", name=step)
    await button.click()
    await expect(button).to_be_enabled()


async def test_the_next_question_comes_at_the_persons_time(page: Page, demo: Demo) -> None:
    await begin(page, demo)
    await _let_pass(page, "Next question")
    await expect(page.locator("#now")).to_have_text("Tue 3 Mar, 20:00")
    await expect(page.locator(".day").last).to_have_text(re.compile("Tuesday,? 3 March 2026"))
    await expect(question(page).locator("time")).to_have_text("20:00")
    await expect(page.locator("#ahead")).to_contain_text("Next question Wed 4 Mar, 20:00")


async def test_nobody_is_asked_before_they_were_welcomed(page: Page) -> None:
    await expect(page.get_by_role("button", name="Next day")).to_be_enabled()
    await expect(page.get_by_role("button", name="Next question")).to_be_disabled()


async def test_a_day_brings_its_question_and_the_same_time_tomorrow(page: Page, demo: Demo) -> None:
    await begin(page, demo)
    await _let_pass(page, "Next day")
    await expect(page.locator("#now")).to_have_text(re.compile(r"Tue 3 Mar, 17:0\d"))
    await expect(page.get_by_role("button", name="skip")).to_have_count(1)
    await _let_pass(page, "Next day")
    await expect(page.get_by_role("button", name="skip")).to_have_count(2)


async def test_a_week_brings_questions_check_in_and_report_in_order(page: Page, demo: Demo) -> None:
    await begin(page, demo)
    await _let_pass(page, "Next week")
    await expect(page.locator("#now")).to_have_text(re.compile(r"Mon 9 Mar, 17:0\d"))
    await expect(page.locator(".message", has_text="Your week, 1 of 12")).to_have_count(1)
    await expect(page.locator(".message", has_text="Your week\n").last).to_contain_text("counted")
    times = [message.sent_at for message in room_of(demo, page).person.messages]
    assert times == sorted(times)
    texts = [message.text.split("\n")[0] for message in room_of(demo, page).person.from_bot]
    assert texts.index("Your week, 1 of 12") < texts.index("Your week")


async def test_the_check_in_is_stopped_at_and_brings_the_report_at_once(
    page: Page, demo: Demo
) -> None:
    await begin(page, demo)
    for _ in range(5):
        await _let_pass(page, "Next question")
    await expect(page.locator("#now")).to_contain_text("Sun 8 Mar, 18:00")
    for number in range(1, 13):
        await expect(log(page)).to_contain_text(f"Your week, {number} of 12")
        await press(page, "3")
    await expect(log(page)).to_contain_text("Thank you. Your report comes now.")
    await expect(newest(page)).to_contain_text("12 from the check-in")
    await expect(page.locator("#now")).to_contain_text("Sun 8 Mar, 18:00")


async def test_the_clock_moves_for_one_person_alone(page: Page, demo: Demo) -> None:
    other = await demo.rooms.open(new=True)
    await begin(page, demo)
    await _let_pass(page, "Next week")
    assert other.clockwork.clock.now().date().isoformat() == "2026-03-02"


async def test_days_without_a_question_are_told_of_by_the_page(page: Page, demo: Demo) -> None:
    await begin(page, demo)
    await say(page, "/stop")
    await expect(newest(page)).to_contain_text("I have stopped")
    await _let_pass(page, "Next day")
    await expect(page.locator(".silence")).to_have_count(0)
    await _let_pass(page, "Next day")
    await expect(page.locator(".silence")).to_have_text("no question on Tue 3 Mar")
    await _let_pass(page, "Next day")
    await expect(page.locator(".silence")).to_have_text("no question for 2 days")
    await say(page, "/help")
    await expect(newest(page)).to_contain_text("What you can do")
    await expect(page.locator(".silence + .day")).to_have_text(re.compile("Thursday,? 5 March"))
    await page.reload()
    await expect(page.locator(".silence")).to_have_text("no question for 2 days")


async def test_a_day_whose_messages_are_deleted_was_no_day_without_a_question(
    page: Page, demo: Demo
) -> None:
    await begin(page, demo)
    await _let_pass(page, "Next day")
    person = room_of(demo, page).person
    middle = len(person.visible)
    await _let_pass(page, "Next day")
    for message in person.visible[middle - 1 : -1]:
        await person.delete(message.message_id)
    await page.reload()
    await expect(page.locator(".message").first).to_be_visible()
    await expect(page.locator(".silence")).to_have_count(0)


async def test_the_times_of_the_old_messages_stay_after_everything_was_deleted(
    page: Page, demo: Demo
) -> None:
    await begin(page, demo, city="Auckland, New Zealand")
    before = await page.locator(".message time").first.inner_text()
    await say(page, "/delete")
    await press(page, "Remove everything")
    await press(page, "Yes, remove everything now")
    await expect(page.locator("#where")).to_have_text("")
    assert await page.locator(".message time").first.inner_text() == before
    await page.reload()
    await expect(page.locator(".message time").first).to_have_text(before)

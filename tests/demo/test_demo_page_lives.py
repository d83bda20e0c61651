"""Lives on the page: one click, and their weeks pass before one's eyes."""

import pytest
from playwright.async_api import Browser, Page, expect

from bot.demo.demo import Demo
from tests.demo.conftest import NewPage
from tests.demo.visiting import begin, log, say

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    # The bots live longer than one test; what they do not want to hear is set at their start.
    pytest.mark.filterwarnings("ignore:Please use 'Bot"),
]


async def test_one_click_lives_a_life_to_its_report(page: Page) -> None:
    await page.get_by_role("button", name="Lives and more").click()
    await page.get_by_role("button", name="Mara").click()
    await expect(page.locator("#living-words")).to_contain_text("Mara lives week")
    await expect(page.get_by_role("progressbar")).to_be_visible()
    await expect(page.get_by_role("textbox", name="Message")).to_be_disabled()
    await expect(page.locator("#living-words")).to_contain_text("Mara, 4 weeks on", timeout=60_000)
    report = page.locator(".message", has_text="Your week\n").last
    await expect(report).to_contain_text("leaned toward merging")
    await expect(page.locator("#now")).to_contain_text("Sun 29 Mar, 18:00")
    await expect(page.locator("#where")).to_have_text("Lisbon")


async def test_a_life_can_be_gone_on_with(page: Page) -> None:
    await page.get_by_role("button", name="Lives and more").click()
    await page.get_by_role("button", name="Mara").click()
    await expect(page.locator("#living-words")).to_contain_text("Mara, 4 weeks on", timeout=60_000)
    await say(page, "/report 4")
    await expect(log(page)).to_contain_text("Your last four weeks")


async def test_two_tabs_are_two_people_who_see_nothing_of_each_other(
    new_page: NewPage, demo: Demo
) -> None:
    ada, bo = await new_page(), await new_page()
    await begin(ada, demo)
    await begin(bo, demo)
    await say(ada, "Only Ada knows this")
    await say(bo, "Only Bo knows that")
    for mine, theirs, page in (("Ada", "Bo", ada), ("Bo", "Ada", bo)):
        await expect(page.locator(".reactions")).to_have_count(1)
        await expect(log(page)).to_contain_text(f"Only {mine} knows")
        await expect(log(page)).not_to_contain_text(f"Only {theirs} knows")
    assert ada.url != bo.url


async def test_one_can_start_as_somebody_new(page: Page, demo: Demo) -> None:
    await begin(page, demo)
    before = page.url
    await page.get_by_role("button", name="Lives and more").click()
    await page.get_by_role("link", name="Start as somebody new").click()
    await expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible()
    assert page.url != before
    await page.goto(before)
    await expect(log(page)).to_contain_text("Lisbon, Portugal")


async def test_an_address_of_an_earlier_demo_says_so(browser: Browser, demo: Demo) -> None:
    page = await browser.new_page()
    await page.goto(f"{demo.address}p/0badcafe")
    await expect(page.locator("#doing")).to_have_text("gone")
    await expect(page.get_by_role("status").first).to_contain_text("started anew")
    await expect(page.get_by_role("textbox", name="Message")).to_be_disabled()
    await page.close()

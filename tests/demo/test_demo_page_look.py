"""How the page looks and is used: colours, a narrow screen, keyboard and screen reader."""

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from bot.demo.demo import Demo
from tests.demo.conftest import NewPage
from tests.demo.visiting import begin, log, newest, press, say

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    # The bots live longer than one test; what they do not want to hear is set at their start.
    pytest.mark.filterwarnings("ignore:Please use 'Bot"),
]

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
LIGHT, DARK = "rgb(246, 244, 239)", "rgb(22, 28, 29)"


async def _paper(page: Page) -> Any:
    return await page.evaluate("getComputedStyle(document.querySelector('main')).backgroundColor")


async def _grave_findings(page: Page) -> list[str]:
    """What axe-core finds serious or critical, with the elements it is about."""
    await page.evaluate(AXE)
    found = await page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in found["violations"]
        if violation["impact"] in {"serious", "critical"}
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize(("scheme", "colour"), [("light", LIGHT), ("dark", DARK)])
async def test_the_page_follows_the_systems_colours(
    new_page: NewPage, scheme: str, colour: str
) -> None:
    assert await _paper(await new_page(color_scheme=scheme)) == colour


async def test_the_colours_can_be_chosen_and_stay_chosen(new_page: NewPage) -> None:
    page = await new_page(width=1200, color_scheme="light")
    await page.get_by_role("radio", name="Dark").check(force=True)
    assert await _paper(page) == DARK
    await page.reload()
    assert await _paper(page) == DARK
    await page.get_by_role("radio", name="System").check(force=True)
    assert await _paper(page) == LIGHT


@pytest.mark.parametrize("width", [320, 360, 1200])
async def test_nothing_scrolls_sideways(new_page: NewPage, width: int, demo: Demo) -> None:
    page = await new_page(width=width)
    await begin(page, demo)
    await say(page, "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz" * 3)
    await say(page, "/settings")
    await expect(newest(page)).to_contain_text("Settings")
    for selector in ("document.documentElement", "document.querySelector('#log')"):
        widths = await page.evaluate(f"[{selector}.scrollWidth, {selector}.clientWidth]")
        assert widths[0] <= widths[1], selector


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1200])
async def test_axe_finds_nothing_grave(
    new_page: NewPage, scheme: str, width: int, demo: Demo
) -> None:
    page = await new_page(width=width, color_scheme=scheme, reduced_motion="reduce")
    await expect(page.locator("#description")).to_contain_text("One small question")
    assert await _grave_findings(page) == []
    await begin(page, demo)
    await press(page, "4")
    await say(page, "A quiet evening")
    await say(page, "/safety")
    await expect(log(page)).to_contain_text("automatic note-keeper")
    await page.get_by_role("button", name="Commands").click()
    assert await _grave_findings(page) == []
    await page.keyboard.press("Escape")
    if width == 360:
        await page.get_by_role("button", name="Lives and more").click()
        assert await _grave_findings(page) == []
        await page.keyboard.press("Escape")
    await page.locator(".message.own").last.hover()
    await page.get_by_role("button", name="Reply, and more").last.click()
    assert await _grave_findings(page) == []


async def test_buttons_are_reached_from_the_message_field_with_the_keyboard(page: Page) -> None:
    start = page.get_by_role("button", name="Start", exact=True)
    await start.focus()
    await page.keyboard.press("Enter")
    agree = log(page).get_by_role("button", name="I am 18 or over, and I agree")
    await agree.focus()
    await page.keyboard.press("Enter")
    await expect(newest(page)).to_contain_text("How long may I keep")
    await page.get_by_role("textbox", name="Message").focus()
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Shift+Tab")
    await expect(log(page).get_by_role("button", name="until I delete it")).to_be_focused()


async def test_what_comes_in_is_read_out_politely(page: Page, demo: Demo) -> None:
    await begin(page, demo)
    assert await log(page).get_attribute("aria-live") == "polite"
    await press(page, "4")
    await expect(page.locator("#toasts")).to_have_attribute("role", "status")
    await expect(page.locator(".message").last).to_have_attribute("aria-label", "Ampersand, 17:00")


async def test_motion_is_left_out_where_it_is_not_wanted(new_page: NewPage) -> None:
    page = await new_page(reduced_motion="reduce")
    names = await page.evaluate(
        "[...document.querySelectorAll('.dots i')].map((i) => getComputedStyle(i).animationName)"
    )
    assert names == ["none"] * 3

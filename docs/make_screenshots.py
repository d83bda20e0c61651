"""Makes the pictures of the README from the demo, in light and dark: ``docs/images/*.png``.

``python docs/make_screenshots.py`` needs Playwright and Debian's Chromium. The clock starts on a
fixed day, so that two runs give the same pictures.
"""

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

from playwright.async_api import Browser, Page, async_playwright, expect

from bot.demo.demo import Demo

CHROMIUM: Final = Path("/usr/bin/chromium")
IMAGES: Final = Path(__file__).parent / "images"
START: Final = datetime(2026, 3, 2, 19, 58, tzinfo=UTC)
PHONE: Final = (360, 740)
TALL: Final = (360, 960)
"""For the two pictures that stand side by side, one of which shows a picture and its words."""

WIDE: Final = (1180, 1000)
LARGEST: Final = 200_000
"""Bytes: a README is also read on the way."""

FRAME: Final = """
() => {
  const log = document.getElementById("log");
  const photo = [...log.querySelectorAll(".photo")].pop().closest(".message");
  const edge = log.getBoundingClientRect();
  log.scrollTop += photo.getBoundingClientRect().top - edge.top - 6;
  const walker = document.createTreeWalker(log, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  let cut = 0;
  while (walker.nextNode()) {
    range.selectNodeContents(walker.currentNode);
    for (const line of range.getClientRects()) {
      if (line.top < edge.bottom && line.bottom > edge.bottom) {
        cut = Math.max(cut, edge.bottom - line.top);
      }
    }
  }
  log.scrollTop -= Math.ceil(cut);
}
"""
"""The newest picture stands at the top, and no line is cut in half at the bottom."""

Scheme = Literal["light", "dark"]


async def _page(
    browser: Browser, demo: Demo, scheme: Scheme, size: tuple[int, int], scale: float
) -> Page:
    context = await browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme=scheme,
        device_scale_factor=scale,
        reduced_motion="reduce",
        locale="en-GB",
        timezone_id="Europe/Lisbon",
    )
    page = await context.new_page()
    await page.goto(demo.address)
    await expect(page.locator("#description")).not_to_be_empty()
    return page


async def _take(page: Page, name: str) -> None:
    await page.mouse.move(0, 0)
    await page.evaluate("document.activeElement.blur()")
    await expect(page.locator(".toast")).to_have_count(0)
    picture = await page.screenshot(path=IMAGES / f"{name}.png")
    if len(picture) > LARGEST:
        raise ValueError(f"{name}.png has {len(picture)} bytes, more than {LARGEST}")
    sys.stdout.write(f"{name}.png  {len(picture) // 1000} kB\n")


async def _resize(page: Page, size: tuple[int, int]) -> None:
    await page.set_viewport_size({"width": size[0], "height": size[1]})


async def _press(page: Page, label: str) -> None:
    await page.get_by_role("log").get_by_role("button", name=label, exact=True).last.click()


async def _say(page: Page, text: str) -> None:
    await page.get_by_role("textbox", name="Message").fill(text)
    await page.keyboard.press("Enter")


async def _begin(page: Page) -> None:
    await page.get_by_role("button", name="Start", exact=True).click()
    await _press(page, "I am 18 or over, and I agree")
    await _press(page, "a year")
    await _press(page, "Yes, show the question")
    await expect(page.get_by_role("log")).to_contain_text("Which city are you in?")
    await _say(page, "Lisbon, Portugal")
    await _press(page, "20:00")
    await _press(page, "4")


async def _question(page: Page, scheme: Scheme) -> None:
    """A question with its tap, answered."""
    await _begin(page)
    await page.get_by_role("button", name="Next question").click()
    await expect(page.locator("#now")).to_contain_text("Tue 3 Mar, 20:00")
    await _press(page, "2")
    await _say(page, "The overtime on Saturday. I said it with a smile, and it held.")
    await expect(page.locator(".message", has_text="kept").last).to_be_visible()
    await expect(page.locator(".own .reactions").last).to_be_visible()
    await _take(page, f"question-{scheme}")


async def _quiz(page: Page, scheme: Scheme) -> None:
    """An item of the quiz."""
    await _say(page, "/quiz")
    for number in range(1, 7):
        await expect(page.get_by_role("log")).to_contain_text(f"{number} of 24")
        await _press(page, str(2 + number % 3))
    await expect(page.get_by_role("log")).to_contain_text("7 of 24")
    await _take(page, f"quiz-{scheme}")


async def _discreet(page: Page, scheme: Scheme) -> None:
    """Two people, one phone: what is there when the other one picks it up."""
    await _say(page, "/discreet on")
    await expect(page.get_by_role("log")).to_contain_text("Discreet mode is on.")
    await page.get_by_role("button", name="Next question").click()
    await expect(page.locator("#now")).to_contain_text("Wed 4 Mar, 20:00")
    await expect(page.get_by_role("log")).to_contain_text("Your note is ready.")
    await _take(page, f"discreet-push-{scheme}")
    await _press(page, "open")
    await _say(page, "I said what I wanted for Easter, and we found a way.")
    await expect(page.locator(".own .reactions").last).to_be_visible()
    await _take(page, f"discreet-opened-{scheme}")
    await _say(page, "/hide")
    await expect(page.get_by_role("log")).to_contain_text("Word of the day")
    await expect(page.locator(".own")).to_have_count(0)
    await _take(page, f"discreet-hidden-{scheme}")


async def _live(page: Page, name: str) -> None:
    life = page.locator(".life", has_text=name)
    if not await life.is_visible():
        await page.get_by_role("button", name="Lives and more").click()
    await life.click()
    over = page.locator("#living-words", has_text="weeks on")
    await expect(over).to_be_visible(timeout=120_000)
    picture = page.locator(".photo img").last
    await expect(picture).to_have_js_property("complete", value=True)
    await page.get_by_role("button", name="Show the picture").last.click()
    await page.locator("#log").evaluate("(log) => { log.scrollTop = log.scrollHeight }")
    await expect(page.locator("#down")).to_be_hidden()
    await page.evaluate(FRAME)
    await expect(picture).to_be_in_viewport(ratio=1)
    await expect(page.locator(".message", has_text="Your week\n").last).to_be_in_viewport()


async def _report(page: Page, scheme: Scheme) -> None:
    """The weekly report of a life."""
    await _live(page, "Robin")
    await _take(page, f"report-{scheme}")


async def _demo(page: Page, scheme: Scheme) -> None:
    """The demo on a wide screen."""
    await _live(page, "Noor")
    await _take(page, f"demo-{scheme}")


async def make(chromium: Path = CHROMIUM) -> None:
    """Take all pictures.

    Raises:
        ValueError: a picture is too large for a README.
    """
    await asyncio.to_thread(IMAGES.mkdir, parents=True, exist_ok=True)
    demo = Demo(start=START)
    await demo.open(0)
    try:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
            )
            schemes: tuple[Scheme, ...] = ("light", "dark")
            for scheme in schemes:
                page = await _page(browser, demo, scheme, TALL, 1.75)
                await _question(page, scheme)
                await _resize(page, PHONE)
                await _discreet(page, scheme)
                await _say(page, "/discreet off")
                await _quiz(page, scheme)
                await _resize(page, TALL)
                await _report(page, scheme)
                await page.context.close()
                page = await _page(browser, demo, scheme, WIDE, 1)
                await _demo(page, scheme)
                await page.context.close()
            await browser.close()
    finally:
        await demo.close()


if __name__ == "__main__":
    asyncio.run(make())

"""What a visitor of the chat page does with it."""

from collections.abc import Awaitable, Callable
from functools import partial

from playwright.async_api import Locator, Page, expect

from bot.demo.demo import Demo
from bot.demo.people import Person
from bot.demo.room import Room

Act = Callable[..., Awaitable[object]]


def log(page: Page) -> Locator:
    """The conversation."""
    return page.get_by_role("log")


def newest(page: Page) -> Locator:
    """The newest message of either side."""
    return page.locator(".message").last


def question(page: Page) -> Locator:
    """The newest question of the day."""
    return page.locator(".message", has=page.get_by_role("button", name="5", exact=True)).last


async def say(page: Page, text: str) -> None:
    """Type a message and send it."""
    await page.get_by_role("textbox", name="Message").fill(text)
    await page.keyboard.press("Enter")


async def press(page: Page, label: str) -> None:
    """Press the newest button of the bot that has this label."""
    await log(page).get_by_role("button", name=label, exact=True).last.click()


async def click_through_the_welcome(page: Page) -> None:
    """Be welcomed, by clicking, up to the first question."""
    await page.get_by_role("button", name="Start", exact=True).click()
    await press(page, "I am 18 or over, and I agree")
    await press(page, "a year")
    await press(page, "Yes, show the question")
    await expect(log(page)).to_contain_text("Which city are you in?")
    await say(page, "Lisbon, Portugal")
    await press(page, "20:00")
    await expect(question(page)).to_be_visible()


async def begin(page: Page, demo: Demo, push: str = "text", city: str = "Lisbon, Portugal") -> None:
    """Be welcomed without looking at the page, which shows it all the same."""
    await expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible()
    room = room_of(demo, page)
    steps: list[tuple[Act, str]] = [
        (Person.send_text, "/start"),
        (Person.tap, "consent:yes"),
        (Person.tap, "keep:365"),
        (Person.tap, f"push:{push}"),
        (Person.send_text, city),
        (Person.send_text, "20:00"),
    ]
    for act, words in steps:
        await room.act(partial(_done, act, words))
        await room.clockwork.settle()
    await expect(log(page)).to_contain_text("Here is the first question.")


async def _done(act: Act, words: str, person: Person) -> None:
    await act(person, words)


def room_of(demo: Demo, page: Page) -> Room:
    """The room that a page shows."""
    room = demo.rooms.find(page.url.rpartition("/")[2])
    assert room is not None
    return room

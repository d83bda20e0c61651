"""The chat page in a browser: being welcomed, answering, and everything a messenger does."""

import pytest
from playwright.async_api import Page, expect

from bot.demo.demo import Demo
from tests.demo.visiting import (
    begin,
    click_through_the_welcome,
    log,
    newest,
    press,
    question,
    room_of,
    say,
)

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    # The bots live longer than one test; what they do not want to hear is set at their start.
    pytest.mark.filterwarnings("ignore:Please use 'Bot"),
]


async def test_somebody_new_is_welcomed_by_clicking(page: Page, demo: Demo) -> None:
    await expect(page.locator("#description")).to_contain_text("One small question a day")
    await click_through_the_welcome(page)
    await expect(log(page)).to_contain_text("I am 18 or over, and I agree")
    await expect(page.locator("#where")).to_have_text("Lisbon")
    await expect(page.locator("#now")).to_contain_text("Mon 2 Mar, 17:")
    await expect(question(page).get_by_role("button")).to_have_text(
        ["", "1", "2", "3", "4", "5", "another", "later", "skip"]
    )


async def test_a_typed_answer_is_kept_and_acknowledged(page: Page, demo: Demo) -> None:
    await begin(page, demo)
    await say(page, "A walk by the river.")
    await expect(question(page)).to_contain_text("kept")
    own = page.locator(".message.own").last
    await expect(own).to_contain_text("A walk by the river.")
    await expect(own.locator(".reactions")).to_contain_text("\N{WRITING HAND}")
    kept = await room_of(demo, page).clockwork.read(lambda store: store.answers.of_question(1))
    assert [answer.text for answer in kept] == ["A walk by the river."]


async def test_what_is_typed_is_never_markup(page: Page, demo: Demo) -> None:
    await begin(page, demo)
    await say(page, "<script>window.broken = 1</script><img src=x onerror='broken=1'>")
    own = page.locator(".message.own").last
    await expect(own).to_contain_text("<script>window.broken = 1</script><img src=x")
    assert await page.evaluate("window.broken") is None
    assert await page.locator(".messages script, .messages img").count() == 0


async def test_a_tap_marks_its_button_and_can_be_changed(page: Page, demo: Demo) -> None:
    await begin(page, demo)
    await press(page, "4")
    await expect(question(page).get_by_role("button", name="· 4 ·")).to_be_visible()
    await expect(page.locator(".toast")).to_have_text("kept")
    await press(page, "2")
    await expect(question(page).get_by_role("button", name="· 2 ·")).to_be_visible()
    await expect(question(page).get_by_role("button", name="4", exact=True)).to_be_visible()


async def test_the_quiz_is_taken_to_its_result(page: Page, demo: Demo) -> None:
    await begin(page, demo)
    await press(page, "3")
    await press(page, "take the quiz")
    for number in range(1, 25):
        await expect(log(page)).to_contain_text(f"{number} of 24")
        await press(page, str(number % 5 + 1))
    await expect(log(page)).to_contain_text("How close do the two of you feel")
    await press(page, "4")
    await expect(log(page)).to_contain_text("how close would you like it")
    await press(page, "6")
    await expect(newest(page)).to_contain_text("From your quiz")
    await expect(newest(page)).to_contain_text("You wish for more closeness than there is.")


async def test_an_edit_keeps_the_focus_on_the_same_button(page: Page, demo: Demo) -> None:
    """Who works with the keyboard stays where they were when the next item replaces this one."""
    await begin(page, demo)
    await say(page, "/quiz")
    await expect(log(page)).to_contain_text("1 of 24")
    await log(page).get_by_role("button", name="2", exact=True).last.focus()
    for number in range(2, 5):
        await page.keyboard.press("Enter")
        await expect(log(page)).to_contain_text(f"{number} of 24")
        await expect(log(page).get_by_role("button", name="2", exact=True).last).to_be_focused()


async def test_an_own_message_can_be_edited(page: Page, demo: Demo) -> None:
    await begin(page, demo)
    await say(page, "Nothing much")
    await expect(question(page)).to_contain_text("kept")
    await page.get_by_role("textbox", name="Message").press("ArrowUp")
    await expect(page.locator("#about-what")).to_have_text("Editing")
    await say(page, "Quite a lot, in fact")
    own = page.locator(".message.own").last
    await expect(own).to_contain_text("Quite a lot, in fact")
    await expect(own).to_contain_text("edited")
    await expect(own.locator(".reactions")).to_contain_text("\N{OK HAND SIGN}")
    kept = await room_of(demo, page).clockwork.read(lambda store: store.answers.of_question(1))
    assert [answer.text for answer in kept] == ["Quite a lot, in fact"]


async def test_an_older_question_can_be_answered_by_a_reply(page: Page, demo: Demo) -> None:
    await begin(page, demo)
    await say(page, "/prompt")
    await expect(page.locator(".message", has_text="skip")).to_have_count(2)
    first = page.locator(".message", has=page.get_by_role("button", name="5", exact=True)).first
    await first.hover()
    await first.get_by_role("button", name="Reply, and more").click()
    await page.get_by_role("menuitem", name="Reply").click()
    await expect(page.locator("#about-what")).to_have_text("Replying to")
    await say(page, "This belongs to the first one")
    await expect(page.locator(".message.own").last.locator(".replied")).to_be_visible()
    await expect(first).to_contain_text("kept")
    kept = await room_of(demo, page).clockwork.read(lambda store: store.answers.of_question(1))
    assert len(kept) == 1


async def test_a_deleted_message_vanishes(page: Page, demo: Demo) -> None:
    await begin(page, demo)
    await say(page, "This goes again")
    own = page.locator(".message", has_text="This goes again")
    await own.hover()
    await own.get_by_role("button", name="Reply, and more").click()
    await page.get_by_role("menuitem", name="Delete").click()
    await expect(own).to_have_count(0)


async def test_commands_are_found_in_the_menu_and_by_typing(page: Page, demo: Demo) -> None:
    await begin(page, demo)
    await page.get_by_role("button", name="Commands").click()
    await expect(
        page.get_by_role("list", name="Commands").get_by_role("button").first
    ).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("textbox", name="Message")).to_be_focused()
    await page.keyboard.type("/set")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(newest(page)).to_contain_text("A question at 20:00 in Lisbon")


async def test_a_command_within_a_message_can_be_pressed(page: Page, demo: Demo) -> None:
    await begin(page, demo)
    await log(page).get_by_role("button", name="/help").last.click()
    await expect(newest(page)).to_contain_text("What you can do")


@pytest.mark.parametrize("kind", ["Sticker", "Voice note", "Photo"])
async def test_the_bot_is_sent_something_without_words(page: Page, kind: str, demo: Demo) -> None:
    await begin(page, demo)
    await page.get_by_role("button", name="Commands").click()
    await page.get_by_role("button", name=kind).click()
    await expect(newest(page)).to_contain_text("I can only keep words")
    if kind == "Photo":
        await expect(page.get_by_role("img", name="Picture")).to_have_js_property("naturalWidth", 1)


async def test_a_quiet_notification_keeps_the_question_behind_a_button(
    page: Page, demo: Demo
) -> None:
    await begin(page, demo, push="quiet")
    await page.get_by_role("button", name="Next question").click()
    await expect(newest(page)).to_contain_text("Your note for today is ready.")
    await press(page, "open")
    await expect(question(page)).to_contain_text("1 not at all")


async def test_a_reload_shows_the_same_conversation(page: Page, demo: Demo) -> None:
    await begin(page, demo)
    await say(page, "Still here?")
    await expect(question(page)).to_contain_text("kept")
    await expect(newest(page)).to_contain_text("/quiz gives you a first reading")
    before = await page.locator(".message").all_inner_texts()
    await page.reload()
    await expect(page.locator(".message")).to_have_count(len(before))
    assert await page.locator(".message").all_inner_texts() == before

"""What a bot can send and the page has to show, sent through the Bot API as the bot would."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiohttp import ClientSession, FormData
from playwright.async_api import Page, expect

from bot.demo.demo import Demo
from tests.demo.visiting import newest, room_of, say

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    # The bots live longer than one test; what they do not want to hear is set at their start.
    pytest.mark.filterwarnings("ignore:Please use 'Bot"),
]

PICTURE = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
    b"\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc```\x00\x00\x00\x05\x00\x01\xa5\xf6E@"
    b"\x00\x00\x00\x00IEND\xaeB`\x82"
)

Call = Callable[..., Awaitable[Any]]


async def _caller(page: Page, demo: Demo) -> Call:
    """A way to call the Bot API of the page's room; somebody has written there before."""
    await say(page, "hello")
    await expect(newest(page)).to_contain_text("Send /start")
    room = room_of(demo, page)

    async def call(method: str, file: tuple[str, bytes, str] | None = None, **values: Any) -> Any:
        url = f"{demo.address}bot{room.server.token}/{method}"
        body: Any = {"json": {"chat_id": room.person.id, **values}}
        if file is not None:
            form = FormData({"chat_id": str(room.person.id), **values}, quote_fields=False)
            form.add_field(file[0], file[1], filename=file[2])
            body = {"data": form}
        async with ClientSession() as session, session.post(url, **body) as answer:
            told = await answer.json()
        assert told["ok"], told
        return told["result"]

    return call


async def test_entities_become_elements(page: Page, demo: Demo) -> None:
    call = await _caller(page, demo)
    text = (
        "<b>bold <i>both</i></b> <u>under</u> <s>struck</s> <code>code</code> \N{OK HAND SIGN} "
        '<a href="https://example.org/">there</a> &lt;b&gt; /help'
        "\n<pre>as it is</pre>\n<blockquote>quoted</blockquote>\nafter"
    )
    await call("sendMessage", text=text, parse_mode="HTML")
    shown = newest(page).locator(".text")
    await expect(shown.locator("strong em")).to_have_text("both")
    inner = {"u": "under", "s": "struck", "code": "code", "pre": "as it is"}
    for tag, words in (inner | {"blockquote": "quoted", "a": "there", "button": "/help"}).items():
        await expect(shown.locator(tag)).to_have_text(words)
    await expect(shown.locator("a")).to_have_attribute("rel", "noopener noreferrer")
    await expect(shown).to_contain_text("<b>")


async def test_links_that_are_no_links_stay_text(page: Page, demo: Demo) -> None:
    call = await _caller(page, demo)
    entity = {"type": "text_link", "offset": 0, "length": 4, "url": "javascript:alert(1)"}
    room = room_of(demo, page)
    await call("sendMessage", text="good bad")
    # The Bot API would refuse such a link; a page must not trust in that.
    message = room.person.last
    message.entities = [entity]
    room.server.world.changed("edited", room.server.world.chats[room.person.id], message)
    await expect(newest(page).locator(".text")).to_have_text("good bad")
    await expect(newest(page).locator("a")).to_have_count(0)


async def test_a_spoiler_opens_at_a_press(page: Page, demo: Demo) -> None:
    call = await _caller(page, demo)
    await call("sendMessage", text="It is <tg-spoiler>a fox</tg-spoiler>.", parse_mode="HTML")
    cover = newest(page).get_by_role("button", name="Hidden text. Press to show it.")
    await cover.click()
    await expect(cover).to_have_count(0)
    await expect(newest(page).locator(".shown")).to_have_text("a fox")
    await expect(newest(page).locator(".shown")).to_be_focused()


async def test_a_long_quotation_unfolds(page: Page, demo: Demo) -> None:
    call = await _caller(page, demo)
    lines = "\n".join(f"line {number}" for number in range(12))
    await call(
        "sendMessage", text=f"<blockquote expandable>{lines}</blockquote>", parse_mode="HTML"
    )
    quote = newest(page).locator("blockquote .folded")
    before = await quote.evaluate("(quote) => quote.clientHeight")
    await newest(page).get_by_role("button", name="Show more").click()
    await expect(newest(page).get_by_role("button", name="Show less")).to_be_visible()
    assert await quote.evaluate("(quote) => quote.clientHeight") > 2 * before


async def test_a_quotation_that_is_shown_in_whole_offers_no_more(page: Page, demo: Demo) -> None:
    call = await _caller(page, demo)
    await call(
        "sendMessage", text="<blockquote expandable>All of it</blockquote>", parse_mode="HTML"
    )
    await expect(newest(page).locator("blockquote")).to_contain_text("All of it")
    await expect(newest(page).get_by_role("button", name="Show more")).to_have_count(0)
    lines = "\n".join(f"line {number}" for number in range(12))
    await call(
        "sendMessage", text=f"<blockquote expandable>{lines}</blockquote>", parse_mode="HTML"
    )
    await expect(newest(page).get_by_role("button", name="Show more")).to_be_visible()


async def test_the_handle_of_a_message_shows_under_the_mouse_the_finger_and_the_keyboard(
    page: Page, demo: Demo
) -> None:
    call = await _caller(page, demo)
    await call("sendMessage", text="Hello")
    handle = newest(page).get_by_role("button", name="Reply, and more")
    await page.mouse.move(0, 0)
    await expect(handle).to_have_css("opacity", "0")
    await newest(page).hover()
    await expect(handle).to_have_css("opacity", "1")
    await page.mouse.move(0, 0)
    await expect(handle).to_have_css("opacity", "0")
    await newest(page).dispatch_event("pointerdown", {"pointerType": "touch"})
    await expect(handle).to_have_css("opacity", "1")
    await page.locator("#log").dispatch_event("pointerdown", {"pointerType": "touch"})
    await expect(handle).to_have_css("opacity", "0")
    await page.get_by_role("textbox", name="Message").focus()
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Shift+Tab")
    await expect(handle).to_be_focused()
    await expect(handle).to_have_css("opacity", "1")


async def test_the_way_to_the_newest_message_is_one_round_button(page: Page, demo: Demo) -> None:
    call = await _caller(page, demo)
    for number in range(30):
        await call("sendMessage", text=f"Message {number}")
    await expect(newest(page)).to_contain_text("Message 29")
    await page.locator("#log").evaluate("(log) => { log.scrollTop = 0 }")
    down = page.get_by_role("button", name="To the newest message")
    await expect(down).to_have_count(0)
    await call("sendMessage", text="And one more")
    await expect(down).to_be_visible()
    box = await down.bounding_box()
    assert box is not None
    assert box["width"] == box["height"] < 48
    await down.click()
    await expect(page.locator(".message", has_text="And one more")).to_be_in_viewport()
    await expect(down).to_have_count(0)


async def test_buttons_copy_and_open_and_warn(page: Page, demo: Demo) -> None:
    call = await _caller(page, demo)
    rows = [
        [{"text": "116 123", "copy_text": {"text": "116123"}}],
        [{"text": "directory", "url": "https://findahelpline.com"}],
        [{"text": "remove", "callback_data": "delete:now", "style": "danger"}],
    ]
    await call("sendMessage", text="Help", reply_markup={"inline_keyboard": rows})
    await newest(page).get_by_role("button", name="116 123").click()
    await expect(page.locator(".toast")).to_have_text("Copied")
    assert await page.evaluate("navigator.clipboard.readText()") == "116123"
    link = newest(page).get_by_role("link", name="directory")
    await expect(link).to_have_attribute("href", "https://findahelpline.com")
    await expect(newest(page).locator(".key.danger")).to_have_text("remove")


async def test_a_picture_is_shown_and_can_hide_behind_a_spoiler(page: Page, demo: Demo) -> None:
    call = await _caller(page, demo)
    await call("sendPhoto", file=("photo", PICTURE, "week.png"), caption="Your week")
    await expect(newest(page).locator("img")).to_have_js_property("naturalWidth", 1)
    await expect(newest(page).locator(".text")).to_have_text("Your week")
    await call("sendPhoto", file=("photo", PICTURE, "week.png"), has_spoiler="true")
    cover = newest(page).get_by_role("button", name="Show the picture")
    await cover.click()
    await expect(cover).to_have_count(0)


async def test_a_document_is_downloaded_and_never_opened(page: Page, demo: Demo) -> None:
    call = await _caller(page, demo)
    await call("sendDocument", file=("document", b"<script>1</script>", "everything of you.html"))
    async with page.expect_download() as downloading:
        await newest(page).get_by_role("link", name="everything of you.html").click()
    download = await downloading.value
    assert download.suggested_filename == "everything of you.html"
    assert (await download.path()).read_bytes() == b"<script>1</script>"
    address = await newest(page).get_by_role("link").get_attribute("href")
    answer = await page.request.get(f"{demo.address.rstrip('/')}{address}")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")


async def test_what_the_bot_is_doing_is_shown(page: Page, demo: Demo) -> None:
    call = await _caller(page, demo)
    await call("sendChatAction", action="typing")
    await expect(page.locator("#doing")).to_have_text("typing")
    await expect(page.locator("#dots")).to_be_visible()
    await call("sendMessage", text="done")
    await expect(page.locator("#dots")).to_be_hidden()
    await expect(page.locator("#doing")).to_have_text("bot")


async def test_messages_change_and_go_in_place(page: Page, demo: Demo) -> None:
    call = await _caller(page, demo)
    sent = await call("sendMessage", text="first")
    await call("editMessageText", message_id=sent["message_id"], text="second")
    await expect(newest(page).locator(".text")).to_have_text("second")
    await expect(newest(page)).to_contain_text("edited")
    await call("deleteMessage", message_id=sent["message_id"])
    await expect(page.locator(".message", has_text="second")).to_have_count(0)


async def test_a_loud_and_a_protected_message_are_told_apart(page: Page, demo: Demo) -> None:
    call = await _caller(page, demo)
    await call("sendMessage", text="loud")
    await expect(newest(page)).to_contain_text("came with a sound")
    await call("sendMessage", text="quiet", disable_notification=True, protect_content=True)
    await expect(newest(page)).not_to_contain_text("came with a sound")
    await expect(newest(page)).to_contain_text("protected")
    await newest(page).hover()
    await newest(page).get_by_role("button", name="Reply, and more").click()
    await expect(page.get_by_role("menuitem")).to_have_text(["Reply", "Delete"])

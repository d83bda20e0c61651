"""Only the demo's own page may talk to it."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp import ClientSession, web
from playwright.async_api import Browser

from bot.demo.demo import Demo
from bot.demo.gate import HEADERS

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    # The bots live longer than one test; what they do not want to hear is set at their start.
    pytest.mark.filterwarnings("ignore:Please use 'Bot"),
]

PATHS = ("/", "/page/main.js", "/lives", "/p/none/events", "/bot1:abcdefgh/getMe", "/nowhere")


@pytest_asyncio.fixture(loop_scope="session")
async def http() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session


def _url(demo: Demo, path: str) -> str:
    return demo.address.rstrip("/") + path


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://example.org"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Host": "example.org"},
        {"Host": "127.0.0.1"},
        {"Host": "127.0.0.1.example.org:80"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_anything_from_elsewhere_is_refused(
    demo: Demo, http: ClientSession, path: str, headers: dict[str, str]
) -> None:
    async with http.get(_url(demo, path), headers=headers) as answer:
        assert answer.status == 403
    async with http.post(_url(demo, path), headers=headers, json={}) as answer:
        assert answer.status == 403


async def test_its_own_page_and_plain_programs_pass(demo: Demo, http: ClientSession) -> None:
    base = demo.address.rstrip("/")
    for headers in (
        {},
        {"Origin": base, "Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {"Host": base.replace("http://127.0.0.1", "localhost")},
    ):
        async with http.get(demo.address, headers=headers) as answer:
            assert answer.status == 200


@pytest.mark.parametrize("path", ["/", "/page/main.js", "/lives", "/nowhere"])
async def test_every_answer_forbids_foreign_scripts_and_frames(
    demo: Demo, http: ClientSession, path: str
) -> None:
    async with http.get(_url(demo, path)) as answer:
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy


async def test_only_the_pages_own_files_are_served(demo: Demo, http: ClientSession) -> None:
    for name in ("..%2Fdemo.py", "%2e%2e%2fdemo.py", "nothing.js", "README.md"):
        async with http.get(_url(demo, f"/page/{name}")) as answer:
            assert answer.status == 404


async def test_a_post_without_json_does_nothing(demo: Demo, http: ClientSession) -> None:
    for body in ({"data": b"{}"}, {"data": {"new": "1"}}, {"json": ["new"]}):
        async with http.post(_url(demo, "/people"), **body) as answer:
            assert answer.status == 400


async def test_a_token_opens_no_other_room(demo: Demo, http: ClientSession) -> None:
    room = await demo.rooms.open(new=True)
    token = room.server.token
    assert room.server.base_url == demo.address.rstrip("/")
    async with http.get(_url(demo, f"/bot{token}/getMe")) as answer:
        assert answer.status == 200
    async with http.get(_url(demo, f"/bot{token}x/getMe")) as answer:
        assert answer.status == 401


async def test_another_sites_page_cannot_talk_to_it(demo: Demo, browser: Browser) -> None:
    """A page from another port of this machine tries what such a page can try."""

    async def page_of_another_site(_: web.Request) -> web.Response:
        return web.Response(text="<!doctype html><title>other</title>", content_type="text/html")

    app = web.Application()
    app.router.add_get("/", page_of_another_site)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    page = await browser.new_page()
    statuses: list[int] = []
    page.on("response", lambda answer: statuses.append(answer.status))
    try:
        await page.goto(f"http://127.0.0.1:{runner.addresses[0][1]}/")
        statuses.clear()
        tried = """async (address) => {
            const tries = [
                fetch(address + "lives"),
                fetch(address + "lives", { mode: "no-cors" }),
                fetch(address + "people", { method: "POST", mode: "no-cors", body: "{}" }),
            ];
            const outcomes = await Promise.allSettled(tries);
            return outcomes.map((one) => (one.status === "fulfilled" ? one.value.type : "failed"));
        }"""
        outcomes = await page.evaluate(tried, demo.address)
        assert outcomes[0] == "failed"
        assert set(outcomes) <= {"failed", "opaque"}
        assert set(statuses) <= {403}
    finally:
        await page.close()
        await runner.cleanup()

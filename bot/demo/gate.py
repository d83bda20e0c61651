"""Who may talk to the demo: pages that it served itself, and programs on this machine.

A page from somewhere else can make a browser send requests to 127.0.0.1, and a name of its own can
be made to point there. Both give themselves away in headers that no page can change.
"""

from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}
"""What every answer says: no script but our own files, in nobody's frame, kept nowhere."""

_NAMES: Final = ("127.0.0.1", "localhost")
_OWN_SITES: Final = frozenset({"same-origin", "none"})


@web.middleware
async def gate(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let a request pass, or answer 403.

    ``Host`` has to be this machine's own name and port, ``Origin`` the page's own where there is
    one, and ``Sec-Fetch-Site``, which browsers send with images and links as well, must not tell
    of another site.
    """
    if not may_pass(request):
        return web.Response(status=403, text="This demo talks to its own page only.\n")
    return await handler(request)


def may_pass(request: web.Request) -> bool:
    """Whether a request comes from the demo's own page or from no page at all."""
    host = request.headers.get("Host", "").lower()
    if host not in _own_hosts(request):
        return False
    if request.headers.get("Origin", f"http://{host}").lower() != f"http://{host}":
        return False
    return request.headers.get("Sec-Fetch-Site", "none") in _OWN_SITES


async def add_headers(_: web.Request, response: web.StreamResponse) -> None:
    """Put ``HEADERS`` on an answer that is about to leave."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)


def _own_hosts(request: web.Request) -> frozenset[str]:
    address = None if request.transport is None else request.transport.get_extra_info("sockname")
    if address is None:
        return frozenset()
    port = address[1]
    return frozenset({f"{name}:{port}" for name in _NAMES} | (set(_NAMES) if port == 80 else set()))

"""Addresses in settings: where to listen, and where Telegram is to bring updates."""

import re
from typing import NamedTuple
from urllib.parse import urlsplit

HEALTH_PATH = "/healthz"

TELEGRAMS_PORTS = frozenset({80, 88, 443, 8443})
"""Telegram brings updates to these ports only (https://core.telegram.org/bots/api#setwebhook)."""

_PATH = re.compile(r"[A-Za-z0-9._~/-]*")


class Address(NamedTuple):
    """Where to listen."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def listening_at(text: str) -> Address:
    """The address written as ``host:port``, ``[::1]:8080`` included.

    Raises:
        ValueError: it is no such address.
    """
    host, colon, port = text.rpartition(":")
    bare = host.removeprefix("[").removesuffix("]")
    if not (colon and bare and port.isascii() and port.isdigit() and int(port) < 2**16):
        raise ValueError("is no address to listen at, like 127.0.0.1:8080")
    return Address(bare, int(port))


def check_webhook(url: str, *, official: bool) -> None:
    """Check an address to which updates are to be brought.

    Args:
        url: the whole address.
        official: whether it is Telegram itself that brings them, which takes https only.

    Raises:
        ValueError: Telegram would refuse it, or the bot could not answer there.
    """
    try:
        address = urlsplit(url)
        port = 443 if address.port is None else address.port
    except ValueError:
        raise ValueError("is no address") from None
    if any(character.isspace() for character in url):
        raise ValueError("is no address")
    schemes = {"https"} if official else {"https", "http"}
    if address.scheme not in schemes or not address.hostname or "@" in address.netloc:
        raise ValueError("has to begin with https:// and a host")
    if official and port not in TELEGRAMS_PORTS:
        raise ValueError("has to have one of the ports 443, 80, 88 and 8443")
    if address.path == HEALTH_PATH:
        raise ValueError(f"needs another path; {HEALTH_PATH} is taken")
    if url.endswith(("?", "#")) or address.query or address.fragment:
        raise ValueError("has to end with its path")
    if not _PATH.fullmatch(address.path):
        raise ValueError("has to have a path of letters, digits, -, ., _, ~ and /")

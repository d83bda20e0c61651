"""The HTTP back end for python-telegram-bot, on aiohttp.

With fifty requests in flight the library's own back end slows down to a tenth of what it does
with one (its pool is searched in quadratic time); this one does not. It also tells apart what its
callers must know to retry safely: whether a request can have reached Telegram.
"""

from datetime import timedelta
from typing import Any

import aiohttp
from telegram.error import EndPointNotFound, InvalidToken, NetworkError, RetryAfter, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.logs import where
from bot.transport.answers import read_answer, refusal_of

CONNECT_TIMEOUT = 10.0
READ_TIMEOUT = 20.0
LIMIT_PER_HOST = 300


class NotSentError(NetworkError):
    """The request never left this machine: repeating it cannot double anything."""


def pause_asked(error: RetryAfter) -> float:
    """The seconds for which Telegram asks to be left alone; the library gives either type."""
    asked = error.retry_after
    return asked.total_seconds() if isinstance(asked, timedelta) else float(asked)


def token_refused(error: EndPointNotFound | InvalidToken) -> bool:
    """Whether it is the token that is refused (401), and not the method that is unknown (404)."""
    return "unauthorized" in str(error.__cause__ or error).lower()


class AiohttpRequest(BaseRequest):
    """A ``BaseRequest`` that keeps one aiohttp session and reuses its connections."""

    def __init__(self, read_timeout: float = READ_TIMEOUT, limit: int = LIMIT_PER_HOST) -> None:
        self._read_timeout = read_timeout
        self._limit = limit
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds to wait for an answer when a call does not say otherwise."""
        return self._read_timeout

    async def initialize(self) -> None:
        """Open the session; may be called twice."""
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._limit, ttl_dns_cache=300),
                cookie_jar=aiohttp.DummyCookieJar(),
            )

    async def shutdown(self) -> None:
        """Close the session and its connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - asked for by the interface
        connect_timeout: object = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - asked for by the interface
        pool_timeout: object = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - asked for by the interface
    ) -> tuple[int, bytes]:
        """Send one request and give the status and body of the answer.

        Raises:
            NotSentError: no connection could be made.
            TelegramError: the answer is a refusal (``refusal_of``).
            TimedOut: there was no answer in time; the request may have had its effect.
            NetworkError: the connection broke; the request may have had its effect.
        """
        if self._session is None:
            raise NotSentError("the session is not open")
        read = read_timeout if isinstance(read_timeout, int | float) else self._read_timeout
        timeout = aiohttp.ClientTimeout(
            total=None, connect=None, sock_connect=CONNECT_TIMEOUT, sock_read=float(read)
        )
        try:
            async with self._session.request(
                method, url, **_body(request_data), timeout=timeout, allow_redirects=False
            ) as response:
                status, body = response.status, await response.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotSentError(f"no connection ({type(error).__name__})") from None
        except TimeoutError:
            raise TimedOut from None
        except aiohttp.ClientError as error:
            # aiohttp's messages can hold the address, and the address holds the token.
            raise NetworkError(where(error)) from None
        if not 200 <= status < 300:
            raise refusal_of(status, body)
        return status, body

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Read an answer; the library's own way would log one that it cannot read.

        Raises:
            GarbledError: it is none of the Bot API's; the request may have had its effect.
        """
        return read_answer(payload)


def _body(data: RequestData | None) -> dict[str, Any]:
    """The body as aiohttp takes it: JSON costs a third of a form, but holds no files."""
    if data is None:
        return {}
    if not data.contains_files:
        return {"json": data.parameters}
    form = aiohttp.FormData()
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime) in (data.multipart_data or {}).items():
        form.add_field(name, content, filename=filename, content_type=mime)
    return {"data": form}

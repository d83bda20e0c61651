"""The parameters of a request, from a query, a form, a JSON body or a multipart body."""

import json
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import BodyPartReader, web

from bot.demo.refusals import bad_request

_TRUE: Final = frozenset({"true", "yes", "1"})


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a multipart body."""

    name: str
    mime: str
    content: bytes = field(repr=False)


@dataclass(slots=True)
class Parameters:
    """Named values as they came, with readers that understand both forms and JSON bodies."""

    values: dict[str, Any] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def text(self, name: str) -> str:
        """The value as a string, empty where it is missing."""
        value = self.values.get(name)
        if value is None:
            return ""
        return value if isinstance(value, str) else json.dumps(value)

    def integer(self, name: str) -> int | None:
        """The value as an integer; None where it is missing or is none."""
        try:
            return int(self.text(name))
        except ValueError:
            return None

    def flag(self, name: str) -> bool:
        """The value as a Boolean, false where it is missing."""
        return self.text(name).strip().lower() in _TRUE

    def structure(self, name: str, called: str = "") -> Any:
        """The value of a JSON-serialised parameter; None where it is missing or empty.

        Args:
            name: the parameter.
            called: how Telegram's refusal calls it, where that is not the name.

        Raises:
            Refusal: 400 where it is not JSON.
        """
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            return json.loads(value)
        except ValueError as error:
            raise bad_request(f"can't parse {called or name} JSON object") from error

    def chat_id(self) -> int | None:
        """The chat that the request is about; None without one, 0 for a name instead of an id."""
        return (self.integer("chat_id") or 0) if self.text("chat_id") else None

    def journal(self) -> dict[str, Any]:
        """The values for the journal, files by their size only."""
        files = {name: f"<{len(one.content)} bytes>" for name, one in self.uploads.items()}
        return self.values | files


async def read_parameters(request: web.Request) -> Parameters:
    """All parameters of a request.

    Raises:
        Refusal: 400 where a JSON body is broken.
    """
    found = Parameters(dict(request.query))
    if request.method != "POST":
        return found
    kind = request.content_type
    if kind == "application/json":
        found.values.update(_json_body(await request.read()))
    elif kind == "application/x-www-form-urlencoded":
        found.values.update({name: str(value) for name, value in (await request.post()).items()})
    elif kind == "multipart/form-data":
        async for part in await request.multipart():
            if isinstance(part, BodyPartReader) and part.name:
                await _take(part, found)
    return found


def _json_body(body: bytes) -> dict[str, Any]:
    if not body.strip():
        return {}
    try:
        parsed = json.loads(body)
    except ValueError as error:
        raise bad_request("can't parse request JSON object") from error
    if not isinstance(parsed, dict):
        raise bad_request("can't parse request JSON object")
    return parsed


async def _take(part: BodyPartReader, found: Parameters) -> None:
    content = bytes(await part.read(decode=True))
    name = part.name or ""
    if part.filename is None:
        found.values[name] = content.decode("utf-8", "replace")
    else:
        mime = part.headers.get("Content-Type", "application/octet-stream")
        found.uploads[name] = Upload(part.filename, mime, content)

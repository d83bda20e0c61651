"""What Telegram takes and what it refuses: lengths, buttons, reactions, commands.

Numbers are those of https://core.telegram.org/bots/api; where the unit of a length is disputed,
the stricter one (UTF-16 code units) counts.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from bot.demo.entities import parse_html, utf16_length
from bot.demo.formatting import cleaned, detected, disentangled, trimmed
from bot.demo.refusals import bad_request
from bot.demo.tags import Entity

Json = dict[str, Any]
Rows = list[list[Json]]

TEXT_LIMIT: Final = 4096
CAPTION_LIMIT: Final = 1024
ENTITY_LIMIT: Final = 100
BUTTONS_IN_A_ROW: Final = 8
BUTTONS: Final = 100
STYLES: Final = frozenset({"primary", "success", "danger"})
BUTTON_KINDS: Final = (
    "url", "callback_data", "web_app", "login_url", "switch_inline_query",
    "switch_inline_query_current_chat", "switch_inline_query_chosen_chat", "copy_text",
    "callback_game", "pay",
)  # fmt: skip
_EMOJI: Final = (
    "❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 "
    "🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 "
    "🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡"
)
REACTIONS: Final = frozenset(_EMOJI.split())
"""The emoji that can be a reaction, without variation selectors (Bot API 10.1)."""
ACTIONS: Final = frozenset({
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
    "upload_document", "choose_sticker", "find_location", "record_video_note",
    "upload_video_note",
})  # fmt: skip
_COMMAND: Final = re.compile(r"[a-z0-9_]{1,32}")


def formatted(
    source: str, mode: str, given: Any, users: Mapping[int, Json]
) -> tuple[str, list[Entity]]:
    """The text and entities that will be shown; beyond 100 entities Telegram drops the rest.

    Args:
        source: the text as it was sent.
        mode: ``parse_mode``; only HTML and none are understood here.
        given: explicit entities, which count where there is no mode.
        users: those whom a mention can mean; a mention of anybody else is plain text.

    Raises:
        Refusal: 400 where the text cannot be parsed or the mode is not understood.
    """
    try:
        source.encode()
    except UnicodeEncodeError as error:
        raise bad_request("strings must be encoded in UTF-8") from error
    text = cleaned(source)
    entities: list[Entity] = []
    if mode.lower() == "html":
        text, entities = parse_html(text)
    elif mode:
        raise bad_request("unsupported parse_mode")
    elif given:
        entities = _explicit(given)
    entities = disentangled(list(_known_mentions(entities, users)))
    text, entities = trimmed(text, entities)
    return text, trimmed(text, entities + detected(text, entities))[1][:ENTITY_LIMIT]


def _explicit(given: Any) -> list[Entity]:
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise bad_request("can't parse entities: expected an Array of MessageEntity")
    for one in given:
        numbers = one.get("offset"), one.get("length")
        if not isinstance(one.get("type"), str) or not all(
            isinstance(number, int) and number >= 0 for number in numbers
        ):
            raise bad_request("can't parse MessageEntity: wrong type, offset or length")
    return [dict(one) for one in given]


def _known_mentions(entities: Iterable[Entity], users: Mapping[int, Json]) -> Iterator[Entity]:
    for entity in entities:
        if entity["type"] != "text_mention":
            yield entity
        elif entity.get("user", {}).get("id") in users:
            yield entity | {"user": users[entity["user"]["id"]]}


def check_text(text: str) -> None:
    """Refuse a text that is empty or longer than 4,096 UTF-16 units."""
    if not text:
        raise bad_request("message text is empty")
    if utf16_length(text) > TEXT_LIMIT:
        raise bad_request("message is too long")


def check_caption(text: str) -> None:
    """Refuse a caption that is longer than 1,024 UTF-16 units."""
    if utf16_length(text) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")


def check_keyboard(markup: Any) -> Rows:
    """The rows of an inline keyboard, empty ones left out.

    Raises:
        Refusal: 400 where Telegram would not take the keyboard.
    """
    rows = markup.get("inline_keyboard") if isinstance(markup, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request("object expected as reply markup")
    checked = [[_checked(button) for button in row] for row in rows if row]
    if any(len(row) > BUTTONS_IN_A_ROW for row in checked):
        raise bad_request("reply markup has too many buttons in a row")
    if sum(map(len, checked)) > BUTTONS:
        raise bad_request("reply markup is too long")
    return checked


def _checked(button: Any) -> Json:
    prefix = "can't parse inline keyboard button"
    if not isinstance(button, dict):
        raise bad_request(f"{prefix}: InlineKeyboardButton must be an Object")
    label = button.get("text")
    if not isinstance(label, str):
        raise bad_request(f'{prefix}: Can\'t find field "text"')
    if not label.strip():
        raise bad_request(f"{prefix}: button text must be non-empty")
    kinds = [kind for kind in BUTTON_KINDS if kind in button]
    if not kinds:
        raise bad_request(f"{prefix}: Text buttons are unallowed in the inline keyboard")
    if len(kinds) > 1:
        raise bad_request("BUTTON_TYPE_INVALID")
    if "style" in button and button["style"] not in STYLES:
        raise bad_request(f"{prefix}: invalid button style specified")
    _check_kind(kinds[0], button[kinds[0]])
    return dict(button)


def _check_kind(kind: str, value: Any) -> None:
    if kind == "callback_data":
        if not isinstance(value, str) or not 1 <= len(value.encode()) <= 64:
            raise bad_request("BUTTON_DATA_INVALID")
    elif kind == "copy_text":
        text = value.get("text") if isinstance(value, dict) else None
        if not isinstance(text, str) or not 1 <= utf16_length(text) <= 256:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")
    elif kind == "url" and not re.match(r"(https?|tg|ton)://[^\s]+|[^\s:/]+\.[^\s]+", str(value)):
        raise bad_request("BUTTON_URL_INVALID")


def check_markup(markup: Any) -> None:
    """Refuse any other reply markup that Telegram would not take.

    Raises:
        Refusal: 400.
    """
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "keyboard" in markup:
        rows = markup["keyboard"]
        if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
            raise bad_request("can't parse keyboard: keyboard must be an Array of Arrays")
        labels = [one.get("text") if isinstance(one, dict) else one for row in rows for one in row]
        if not labels or not all(isinstance(label, str) and label.strip() for label in labels):
            raise bad_request("can't parse keyboard button: keyboard button must be non-empty")
    elif not (markup.get("remove_keyboard") or markup.get("force_reply")):
        raise bad_request("object expected as reply markup")
    placeholder = markup.get("input_field_placeholder", "")
    if utf16_length(str(placeholder)) > 64:
        raise bad_request("input field placeholder is too long")


def check_commands(commands: Any) -> list[Json]:
    """The list of a command menu: at most 100, names of ``[a-z0-9_]{1,32}``, 1 to 256 characters.

    Raises:
        Refusal: 400.
    """
    if not isinstance(commands, list) or not all(isinstance(one, dict) for one in commands):
        raise bad_request("expected an Array of BotCommand")
    if len(commands) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    result: list[Json] = []
    for command in commands:
        name = str(command.get("command", "")).removeprefix("/")
        description = str(command.get("description", ""))
        if not _COMMAND.fullmatch(name):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= utf16_length(description) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
        result.append({"command": name, "description": description})
    return result

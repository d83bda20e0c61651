"""Methods that put messages into a chat."""

from typing import Any, Final

from bot.demo.limits import (
    ACTIONS,
    check_caption,
    check_keyboard,
    check_markup,
    check_text,
    formatted,
)
from bot.demo.messages import Json, Kind, Message, StoredFile
from bot.demo.parameters import Parameters, Upload
from bot.demo.refusals import Refusal, bad_request
from bot.demo.world import Chat, World

UPLOAD_LIMITS: Final = {Kind.PHOTO: 10 * 1024 * 1024, Kind.DOCUMENT: 50 * 1024 * 1024}
"""Bytes that Telegram takes (https://core.telegram.org/bots/api#sending-files)."""


async def send_message(world: World, given: Parameters) -> Json:
    """``sendMessage``: a text."""
    chat = world.open_chat(given.chat_id())
    text, entities = formatted(
        given.text("text"), given.text("parse_mode"), given.structure("entities"), world.users
    )
    check_text(text)
    fields = common(world, chat, given)
    preview = given.structure("link_preview_options")
    message = world.add_message(
        chat, world.bot, text=text, entities=entities, link_preview=preview, **fields
    )
    return message.as_api()


async def send_photo(world: World, given: Parameters) -> Json:
    """``sendPhoto``: a picture, as an upload or by its file_id."""
    return _send_file(world, given, Kind.PHOTO)


async def send_document(world: World, given: Parameters) -> Json:
    """``sendDocument``: a file, as an upload or by its file_id."""
    return _send_file(world, given, Kind.DOCUMENT)


async def send_chat_action(world: World, given: Parameters) -> bool:
    """``sendChatAction``: "typing ..." and the like."""
    chat = world.open_chat(given.chat_id())
    action = given.text("action")
    if action not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat.actions.append(action)
    world.changed("action", chat, action=action)
    return True


def _send_file(world: World, given: Parameters, kind: Kind) -> Json:
    chat = world.open_chat(given.chat_id())
    text, entities = caption(world, given)
    fields = common(world, chat, given)
    file = file_given(world, given, given.text(kind.value), kind, field=kind.value)
    message = world.add_message(
        chat,
        world.bot,
        kind=kind,
        text=text,
        entities=entities,
        file=file,
        spoiler=given.flag("has_spoiler"),
        **fields,
    )
    return message.as_api()


def caption(world: World, given: Parameters) -> tuple[str, list[Json]]:
    """The caption of a request and its entities.

    Raises:
        Refusal: 400 where it is too long or cannot be parsed.
    """
    text, entities = formatted(
        given.text("caption"),
        given.text("parse_mode"),
        given.structure("caption_entities"),
        world.users,
    )
    check_caption(text)
    return text, entities


def file_given(
    world: World, given: Parameters, reference: str, kind: Kind, *, field: str = ""
) -> StoredFile:
    """The file that a request means: an upload, ``attach://name`` or a known file_id.

    Raises:
        Refusal: 400 where there is none or the picture cannot be one.
    """
    name = reference.removeprefix("attach://") if reference.startswith("attach://") else field
    upload = given.uploads.get(name)
    if upload is not None:
        return _kept(world, upload, kind)
    if not reference:
        raise bad_request(f"there is no {kind.value} in the request")
    known = world.files.get(reference)
    if known is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if (known.path.partition("/")[0] == "photos") != (kind is Kind.PHOTO):
        raise bad_request(f"can't use file of this type as {kind.value}")
    return known


def _kept(world: World, upload: Upload, kind: Kind) -> StoredFile:
    if not upload.content:
        raise bad_request("file must be non-empty")
    if len(upload.content) > UPLOAD_LIMITS[kind]:
        raise Refusal(413, "Request Entity Too Large")
    folder = "photos" if kind is Kind.PHOTO else "documents"
    file = world.add_file(upload.name, upload.mime, upload.content, folder)
    if kind is Kind.PHOTO:
        if not file.width or not file.height:
            raise bad_request("IMAGE_PROCESS_FAILED")
        longest, shortest = max(file.width, file.height), min(file.width, file.height)
        if file.width + file.height > 10_000 or longest > 20 * shortest:
            raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return file


def common(world: World, chat: Chat, given: Parameters) -> dict[str, Any]:
    """The fields that every kind of message shares: reply, buttons, sound, protection.

    Raises:
        Refusal: 400 where one of them is not acceptable.
    """
    fields: dict[str, Any] = {
        "silent": given.flag("disable_notification"),
        "protected": given.flag("protect_content"),
        "reply_to": _replied(world, chat, given.structure("reply_parameters")),
    }
    markup = given.structure("reply_markup", "reply keyboard markup")
    if isinstance(markup, dict) and "inline_keyboard" in markup:
        fields["keyboard"] = check_keyboard(markup)
    elif markup:
        check_markup(markup)
        fields["markup"] = markup
    return fields


def _replied(world: World, chat: Chat, wanted: Any) -> Message | None:
    if not wanted:
        return None
    if not isinstance(wanted, dict) or not isinstance(wanted.get("message_id"), int):
        raise bad_request("can't parse reply parameters: message_id is required")
    found = chat.messages.get(wanted["message_id"])
    if found is not None and not found.deleted:
        if str(wanted.get("quote", "")) not in found.text:
            raise bad_request("QUOTE_TEXT_INVALID")
        return found
    if wanted.get("allow_sending_without_reply"):
        return None
    return world.message(chat, wanted["message_id"], "be replied")

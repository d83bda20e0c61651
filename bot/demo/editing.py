"""Methods that change or remove messages that are there, and answer pressed buttons."""

from typing import Any

from bot.demo.entities import utf16_length
from bot.demo.limits import REACTIONS, check_caption, check_keyboard, check_text, formatted
from bot.demo.messages import Json, Kind, Message
from bot.demo.parameters import Parameters
from bot.demo.refusals import Refusal, bad_request
from bot.demo.sending import caption, file_given
from bot.demo.world import DELETABLE_FOR, Chat, World

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly "
    "the same as a current content and reply markup of the message"
)
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
_ANSWER_LIMIT = 200


def _editable(world: World, given: Parameters) -> tuple[Chat, Message]:
    chat = world.open_chat(given.chat_id())
    message_id = given.integer("message_id")
    if not message_id:
        raise bad_request("message identifier is not specified")
    message = world.message(chat, message_id, "edit")
    # Telegram never edits a message that came with another keyboard than an inline one
    if not message.from_bot or message.markup is not None:
        raise bad_request("message can't be edited")
    return chat, message


def _new_keyboard(given: Parameters) -> list[list[Json]]:
    markup = given.structure("reply_markup", "reply keyboard markup")
    return check_keyboard(markup) if markup else []


def _apply(world: World, chat: Chat, message: Message, **fields: Any) -> Json:
    if all(getattr(message, name) == value for name, value in fields.items()):
        raise bad_request(NOT_MODIFIED)
    message.remember(world.now())
    for name, value in fields.items():
        setattr(message, name, value)
    world.changed("edited", chat, message)
    return message.as_api()


async def edit_text(world: World, given: Parameters) -> Json:
    """``editMessageText``; without ``reply_markup`` the buttons go."""
    chat, message = _editable(world, given)
    text, entities = formatted(
        given.text("text"), given.text("parse_mode"), given.structure("entities"), world.users
    )
    check_text(text)
    if message.kind is not Kind.TEXT:
        raise bad_request("there is no text in the message to edit")
    preview = given.structure("link_preview_options") or message.link_preview
    return _apply(
        world,
        chat,
        message,
        text=text,
        entities=entities,
        keyboard=_new_keyboard(given),
        link_preview=preview,
    )


async def edit_keyboard(world: World, given: Parameters) -> Json:
    """``editMessageReplyMarkup``; without ``reply_markup`` the buttons go."""
    chat, message = _editable(world, given)
    return _apply(world, chat, message, keyboard=_new_keyboard(given))


async def edit_caption(world: World, given: Parameters) -> Json:
    """``editMessageCaption``; without ``caption`` it goes."""
    chat, message = _editable(world, given)
    if message.file is None:
        raise bad_request("there is no caption in the message to edit")
    text, entities = caption(world, given)
    return _apply(world, chat, message, text=text, entities=entities, keyboard=_new_keyboard(given))


async def edit_media(world: World, given: Parameters) -> Json:
    """``editMessageMedia``: another picture or document in the same message."""
    chat, message = _editable(world, given)
    media = given.structure("media", "media")
    if not isinstance(media, dict) or media.get("type") not in {"photo", "document"}:
        raise bad_request("can't parse InputMedia: type must be photo or document here")
    kind = Kind(media["type"])
    text, entities = formatted(
        str(media.get("caption", "")),
        str(media.get("parse_mode", "")),
        media.get("caption_entities"),
        world.users,
    )
    check_caption(text)
    file = file_given(world, given, str(media.get("media", "")), kind)
    return _apply(
        world,
        chat,
        message,
        kind=kind,
        file=file,
        text=text,
        entities=entities,
        spoiler=bool(media.get("has_spoiler")),
        keyboard=_new_keyboard(given),
        link_preview=None,
    )


async def set_reaction(world: World, given: Parameters) -> bool:
    """``setMessageReaction``: one of Telegram's emoji, or none to take it back."""
    chat = world.open_chat(given.chat_id())
    message = world.message(chat, given.integer("message_id"), "react")
    wanted = given.structure("reaction", "reaction types") or []
    if not isinstance(wanted, list) or not all(isinstance(one, dict) for one in wanted):
        raise bad_request("can't parse reaction types JSON object")
    if len(wanted) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    emoji = [one.get("emoji") if one.get("type") == "emoji" else None for one in wanted]
    if any(one not in REACTIONS for one in emoji):
        raise bad_request("REACTION_INVALID")
    if emoji != message.reactions:
        message.reactions = [str(one) for one in emoji]
        world.changed("reaction", chat, message)
    return True


async def delete_message(world: World, given: Parameters) -> bool:
    """``deleteMessage``: for both sides, while the message is younger than 48 hours."""
    chat = world.known_chat(given.chat_id())
    message_id = given.integer("message_id")
    if not message_id:
        raise bad_request("message identifier is not specified")
    message = world.message(chat, message_id, "delete")
    refusal = _undeletable(world, chat, message)
    if refusal is not None:
        raise refusal
    world.delete_message(chat, message)
    return True


async def delete_messages(world: World, given: Parameters) -> bool:
    """``deleteMessages``: up to 100; missing ones are passed over, one too old stops all."""
    chat = world.known_chat(given.chat_id())
    wanted = given.structure("message_ids", "message identifiers")
    if not isinstance(wanted, list) or not all(isinstance(one, int) for one in wanted):
        raise bad_request("can't parse message identifiers JSON object")
    if not wanted:
        raise bad_request("message identifiers are not specified")
    if len(wanted) > 100:
        raise bad_request("too many message identifiers specified")
    there = [chat.messages[one] for one in wanted if one in chat.messages]
    there = [message for message in there if not message.deleted]
    for message in there:
        refusal = _undeletable(world, chat, message)
        if refusal is not None:
            raise refusal
    for message in there:
        world.delete_message(chat, message)
    return True


def _undeletable(world: World, chat: Chat, message: Message) -> Refusal | None:
    too_old = world.clock() - message.sent_at >= DELETABLE_FOR
    foreign = not chat.private and not message.from_bot and chat.status != "administrator"
    if too_old or foreign:
        return bad_request("message can't be deleted for everyone")
    return None


async def answer_callback(world: World, given: Parameters) -> bool:
    """``answerCallbackQuery``: ends the button's waiting, once and in time."""
    press = world.presses.get(given.text("callback_query_id"))
    if press is None or press.answer is not None:
        raise bad_request(TOO_OLD)
    if world.clock() - press.at > world.press_lifetime:
        raise bad_request(TOO_OLD)
    text = given.text("text")
    if utf16_length(text) > _ANSWER_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    answer: Json = {
        "text": text,
        "show_alert": given.flag("show_alert"),
        "url": given.text("url"),
        "cache_time": given.integer("cache_time") or 0,
    }
    press.answer = answer
    chat = world.chats[press.chat_id]
    chat.answers.append({"query_id": press.query_id} | answer)
    world.changed("callback_answer", chat, query_id=press.query_id, **answer)
    return True

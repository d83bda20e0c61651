"""Making what is sent: texts, edits, toasts, reactions, buttons."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.chat.incoming import Press
from storage.outbox import Outgoing, Priority

ACKNOWLEDGED = "\N{WRITING HAND}"
"""The reaction under an answer that was kept: a sign, where a message would be one too many."""

CHANGED = "\N{OK HAND SIGN}"
"""The reaction under a message that was edited, when what is kept has changed with it."""


@dataclass(frozen=True, slots=True)
class Button:
    """One button: it sends ``data`` back, or copies ``copy``, or opens ``url``."""

    label: str
    data: str | None = None
    style: str | None = None
    copy: str | None = None
    url: str | None = None


Rows = Sequence[Sequence[Button]]


def keyboard(rows: Rows) -> dict[str, Any]:
    """The inline keyboard of rows of buttons, as the Bot API takes it."""
    return {"inline_keyboard": [[_button(button) for button in row] for row in rows if row]}


def send(
    chat_id: int,
    text: str,
    rows: Rows = (),
    *,
    loud: bool = False,
    subject: str | None = None,
    protect: bool = False,
    reply_to: int | None = None,
    priority: Priority = Priority.ANSWER,
    expires_at: datetime | None = None,
) -> Outgoing:
    """A text in HTML. Only a question is ``loud``; everything else arrives without a sound."""
    payload = _text(text, rows)
    payload["disable_notification"] = not loud
    if protect:
        payload["protect_content"] = True
    if reply_to is not None:
        payload["reply_parameters"] = {
            "message_id": reply_to,
            "allow_sending_without_reply": True,
        }
    return Outgoing(
        chat_id,
        "sendMessage",
        payload,
        priority=priority,
        subject=subject,
        expires_at=expires_at,
    )


def edit(chat_id: int, message_id: int, text: str, rows: Rows = ()) -> Outgoing:
    """Put another text and other buttons into a message of the bot."""
    return Outgoing(chat_id, "editMessageText", {**_text(text, rows), "message_id": message_id})


def edit_about(chat_id: int, subject: str, text: str, rows: Rows = ()) -> Outgoing:
    """Put another text into the message about ``subject``, which may still wait to be sent."""
    return Outgoing(chat_id, "editMessageText", _text(text, rows), target=subject)


def edit_markup(chat_id: int, message_id: int, rows: Rows) -> Outgoing:
    """Put other buttons under a message of the bot; its text stays."""
    payload = {"message_id": message_id, "reply_markup": keyboard(rows)}
    return Outgoing(chat_id, "editMessageReplyMarkup", payload)


def toast(press: Press, text: str = "", *, alert: bool = False) -> Outgoing:
    """End the button's waiting, with a short line over the chat if there is one to say."""
    payload: dict[str, Any] = {"callback_query_id": press.query_id}
    if text:
        payload |= {"text": text, "show_alert": alert}
    return Outgoing(press.chat_id, "answerCallbackQuery", payload)


def react(chat_id: int, message_id: int, emoji: str | None = ACKNOWLEDGED) -> Outgoing:
    """Put a reaction under a message of the person, or take it away again."""
    reaction = [] if emoji is None else [{"type": "emoji", "emoji": emoji}]
    return Outgoing(chat_id, "setMessageReaction", {"message_id": message_id, "reaction": reaction})


def delete(chat_id: int, message_ids: Sequence[int]) -> Outgoing:
    """Delete messages of either side; Telegram does so within 48 hours."""
    return Outgoing(chat_id, "deleteMessages", {"message_ids": list(message_ids)})


def leave(chat_id: int) -> Outgoing:
    """Leave a group or channel."""
    return Outgoing(chat_id, "leaveChat")


def _text(text: str, rows: Rows) -> dict[str, Any]:
    payload: dict[str, Any] = {
        "text": text,
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
    }
    if rows:
        payload["reply_markup"] = keyboard(rows)
    return payload


def _button(button: Button) -> dict[str, Any]:
    made: dict[str, Any] = {"text": button.label}
    if button.data is not None:
        made["callback_data"] = button.data
    elif button.copy is not None:
        made["copy_text"] = {"text": button.copy}
    elif button.url is not None:
        made["url"] = button.url
    if button.style is not None:
        made["style"] = button.style
    return made

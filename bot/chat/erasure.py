"""/delete: everything of a person, after two taps (or the words of the two buttons, typed)."""

import re

from bot.chat import discreet
from bot.chat.incoming import Press, Text
from bot.chat.messages import Button, edit, send, toast
from bot.chat.turn import Turn
from storage.outbox import Outgoing

DELETE = "delete"

_NO = (["no"], ["no", "thanks"], ["no", "thank", "you"], ["cancel"])


def ask(turn: Turn, _: Text, __: str) -> list[Outgoing]:
    """/delete: say what it means and ask for the first tap."""
    turn.wait_for(DELETE, sure=False)
    rows = [
        [Button(turn.label("erasure.button_first"), "delete:first", style="danger")],
        [Button(turn.label("erasure.button_cancel"), "delete:no")],
    ]
    return [send(turn.chat_id, turn.say("erasure.ask"), rows)]


def typed(turn: Turn, message: Text) -> list[Outgoing] | None:
    """Take the typed words of a button for a tap; None is given for what is no answer to this.

    A mere "yes" removes nothing: it may have been meant for something else in the chat.
    """
    said = _words(message.text)
    sure = bool(turn.person.step_data.get("sure"))
    asked_for = turn.label("erasure.button_second" if sure else "erasure.button_first")
    if said == _words(asked_for):
        if sure:
            return [*forget(turn), send(turn.chat_id, turn.say("erasure.done"))]
        turn.wait_for(DELETE, sure=True)
        return [send(turn.chat_id, turn.say("erasure.sure"), _second(turn))]
    if said == ["yes"]:
        return [send(turn.chat_id, turn.say("erasure.exactly", words=asked_for))]
    turn.wait_for(None)
    if said in _NO or said == _words(turn.label("erasure.button_cancel")):
        return [send(turn.chat_id, turn.say("erasure.kept"))]
    return None


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def press(turn: Turn, press: Press, choice: str) -> list[Outgoing]:
    """The buttons under the request."""
    if turn.person.step != DELETE:
        return [toast(press, turn.label("question.toast_unknown"))]
    if choice == "first":
        turn.wait_for(DELETE, sure=True)
        sure = edit(turn.chat_id, press.message_id, turn.say("erasure.sure"), _second(turn))
        return [toast(press), sure]
    if choice == "second" and turn.person.step_data.get("sure"):
        done = edit(turn.chat_id, press.message_id, turn.say("erasure.done"))
        return [*forget(turn), toast(press, turn.label("erasure.toast_done")), done]
    turn.wait_for(None)
    return [toast(press), edit(turn.chat_id, press.message_id, turn.say("erasure.kept"))]


def _second(turn: Turn) -> list[list[Button]]:
    return [
        [Button(turn.label("erasure.button_second"), "delete:second", style="danger")],
        [Button(turn.label("erasure.button_cancel"), "delete:no")],
    ]


def forget(turn: Turn) -> list[Outgoing]:
    """Remove everything of the person, also what still waits to be sent to them.

    A discreet chat is emptied, as far as Telegram lets it be, and gets everybody's menu back.
    """
    messages = discreet.given_up(turn)
    turn.store.inbox.drop_chat(turn.chat_id)
    turn.store.outbox.drop_chat(turn.chat_id)
    turn.store.messages.drop_chat(turn.chat_id)
    turn.forget()
    return messages

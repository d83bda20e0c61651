"""/delete: everything of a person, after two taps (or two typed times "yes")."""

from bot.chat import discreet
from bot.chat.incoming import Press, Text
from bot.chat.messages import Button, edit, send, toast
from bot.chat.turn import Turn
from storage.outbox import Outgoing

DELETE = "delete"


def ask(turn: Turn, _: Text, __: str) -> list[Outgoing]:
    """/delete: say what it means and ask for the first tap."""
    turn.wait_for(DELETE, sure=False)
    rows = [
        [Button(turn.label("erasure.button_first"), "delete:first", style="danger")],
        [Button(turn.label("erasure.button_cancel"), "delete:no")],
    ]
    return [send(turn.chat_id, turn.say("erasure.ask"), rows)]


def typed(turn: Turn, message: Text) -> list[Outgoing] | None:
    """Take a typed "yes" for a tap; anything else is no answer to this, and None is given."""
    if message.text.strip().casefold().rstrip(".") != "yes":
        turn.wait_for(None)
        return None
    if turn.person.step_data.get("sure"):
        return [*forget(turn), send(turn.chat_id, turn.say("erasure.done"))]
    turn.wait_for(DELETE, sure=True)
    return [send(turn.chat_id, turn.say("erasure.sure"), _second(turn))]


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
    turn.store.people.delete(turn.person)
    return messages

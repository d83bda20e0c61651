"""The safety card: a few lines of the person's own for a hard moment."""

from bot.chat.incoming import Press, Text
from bot.chat.lengths import pieces
from bot.chat.messages import CHANGED, Button, edit, react, send, toast
from bot.chat.safety import CARD
from bot.chat.turn import Turn
from storage.outbox import Outgoing

UNITS = 3000
"""A longer card is shown in several messages: its title beside 4,096 units would not fit one."""


def press_card(turn: Turn, press: Press, choice: str) -> list[Outgoing]:
    """The safety card: show, write anew, delete."""
    if choice == "delete":
        turn.update(card=None)
        return [toast(press), edit(turn.chat_id, press.message_id, turn.say("safety.card_deleted"))]
    if choice == "write" or turn.person.card is None:
        if turn.person.consent is None:
            # nothing is kept of whoever has not agreed to it
            return [toast(press, turn.label("question.toast_unknown"))]
        turn.wait_for(CARD)
        return [toast(press), send(turn.chat_id, turn.say("safety.card_empty"))]
    row = [Button(turn.label("safety.button_card_delete"), "card:delete", style="danger")]
    if turn.person.consent is not None:
        row.insert(0, Button(turn.label("safety.button_card_write"), "card:write"))
    first, *rest = pieces(turn.person.card, UNITS)
    shown = [turn.say("safety.card", text=first)]
    shown += [turn.say("safety.card_rest", text=piece) for piece in rest]
    *before, last = shown
    cards = [send(turn.chat_id, text) for text in before]
    return [toast(press), *cards, send(turn.chat_id, last, [row])]


def typed(turn: Turn, message: Text) -> list[Outgoing]:
    """The words of the safety card; the message is remembered as long as it can be edited."""
    turn.update(card=message.text, step=None, step_data={})
    turn.store.messages.set_subject(turn.chat_id, message.message_id, CARD)
    return [send(turn.chat_id, turn.say("safety.card_kept"))]


def edited(turn: Turn, message: Text) -> list[Outgoing] | None:
    """The person has changed the message that is the card; None if it is not that message."""
    if turn.person.card is None or turn.person.consent is None:
        return None
    if turn.store.messages.of_subject(turn.chat_id, CARD) != message.message_id:
        return None
    turn.update(card=message.text)
    return [react(turn.chat_id, message.message_id, CHANGED)]

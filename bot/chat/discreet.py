"""Discreet mode: for a phone that somebody else picks up, too."""

from dataclasses import replace

from bot.chat import agenda, guide, hiding
from bot.chat.incoming import Press, Text
from bot.chat.messages import Button, Rows, edit, keyboard, send, toast
from bot.chat.question_card import redraw
from bot.chat.turn import Turn
from storage.outbox import Outgoing
from storage.people import AGREED_ELSEWHERE
from storage.schedule import Due
from storage.uses import KEPT

MENU = ("start", "word", "help")
"""The commands in the menu of a discreet chat; each shows a dull screen."""

_UNSAID = frozenset({agenda.REMINDER})
"""Not sent at all: the first line about it still stands in the chat."""


def command(turn: Turn, _: Text, argument: str) -> list[Outgoing]:
    """/discreet on, /discreet off, or what it is."""
    wanted = argument.strip().casefold()
    if wanted == "on":
        return switch_on(turn)
    if wanted == "off":
        return switch_off(turn)
    if wanted:
        return [send(turn.chat_id, turn.say("discreet.unknown"))]
    return page(turn)


def page(turn: Turn) -> list[Outgoing]:
    """What discreet mode does, what it cannot do, and the button to the other state."""
    on = turn.person.discreet
    other = "off" if on else "on"
    rows = [[Button(turn.label(f"discreet.button_{other}"), f"discreet:{other}")]]
    return [
        send(turn.chat_id, turn.say("discreet.page", on=on)),
        send(turn.chat_id, turn.say("discreet.limits"), rows),
    ]


def press(turn: Turn, press: Press, choice: str) -> list[Outgoing]:
    """The button under the page."""
    never_agreed = turn.person.consent is None and not turn.person.withdrawn
    if never_agreed or choice not in {"on", "off"}:
        return [toast(press, turn.label("question.toast_unknown"))]
    return [toast(press), *(switch_on(turn) if choice == "on" else switch_off(turn))]


def switch_on(turn: Turn) -> list[Outgoing]:
    """Clean what is there, change the menu, and say what to keep in mind."""
    turn.update(discreet=True)
    return [
        *hiding.clear(turn),
        _menu(turn),
        send(turn.chat_id, turn.say("discreet.on")),
        send(turn.chat_id, turn.say("discreet.limits")),
    ]


def menu_again(turn: Turn) -> list[Outgoing]:
    """The menu for whoever was brought here with an import, which cannot change any menu.

    It is shown with the first contact, and again once a week until they have agreed.
    """
    if turn.person.consent != AGREED_ELSEWHERE and not turn.person.withdrawn:
        return []
    if turn.store.uses.count(turn.person.id, "menu", turn.now - KEPT):
        return []
    turn.store.uses.add(turn.person.id, "menu", turn.now)
    return [_menu(turn)]


def switch_off(turn: Turn) -> list[Outgoing]:
    """The chat stays as it is from now on; what still waits behind a button can be opened."""
    turn.update(discreet=False)
    turn.store.schedule.clear(turn.person.id, hiding.CLEAN, hiding.SWEEP)
    menu = Outgoing(turn.chat_id, "deleteMyCommands", {"scope": _scope(turn)})
    return [menu, send(turn.chat_id, turn.say("discreet.off"))]


def given_up(turn: Turn) -> list[Outgoing]:
    """What is left to do in a discreet chat whose person is about to be forgotten."""
    if not turn.person.discreet:
        return []
    menu = Outgoing(turn.chat_id, "deleteMyCommands", {"scope": _scope(turn)})
    return [*hiding.clear(turn), menu]


def screen(turn: Turn, message: Text, name: str, argument: str) -> list[Outgoing] | None:
    """What a command of the menu shows in a discreet chat; None: what it shows otherwise."""
    if not turn.person.discreet or name not in {"start", "help"}:
        return None
    if name == "help":
        if argument.strip().casefold() == "all":
            return guide.show(turn, message, "")
        return [send(turn.chat_id, turn.say("discreet.help"), subject=f"{hiding.WORD}help")]
    if turn.person.withdrawn:
        return [hiding.word(turn)]
    if not turn.person.ready:
        return None
    agenda.activate(turn)
    turn.wait_for(None)
    return [hiding.word(turn)]


def covered(turn: Turn, messages: list[Outgoing], due: Due | None = None) -> list[Outgoing]:
    """What nobody has asked for, with only a neutral line to be seen of each message.

    So it is for everything in a discreet chat, and for the report of whoever wants no question in
    their notifications: the question and the check-in keep to themselves then.
    """
    quiet = turn.person.push == "quiet" and due is not None and due.kind == agenda.REPORT
    if not (turn.person.discreet or quiet):
        return messages
    if due is not None and due.kind in _UNSAID:
        return []
    # a picture or a file cannot wait behind a line; whoever wants one asks for it
    coverable = [
        message
        for message in messages
        if message.method == "sendMessage" or not message.method.startswith("send")
    ]
    return [_covered(turn, message) for message in coverable]


def press_cover(turn: Turn, press: Press, number: str) -> list[Outgoing]:
    """The button behind which a message waits."""
    held = turn.store.covers.take(turn.person.id, int(number)) if number.isdecimal() else None
    if held is None:
        return [toast(press, turn.label("question.toast_unknown"))]
    subject, payload = held.get("subject"), held["payload"]
    turn.store.messages.set_subject(turn.chat_id, press.message_id, subject)
    kind, _, asked = (subject or "").partition(":")
    question = turn.store.asked.get(int(asked)) if kind == "asked" else None
    if question is not None:
        turn.store.asked.set_message(question.id, press.message_id)
        return [toast(press), redraw(turn, question)]
    shown = edit(turn.chat_id, press.message_id, payload["text"])
    if "reply_markup" in payload:
        shown.payload["reply_markup"] = payload["reply_markup"]
    return [toast(press), shown]


def veiled(turn: Turn, text: str) -> str:
    """A report as a discreet chat shows it: blurred until it is tapped."""
    return f"<tg-spoiler>{text}</tg-spoiler>" if turn.person.discreet else text


def _covered(turn: Turn, message: Outgoing) -> Outgoing:
    if message.method != "sendMessage":
        return message
    held = {"subject": message.subject, "payload": message.payload}
    cover_id = turn.store.covers.add(turn.person.id, held, turn.now)
    rows: Rows = [[Button(turn.label("discreet.button_open"), f"cover:{cover_id}")]]
    payload = {
        **message.payload,
        "text": turn.say("discreet.cover"),
        "reply_markup": keyboard(rows),
    }
    payload.pop("reply_parameters", None)
    return replace(message, payload=payload, subject=f"{hiding.COVER}{cover_id}")


def _menu(turn: Turn) -> Outgoing:
    commands = [
        {"command": name, "description": turn.label(f"discreet.menu_{name}")} for name in MENU
    ]
    return Outgoing(turn.chat_id, "setMyCommands", {"commands": commands, "scope": _scope(turn)})


def _scope(turn: Turn) -> dict[str, object]:
    return {"type": "chat", "chat_id": turn.chat_id}

"""/export: everything of a person as one file."""

from bot.chat import limits
from bot.chat.incoming import Press, Text
from bot.chat.messages import Button, edit, send, toast
from bot.chat.turn import Turn
from storage.outbox import Outgoing

MAKER = "export"
"""The maker of the file, by the name under which the sender knows it."""


def ask(turn: Turn, _: Text, __: str) -> list[Outgoing]:
    """/export: say what the file holds, and ask about what is only put in on request."""
    return offer(turn)


def offer(turn: Turn) -> list[Outgoing]:
    """The question and its buttons; the same whether or not there is anything to leave out."""
    rows = [
        [
            Button(turn.label("export.button_without"), "export:without"),
            Button(turn.label("export.button_with"), "export:with"),
        ],
        [Button(turn.label("export.button_no"), "export:no")],
    ]
    return [send(turn.chat_id, turn.say("export.ask"), rows)]


def press(turn: Turn, press: Press, choice: str) -> list[Outgoing]:
    """The buttons under the question; the file itself is made just before it is sent."""
    if choice not in {"without", "with", "no"}:
        return [toast(press, turn.label("question.toast_unknown"))]
    if choice == "no":
        return [toast(press), edit(turn.chat_id, press.message_id, turn.say("export.not_made"))]
    if not limits.file_taken(turn):
        return [toast(press), send(turn.chat_id, turn.say("export.spent"))]
    coming = edit(turn.chat_id, press.message_id, turn.say("export.coming"))
    return [toast(press), coming, _file(turn, safety=choice == "with")]


def _file(turn: Turn, *, safety: bool) -> Outgoing:
    failed = send(turn.chat_id, turn.say("export.failed"))
    payload = {
        "make": MAKER,
        "order": {"safety": safety},
        "otherwise": failed.payload,
        "disable_notification": True,
    }
    return Outgoing(turn.chat_id, "sendDocument", payload, subject="export")

"""Consent: asked for anew when its words have changed, and taken back as easily as given."""

from datetime import timedelta

from bot.chat import agenda, erasure, hiding
from bot.chat.incoming import Press, Text
from bot.chat.messages import Button, edit, send, toast
from bot.chat.turn import Turn
from storage.outbox import Outgoing
from storage.schedule import Due

ASKED_EVERY = timedelta(days=1)
"""Somebody who goes on without answering is asked again so much later, not at each message."""

PAUSED_COMMANDS = frozenset({"prompt", "quiz", "report", "later", "resume"})
"""What brings questions or reads answers: it waits until the person has agreed to the new words."""

PAUSED_DUE = frozenset(
    {agenda.QUESTION, agenda.REMINDER, agenda.LATER, agenda.CHECK_IN, agenda.REPORT}
)

ASLEEP_COMMANDS = frozenset(
    {
        "start", "resume", "help", "privacy", "safety", "stop", "delete", "how", "export",
        "history", "hide", "word", "withdraw", "discreet",
    }
)  # fmt: skip
"""What a command can still do after consent was taken back: help, see, have, remove, and agree."""

ASLEEP_PRESSES = frozenset(
    {
        "consent", "delete", "help", "numbers", "card", "flag", "hist", "histdel", "histsure",
        "export", "kept", "withdraw", "discreet", "cover", "word", "undo", "unnote",
    }
)  # fmt: skip
"""What a button can still do then."""


def outdated(turn: Turn) -> bool:
    """Whether the person agreed to other words than those of today."""
    return turn.person.consent is not None and turn.person.consent != turn.content.consent


def asked_again(turn: Turn) -> list[Outgoing]:
    """The request for consent to the new words, at most once a day; nothing if it is up to date."""
    if not outdated(turn):
        return []
    if turn.store.uses.count(turn.person.id, "renewal", turn.now - ASKED_EVERY):
        return []
    return renewal(turn)


def renewal(turn: Turn) -> list[Outgoing]:
    """What has changed, the words as they are now, and the buttons."""
    turn.store.uses.add(turn.person.id, "renewal", turn.now)
    operator = turn.content.operator
    kept = turn.say("welcome.kept", operator=operator.name, contact=operator.contact)
    rows = [
        [Button(turn.label("consent.button_agree"), "renew:yes", style="primary")],
        [Button(turn.label("consent.button_withdraw"), "withdraw:ask")],
    ]
    text = "\n\n".join([turn.say("consent.renewal"), kept, turn.say("welcome.consent")])
    return [send(turn.chat_id, text, rows)]


def instead_of(turn: Turn, due: Due) -> list[Outgoing] | None:
    """What comes in the place of a question while the person has not agreed: the request, once."""
    if due.kind not in PAUSED_DUE or not outdated(turn):
        return None
    turn.store.schedule.clear(turn.person.id, *PAUSED_DUE)
    return renewal(turn)


def press_renew(turn: Turn, press: Press, choice: str) -> list[Outgoing]:
    """The yes under the new words."""
    if choice != "yes" or turn.person.consent is None:
        return [toast(press, turn.label("question.toast_unknown"))]
    if outdated(turn):
        turn.update(consent=turn.content.consent, consented_at=turn.now)
        turn.store.uses.clear(turn.person.id, "renewal")
        if turn.person.ready and turn.person.state == "active":
            agenda.activate(turn)
    return [toast(press), edit(turn.chat_id, press.message_id, turn.say("consent.renewed"))]


def withdraw(turn: Turn, _: Text, __: str) -> list[Outgoing]:
    """/withdraw: the two ways of taking consent back."""
    return [_withdraw(turn)]


def press_withdraw(turn: Turn, press: Press, choice: str) -> list[Outgoing]:
    """The buttons of taking consent back.

    "ask" stands under /privacy and under new words and shows the two ways; these are "remove" and
    "stop", and "no" leaves everything as it is.
    """
    nobody = Text(turn.chat_id, press.message_id, "", turn.now, None, edited=False)
    if choice == "ask":
        return [toast(press), _withdraw(turn)]
    if choice == "remove":
        return [toast(press), *erasure.ask(turn, nobody, "")]
    if choice == "stop":
        return [toast(press), *take_back(turn)]
    if choice == "no":
        return [toast(press), edit(turn.chat_id, press.message_id, turn.say("consent.stays"))]
    return [toast(press, turn.label("question.toast_unknown"))]


def take_back(turn: Turn) -> list[Outgoing]:
    """Nothing is asked, kept or read any more; what there is lies until its time is over."""
    agenda.rest(turn, "stopped")
    turn.update(consent=None, step=None, step_data={})
    return [send(turn.chat_id, turn.say("consent.taken_back", again=way_back(turn)))]


def asleep(turn: Turn) -> list[Outgoing]:
    """What is said to whoever took their consent back and writes something."""
    if turn.person.discreet:
        return [hiding.word(turn)]
    return [send(turn.chat_id, turn.say("consent.asleep", again=way_back(turn)))]


def toast_asleep(turn: Turn, press: Press) -> list[Outgoing]:
    """What is said to whoever took their consent back and presses something."""
    if turn.person.discreet:
        return [toast(press, turn.label("question.toast_unknown"))]
    return [toast(press, turn.label("consent.toast_asleep", again=way_back(turn)))]


def way_back(turn: Turn) -> str:
    """The command that asks for consent anew; in a discreet chat /start shows something dull."""
    return "/resume" if turn.person.discreet else "/start"


def _withdraw(turn: Turn) -> Outgoing:
    rows = [
        [Button(turn.label("consent.button_remove"), "withdraw:remove", style="danger")],
        [Button(turn.label("consent.button_stop"), "withdraw:stop")],
        [Button(turn.label("consent.button_stay"), "withdraw:no")],
    ]
    return send(turn.chat_id, turn.say("consent.withdraw"), rows)

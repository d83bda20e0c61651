"""The first conversation: what this is, consent, how long, how quietly, where and when."""

import re
from typing import TypeVar

from bot.chat import breaks, place, question
from bot.chat.agenda import activate, plan_check_in
from bot.chat.calendar_words import clock
from bot.chat.erasure import forget
from bot.chat.incoming import Press, Text
from bot.chat.messages import Button, edit, send, toast
from bot.chat.turn import Content, Operator, Turn
from bot.rhythm.clock_words import time_in
from storage.outbox import Outgoing

CONSENT, KEEP, PUSH, TIME = "consent", "keep", "push", "time"
KEEP_CHOICES = (90, 365, 0)
"""Days for which answers are kept; 0 means until the person deletes them."""

PUSH_CHOICES = ("text", "quiet")

T = TypeVar("T", int, str)

_AGREEMENT = re.compile(
    r"\W*(yes\W+)?((i\W?a?m|over|18|or|and)\W+)*(i (do )?agree|agreed?)\W*", re.IGNORECASE
)
"""The whole text has to be a yes: "I agree, but ..." and "I cannot agree" are none."""

_REFUSAL = re.compile(
    r"\W*no(\W+(thanks|thank you))?\W*|\W*i (do not|don\W?t|can\W?t|cannot) agree\W*", re.IGNORECASE
)


def invited(operator: Operator, argument: str) -> bool:
    """Whether whoever comes with this code, or without any, may begin."""
    return operator.invite_code is None or argument.strip() == operator.invite_code


def invitation(content: Content, chat_id: int) -> Outgoing:
    """What is said to whoever has no invitation; nothing is kept of them."""
    operator = content.operator
    text = content.words("welcome.invitation", operator=operator.name, contact=operator.contact)
    return send(chat_id, text)


def start(turn: Turn, _: Text, __: str) -> list[Outgoing]:
    """/start: begin, go on where it was left, or come back."""
    if turn.person.ready:
        return _come_back(turn)
    if turn.person.state != "new" and not turn.person.withdrawn:
        turn.update(state="new")
    return [*_introduction(turn), *step(turn)]


def resume(turn: Turn, message: Text, argument: str) -> list[Outgoing]:
    """/resume: go on; whoever took their consent back is asked for it first."""
    back = start if turn.person.withdrawn else breaks.resume
    return back(turn, message, argument)


def step(turn: Turn) -> list[Outgoing]:
    """The message of the step at which the person stands."""
    person = turn.person
    if person.consent is None:
        turn.wait_for(CONSENT)
        return [_consent(turn)]
    if person.keep_days is None:
        turn.wait_for(KEEP)
        return [_keep(turn)]
    if person.push is None:
        turn.wait_for(PUSH)
        return [_push(turn)]
    if person.zone is None:
        return place.ask(turn)
    turn.wait_for(TIME)
    return [_time(turn)]


def typed(turn: Turn, message: Text) -> list[Outgoing]:
    """Words typed while a step waits; steps work without their buttons, too."""
    if turn.person.consent is None:
        if _REFUSAL.fullmatch(message.text):
            messages, farewell = _declined(turn)
            return [*messages, send(turn.chat_id, farewell)]
        return agree(turn) if _AGREEMENT.fullmatch(message.text) else step(turn)
    if turn.person.step == KEEP and (days := _named(turn, message, KEEP, KEEP_CHOICES)) is not None:
        return keep_for(turn, days)
    if turn.person.step == PUSH and (how := _named(turn, message, PUSH, PUSH_CHOICES)) is not None:
        return push_how(turn, how)
    if turn.person.step == TIME and (at := time_in(message.text)) is not None:
        return _finish(turn, at.strftime("%H:%M"))
    if turn.person.step == TIME:
        return [send(turn.chat_id, turn.say("place.time_unknown"))]
    return step(turn)


def _named(turn: Turn, message: Text, step: str, choices: tuple[T, ...]) -> T | None:
    """The choice whose button says what the person has typed, or begins with it ("yes", "90")."""
    typed_text = message.text.strip(" .").casefold()
    for choice in choices:
        label = turn.label(f"welcome.button_{step}_{choice}").casefold()
        if typed_text and re.match(re.escape(typed_text) + r"\b", label):
            return choice
    return None


def agree(turn: Turn) -> list[Outgoing]:
    """The person has given their consent."""
    if turn.person.consent is None:
        turn.update(consent=turn.content.consent, consented_at=turn.now, state="new")
    # whoever has agreed once before has settled all the rest
    return _come_back(turn) if turn.person.ready else step(turn)


def keep_for(turn: Turn, days: int) -> list[Outgoing]:
    """The person has said how long their answers may be kept."""
    turn.update(keep_days=days)
    return step(turn)


def push_how(turn: Turn, how: str) -> list[Outgoing]:
    """The person has said whether a notification may show the question."""
    turn.update(push=how)
    return step(turn)


def press_consent(turn: Turn, press: Press, choice: str) -> list[Outgoing]:
    """The buttons under the request for consent."""
    if turn.person.consent is not None:
        return [toast(press)]
    if choice == "yes":
        text = turn.say("welcome.consent") + "\n\n<b>" + turn.say("welcome.button_agree") + "</b>"
        return [toast(press), edit(turn.chat_id, press.message_id, text), *agree(turn)]
    messages, farewell = _declined(turn)
    return [*messages, toast(press), edit(turn.chat_id, press.message_id, farewell)]


def press_keep(turn: Turn, press: Press, days: str) -> list[Outgoing]:
    """The buttons under the question how long answers may be kept."""
    if turn.person.consent is None or days not in {str(choice) for choice in KEEP_CHOICES}:
        return [toast(press)]
    chosen = turn.say("welcome.keep") + f"\n\n<b>{turn.say('welcome.button_keep_' + days)}</b>"
    asked = turn.person.step == KEEP
    turn.update(keep_days=int(days), purge_told_on=None, purge_told_before=None)
    after = step(turn) if asked else []
    return [toast(press), edit(turn.chat_id, press.message_id, chosen), *after]


def press_push(turn: Turn, press: Press, how: str) -> list[Outgoing]:
    """The buttons under the question what a notification may show."""
    if turn.person.consent is None or how not in PUSH_CHOICES:
        return [toast(press)]
    chosen = turn.say("welcome.push") + f"\n\n<b>{turn.say('welcome.button_push_' + how)}</b>"
    asked = turn.person.step == PUSH
    turn.update(push=how)
    after = step(turn) if asked else []
    return [toast(press), edit(turn.chat_id, press.message_id, chosen), *after]


def press_time(turn: Turn, press: Press, hour: str, minute: str) -> list[Outgoing]:
    """The two suggested times."""
    chosen = time_in(f"{hour}:{minute}")
    if chosen is None or turn.person.ready or turn.person.zone is None:
        return [toast(press)]
    text = turn.say("welcome.time", place=_place(turn), clock=clock(turn, turn.now))
    shown = edit(turn.chat_id, press.message_id, f"{text}\n\n<b>{chosen:%H:%M}</b>")
    return [toast(press), shown, *_finish(turn, chosen.strftime("%H:%M"))]


def _come_back(turn: Turn) -> list[Outgoing]:
    activate(turn)
    turn.wait_for(None)
    return [send(turn.chat_id, turn.say("welcome.back", ask_at=turn.person.ask_at))]


def _declined(turn: Turn) -> tuple[list[Outgoing], str]:
    """What follows a no, and the words; of whoever has something here, that goes with /delete."""
    if turn.person.withdrawn:
        turn.wait_for(None)
        return [], turn.say("consent.stays")
    words = turn.say("welcome.declined")
    return forget(turn), words


def _finish(turn: Turn, ask_at: str) -> list[Outgoing]:
    turn.update(ask_at=ask_at, started_on=turn.today, state="active", step=None, step_data={})
    done = send(turn.chat_id, turn.say("welcome.done", ask_at=ask_at))
    plan_check_in(turn)
    return [done, *question.ask_first(turn)]


def _introduction(turn: Turn) -> list[Outgoing]:
    if turn.person.consent is not None:
        return []
    operator = turn.content.operator
    kept = turn.say("welcome.kept", operator=operator.name, contact=operator.contact)
    return [send(turn.chat_id, turn.say("welcome.what")), send(turn.chat_id, kept)]


def _consent(turn: Turn) -> Outgoing:
    rows = [
        [Button(turn.label("welcome.button_agree"), "consent:yes", style="primary")],
        [Button(turn.label("welcome.button_decline"), "consent:no")],
    ]
    return send(turn.chat_id, turn.say("welcome.consent"), rows)


def _keep(turn: Turn) -> Outgoing:
    row = [
        Button(turn.label(f"welcome.button_keep_{days}"), f"keep:{days}") for days in KEEP_CHOICES
    ]
    return send(turn.chat_id, turn.say("welcome.keep"), [row])


def _push(turn: Turn) -> Outgoing:
    rows = [
        [Button(turn.label("welcome.button_push_text"), "push:text")],
        [Button(turn.label("welcome.button_push_quiet"), "push:quiet")],
    ]
    return send(turn.chat_id, turn.say("welcome.push"), rows)


def _time(turn: Turn) -> Outgoing:
    row = [
        Button(turn.label("welcome.button_noon"), "time:12:30"),
        Button(turn.label("welcome.button_evening"), "time:20:00"),
    ]
    text = turn.say("welcome.time", place=_place(turn), clock=clock(turn, turn.now))
    return send(turn.chat_id, text, [row])


def _place(turn: Turn) -> str:
    return turn.person.place or turn.person.zone or ""

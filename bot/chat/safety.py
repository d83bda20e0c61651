"""When somebody writes something grave: an answer at once, and help always one tap away.

Flags are *possible* (only the quiet help button comes of it) or *sure* (the reply, and then no
pattern, no advice and no check-in until 28 days have passed or the person says otherwise). A flag
is a kind and a time; nothing lists flags in the chat.
"""

from collections.abc import Sequence
from datetime import timedelta

from bot.chat.agenda import rest
from bot.chat.incoming import Press, Text
from bot.chat.messages import Button, Rows, delete, edit, send, toast
from bot.chat.turn import Content, Turn
from bot.reading.safety import SafetyFlag
from bot.reading.spec import Certainty, SafetyKind
from prompts.helplines import Helpline, Kind
from storage.outbox import Outgoing, Priority
from storage.uses import REPLY

CARD = "card"
"""The step in which the words of the safety card are waited for, and what that message is about."""

HELP = "help:now"
"""The data of the quiet help button."""

HELP_DAYS = timedelta(days=7)
"""So long the quiet help button stays after any flag, also after "that is not what I meant"."""

QUIET_DAYS = timedelta(days=28)
"""So long after a sure flag nothing is named and nothing is advised."""

SAID_AGAIN = timedelta(minutes=3)
"""One reply of help is not repeated within this time: it still stands above."""

NOWHERE = "ANY"
DIRECTORY = "https://findahelpline.com"

_REPLIES = {
    SafetyKind.DANGER_NOW: f"{REPLY}danger",
    SafetyKind.SELF_HARM: f"{REPLY}heavy",
    SafetyKind.HARM_BY_PARTNER: f"{REPLY}harmed",
    SafetyKind.CHILD: f"{REPLY}harmed",
    SafetyKind.HARM_BY_WRITER: f"{REPLY}harming",
}
_LINES = {
    SafetyKind.DANGER_NOW: (Kind.ABUSE, Kind.CRISIS),
    SafetyKind.SELF_HARM: (Kind.CRISIS,),
    SafetyKind.HARM_BY_PARTNER: (Kind.ABUSE,),
    SafetyKind.CHILD: (Kind.ABUSE,),
    SafetyKind.HARM_BY_WRITER: (Kind.ABUSE, Kind.CRISIS),
}


def guarded(turn: Turn) -> bool:
    """Whether a sure flag is open: then no pattern, no advice, no check-in."""
    open_flags = turn.store.flags.open_since(turn.person.id, turn.now - QUIET_DAYS)
    return any(flag.sure for flag in open_flags)


def help_row(turn: Turn) -> list[Button]:
    """The quiet help button, while it is to be shown."""
    until = turn.person.help_until
    if until is None or turn.now >= until:
        return []
    return [help_button(turn.content)]


def raise_flags(turn: Turn, found: tuple[SafetyFlag, ...]) -> None:
    """Note what was found in a text of somebody who has agreed that something is kept."""
    raised = [
        turn.store.flags.add(
            turn.person.id, flag.kind.value, turn.now, sure=flag.certainty is Certainty.SURE
        )
        for flag in found
    ]
    turn.raised = f"{min(raised)}-{max(raised)}"
    turn.update(help_until=turn.now + HELP_DAYS)


def said_lately(turn: Turn, sure: Sequence[SafetyKind]) -> bool:
    """Whether the reply to what is gravest here was given within the last minutes, and stands."""
    name, since = reply_name(sure), turn.now - SAID_AGAIN
    if not turn.store.uses.count(turn.person.id, name, since):
        return False
    # whoever has said since then that it was not meant is answered anew
    open_flags = turn.store.flags.open_since(turn.person.id, since)
    return any(flag.sure and _REPLIES[SafetyKind(flag.kind)] == name for flag in open_flags)


def unsaid(turn: Turn) -> None:
    """Note that no reply of help stands in the chat any more."""
    turn.store.uses.clear_replies(turn.person.id)


def reply_name(sure: Sequence[SafetyKind]) -> str:
    """The name of the reply to the gravest of these."""
    return _REPLIES[_gravest(sure)]


def show(turn: Turn, _: Text | None, __: str) -> list[Outgoing]:
    """/safety: for everybody, before any consent, without any reason, before anything else."""
    country = turn.person.country
    name = turn.content.helplines.countries.get(country or "")
    text = turn.say("safety.help", number=_emergency(turn), country=name)
    rows: list[list[Button]] = [[Button(turn.label("safety.button_numbers"), "numbers:show")]]
    if turn.person.consent is not None or turn.person.card is not None:
        rows[0].append(Button(turn.label("safety.button_card"), "card:show"))
    rows.append([Button(turn.label("safety.button_directory"), url=DIRECTORY)])
    return [send(turn.chat_id, text, rows, priority=Priority.GRAVE)]


def press_help(turn: Turn, press: Press, _: str) -> list[Outgoing]:
    """The quiet help button, wherever it stands."""
    return [toast(press), *show(turn, None, "")]


def press_numbers(turn: Turn, press: Press, choice: str) -> list[Outgoing]:
    """The numbers of the chosen country, or the question which one ("show", "choose", a code)."""
    countries = turn.content.helplines.countries
    chosen = turn.person.country
    if choice in countries:
        chosen = None if choice == NOWHERE else choice
        if turn.person.consent is not None:
            turn.update(country=chosen)
    elif choice not in {"show", "choose"}:
        return [toast(press, turn.label("question.toast_unknown"))]
    if choice == "choose" or (choice == "show" and turn.person.country is None):
        return [toast(press), _choose_country(turn)]
    return [toast(press), _numbers(turn, chosen)]


def press_flag(turn: Turn, press: Press, choice: str, number: str) -> list[Outgoing]:
    """The buttons under the reply: pause, delete what was written, "that is not what I meant"."""
    if choice == "not":
        first, _, last = number.partition("-")
        if not (_is_number(first) and _is_number(last)):
            return [toast(press, turn.label("question.toast_unknown"))]
        # what was said since stays: only the flags of what was answered here were not meant
        turn.store.flags.close(turn.person.id, turn.now, int(first), int(last))
        turn.update(help_until=turn.now + HELP_DAYS)
        return [toast(press), send(turn.chat_id, turn.say("safety.not_meant"))]
    if choice == "erase":
        return _erased(turn, press, number)
    if choice == "pause":
        rest(turn, "paused")
        return [toast(press), send(turn.chat_id, turn.say("breaks.paused", until=None))]
    answer = turn.store.answers.get(int(number)) if number.isdecimal() else None
    if choice != "delete" or answer is None or answer.person_id != turn.person.id:
        return [toast(press, turn.label("question.toast_unknown"))]
    turn.store.answers.delete(answer.id)
    gone = [press.message_id, *([answer.message_id] if answer.message_id else [])]
    return [
        toast(press),
        delete(turn.chat_id, gone),
        send(turn.chat_id, turn.say("safety.deleted")),
    ]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19


def _erased(turn: Turn, press: Press, number: str) -> list[Outgoing]:
    """Delete a message that was answered and not kept."""
    known = _is_number(number) and turn.store.messages.knows(turn.chat_id, int(number))
    if not known:
        return [toast(press, turn.label("question.toast_unknown"))]
    return [
        toast(press),
        delete(turn.chat_id, [press.message_id, int(number)]),
        send(turn.chat_id, turn.say("safety.erased")),
    ]


def press_again(turn: Turn, press: Press, _: str) -> list[Outgoing]:
    """The person wants their answers looked at again: their word ends the quiet time."""
    turn.store.flags.close(turn.person.id, turn.now)
    return [toast(press), edit(turn.chat_id, press.message_id, turn.say("safety.again"))]


def week_saved(turn: Turn) -> Outgoing:
    """What comes in the place of a report while a sure flag is open."""
    rows = [
        [Button(turn.label("safety.button_help"), "help:now")],
        [Button(turn.label("safety.button_again"), "again:yes")],
    ]
    return send(turn.chat_id, turn.say("safety.week_saved"), rows)


def reply(turn: Turn, message_id: int, sure: Sequence[SafetyKind]) -> Outgoing:
    """The answer to something grave that was written in this message of the person.

    That it was given is noted, so that the next minutes do not repeat it.
    """
    turn.store.uses.add(turn.person.id, reply_name(sure), turn.now)
    gravest = _gravest(sure)
    country = turn.person.country
    known = [line for kind in _LINES[gravest] for line in turn.content.helplines.of(country, kind)][
        :2
    ]
    text = turn.say(f"safety.{reply_name(sure)}", number=_emergency(turn), lines=known)
    answer = turn.store.answers.by_message(turn.person.id, message_id)
    last: list[Button] = []
    if turn.person.ready:
        last.append(Button(turn.label("safety.button_pause"), "flag:pause:0"))
    if turn.store.messages.of_subject(turn.chat_id, CARD) != message_id:
        gone = f"flag:erase:{message_id}" if answer is None else f"flag:delete:{answer.id}"
        last.append(Button(turn.label("safety.button_delete"), gone, style="danger"))
    rows: list[list[Button]] = [
        [_copy(turn, line) for line in known],
        [
            Button(turn.label("safety.button_numbers"), "numbers:show"),
            Button(turn.label("safety.button_card"), "card:show"),
        ],
        last,
        [Button(turn.label("safety.button_not_meant"), f"flag:not:{turn.raised}")],
    ]
    return send(turn.chat_id, text, rows, priority=Priority.GRAVE)


def reply_unkept(content: Content, chat_id: int, sure: Sequence[SafetyKind]) -> Outgoing:
    """The answer to something grave for whoever has not agreed that anything is kept."""
    said = content.words(f"safety.{reply_name(sure)}", number=None, lines=[])
    text = f"{said}\n\n{content.words('safety.everywhere')}"
    return send(chat_id, text, [[_directory(content)]], priority=Priority.GRAVE)


def help_for_strangers(content: Content, chat_id: int) -> Outgoing:
    """Help asks for no consent and keeps nothing."""
    text = content.words("safety.help", number=None, country=None)
    return send(chat_id, text, [[_directory(content)]], priority=Priority.GRAVE)


def help_button(content: Content) -> Button:
    """The quiet help button, also for strangers."""
    return Button(content.words.plain("safety.button_help"), HELP)


def _gravest(kinds: Sequence[SafetyKind]) -> SafetyKind:
    return min(kinds, key=list(_REPLIES).index)


def _directory(content: Content) -> Button:
    return Button(content.words.plain("safety.button_directory"), url=DIRECTORY)


def _emergency(turn: Turn) -> str | None:
    lines = turn.content.helplines.of(turn.person.country, Kind.EMERGENCY)
    return lines[0].number if lines else None


def _numbers(turn: Turn, country: str | None) -> Outgoing:
    helplines = turn.content.helplines
    lines = helplines.of(country) if country else ()
    paragraphs = []
    if country:
        paragraphs.append(turn.say("safety.lines_title", country=helplines.countries[country]))
    paragraphs += [_listed(turn, line) for line in lines]
    paragraphs.append(turn.say("safety.everywhere"))
    if lines:
        oldest = min(line.verified_on for line in lines if line.verified_on is not None)
        paragraphs.append(turn.say("safety.stale", month=oldest.month, year=oldest.year))
    rows: list[list[Button]] = [[_copy(turn, line)] for line in lines[:6]]
    rows.append([Button(turn.label("safety.button_country"), "numbers:choose")])
    rows.append([Button(turn.label("safety.button_directory"), url=DIRECTORY)])
    return send(turn.chat_id, "\n\n".join(paragraphs), rows, priority=Priority.GRAVE)


def _listed(turn: Turn, line: Helpline) -> str:
    return turn.say(
        "safety.listed",
        name=line.name,
        number=line.number,
        sms=line.sms,
        hours=line.hours,
        note=line.note,
    )


def _choose_country(turn: Turn) -> Outgoing:
    names = sorted(turn.content.helplines.countries.items(), key=lambda item: item[1])
    buttons = [
        Button(name, f"numbers:{code}") for code, name in names if code not in {NOWHERE, "EU"}
    ]
    rows: Rows = [buttons[at : at + 2] for at in range(0, len(buttons), 2)]
    others = [
        Button(turn.content.helplines.countries[code], f"numbers:{code}")
        for code in ("EU", NOWHERE)
        if code in turn.content.helplines.countries
    ]
    rows = [*rows, *([button] for button in others)]
    return send(turn.chat_id, turn.say("safety.choose_country"), rows, priority=Priority.GRAVE)


def _copy(turn: Turn, line: Helpline) -> Button:
    return Button(turn.label("safety.button_copy", number=line.number), copy=line.number)

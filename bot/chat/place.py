"""Where the person lives and at what time they are asked."""

from contextlib import suppress

from bot.chat.agenda import plan_question
from bot.chat.calendar_words import clock, when
from bot.chat.incoming import Press, Text
from bot.chat.messages import Button, edit, send, toast
from bot.chat.turn import Turn
from bot.rhythm.clock_words import time_in
from bot.rhythm.zones import UnknownZoneError, zone_typed
from storage.outbox import Outgoing
from storage.places import Place

CITY = "city"
NEW_TIME = "new_time"

LONGEST_PLACE = 8
"""So many words can name a place: "San Fernando del Valle de Catamarca, Catamarca, Argentina"."""

LONGEST_UNKNOWN, LONGEST_TIME = 4, 4
"""More words than these, and no place or time in them, are about something else."""


def timezone(turn: Turn, message: Text, argument: str) -> list[Outgoing]:
    """/timezone, with a zone or a city, or asking for one."""
    return _search(turn, argument) if argument else ask(turn)


def ask(turn: Turn) -> list[Outgoing]:
    """Ask for the city."""
    turn.wait_for(CITY)
    return [send(turn.chat_id, turn.say("place.ask"))]


def typed_city(turn: Turn, message: Text) -> list[Outgoing] | None:
    """Words typed while the city is waited for; None is given for what is about something else."""
    words = len(message.text.split())
    if turn.person.ready and words > LONGEST_UNKNOWN:
        known = words <= LONGEST_PLACE and turn.store.places.search(message.text)
        if not known and (words > LONGEST_PLACE or _question_waits(turn)):
            turn.wait_for(None)
            return None
    return _search(turn, message.text)


def press_place(turn: Turn, press: Press, number: str) -> list[Outgoing]:
    """The buttons with several places of one name."""
    if turn.person.consent is None:
        return [toast(press)]
    if number == "other":
        return [toast(press), *ask(turn)]
    place = turn.store.places.get(int(number)) if number.isdecimal() else None
    if place is None:
        return [toast(press, turn.label("question.toast_unknown"))]
    chosen = edit(
        turn.chat_id, press.message_id, f"<b>{turn.say('place.button_place', **_named(place))}</b>"
    )
    return [toast(press), chosen, *_settle(turn, place.name, place.zone)]


def time(turn: Turn, message: Text, argument: str) -> list[Outgoing]:
    """/time, with a time or asking for one."""
    if argument:
        return _set_time(turn, argument)
    turn.wait_for(NEW_TIME)
    row = [
        Button(turn.label("welcome.button_noon"), "newtime:12:30"),
        Button(turn.label("welcome.button_evening"), "newtime:20:00"),
    ]
    return [send(turn.chat_id, turn.say("place.time_ask", ask_at=turn.person.ask_at), [row])]


def typed_time(turn: Turn, message: Text) -> list[Outgoing] | None:
    """Words typed while a new time is waited for; None is given for what is none."""
    words = len(message.text.split())
    if time_in(message.text) is None and words > LONGEST_TIME:
        turn.wait_for(None)
        return None
    return _set_time(turn, message.text)


def press_time(turn: Turn, press: Press, hour: str, minute: str) -> list[Outgoing]:
    """The suggested times under /time."""
    if not turn.person.ready:
        return [toast(press)]
    return [toast(press), *_set_time(turn, f"{hour}:{minute}")]


def _question_waits(turn: Turn) -> bool:
    """Whether what may be a place that is not on the list may as well be an answer."""
    newest = turn.store.asked.newest(turn.person.id)
    return newest is not None and newest.state in {"open", "later"}


def _search(turn: Turn, text: str) -> list[Outgoing]:
    if "/" in text:
        with suppress(UnknownZoneError):
            zone = zone_typed(text)
            return _settle(turn, zone.rpartition("/")[2].replace("_", " "), zone)
    if not turn.store.places.filled():
        return [send(turn.chat_id, turn.say("place.not_yet"))]
    found = turn.store.places.search(text)
    if not found:
        turn.wait_for(CITY)
        return [send(turn.chat_id, turn.say("place.unknown"))]
    if len(found) == 1:
        return _settle(turn, found[0].name, found[0].zone)
    turn.wait_for(CITY)
    rows = [
        [Button(turn.label("place.button_place", **_named(place)), f"place:{place.id}")]
        for place in found
    ]
    rows.append([Button(turn.label("place.button_other"), "place:other")])
    return [send(turn.chat_id, turn.say("place.choose"), rows)]


def _named(place: Place) -> dict[str, str]:
    return {"name": place.name, "region": place.region, "country": place.country}


def _settle(turn: Turn, name: str, zone: str) -> list[Outgoing]:
    turn.update(zone=zone, place=name, step=None, step_data={})
    if not turn.person.ready:
        return []
    due = plan_question(turn) if turn.person.state == "active" else None
    text = turn.say(
        "place.set",
        place=name,
        clock=clock(turn, turn.now),
        next="" if due is None else when(turn, due),
    )
    return [send(turn.chat_id, text)]


def _set_time(turn: Turn, text: str) -> list[Outgoing]:
    at = time_in(text)
    if at is None:
        turn.wait_for(NEW_TIME)
        return [send(turn.chat_id, turn.say("place.time_unknown"))]
    turn.update(ask_at=at.strftime("%H:%M"), step=None, step_data={})
    due = plan_question(turn) if turn.person.state == "active" else None
    text = turn.say(
        "place.time_set",
        ask_at=turn.person.ask_at,
        next="" if due is None else when(turn, due),
    )
    return [send(turn.chat_id, text)]

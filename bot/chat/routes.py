"""Which conversation a command, a button, a waiting step or a due row belongs to."""

from collections.abc import Callable
from enum import IntEnum
from typing import NamedTuple

from bot.chat import (
    agenda,
    answer,
    breaks,
    card,
    check_in,
    consent,
    discreet,
    erasure,
    export,
    guide,
    hiding,
    history,
    limits,
    mask,
    outage,
    place,
    question,
    quiz,
    report,
    retention,
    safety,
    settings,
    welcome,
    why,
)
from bot.chat.incoming import Press, Text
from bot.chat.turn import Turn
from storage.outbox import Outgoing
from storage.people import Person
from storage.schedule import Due


class Needs(IntEnum):
    """How far onboarding must have come for a command to make sense."""

    NOTHING = 0
    CONSENT = 1
    READY = 2


def reached(person: Person) -> Needs:
    """How far onboarding has come for somebody."""
    if person.ready:
        return Needs.READY
    return Needs.NOTHING if person.consent is None else Needs.CONSENT


class Command(NamedTuple):
    """What a command does and what it needs."""

    run: Callable[[Turn, Text, str], list[Outgoing]]
    needs: Needs


COMMANDS: dict[str, Command] = {
    "start": Command(welcome.start, Needs.NOTHING),
    "help": Command(guide.show, Needs.NOTHING),
    "privacy": Command(guide.privacy, Needs.NOTHING),
    "safety": Command(safety.show, Needs.NOTHING),
    "stop": Command(breaks.stop, Needs.NOTHING),
    "delete": Command(erasure.ask, Needs.NOTHING),
    "timezone": Command(place.timezone, Needs.CONSENT),
    "time": Command(place.time, Needs.READY),
    "prompt": Command(question.prompt, Needs.READY),
    "skip": Command(question.skip, Needs.READY),
    "later": Command(question.later, Needs.READY),
    "pause": Command(breaks.pause, Needs.READY),
    "resume": Command(welcome.resume, Needs.READY),
    "quiz": Command(quiz.begin, Needs.READY),
    "report": Command(limits.ten_an_hour(report.show), Needs.READY),
    "history": Command(history.show, Needs.READY),
    "settings": Command(settings.show, Needs.READY),
    "days": Command(settings.days, Needs.READY),
    "weekly": Command(settings.weekly, Needs.READY),
    "chapter": Command(settings.chapter, Needs.READY),
    "how": Command(guide.how, Needs.NOTHING),
    "export": Command(export.ask, Needs.CONSENT),
    "withdraw": Command(consent.withdraw, Needs.CONSENT),
    "discreet": Command(discreet.command, Needs.CONSENT),
    "hide": Command(hiding.hide, Needs.NOTHING),
    "word": Command(hiding.show_word, Needs.NOTHING),
    "mask": Command(mask.command, Needs.CONSENT),
}

MENU = (
    "prompt",
    "report",
    "quiz",
    "history",
    "skip",
    "later",
    "pause",
    "resume",
    "settings",
    "discreet",
    "export",
    "how",
    "privacy",
    "safety",
    "help",
    "stop",
    "delete",
)
"""The commands in Telegram's menu, in this order; their words stand in ``menu.j2``."""

STEPS: dict[str, Callable[[Turn, Text], list[Outgoing] | None]] = {
    welcome.CONSENT: welcome.typed,
    welcome.KEEP: welcome.typed,
    welcome.PUSH: welcome.typed,
    welcome.TIME: welcome.typed,
    place.CITY: place.typed_city,
    place.NEW_TIME: place.typed_time,
    erasure.DELETE: erasure.typed,
    safety.CARD: mask.before(card.typed),
}
"""What the person's next words are about while a step waits; None: not what was waited for."""

Pressed = Callable[..., list[Outgoing]]

PRESSES: dict[str, tuple[Pressed, int]] = {
    "consent": (welcome.press_consent, 1),
    "keep": (welcome.press_keep, 1),
    "push": (welcome.press_push, 1),
    "time": (welcome.press_time, 2),
    "place": (place.press_place, 1),
    "newtime": (place.press_time, 2),
    "tap": (answer.press_tap, 2),
    "undo": (answer.press_undo, 1),
    "unnote": (answer.press_unnote, 1),
    "another": (question.press_another, 1),
    "later": (question.press_later, 1),
    "skip": (question.press_skip, 1),
    "open": (question.press_open, 1),
    "delete": (erasure.press, 1),
    "help": (safety.press_help, 1),
    "numbers": (safety.press_numbers, 1),
    "card": (card.press_card, 1),
    "flag": (safety.press_flag, 2),
    "again": (safety.press_again, 1),
    "begin": (quiz.press_begin, 1),
    "quiz": (quiz.press_item, 3),
    "hist": (history.press_page, 2),
    "histdel": (history.press_delete, 1),
    "histsure": (history.press_sure, 1),
    "set": (settings.press, 1),
    "day": (settings.press_day, 1),
    "weekly": (settings.press_weekly, 1),
    "chapter": (settings.press_chapter, 1),
    "checkin": (check_in.press_item, 3),
    "unusual": (report.press_unusual, 1),
    "picture": (report.press_picture, 1),
    "why": (why.press_why, 1),
    "whypage": (why.press_page, 2),
    "notme": (why.press_not_me, 4),
    "export": (export.press, 1),
    "kept": (retention.press, 1),
    "renew": (consent.press_renew, 1),
    "withdraw": (consent.press_withdraw, 1),
    "discreet": (discreet.press, 1),
    "cover": (discreet.press_cover, 1),
    "word": (hiding.press_word, 1),
}
"""What a button's data begins with, and how many arguments follow it."""

DUE: dict[str, Callable[[Turn, Due], list[Outgoing]]] = {
    agenda.QUESTION: question.question_due,
    agenda.REMINDER: question.reminder_due,
    agenda.LATER: question.later_due,
    agenda.RESUME: breaks.pause_over,
    agenda.CHECK_IN: check_in.check_in_due,
    agenda.REPORT: report.report_due,
    outage.OUTAGE: outage.outage_due,
    hiding.CLEAN: hiding.clean_due,
    hiding.SWEEP: hiding.sweep_due,
}
"""What is done when a row of the schedule has fallen due."""


def pressed(press: Press) -> tuple[Pressed, list[str]] | None:
    """The conversation and arguments of a button, or None for data nobody made."""
    verb, *arguments = press.data.split(":")
    found = PRESSES.get(verb)
    if found is None or len(arguments) != found[1] or any(map(_too_large, arguments)):
        return None
    return found[0], arguments


def _too_large(argument: str) -> bool:
    """Whether this is a number that no row can have: the database would refuse to look for it."""
    return argument.isdecimal() and int(argument) >= 2**63

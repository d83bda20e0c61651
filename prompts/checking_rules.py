"""Checks of the rules: balance, and items that a tired person can answer truthfully."""

import re
from collections.abc import Iterator
from typing import Final

from bot.drift.rules import Axis
from prompts.findings import Bench, Check, Finding
from prompts.wording import GENDERED, count, found

RULES_PER_AXIS: Final = 8
ANCHORS_PER_AXIS: Final = 4
LONGEST_PLAIN: Final = 12
LONGEST_ITEM: Final = 18

_ITEMS: Final = ("quiz", "tap", "check_in")
_FIRST_PERSON: Final = re.compile(r"\b(I|me|my|mine|myself)\b")
_NEGATION: Final = re.compile(r"\b(not|never|no one|nobody|nothing|hardly|without)\b|n't\b", re.I)
_TODAY: Final = re.compile(r"\btoday\b", re.I)
_THIS_WEEK: Final = re.compile(r"\bthis week\b", re.I)
# "whether or not" leaves the direction of an item alone
_HARMLESS: Final = re.compile(r"\bwhether or not\b", re.I)


def reading(bench: Bench) -> Iterator[Finding]:
    """What stopped an entry from being read."""
    yield from map(Finding.of, bench.rules.errors)


def balance(bench: Bench) -> Iterator[Finding]:
    """Eight rules an axis, half of them reversed; four anchors, half of them reversed.

    Unequal keying makes whoever likes to say yes drift by themselves: in simulations it cost ten
    points of what is found.
    """
    if bench.rules.errors:
        return
    for axis in Axis:
        rules = [rule for rule in bench.rules.things_found if rule.axis is axis]
        anchors = [rule for rule in rules if rule.anchor]
        for name, group, wanted in (
            ("rules", rules, RULES_PER_AXIS),
            ("anchors", anchors, ANCHORS_PER_AXIS),
        ):
            if len(group) != wanted:
                yield Finding.about_file(
                    bench.rules.path, f"{axis} has {len(group)} {name}, {wanted} are needed"
                )
            reversed_ = sum(rule.reversed for rule in group)
            if reversed_ * 2 != len(group):
                yield Finding.about_file(
                    bench.rules.path,
                    f"{reversed_} of the {len(group)} {name} of {axis} are reversed, not half",
                )


def lengths(bench: Bench) -> Iterator[Finding]:
    """Short enough for a phone."""
    for located in bench.rules.found:
        for key in ("plain", *_ITEMS):
            longest = LONGEST_PLAIN if key == "plain" else LONGEST_ITEM
            text = located.entry.optional(key)
            if text and count(text) > longest:
                yield Finding.about(
                    located.entry, f"{key} has {count(text)} words, {longest} at the most", key
                )


def wording(bench: Bench) -> Iterator[Finding]:
    """Items say one thing in the first person, without a negation, about the right time."""
    for located in bench.rules.found:
        for key in _ITEMS:
            text = located.entry.optional(key)
            if text:
                for message in _about_item(key, text):
                    yield Finding.about(located.entry, f"{key}: {message}", key)
        for key in ("plain", *_ITEMS):
            for message in bench.complaints(located.entry.optional(key) or ""):
                yield Finding.about(located.entry, f"{key}: {message}", key)


def doubles(bench: Bench) -> Iterator[Finding]:
    """No wording stands in the file twice: two questions with the same words count one thing."""
    lines: dict[str, int] = {}
    for located in bench.rules.found:
        for key in ("plain", *_ITEMS):
            text = (located.entry.optional(key) or "").casefold()
            if text and text in lines:
                yield Finding.about(
                    located.entry, f"{key} is the same as in line {lines[text]}", key
                )
            lines.setdefault(text, located.entry.line_of(key))


def _about_item(key: str, text: str) -> Iterator[str]:
    if not _FIRST_PERSON.search(text):
        yield "an item is about the person themselves: I, my or me"
    negation = found(_NEGATION, _HARMLESS.sub("", text))
    if negation:
        yield f'"{negation}": who can answer "never" to a negation? Turn it round'
    gendered = found(GENDERED, text)
    if gendered:
        yield f'"{gendered}" does not fit everybody; say "my partner"'
    if not text.endswith(".") or "!" in text or "?" in text:
        yield "an item is a plain sentence and ends with a full stop"
    if key == "tap" and not _TODAY.search(text):
        yield 'a tap says "today"'
    if key == "check_in" and not _THIS_WEEK.search(text):
        yield 'a check-in says "this week"'
    if key == "quiz" and (_TODAY.search(text) or _THIS_WEEK.search(text)):
        yield "the quiz asks about two weeks, which stand above the item"


CHECKS: Final[tuple[Check, ...]] = (reading, balance, lengths, wording, doubles)

"""Checks of the open questions: the rules of wording, and the mix of the library.

They follow what survey research says of open questions: one thing, one stretch of time, easy words,
nothing presumed, no loaded words, no "why". That the self is asked about as "you" lets the reader
of the answers tell "I" from "we".
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from bot.rhythm.questions import Frame, Question, QuestionAxis, Valence
from prompts.findings import Bench, Check, Finding, Level
from prompts.loading import FACETS
from prompts.wording import GENDERED, count, found, words_of

LONGEST: Final = 25
LONGEST_WORD: Final = 12
PER_AXIS: Final = 40
ABOUT_SAY: Final = 24
MOST_WITH_ONE_OPENING: Final = 12
DEPTHS: Final[Mapping[int, float]] = {1: 0.50, 2: 0.35, 3: 0.15}
VALENCES: Final[Mapping[Valence, float]] = {
    Valence.POSITIVE: 0.45,
    Valence.NEUTRAL: 0.40,
    Valence.HARD: 0.15,
}
ROOM: Final = 0.05  # how far a share may be off before it is worth a word

_NO: Final = {
    "should": "it tells people off",
    "why": 'it sounds like a reproach; ask "what" or "how"',
    **dict.fromkeys(
        ("all", "every", "everyone", "everybody", "everything", "always", "never"),
        "too big to be true of a day",
    ),
}
_JARGON: Final = frozenset(
    {
        "attachment",
        "boundaries",
        "boundary",
        "coping",
        "cope",
        "closure",
        "empower",
        "heal",
        "healing",
        "mindful",
        "nurture",
        "process",
        "relationship",
        "resilient",
        "self-care",
        "trigger",
        "triggered",
        "validate",
        "validated",
        "vulnerable",
        "vulnerability",
        "wellbeing",
    }
)
_WE: Final = frozenset({"we", "we're", "we've", "us", "our", "ours", "ourselves"})
_OPEN: Final = frozenset(
    {"what", "what's", "when", "how", "where", "which", "who", "whom", "whose"}
)
_QUESTION_IN_AND: Final = re.compile(
    r"\b(and|or) (what|when|how|where|which|who|whom|whose|did|do|was|were|is|are)\b", re.I
)
_CLOSED: Final = re.compile(
    r"(do|did|does|is|are|was|were|have|has|had|can|could|will|would|may|might)\b", re.I
)
_PRESUMES: Final = re.compile(
    r"\b(how|when|what|where) (did|does|has|is|was) your partner\b|\byour partner's fault\b", re.I
)
_GIVES_AWAY: Final = re.compile(
    r"\b(partner|partner's|two of you|the two|for two|us|closeness|feel(ing)? close|love you)\b",
    re.I,
)
_TIMES: Final[Mapping[Frame, re.Pattern[str]]] = {
    Frame.TODAY: re.compile(r"\b(today|tonight|tomorrow|yesterday)\b", re.I),
    Frame.WEEK: re.compile(r"\bweek\b", re.I),
}


def reading(bench: Bench) -> Iterator[Finding]:
    """What stopped an entry from being read."""
    yield from map(Finding.of, bench.questions.errors)


def wording(bench: Bench) -> Iterator[Finding]:
    """Every question can be answered in a sentence by anybody, on a bad day too."""
    for located in bench.questions.found:
        for message in (*_about_words(located.thing), *_about_form(located.thing)):
            yield Finding.about(located.entry, message, "text")
        for message in bench.complaints(located.thing.text):
            yield Finding.about(located.entry, message, "text")


def reading_ease(bench: Bench) -> Iterator[Finding]:
    """Long words and therapists' words are worth a second look."""
    for located in bench.questions.found:
        for word in words_of(located.thing.text):
            if len(word) > LONGEST_WORD:
                yield Finding.about(
                    located.entry, f'"{word}" is a long word', "text", Level.WARNING
                )
            if word in _JARGON:
                yield Finding.about(
                    located.entry, f'"{word}" sounds like a therapist', "text", Level.WARNING
                )


def tags(bench: Bench) -> Iterator[Finding]:
    """The tags are true: the time asked about, and what a glance at the phone gives away."""
    for located in bench.questions.found:
        question = located.thing
        if not _TIMES[question.frame].search(question.text):
            names = "today" if question.frame is Frame.TODAY else "this week"
            yield Finding.about(
                located.entry, f"the frame is {names}, the text says no such time", "text"
            )
        other = Frame.WEEK if question.frame is Frame.TODAY else Frame.TODAY
        if _TIMES[other].search(question.text):
            yield Finding.about(located.entry, "a question asks about one stretch of time", "text")
        gives_away = found(_GIVES_AWAY, question.text)
        if question.discreet_ok and gives_away:
            yield Finding.about(
                located.entry,
                f'"{gives_away}" on a locked phone tells of a relationship: discreet_ok is no',
                "discreet_ok",
            )


def doubles(bench: Bench) -> Iterator[Finding]:
    """No text twice, and not too many that begin alike."""
    lines: dict[str, int] = {}
    for located in bench.questions.found:
        text = " ".join(words_of(located.thing.text))
        if text in lines:
            yield Finding.about(
                located.entry, f"the same text stands in line {lines[text]}", "text"
            )
        lines.setdefault(text, located.entry.line_of("text"))
    openings = Counter(question.opening for question in bench.questions.things_found)
    for opening, number in openings.items():
        if number > MOST_WITH_ONE_OPENING:
            yield Finding.about_file(
                bench.questions.path,
                f'{number} questions begin with "{opening}", {MOST_WITH_ONE_OPENING} at the most',
                Level.WARNING,
            )


def mix(bench: Bench) -> Iterator[Finding]:
    """Enough of each axis, facet, depth and valence for four months without a repeat."""
    if bench.questions.errors:
        return
    questions = bench.questions.things_found
    for message in (*_about_counts(questions), *_about_shares(questions)):
        yield Finding.about_file(bench.questions.path, message, Level.WARNING)


def _about_words(question: Question) -> Iterator[str]:
    for word in words_of(question.text):
        if word in _NO:
            yield f'"{word}": {_NO[word]}'
        if question.axis is QuestionAxis.SELF and word in _WE:
            yield f'"{word}" in a question about the self; ask about "you"'
    gendered = found(GENDERED, question.text)
    if gendered:
        yield f'"{gendered}" does not fit everybody; say "your partner"'


def _about_form(question: Question) -> Iterator[str]:
    text = question.text
    if count(text) > LONGEST:
        yield f"{count(text)} words, {LONGEST} at the most"
    if not text.endswith("?") or text.count("?") > 1:
        yield "a question ends with one question mark"
    if "!" in text:
        yield "no exclamation marks"
    if _CLOSED.match(text) or not _OPEN & set(words_of(text)):
        yield "it can be answered by yes or no; ask what, when, how, where, which or who"
    if _QUESTION_IN_AND.search(text):
        yield "these are two questions; ask one"
    if _PRESUMES.search(text):
        yield "it takes for granted what the partner did; ask about the person who reads it"


def _about_counts(questions: tuple[Question, ...]) -> Iterator[str]:
    axes = Counter(question.axis for question in questions)
    facets = Counter((question.axis, question.facet) for question in questions)
    for axis in QuestionAxis:
        if axes[axis] < PER_AXIS:
            yield f"{axis} has {axes[axis]} questions, {PER_AXIS} are wanted"
        for facet in FACETS[axis]:
            if not facets[axis, facet]:
                yield f"no question is about {facet}"
    about_say = facets[QuestionAxis.BALANCE, "say"]
    if about_say < ABOUT_SAY:
        yield f"{about_say} questions are about who gets a say, {ABOUT_SAY} are wanted"


def _about_shares(questions: tuple[Question, ...]) -> Iterator[str]:
    depths = Counter(question.depth for question in questions)
    valences = Counter(question.valence for question in questions)
    total = len(questions) or 1
    for name, number, wanted in (
        *((f"of depth {depth}", depths[depth], share) for depth, share in DEPTHS.items()),
        *((str(valence), valences[valence], share) for valence, share in VALENCES.items()),
    ):
        if abs(number / total - wanted) > ROOM:
            yield f"{number} of {total} questions are {name}, about {wanted:.0%} are wanted"


CHECKS: Final[tuple[Check, ...]] = (reading, wording, reading_ease, tags, doubles, mix)

"""Subjects that people leave out in notes: "told him, then went to bed" is *I* told him.

At the start of a sentence a bare verb is the writer's. After a comma or a joining word it belongs
to whoever acted last. "Me and him" and "my wife and I" are *we*.
"""

from itertools import compress, count

from bot.reading.line import ENDS, Mention, Words
from bot.reading.spec import Lexicon

_SUBJECTS = frozenset({"i", "we", "he", "she", "prt"})
_ANY_SUBJECT = _SUBJECTS | frozenset({"you", "they", "it", "this", "that", "there", "who", "what"})
_HIM = frozenset({"he", "him", "she", "her", "prt"})
_ME = frozenset({"i", "me", "myself"})
_JOINERS = frozenset({"and", "but", "then", "so", "or", "yet"})
_BRIDGES = frozenset({"always", "never", "not", "still", "then", "now", "again", "often", "usually",
                      "only", "finally", "already", "sometimes", "quietly", "eventually", "ended",
                      "do", "did", "can", "could", "have", "had", "would", "will", "am", "was",
                      "must", "should"})  # fmt: skip
_QUESTIONERS = frozenset({"do", "did", "can", "could", "have", "had", "would", "will", "am", "was",
                          "should", "must"})  # fmt: skip
_NOT_PAST = frozenset({"need", "indeed", "tired", "married", "scared", "bored", "exhausted", "bed",
                       "red", "stressed", "interested", "excited", "hundred", "feed", "seed",
                       "speed", "relaxed", "relieved", "knackered", "shared", "unmarried",
                       "supposed", "used"})  # fmt: skip


_AUXILIARIES = frozenset({"can", "could", "did", "do", "have", "had", "am", "was"})
_MAY_ACT = _SUBJECTS | {"me"}
_MARKS = _MAY_ACT | ENDS | _JOINERS


def put_back_subjects(words: Words, mentions: list[Mention], lexicon: Lexicon) -> Words:
    """The words with the subjects that were left out, marked as added; mentions are moved along."""
    texts, commas = words.texts, words.commas
    out = Words()
    added: set[int] = set()
    # words that became one, or got one put before them: (first, past, how many there are now)
    changes: list[tuple[int, int, int]] = []
    copied = skipped = 0
    # the reply begins with an end, after which nobody acts yet
    carried = ""
    for at in _decisive(texts, commas):
        if at < skipped:
            continue
        text, before = texts[at], texts[at - 1]
        starts = before in ENDS
        joins = commas[at - 1] or (before in _JOINERS and texts[at - 2] not in _SUBJECTS)
        if (starts or joins or text == "me") and _couple_at(words, at):
            skipped = at + 3
            out.take(words, copied, at)
            out.add("we", words.starts[at], words.ends[at + 2], commas[at + 2])
            copied = skipped
            changes.append((at, skipped, 1))
            carried = "we"
        elif not (starts or joins):
            if carried == "" and text in _SUBJECTS:
                carried = text
        elif text in _SUBJECTS:
            carried = text
        elif text in _ANY_SUBJECT:
            carried = ""
        elif _is_bare_verb(texts, at, lexicon):
            subject = "i" if starts else carried
            if subject:
                out.take(words, copied, at)
                copied = at
                added.add(len(out))
                out.add(subject, words.starts[at], words.starts[at])
                changes.append((at, at, 1))
                carried = subject
        elif starts and text not in _BRIDGES and text not in _JOINERS:
            carried = ""
    if not changes:
        return words
    out.take(words, copied, len(texts))
    out.added = added
    _move(mentions, changes)
    return out


def _decisive(texts: list[str], commas: list[bool]) -> list[int]:
    """Where a subject stands or may have been left out."""
    places = {at if text in _MAY_ACT else at + 1 for at, text in enumerate(texts) if text in _MARKS}
    places.update(compress(count(1), commas))
    places.discard(len(texts))
    return sorted(places)


def _move(mentions: list[Mention], changes: list[tuple[int, int, int]]) -> None:
    """Give mentions the places that their words have now."""
    coming = iter(changes)
    change = next(coming, None)
    shift = 0
    for mention in mentions:
        while change is not None and change[1] <= mention.at:
            first, past, now = change
            shift += now - (past - first)
            change = next(coming, None)
        inside = change is not None and change[0] <= mention.at
        mention.at = (change[0] if inside and change else mention.at) + shift


def _couple_at(words: Words, at: int) -> bool:
    texts = words.texts
    return (
        at + 2 < len(texts)
        and texts[at + 1] == "and"
        and not words.commas[at]
        and _is_couple(texts[at], texts[at + 2])
    )


def _is_couple(one: str, other: str) -> bool:
    return (one in _HIM and other in _ME) or (one == "me" and other in _HIM)


def _is_bare_verb(texts: list[str], at: int, lexicon: Lexicon) -> bool:
    """Whether a verb without its subject stands here, perhaps behind "never" or "always"."""
    first = texts[at]
    steps = 0
    while texts[at] in _BRIDGES and steps < 3 and at + 1 < len(texts):
        at += 1
        steps += 1
    word = texts[at]
    if steps and first in _QUESTIONERS and word in _ANY_SUBJECT:
        return False
    if steps and first in _AUXILIARIES:
        # "can not sleep", "had my evening": the auxiliary is the verb, unless it asks a question
        return word not in _ANY_SUBJECT and word not in ENDS
    return word in lexicon.verbs or (
        len(word) > 4 and word.endswith("ed") and word not in _NOT_PAST
    )

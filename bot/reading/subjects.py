"""Subjects that people leave out in notes: "told him, then went to bed" is *I* told him.

At the start of a sentence a bare verb is the writer's. After a comma or a joining word it belongs
to whoever acted last. "Me and him" and "my wife and I" are *we*.
"""

from bot.reading.line import ENDS, Mention, Word
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


def put_back_subjects(words: list[Word], mentions: list[Mention], lexicon: Lexicon) -> list[Word]:
    """The words with the subjects that were left out, marked as added; mentions are moved along."""
    out: list[Word] = []
    places: list[int] = []
    carried = "i"
    before = words[0]
    last = len(words) - 1
    at = -1
    while at < last:
        at += 1
        word = words[at]
        text = word.text
        starts = before.text in ENDS
        joins = before.comma or (before.text in _JOINERS and words[at - 2].text not in _SUBJECTS)
        before = word
        if not (starts or joins):
            if text == "me" and _couple_at(words, at):
                at = _as_we(words, at, out, places)
                before, carried = out[-1], "we"
                continue
            if text in _SUBJECTS and carried == "":
                carried = text
        elif _couple_at(words, at):
            at = _as_we(words, at, out, places)
            before, carried = out[-1], "we"
            continue
        elif text in _SUBJECTS:
            carried = text
        elif text in _ANY_SUBJECT:
            carried = ""
        elif _is_bare_verb(words, at, lexicon):
            subject = "i" if starts else carried
            if subject:
                out.append(Word(subject, word.start, word.start, False, True))
                carried = subject
        elif starts and text not in _BRIDGES and text not in _JOINERS:
            carried = ""
        places.append(len(out))
        out.append(word)
    for mention in mentions:
        mention.at = places[mention.at]
    return out


def _couple_at(words: list[Word], at: int) -> bool:
    return (
        at + 2 < len(words) and words[at + 1].text == "and" and _is_couple(words[at], words[at + 2])
    )


def _as_we(words: list[Word], at: int, out: list[Word], places: list[int]) -> int:
    """Read three words as *we*; gives the index of the last."""
    end = words[at + 2]
    places += [len(out)] * 3
    out.append(Word("we", words[at].start, end.end, end.comma))
    return at + 2


def _is_couple(first: Word, second: Word) -> bool:
    one, other = first.text, second.text
    return not first.comma and ((one in _HIM and other in _ME) or (one == "me" and other in _HIM))


def _is_bare_verb(words: list[Word], at: int, lexicon: Lexicon) -> bool:
    """Whether a verb without its subject stands here, perhaps behind "never" or "always"."""
    first = words[at].text
    steps = 0
    while words[at].text in _BRIDGES and steps < 3 and at + 1 < len(words):
        at += 1
        steps += 1
    word = words[at].text
    if steps and first in _QUESTIONERS and word in _ANY_SUBJECT:
        return False
    if steps and first in {"can", "could", "did", "do", "have", "had", "am", "was"}:
        # "can not sleep", "had my evening": the auxiliary is the verb, unless it asks a question
        return word not in _ANY_SUBJECT and word not in ENDS
    return word in lexicon.verbs or (
        len(word) > 4 and word.endswith("ed") and word not in _NOT_PAST
    )

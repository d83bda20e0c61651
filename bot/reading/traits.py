"""What the weak tier sees of a reply: stems, pairs of words, and who and what occur together.

Traits are short strings. The partner is one person whatever they are called, verbs and nouns are
cut to stems, figures are one word, so that what is learnt from one hand carries over to another.
"""

from collections.abc import Mapping
from itertools import combinations, pairwise

from bot.reading.line import Line

_ROLES = {
    **dict.fromkeys(("he", "she", "prt"), "P"),
    **dict.fromkeys(("him", "her"), "PO"),
    **dict.fromkeys(("his", "hers", "prts"), "PS"),
    **dict.fromkeys(("himself", "herself"), "PR"),
}
# words of structure: never cut, and short ones that only look as if they had an ending
_WHOLE = """i me my mine myself we us our ours ourselves you your yours it its they them their this
that these those who what which whose a an the and or but so because if when while until unless
since though although as than then before after once where whenever in on at to of for from with
without by about into over under up down out off through between not no never nothing nobody none
nor neither hardly barely always often sometimes ever still any anymore more most less least much
many every each all both some only just even too very is am are was were be been being have has
had do does did will would can could shall should may might must ought now again there here how
why"""
_AS_THEY_ARE = {word: word for word in _WHOLE.split()} | _ROLES | {".": ".", "?": "?"}
_ENDINGS = (("ies", "y"), ("ing", ""), ("edly", ""), ("ed", ""), ("ly", ""), ("es", ""), ("s", ""))
_SHORTEST = 3
# who and what shape a sentence; every two that occur in one reply are a trait
TOGETHER = (
    *("P", "PO", "PS", "always", "if", "i", "me", "my", "never", "not", "our", "until", "we"),
    "when",
)
_BEGINNING, _SHORT = "^%.4s", 4
# a word's kind says most beside who does it, to whom, and how often
_PEOPLE = ("P", "PO", "PS", "PR", "i", "me", "my", "we", "us", "our")
_AFTER_KINDS = frozenset(_PEOPLE)
_BESIDE_KINDS = frozenset(
    (*_PEOPLE, "not", "never", "always", "no", "when", "if", "can", "will", "do")
)
_PARTNER = frozenset(("P", "PO", "PS"))
_ACTING = frozenset(("i", "we", "P", "you", "they", "it"))
_TIMES = frozenset(("if", "would", "until", "used", "tonight", "today", "week"))
STRUCTURE = _BESIDE_KINDS | _PARTNER | _ACTING | _TIMES | {"used", "now", ",", "."}
"""Tokens that say how a reply is built, beside those whose kind is known."""

_FEW_SENTENCES = 3
Kinds = Mapping[str, tuple[str, ...]]
"""Token -> what kinds of word it is ("=YIELD")."""

NO_KINDS: Kinds = {}
_LONGEST_STEP, _WORDS_A_STEP = 8, 5
LENGTHS = tuple(f"#{step}" for step in range(_LONGEST_STEP + 1))


def token_of(word: str) -> str:
    """What a word of a line is seen as.

    >>> [token_of(word) for word in ("she", "decides", "deciding", "stopped", "42")]
    ['P', 'decid', 'decid', 'stop', '0']
    """
    known = _AS_THEY_ARE.get(word)
    if known is not None:
        return known
    if len(word) <= _SHORTEST:
        return "0" if word.isdigit() else word
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            word = word[: len(word) - len(ending)] + instead
            break
    if len(word) > _SHORTEST:
        doubled = word[-1] == word[-2] and word[-1] not in "sl"
        word = word[:-1] if doubled or word[-1] == "e" else word
    return "0" if word.isdigit() else word


def tokens_of(line: Line) -> list[str]:
    """The line as tokens, commas among them."""
    tokens: list[str] = []
    append, find = tokens.append, _AS_THEY_ARE.get
    for text, comma in zip(line.words.texts, line.words.commas, strict=True):
        append(find(text) or token_of(text))
        if comma:
            append(",")
    return tokens


def traits_of(tokens: list[str]) -> set[str]:
    """The traits that tokens make by themselves and in pairs; each counts once.

    A token by itself; "a b" for neighbours; "a~b" for two with one or two tokens between them;
    "a&b" for two words of structure anywhere in the reply; "^abcd" for the first four letters of a
    longer token; "#n" for its length. The reader in `weak` looks up most of these without spelling
    them out.
    """
    traits = set(tokens)
    beginnings = [beginning_of(token) for token in traits]
    here = [role for role in TOGETHER if role in traits]
    traits.update(map("%s %s".__mod__, pairwise(tokens)))
    traits.update(map("%s~%s".__mod__, zip(tokens, tokens[2:], strict=False)))
    traits.update(map("%s~%s".__mod__, zip(tokens, tokens[3:], strict=False)))
    traits.update(map("%s&%s".__mod__, combinations(here, 2)))
    traits.update(filter(None, beginnings))
    traits.add(LENGTHS[step_of(len(tokens))])
    return traits


def traits_of_line(line: Line, kinds: Kinds = NO_KINDS) -> set[str]:
    """All traits of a line: its tokens', what kinds of word they are, and who is in it at all."""
    tokens = tokens_of(line)
    return traits_of(tokens) | kinds_in(tokens, kinds) | set(marks_of(line, tokens))


def beginning_of(token: str) -> str:
    """The trait of a long token's first letters; empty for a short one."""
    return _BEGINNING % token if len(token) > _SHORT else ""


def kinds_in(tokens: list[str], kinds: Kinds) -> set[str]:
    """What kinds of word there are (YIELD, FIGHT) and beside whom.

    "=KIND" for the kind, "a>=KIND" for a word of structure up to three tokens before one, "=KIND>a"
    for a person up to two tokens behind one.
    """
    traits: set[str] = set()
    some = kinds.keys() & set(tokens)
    if not some:
        return traits
    add = traits.add
    for at, token in enumerate(tokens):
        if token in some:
            before = _BESIDE_KINDS.intersection(tokens[max(at - 3, 0) : at])
            after = _AFTER_KINDS.intersection(tokens[at + 1 : at + 3])
            for kind in kinds[token]:
                add(kind)
                for word in before:
                    add(word + ">" + kind)
                for word in after:
                    add(kind + ">" + word)
    return traits


def marks_of(line: Line, tokens: list[str]) -> list[str]:
    """Who is named and who acts, seen from the whole reply.

    "#quoted"; "#other" people named, several of them, acting, before the partner, or only they;
    "#named" for a partner named by more than a pronoun, "#nobody" for none at all; who acts first
    and last; "#used now" for what used to be and is told as changed.
    """
    marks = []
    if line.quoted:
        marks.append("#quoted")
    partner = next((at for at, token in enumerate(tokens) if token in _PARTNER), None)
    if partner is None:
        marks.append("#nobody")
        marks.extend("#nobody&" + word for word in _TIMES.intersection(tokens))
    if line.mentions:
        # commas are tokens and no words
        at = None if partner is None else partner - tokens[:partner].count(",")
        marks.extend(_mentioned(line, at))
    if "used" in tokens and "now" in tokens[tokens.index("used") :]:
        marks.append("#used now")
    if tokens.count(".") > _FEW_SENTENCES:
        marks.append("#long")
    acting = [token for token in tokens if token in _ACTING]
    if acting:
        marks += ["#first " + acting[0], "#last " + acting[-1]]
    return marks


def _mentioned(line: Line, partner: int | None) -> list[str]:
    mentions = line.mentions
    others = [mention for mention in mentions if not mention.partner]
    marks = [] if len(others) == len(mentions) else ["#named"]
    if others:
        marks.append("#other")
        if len(others) > 1:
            marks.append("#others")
        if any(mention.subject for mention in others):
            marks.append("#other acts")
        if others[0].at == min(mention.at for mention in mentions):
            marks.append("#other first")
        if "#named" not in marks:
            marks.append("#other only")
        if partner is not None and others[0].at < partner:
            marks.append("#other before P")
    return marks


def step_of(count: int) -> int:
    """Which of `LENGTHS` a line of so many tokens has."""
    return min(_LONGEST_STEP, count // _WORDS_A_STEP)


def is_of_pairs(trait: str) -> bool:
    """Whether a trait is a token, two of them or a length: what `parts_of` can take apart."""
    return trait in LENGTHS or not (trait[0] in "^=#" or ">" in trait[1:])


def parts_of(trait: str) -> tuple[str, str, str]:
    """The first token of a trait, what joins it to the second, and the second; or it alone.

    >>> [parts_of(trait) for trait in ("P", "P decid", "~~P", "if&we")]
    [('P', '', ''), ('P', ' ', 'decid'), ('~', '~', 'P'), ('if', '&', 'we')]
    """
    for sign in " &~":
        # a word in other letters is itself read as a lone "~"
        at = trait.find(sign, 1)
        if 0 < at < len(trait) - 1:
            return trait[:at], sign, trait[at + 1 :]
    return trait, "", ""

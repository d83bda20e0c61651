"""What the weak tier sees of a reply: stems, pairs of words, and who and what occur together.

Traits are short strings. The partner is one person whatever they are called, verbs and nouns are
cut to stems, figures are one word, so that what is learnt from one hand carries over to another.
"""

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
    """All traits of a tokenised line; each counts once.

    A token by itself; "a b" for neighbours; "a~b" for two with one or two tokens between them;
    "a&b" for two words of structure anywhere in the reply; "#n" for its length. The reader in
    `weak` looks up the same without spelling them out.
    """
    traits = set(tokens)
    here = [role for role in TOGETHER if role in traits]
    traits.update(map("%s %s".__mod__, pairwise(tokens)))
    traits.update(map("%s~%s".__mod__, zip(tokens, tokens[2:], strict=False)))
    traits.update(map("%s~%s".__mod__, zip(tokens, tokens[3:], strict=False)))
    traits.update(map("%s&%s".__mod__, combinations(here, 2)))
    traits.add(LENGTHS[step_of(len(tokens))])
    return traits


def step_of(count: int) -> int:
    """Which of `LENGTHS` a line of so many tokens has."""
    return min(_LONGEST_STEP, count // _WORDS_A_STEP)


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

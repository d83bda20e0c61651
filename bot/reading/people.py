"""Who is named in a reply: the partner, one word whatever they are called, and everybody else."""

from bot.reading.line import ENDS, Mention, Words
from bot.reading.spec import Lexicon

PARTNER, PARTNERS = "prt", "prts"
_OWNERS = frozenset({"my", "the", "our", "his", "her", "a", "an", PARTNERS})
_OPENERS = frozenset({"and", "but", "that", "because", "so", "when", "if", "then", "while"})
_THEY = {"they": PARTNER, "them": PARTNER, "their": PARTNERS, "themselves": "himself"}


class People:
    """Finds people in the words of a reply, by one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        """Gather all words that may name somebody, so that others are passed over quickly."""
        self._lexicon = lexicon
        nouns = lexicon.partner_nouns | lexicon.own_nouns
        stems = nouns | {noun + "s" for noun in nouns} | lexicon.others.keys() | lexicon.names
        self._naming = frozenset(_THEY) | stems | {stem + "'s" for stem in stems}

    def find(self, words: Words, owners: bool) -> tuple[Words, list[Mention]]:
        """Name everybody; the partner's nouns and names become `prt`, owning `prts`.

        A first name is the partner's unless it is bound to somebody else ("my sister Anna") or
        the partner is already called something else. *They* is the partner where the person last
        named is. Other open possessives ("boss's") close to a plain plural.

        Args:
            words: The words of the reply.
            owners: Whether there may be open possessives among them.
        """
        lexicon, naming, texts = self._lexicon, self._naming, words.texts
        mentions: list[Mention] = []
        names: set[str] = set()
        gone: list[tuple[int, int]] = []
        places = (
            [at for at, text in enumerate(texts) if text in naming or text[-2:] == "'s"]
            if owners
            else [at for at, text in enumerate(texts) if text in naming]
        )
        for at in places:
            text = texts[at]
            owner = text[-2:] == "'s"
            if owner:
                texts[at] = text[:-2] + "s"
                if text not in naming:
                    continue
            stem = text[:-2] if owner else text
            first = _start_of_partner(words, at, stem, lexicon)
            if first is not None:
                # "my husbands phone": the apostrophe is often left out
                owns = owner or (
                    stem not in lexicon.partner_nouns and stem not in lexicon.own_nouns
                )
                _become_partner(words, first, at, owns)
                if first < at:
                    gone.append((first, at))
                mentions.append(Mention(at, True, "n", subject=True))
            elif stem in lexicon.others:
                gender = lexicon.others[stem]
                mentions.append(Mention(at, False, gender, _opens_clause(words, at)))
            elif stem in lexicon.names and not _is_somebody_else(stem, at, mentions, names):
                names.add(stem)
                _become_partner(words, at, at, owner)
                mentions.append(Mention(at, True, "n", subject=True))
            elif stem in lexicon.names:
                mentions.append(Mention(at, False, "n", _opens_clause(words, at)))
            elif text in _THEY and mentions and mentions[-1].partner:
                texts[at] = _THEY[text]
        return (_without(words, gone, mentions) if gone else words), mentions


def _start_of_partner(words: Words, at: int, stem: str, lexicon: Lexicon) -> int | None:
    """The first word of "my lovely husband", or None if the word is not one's own partner."""
    singular = stem[:-1] if stem[-1:] == "s" else stem
    plain = stem in lexicon.partner_nouns
    if not (plain or singular in lexicon.partner_nouns or stem in lexicon.own_nouns):
        return None
    texts, comma = words.texts, words.commas
    first = at
    while first > 1 and texts[first - 1] in lexicon.partner_modifiers and at - first < 2:
        first -= 1
    before = texts[first - 1]
    if not comma[first - 1] and (before == "my" or (plain and before == "the")):
        return first - 1
    # "my daughter's boyfriend", also without the apostrophe
    owned = before.removesuffix("s") in lexicon.others or before in lexicon.not_partner
    blocked = first < at or (owned and not comma[first - 1])
    return at if plain and not blocked else None


def _become_partner(words: Words, first: int, at: int, owner: bool) -> None:
    words.texts[at] = PARTNERS if owner else PARTNER
    words.starts[at] = words.starts[first]


def _is_somebody_else(name: str, at: int, mentions: list[Mention], names: set[str]) -> bool:
    if name in names:
        return False
    last = mentions[-1] if mentions else None
    if last is not None and at - last.at == 1:
        # "my husband Tom", "my sister Anna": a name beside a noun is that person's
        return not last.partner
    return any(mention.partner for mention in mentions)


def _opens_clause(words: Words, at: int) -> bool:
    before = at - 1
    while before > 0 and words.texts[before] in _OWNERS and not words.commas[before]:
        before -= 1
    text = words.texts[before]
    return words.commas[before] or text in ENDS or text in _OPENERS


def _without(words: Words, gone: list[tuple[int, int]], mentions: list[Mention]) -> Words:
    """The words without some stretches, which do not overlap; mentions are moved along."""
    kept = Words()
    copied = shift = 0
    moving = iter(mentions)
    mention = next(moving, None)
    for first, past in gone:
        while mention is not None and mention.at < past:
            mention.at = min(mention.at, first) - shift
            mention = next(moving, None)
        kept.take(words, copied, first)
        copied = past
        shift += past - first
    while mention is not None:
        mention.at -= shift
        mention = next(moving, None)
    kept.take(words, copied, len(words))
    return kept

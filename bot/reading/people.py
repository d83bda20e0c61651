"""Who is named in a reply: the partner, one word whatever they are called, and everybody else."""

from bot.reading.line import ENDS, Mention, Word
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

    def find(self, words: list[Word]) -> list[Mention]:
        """Name everybody; the partner's nouns and names become `prt`, owning `prts`, in place.

        A first name is the partner's unless it is bound to somebody else ("my sister Anna") or
        the partner is already called something else. *They* is the partner where the person last
        named is. Other open possessives ("boss's") close to a plain plural.
        """
        lexicon = self._lexicon
        mentions: list[Mention] = []
        names: set[str] = set()
        gone: set[int] = set()
        for at, word in enumerate(words):
            text = word.text
            owner = text[-2:] == "'s"
            if owner:
                word.text = text[:-2] + "s"
            if text not in self._naming:
                continue
            stem = text[:-2] if owner else text
            first = _start_of_partner(words, at, stem, lexicon)
            if first is not None:
                # "my husbands phone": the apostrophe is often left out
                owns = owner or (
                    stem not in lexicon.partner_nouns and stem not in lexicon.own_nouns
                )
                _become_partner(words, first, at, owns, gone)
                mentions.append(Mention(at, True, "n", subject=True))
            elif stem in lexicon.others:
                gender = lexicon.others[stem]
                mentions.append(Mention(at, False, gender, _opens_clause(words, at)))
            elif stem in lexicon.names and not _is_somebody_else(stem, at, mentions, names):
                names.add(stem)
                _become_partner(words, at, at, owner, gone)
                mentions.append(Mention(at, True, "n", subject=True))
            elif stem in lexicon.names:
                mentions.append(Mention(at, False, "n", _opens_clause(words, at)))
            elif text in _THEY and mentions and mentions[-1].partner:
                word.text = _THEY[text]
        return _without(words, gone, mentions)


def _start_of_partner(words: list[Word], at: int, stem: str, lexicon: Lexicon) -> int | None:
    """The first word of "my lovely husband", or None if the word is not one's own partner."""
    singular = stem[:-1] if stem[-1:] == "s" else stem
    plain = stem in lexicon.partner_nouns
    if not (plain or singular in lexicon.partner_nouns or stem in lexicon.own_nouns):
        return None
    first = at
    while first > 1 and words[first - 1].text in lexicon.partner_modifiers and at - first < 2:
        first -= 1
    before = words[first - 1]
    if not before.comma and (before.text == "my" or (plain and before.text == "the")):
        return first - 1
    # "my daughter's boyfriend", also without the apostrophe
    owned = before.text.removesuffix("s") in lexicon.others or before.text in lexicon.not_partner
    blocked = first < at or (owned and not before.comma)
    return at if plain and not blocked else None


def _become_partner(words: list[Word], first: int, at: int, owner: bool, gone: set[int]) -> None:
    words[at].text = PARTNERS if owner else PARTNER
    words[at].start = words[first].start
    gone.update(range(first, at))


def _is_somebody_else(name: str, at: int, mentions: list[Mention], names: set[str]) -> bool:
    if name in names:
        return False
    last = mentions[-1] if mentions else None
    if last is not None and at - last.at == 1:
        # "my husband Tom", "my sister Anna": a name beside a noun is that person's
        return not last.partner
    return any(mention.partner for mention in mentions)


def _opens_clause(words: list[Word], at: int) -> bool:
    before = at - 1
    while before > 0 and words[before].text in _OWNERS and not words[before].comma:
        before -= 1
    return words[before].comma or words[before].text in ENDS or words[before].text in _OPENERS


def _without(words: list[Word], gone: set[int], mentions: list[Mention]) -> list[Mention]:
    if gone:
        moved = []
        shift = 0
        for at in range(len(words)):
            moved.append(at - shift)
            shift += at in gone
        words[:] = [word for at, word in enumerate(words) if at not in gone]
        for mention in mentions:
            mention.at = moved[mention.at]
    return mentions

"""Two naive ways to read a reply, to compare with: counting *we*, and a list of keywords."""

import re

from bot.reading.spec import Label

_WORD = re.compile(r"[a-z']+")
_WE = frozenset({"we", "us", "our", "ours", "we're", "we've"})
_I = frozenset({"i", "me", "my", "mine", "i'm", "i've", "im", "ive"})
_KEYWORDS = {
    Label.MERGING: r"\b(without (him|her)|everything together|our|one person|need (him|her)|"
    r"(his|her) mood|can't be|my whole|guilty)\b",
    Label.DEFERRING: r"\b(give in|gave in|let (him|her)|(he|she) decides|quiet|peace|allowed|"
    r"permission|whatever (he|she)|lets me|sorry)\b",
    Label.DIRECTING: r"\b(i decide|i told (him|her)|i let|my way|should|i check|make (him|her)|"
    r"made (him|her)|won't let)\b",
    Label.DISTANCE: r"\b(flatmates|roommates|strangers|silence|alone|don't talk|nothing to say|"
    r"separate|apart|no longer|distant|phone)\b",
    Label.INTERDEPENDENT: r"\b(together|talked|listened|both|hugged|thanked|apologised|agreed|"
    r"asked|laughed)\b",
}
_PATTERNS = {label: re.compile(pattern) for label, pattern in _KEYWORDS.items()}


def by_we(text: str) -> Label:
    """Many *we* and no *I* is merging, both is interdependent, several *I* and no *we* distance."""
    words = _WORD.findall(text.lower().replace("\u2019", "'"))
    ours = sum(word in _WE for word in words)
    mine = sum(word in _I for word in words)
    if ours and mine:
        return Label.INTERDEPENDENT
    if ours >= 2:
        return Label.MERGING
    if mine >= 2:
        return Label.DISTANCE
    return Label.NEUTRAL


def by_keywords(text: str) -> Label:
    """The label with the most keywords, neutral without any."""
    lower = text.lower().replace("\u2019", "'")
    counts = {label: len(pattern.findall(lower)) for label, pattern in _PATTERNS.items()}
    best = max(counts, key=lambda label: counts[label])
    return best if counts[best] else Label.NEUTRAL

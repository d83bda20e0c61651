"""The forms of an English word, for the `~` of the notation: give, gives, gave, given, giving."""

from collections.abc import Mapping

_VOWELS = "aeiou"


def forms_of(base: str, irregular: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The base and its -s, -ed and -ing forms, irregular ones from the table.

    The spelling rules are the ordinary ones (a final e falls, y turns to i, a short final
    consonant doubles). Where doubling depends on stress both spellings are given: a form that
    nobody writes costs nothing in a pattern.
    """
    forms = [base, _third_person(base), *irregular.get(base, ())]
    if base not in irregular:
        forms += _regular_past(base)
    forms += _participles(base)
    return tuple(dict.fromkeys(forms))


def _third_person(base: str) -> str:
    if base.endswith(("s", "x", "z", "ch", "sh", "o")):
        return base + "es"
    if _ends_in_consonant_y(base):
        return base[:-1] + "ies"
    return base + "s"


def _regular_past(base: str) -> list[str]:
    if base.endswith("e"):
        return [base + "d"]
    if _ends_in_consonant_y(base):
        return [base[:-1] + "ied"]
    return [base + "ed", base + base[-1] + "ed"] if _may_double(base) else [base + "ed"]


def _participles(base: str) -> list[str]:
    if base.endswith("ie"):
        return [base[:-2] + "ying"]
    if base.endswith("e") and not base.endswith(("ee", "oe", "ye")):
        return [base[:-1] + "ing"]
    return [base + "ing", base + base[-1] + "ing"] if _may_double(base) else [base + "ing"]


def _ends_in_consonant_y(word: str) -> bool:
    return len(word) > 1 and word.endswith("y") and word[-2] not in _VOWELS


def _may_double(word: str) -> bool:
    if len(word) < 3 or word[-1] in _VOWELS or word[-1] in "wxy":
        return False
    return word[-2] in _VOWELS and word[-3] not in _VOWELS

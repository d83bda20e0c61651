"""Dice that fall the same way every time: the rhythm's only source of variety."""

from hashlib import blake2b


def dice(*parts: object) -> int:
    """A number from 0 to 2**64 - 1 that looks random and is the same for the same parts.

    It does not depend on the machine, the process or the order in which people come.
    """
    text = "|".join(str(part) for part in parts)
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest())

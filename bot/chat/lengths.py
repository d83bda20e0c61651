"""Lengths as Telegram counts them: in UTF-16 units, of which most emoji have two."""


def pieces(text: str, most: int) -> list[str]:
    """The whole text in pieces of at most ``most`` units."""
    found: list[str] = []
    while text:
        piece, text = cut(text, most)
        found.append(piece)
    return found


def cut(text: str, most: int) -> tuple[str, str]:
    """As much of a text as ``most`` units hold, up to a blank if one is near, and the rest."""
    units = 0
    for at, sign in enumerate(text):
        units += 1 + (ord(sign) > 0xFFFF)
        if units > most:
            blank = text.rfind(" ", at * 9 // 10, at)
            end = at if blank < 0 else blank + 1
            return text[:end], text[end:]
    return text, ""

"""A normalised reply: its words, where they came from, and who is named in it."""

from dataclasses import dataclass

ENDS = frozenset({".", "?"})
# a word in letters other than Latin ones
UNKNOWN = "~"


@dataclass(slots=True)
class Word:
    """A word of the line: what it is read as, and the stretch of the original it came from."""

    text: str
    start: int
    end: int
    comma: bool = False
    added: bool = False


@dataclass(slots=True)
class Mention:
    """A person named by a noun or a name.

    Attributes:
        at: Index of the word.
        partner: Whether it is the partner.
        gender: "m", "f", "n" (either) or "p" (several people).
        subject: Whether it opens a clause, as whoever acts in it does.
    """

    at: int
    partner: bool
    gender: str
    subject: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A normalised reply.

    Attributes:
        original: The reply as it was written, at most 4,096 characters of it.
        text: The line as codes, two bytes a word.
        words: Its words; a lone `.` or `?` ends a sentence.
        offsets: Where each word's code starts in `text`.
        quoted: Stretches of the original in quotation marks.
        mentions: People named, in order.
    """

    original: str
    text: bytes
    words: list[Word]
    offsets: list[int]
    quoted: tuple[tuple[int, int], ...]
    mentions: list[Mention]

    @property
    def sentences(self) -> int:
        """How many ends of sentences there are, the one before the first word included."""
        return sum(word.text in ENDS for word in self.words)

    def phrase(self, first: int, last: int) -> str:
        """The person's own spelling from word `first` to word `last`, both included."""
        spans = [word for word in self.words[first : last + 1] if word.end > word.start]
        if not spans:
            return ""
        return self.original[min(w.start for w in spans) : max(w.end for w in spans)]

    def __str__(self) -> str:
        """The line for people who look for why a pattern does not meet it."""
        return " ".join(
            ("+" if word.added else "") + word.text + ("," if word.comma else "")
            for word in self.words
        )

"""A normalised reply: its words, where they came from, and who is named in it."""

from collections.abc import Iterator, Set
from dataclasses import dataclass, field

from bot.reading.codes import CODE, COMMA

ENDS = frozenset({".", "?"})
# a word in letters other than Latin ones
UNKNOWN = "~"
_NONE: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the line: what it is read as, and the stretch of the original it came from."""

    text: str
    start: int
    end: int
    comma: bool = False
    added: bool = False


@dataclass(slots=True)
class Words:
    """The words of a line, column by column.

    A reply has some fifty words, and an object for each would cost more than all that is looked up
    about them. Whoever wants words one by one gets them.

    Attributes:
        texts: What each is read as.
        starts: Where in the original each begins.
        ends: Where in the original each ends.
        commas: Whether a comma follows.
        added: Places of subjects that the writer left out.
    """

    texts: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    commas: list[bool] = field(default_factory=list)
    added: Set[int] = _NONE

    def __len__(self) -> int:
        return len(self.texts)

    def __getitem__(self, at: int) -> Word:
        return Word(
            self.texts[at], self.starts[at], self.ends[at], self.commas[at], at in self.added
        )

    def __iter__(self) -> Iterator[Word]:
        return (self[at] for at in range(len(self.texts)))

    def add(self, text: str, start: int, end: int, comma: bool = False) -> None:
        """One word more at the end."""
        self.texts.append(text)
        self.starts.append(start)
        self.ends.append(end)
        self.commas.append(comma)

    def take(self, other: "Words", first: int, past: int) -> None:
        """Some words of another line more at the end."""
        self.texts += other.texts[first:past]
        self.starts += other.starts[first:past]
        self.ends += other.ends[first:past]
        self.commas += other.commas[first:past]


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


@dataclass(slots=True)
class Line:
    """A normalised reply.

    Attributes:
        original: The reply as it was written, at most 4,096 characters of it.
        text: The line as codes, two bytes a word.
        words: Its words; a lone `.` or `?` ends a sentence.
        ends: Places of the ends of sentences among the words; one stands before the first word.
        quoted: Stretches of the original in quotation marks.
        mentions: People named, in order.
    """

    original: str
    text: bytes
    words: Words
    ends: list[int]
    quoted: tuple[tuple[int, int], ...]
    mentions: list[Mention]

    def byte_of(self, word: int) -> int:
        """Where the code of a word starts in `text`."""
        return CODE * (word + self.words.commas[:word].count(True))

    def word_at(self, byte: int) -> int:
        """The first word whose code starts at a byte of `text`, or after it."""
        return byte // CODE - self.text.count(COMMA, 0, byte)

    def phrase(self, first: int, last: int) -> str:
        """The person's own spelling from word `first` to word `last`, both included."""
        spans = [
            (start, end)
            for start, end in zip(
                self.words.starts[first : last + 1], self.words.ends[first : last + 1], strict=True
            )
            if end > start
        ]
        if not spans:
            return ""
        return self.original[min(start for start, _ in spans) : max(end for _, end in spans)]

    def __str__(self) -> str:
        """The line for people who look for why a pattern does not meet it."""
        return " ".join(
            ("+" if word.added else "") + word.text + ("," if word.comma else "")
            for word in self.words
        )

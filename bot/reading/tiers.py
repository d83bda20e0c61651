"""Both tiers as one reader: the rules find, the words behind them widen.

Beads, phrases and sure flags come from the rules alone. The weak tier has a say in the label, and
can raise the *possible* flag that brings the quiet help button.
"""

from bot.reading.combined import combine
from bot.reading.reader import Reader, Reading
from bot.reading.safety import SafetyFlag
from bot.reading.spec import Certainty, SafetyKind
from bot.reading.weak import WeakReader

UNKNOWN_KIND = SafetyKind.HARM_BY_PARTNER
"""The weak tier does not know kinds; its flags are kept as the commonest. No kind is ever shown."""


class TwoTierReader:
    """A reader of rules with a weak tier beside it; holds no state between texts."""

    def __init__(self, rules: Reader, weak: WeakReader) -> None:
        self._rules = rules
        self._weak = weak.knowing(rules.words)

    @property
    def version(self) -> str:
        """The stamp of the rules, by which beads are counted."""
        return self._rules.version

    def prepare(self) -> None:
        """Do now what reading would otherwise do bit by bit; takes a tenth of a second or two."""
        self._rules.prepare()

    def read(self, text: str, question_axis: str | None = None) -> Reading:
        """Read one text; never raises, whatever the text."""
        line = self._rules.line(text)
        reading = self._rules.read_line(line, question_axis)
        label, flagged = combine(reading, self._weak.read(line))
        safety = reading.safety
        if flagged and not safety:
            safety = (SafetyFlag(UNKNOWN_KIND, Certainty.POSSIBLE),)
        if label is reading.label and safety is reading.safety:
            return reading
        return Reading(label, reading.beads, reading.set_aside, safety, reading.language)

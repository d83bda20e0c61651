"""The quiz result in words, with its reasons."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.drift.beads import Bead
from bot.drift.patterns import at_floor_of_say
from bot.drift.positions import Position
from bot.drift.quizzes import Closeness, quiz_sittings, read_quiz, retake_change
from bot.drift.rules import Axis, RuleSet
from bot.report.points import points, strongest
from prompts.templates import Words

LOW, HIGH = 0.42, 0.56
"""Where the result speaks of little and of enough on self and togetherness (as patterns do)."""

SAY_LOW, SAY_HIGH = -0.30, 0.30


@dataclass(frozen=True, slots=True)
class QuizResult:
    """The result as HTML; ``help`` asks for the button to people who can help."""

    text: str
    help: bool


def quiz_text(
    words: Words,
    rules: RuleSet,
    beads: Sequence[Bead],
    earlier: Sequence[Bead],
    day: date,
    closeness: Closeness | None,
) -> QuizResult:
    """Describe a quiz from its answers alone; an axis with fewer than six answers stays unsaid."""
    reading = read_quiz(day, beads)
    found = points(beads, day)
    say = reading.positions[Axis.SAY]
    floor = say is not None and at_floor_of_say(say)
    best = strongest(found, (Axis.SELF, True), (Axis.TOGETHER, True))
    paragraphs = [
        words("quiz.result_title"),
        words("quiz.strength_of_showing_up")
        if best is None
        else words("quiz.strength", plain=rules[best.rule].plain),
    ]
    for axis in (Axis.SELF, Axis.TOGETHER, Axis.SAY):
        if axis is Axis.SAY and floor:
            paragraphs.append(words("quiz.floor"))
        else:
            paragraphs.append(_axis(words, rules, axis, reading.positions[axis], beads, day))
    if earlier:
        paragraphs += _changes(words, earlier, beads)
    if closeness is not None:
        paragraphs.append(words("quiz.closeness", gap=closeness.gap))
    paragraphs.append(words("quiz.ending"))
    return QuizResult("\n\n".join(paragraphs), help=floor)


def level(axis: Axis, position: Position) -> str:
    """Say low, middle or high, by the same cuts by which patterns are named."""
    low, high = (SAY_LOW, SAY_HIGH) if axis is Axis.SAY else (LOW, HIGH)
    if position.mean <= low:
        return "low"
    return "high" if position.mean >= high else "middle"


def _axis(
    words: Words,
    rules: RuleSet,
    axis: Axis,
    position: Position | None,
    beads: Sequence[Bead],
    day: date,
) -> str:
    if position is None:
        return words("quiz.unclear", axis=axis.value)
    said = level(axis, position)
    text = words(f"quiz.lean_{axis.value}", level=said)
    if said == "middle":
        return text
    reason = strongest(points(beads, day), (axis, said == "high"))
    if reason is None:
        return text
    return f"{text} {words('quiz.because', plain=rules[reason.rule].plain)}"


def _changes(words: Words, earlier: Sequence[Bead], beads: Sequence[Bead]) -> list[str]:
    sittings = quiz_sittings(earlier)
    if not sittings:
        return []
    latest = sittings[max(sittings)]
    now = {bead.rule: bead for bead in beads}
    return [
        words("quiz.changed", axis=axis.value, direction=direction.value)
        for axis, direction in retake_change(latest, now).items()
        if direction is not None
    ]

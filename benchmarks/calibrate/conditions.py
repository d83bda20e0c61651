"""Conditions: the kinds of people and of change that are measured."""

from dataclasses import replace

from benchmarks.calibrate.people import Life, Move
from bot.drift.patterns import Pattern

DEFAULT = Life()
YEAR = replace(DEFAULT, weeks=52)
STEP = Move(start=0.65, amount=-0.25, first=9, last=9)

MOVES: dict[str, Life] = {
    "step .65 to .40 in week 9": replace(DEFAULT, move=STEP),
    "step .65 to .50 in week 9": replace(DEFAULT, move=replace(STEP, amount=-0.15)),
    "step .65 to .35 in week 9": replace(DEFAULT, move=replace(STEP, amount=-0.30)),
    "step .40 to .65 in week 9": replace(DEFAULT, move=replace(STEP, start=0.40, amount=0.25)),
    "slide .65 to .35, weeks 5 to 16": replace(
        DEFAULT, move=Move(start=0.65, amount=-0.30, first=5, last=16)
    ),
    "dip .65 to .40 for four weeks": replace(DEFAULT, move=replace(STEP, back=13)),
    "step .65 to .40 in week 5": replace(DEFAULT, move=replace(STEP, first=5, last=5)),
    "step .65 to .40 in week 7": replace(DEFAULT, move=replace(STEP, first=7, last=7)),
    "step .65 to .40 in week 25": replace(DEFAULT, weeks=32, move=replace(STEP, first=25, last=25)),
}

THERE_AND_BACK = replace(DEFAULT, weeks=34, move=replace(STEP, back=27))
STAYING = replace(YEAR, move=STEP)
LARGE_STEP = Move(start=0.75, amount=-0.50, first=13, last=13)
LARGE = replace(DEFAULT, weeks=30, move=LARGE_STEP)

PEOPLE: dict[str, Life] = {
    "default": DEFAULT,
    "noisy tappers (.3)": replace(DEFAULT, noise=0.3),
    "noisy days (.2)": replace(DEFAULT, day=0.2),
    "half repliers (40%, check-in 50%)": replace(DEFAULT, reply=0.4, check_in=0.5),
    "moody check-ins (.12)": replace(DEFAULT, mood=0.12),
    "wandering people (.06)": replace(DEFAULT, wander=0.06),
    "random walk, .015 a week": replace(DEFAULT, walk=0.015),
    "random walk, .03 a week": replace(DEFAULT, walk=0.03),
    "yes-saying creeps up by .12": replace(DEFAULT, yes_saying=0.12),
    "answers shrink 30% to the middle": replace(DEFAULT, shrinking=0.3),
    "each question drifts, .03 a week": replace(DEFAULT, question_drift=0.03),
    "questions understood unlike (.15)": replace(DEFAULT, question=0.15),
    "quitters (5% a week from week 5)": replace(DEFAULT, quitting=0.05),
}

# self, together and say, all on 0..1: say .275 is -.45 on its own scale
TYPES: dict[Pattern, tuple[float, float, float]] = {
    Pattern.DEFERRING: (0.40, 0.55, 0.275),
    Pattern.DIRECTING: (0.60, 0.50, 0.725),
    Pattern.MERGING: (0.32, 0.68, 0.5),
    Pattern.DISTANCE: (0.68, 0.32, 0.5),
    Pattern.BOTH_LOW: (0.32, 0.32, 0.5),
    Pattern.INTERDEPENDENT: (0.68, 0.68, 0.5),
    Pattern.NOT_CLEAR: (0.5, 0.5, 0.5),
}


def of_type(pattern: Pattern, *, spread: float = 0.0, quiz: bool = True, weeks: int = 4) -> Life:
    """People at, or spread around, the levels of a type; the middling ones are "not clear"."""
    return replace(DEFAULT, weeks=weeks, levels=TYPES[pattern], spread=spread, quiz=quiz)

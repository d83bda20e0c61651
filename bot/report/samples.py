"""Samples: figures that are filled into every template when the bot starts."""

from datetime import date, timedelta
from typing import Final

from bot.drift.positions import Position
from bot.report.figure import Figure, Pair, Place, Slot, Standing

NOTHING: Final = Pair(*[Place(Position(0.0, 0.0, 0.0, 0.0), Standing.UNKNOWN)] * 3)
SOMETHING: Final = Pair(*[Place(Position(0.5, 0.4, 0.6, 9.0), Standing.CLEAR)] * 3)
BLANK: Final = Figure(NOTHING, ())
SAMPLE: Final = Figure(
    SOMETHING,
    tuple(
        Slot(date(2026, 1, 5) + timedelta(weeks=week), pair, unusual=False)
        for week, pair in enumerate((SOMETHING, SOMETHING, NOTHING, SOMETHING))
    ),
)
"""Two weeks, a gap, and a week alone."""

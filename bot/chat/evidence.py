"""What an answer counts for, noted beside it."""

from datetime import date

from bot.chat.turn import Turn
from bot.drift.beads import Bead, answer_bead
from bot.drift.rules import Rule, Source
from storage.beads import StoredBead


def stored(bead: Bead, source_id: int) -> StoredBead:
    """A bead as it is stored."""
    return StoredBead(
        day=bead.day,
        source=bead.source.value,
        source_id=source_id,
        rule=bead.rule,
        family=bead.family,
        axis=bead.axis.value,
        plus=bead.plus,
        minus=bead.minus,
        version=bead.version,
    )


def count_tap(turn: Turn, tap_id: int, rule: Rule, value: int, day: date, *, late: bool) -> None:
    """Note what a daily tap counts for, in the place of what it counted for before."""
    bead = answer_bead(rule, value, day, Source.TAP, backfilled=late)
    turn.store.beads.replace(turn.person.id, Source.TAP.value, tap_id, [stored(bead, tap_id)])

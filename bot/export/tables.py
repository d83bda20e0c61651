"""The tables of an export, for a spreadsheet."""

import csv
import io
from collections.abc import Iterable

from bot.export.shape import Export

Cell = str | int | float | None

_LOOKS_LIKE_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def tables(export: Export) -> dict[str, bytes]:
    """File name and content of each table."""
    return {
        "answers.csv": _table(
            ("day", "question", "text", "words", "late", "answered_at"),
            (
                (
                    one.day.isoformat(),
                    one.question,
                    one.text,
                    one.words,
                    int(one.late),
                    one.answered_at.isoformat(),
                )
                for one in export.answers
            ),
        ),
        "taps.csv": _table(
            ("day", "rule", "value", "late"),
            ((one.day.isoformat(), one.rule, one.value, int(one.late)) for one in export.taps),
        ),
        "check_ins.csv": _table(
            ("day", "rule", "value"),
            (
                (one.day.isoformat(), rule, value)
                for one in export.check_ins
                for rule, value in one.answers.items()
            ),
        ),
        "quizzes.csv": _table(
            ("day", "rule", "value"),
            (
                (None if one.day is None else one.day.isoformat(), rule, value)
                for one in export.quizzes
                for rule, value in one.answers.items()
            ),
        ),
        "beads.csv": _table(
            ("day", "source", "rule", "family", "axis", "plus", "minus", "version"),
            (
                (
                    one.day.isoformat(),
                    one.source,
                    one.rule,
                    one.family,
                    one.axis,
                    one.plus,
                    one.minus,
                    one.version,
                )
                for one in export.beads
            ),
        ),
        "reports.csv": _table(
            ("day", "kind", "pattern"),
            ((one.day.isoformat(), one.kind, one.pattern) for one in export.reports),
        ),
    }


def _table(head: tuple[str, ...], rows: Iterable[tuple[Cell, ...]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows(tuple(map(_harmless, row)) for row in rows)
    # the mark tells spreadsheets that this is UTF-8
    return out.getvalue().encode("utf-8-sig")


def _harmless(cell: Cell) -> Cell:
    """A text that no spreadsheet takes for a formula."""
    if isinstance(cell, str) and cell.startswith(_LOOKS_LIKE_A_FORMULA):
        return f"'{cell}"
    return cell

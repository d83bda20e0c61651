"""The ZIP of an export."""

import io
import json
import zipfile
from datetime import date

from bot.drift.rules import RuleSet
from bot.export.diary import diary
from bot.export.shape import Export
from bot.export.tables import tables
from prompts.templates import Words

JSON = "export.json"


def bundle(export: Export, words: Words, rules: RuleSet, today: date) -> bytes:
    """Everything in one file: for a program, for a reader, for a spreadsheet."""
    text = json.dumps(export.as_json(), ensure_ascii=False, indent=1)
    files = {
        JSON: text.encode(),
        "diary.md": diary(export, words, rules).encode(),
        **tables(export),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            made = zipfile.ZipInfo(name, (today.year, today.month, today.day, 0, 0, 0))
            made.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(made, content)
    return out.getvalue()

"""The maker of exports, as the sender knows it."""

from collections.abc import Mapping
from typing import Any

from bot.clock import Clock
from bot.drift.rules import RuleSet
from bot.transport.making import Build, File
from prompts.templates import Words
from storage.store import Store


class ExportMaker:
    """Makes the file with everything of a person. The order's ``safety`` puts in what is grave."""

    def __init__(self, words: Words, rules: RuleSet, clock: Clock) -> None:
        self._words = words
        self._rules = rules
        self._clock = clock

    def gather(self, store: Store, chat_id: int, order: Mapping[str, Any]) -> Build | None:
        """Fetch all rows of the person; None if they are forgotten by now."""
        person = store.archive.person(chat_id)
        if person is None:
            return None
        rows = store.archive.read(person["id"])
        safety = order.get("safety") is True
        today = self._clock.now().date()

        def build() -> File:
            # Seldom asked for, and its shapes would take a hundredth of the time of every start.
            from bot.export.bundle import bundle
            from bot.export.gathering import exported

            content = bundle(exported(person, rows, safety=safety), self._words, self._rules, today)
            name = self._words.plain("export.file_name", date=today.isoformat())
            return File("document", name, content)

        return build

"""What became of each message: how often it arrived, and how often a kill left that unknown."""

import json
from collections import Counter
from typing import Any, TypeAlias

from bot.demo.server import BotApiServer
from tests.processes import BotProcess

Name: TypeAlias = tuple[int | None, str, str]
"""The chat, the text and the buttons: in these tests no two messages have all three in common."""


class Sendings:
    """The account of all messages over many runs that were killed.

    A message is in doubt when a kill finds it on its way. Then it is sent once more, and never a
    third time. So each message arrives once; one that was in doubt may arrive twice; and one that
    was in doubt twice may, if it had left neither time, not arrive at all. Edits and reactions are
    none of it: to repeat these changes nothing.
    """

    def __init__(self, bot: BotProcess, server: BotApiServer) -> None:
        self._bot = bot
        self._server = server
        self.queued: set[Name] = set()
        self.doubts: Counter[Name] = Counter()
        self._seen: set[tuple[Name, object]] = set()

    def note_kill(self) -> None:
        """Look into the database of a bot that was just killed."""
        for attempt, chat_id, payload, state in self._bot.rows(
            "SELECT attempts, chat_id, payload, state FROM outbox WHERE method LIKE 'send%'"
        ):
            name = _name(int(str(chat_id)), json.loads(str(payload)))
            self.queued.add(name)
            # A bot that is killed before it looks into its outbox leaves everything as it was.
            if state == "sending" and (name, attempt) not in self._seen:
                self._seen.add((name, attempt))
                self.doubts[name] += 1

    def arrived(self) -> Counter[Name]:
        """How often each message has reached a phone."""
        return Counter(
            _name(call.chat_id, call.params)
            for call in self._server.calls("sendMessage")
            if call.status == 200
        )

    def wrong(self) -> list[str]:
        """Messages that came too rarely or too often, with their counts."""
        arrived = self.arrived()
        found = []
        for name in sorted(self.queued | set(arrived), key=repr):
            doubts, times = self.doubts[name], arrived[name]
            least, most = int(doubts < 2), 1 + min(doubts, 1)
            if not least <= times <= most:
                found.append(f"{name}: arrived {times} times, in doubt {doubts} times")
        return found

    def summary(self) -> str:
        """All of it in one line."""
        arrived = self.arrived()
        names = self.queued | set(arrived)
        doubted = [name for name in names if self.doubts[name]]
        return (
            f"{len(names)} messages: {sum(arrived.values())} arrivals, {len(doubted)} in doubt, "
            f"{sum(arrived[name] > 1 for name in names)} repeated, "
            f"{sum(self.doubts[name] > 1 for name in names)} in doubt twice, "
            f"{sum(not arrived[name] for name in names)} of these never arrived"
        )


def notes(server: BotApiServer) -> Counter[int | None]:
    """How often each chat was told that the note of the day is kept."""
    return Counter(
        call.chat_id
        for call in server.calls("sendMessage")
        if call.status == 200 and "note of the day" in call.params["text"]
    )


def reactions(server: BotApiServer) -> Counter[tuple[int | None, int]]:
    """How often the bot reacted to each message, by chat and message."""
    return Counter(
        (call.chat_id, int(call.params["message_id"]))
        for call in server.calls("setMessageReaction")
        if call.status == 200
    )


def _name(chat_id: int | None, params: dict[str, Any]) -> Name:
    markup = params.get("reply_markup")
    buttons = json.loads(markup) if isinstance(markup, str) else markup
    return chat_id, str(params["text"]), json.dumps(buttons, sort_keys=True)

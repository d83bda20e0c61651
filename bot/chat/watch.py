"""Whatever anybody writes in private is read for safety, before it is anything else.

It does not matter who writes (a stranger, somebody who has stopped), where (an answer, a step, a
command and what follows it, a caption) or that it is an edit: everything comes through here. What
is *sure* is answered with the reply of help, before whatever else is said; what is *possible* gets
the quiet help button under what is said, or a quiet line where nothing would be. Of whoever has
not agreed that something is kept, nothing is.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.chat import discreet, mask, safety
from bot.chat.answer import answered_at
from bot.chat.incoming import Press, Text, Wordless, command
from bot.chat.memory import Memory
from bot.chat.messages import Rows, keyboard, send
from bot.chat.routes import COMMANDS
from bot.chat.turn import Content, Turn
from bot.reading.language import Language
from bot.reading.reader import Reading
from bot.reading.safety import SafetyFlag
from bot.reading.spec import Certainty, SafetyKind
from storage.outbox import Outgoing, Priority

ONE_BREATH = timedelta(minutes=2)
"""What follows a text within this time may be its other half."""

HALF = 6
"""More words than this are no half of a sentence that was sent too early."""

TOLD_AGAIN = timedelta(days=1)
"""So long whoever has agreed to nothing is not told again that only English is read."""

REMEMBERED = 10_000
"""Of so many chats without consent it is known, while the bot runs, what they were told."""

_EMPTYING = frozenset({"hide", "word"})
"""After these the chat is to show nothing, so no help is put there."""

_BROKEN_LINE = re.compile(r"(?<=[\w,])[^\S\n]*\n\s*(?=[a-z])")
"""A line that ends within a sentence."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What was found in what somebody has written.

    ``sure`` is what is answered with help, unless the same reply was given a moment ago
    (``again``); ``quiet`` says that at least the button is to be seen.
    """

    incoming: Text | Wordless
    found: tuple[SafetyFlag, ...] = ()
    sure: tuple[SafetyKind, ...] = ()
    quiet: bool = False
    again: bool = False
    foreign: bool = False
    agreed: bool = False


class Watch:
    """Reads for safety; of chats without consent it holds when they were told what, unstored."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._told: Memory[dict[str, tuple[int, datetime]]] = Memory(REMEMBERED, dict)

    def hear(
        self, turn: Turn | None, incoming: Text | Wordless | Press, now: datetime
    ) -> Heard | None:
        """Read what was written; flags are raised for whoever has agreed that something is kept.

        ``turn`` is None for strangers. None is given if nothing was written.
        """
        if isinstance(incoming, Press):
            return None
        if turn is not None and isinstance(incoming, Text):
            incoming = mask.masked(turn, incoming)
        words = words_in(incoming)
        if not words or (turn is not None and _unchanged(turn, incoming)):
            return None
        reading = self._content.reader.read(words)
        if turn is not None:
            turn.heard = words, reading
        found = self._found(turn, incoming, words, reading)
        foreign = reading.language is Language.OTHER and _is_prose(incoming)
        sure = _sure_in(found)
        agreed = turn is not None and turn.person.consent is not None
        heard = Heard(incoming, found, sure, bool(found), foreign=foreign, agreed=agreed)
        if not found:
            return heard
        if isinstance(incoming, Text) and command(incoming.text)[0] in _EMPTYING:
            heard = replace(heard, sure=(), quiet=False)
        if turn is not None and agreed:
            return self._noted(turn, heard)
        reply = safety.reply_name(heard.sure) if heard.sure else ""
        again = bool(reply) and self._lately(incoming, reply, now, safety.SAID_AGAIN)
        return replace(heard, again=again)

    def first(
        self, turn: Turn | None, heard: Heard | None, messages: list[Outgoing], now: datetime
    ) -> list[Outgoing]:
        """The messages of a conversation, and before all the reply of help if it is due."""
        if turn is not None and any(message.method == "deleteMessages" for message in messages):
            # what was said may be gone with them
            safety.unsaid(turn)
            self.forget(turn.chat_id)
        if heard is None:
            return messages
        known = None if turn is None or turn.forgotten or not heard.agreed else turn
        if heard.sure and not heard.again:
            return [self._reply(known, heard), *messages]
        hidden = turn is not None and turn.person.discreet
        if heard.quiet and not hidden:
            messages = self._with_button(heard, messages)
        if heard.foreign and (known is not None or not hidden):
            messages = [*messages, *self._only_english(turn, known, heard, now)]
        return messages

    def apology(self, incoming: Text | Wordless) -> list[Outgoing]:
        """The reply of help to something grave at which everything else has failed."""
        found = self._content.reader.read(words_in(incoming)).safety
        sure = _sure_in(found)
        return [safety.reply_unkept(self._content, incoming.chat_id, sure)] if sure else []

    def forget(self, chat_id: int) -> None:
        """Note that nothing of what was said stands in a chat any more."""
        self._told.forget(chat_id)

    def _found(
        self, turn: Turn | None, incoming: Text | Wordless, words: str, reading: Reading
    ) -> tuple[SafetyFlag, ...]:
        """What was found in the words, and in them as the other half of what they may belong to."""
        if _sure_in(reading.safety):
            return reading.safety
        whole = _BROKEN_LINE.sub(" ", words)
        further = [] if whole == words else [whole]
        if turn is not None and turn.person.consent is not None and len(words.split()) <= HALF:
            before = _half_before(turn, incoming)
            further += [] if before is None else [f"{before} {words}"]
        found = {flag.kind: flag for flag in reading.safety}
        for text in further:
            for flag in self._content.reader.read(text).safety:
                if flag.certainty is Certainty.SURE:
                    found[flag.kind] = flag
        return tuple(found.values())

    def _noted(self, turn: Turn, heard: Heard) -> Heard:
        again = bool(heard.sure) and safety.said_lately(turn, heard.sure)
        if not again:
            # those of the reply that stands are enough: what stands under it closes them all
            safety.raise_flags(turn, heard.found)
        turn.grave = bool(heard.sure)
        return replace(heard, again=again)

    def _reply(self, known: Turn | None, heard: Heard) -> Outgoing:
        incoming = heard.incoming
        if known is None:
            return safety.reply_unkept(self._content, incoming.chat_id, heard.sure)
        return safety.reply(known, incoming.message_id, heard.sure)

    def _with_button(self, heard: Heard, messages: list[Outgoing]) -> list[Outgoing]:
        """The messages with the quiet help button under one of them, or a quiet line with it."""
        # a button under an older message is not seen by whoever writes something grave
        shown_by = [m for m in messages if m.method == "sendMessage" or not heard.again]
        if any(_shows_help(message) for message in shown_by):
            return messages
        rows: Rows = [[safety.help_button(self._content)]]
        for at in reversed(range(len(messages))):
            message = messages[at]
            if message.method == "sendMessage" and message.priority is not Priority.GRAVE:
                shown = message.payload.get("reply_markup", {}).get("inline_keyboard", [])
                markup = {"inline_keyboard": [*shown, *keyboard(rows)["inline_keyboard"]]}
                payload = {**message.payload, "reply_markup": markup}
                return [*messages[:at], replace(message, payload=payload), *messages[at + 1 :]]
        return [*messages, send(heard.incoming.chat_id, self._content.words("safety.quiet"), rows)]

    def _only_english(
        self, turn: Turn | None, known: Turn | None, heard: Heard, now: datetime
    ) -> list[Outgoing]:
        """Said once: with the first answer that cannot be read, or before any consent."""
        if turn is None:
            return []  # strangers are told so in any case
        incoming = heard.incoming
        if known is not None:
            answer = known.store.answers.by_message(known.person.id, incoming.message_id)
            if answer is None or known.store.answers.count_unread(known.person.id) > 1:
                return []
        elif self._lately(incoming, "english", now, TOLD_AGAIN):
            return []
        line = send(incoming.chat_id, turn.say("safety.only_english", kept=known is not None))
        return [line] if known is None else discreet.covered(known, [line])

    def _lately(
        self, incoming: Text | Wordless, what: str, now: datetime, within: timedelta
    ) -> bool:
        """Whether a chat was told this within some time, unless it was because of this message."""
        told = self._told.of(incoming.chat_id)
        because, at = told.get(what, (incoming.message_id, now))
        if because != incoming.message_id and timedelta(0) <= now - at < within:
            return True
        told[what] = incoming.message_id, now
        return False


def words_in(incoming: Text | Wordless) -> str:
    """What somebody has said with it: of a command, only what follows it."""
    if isinstance(incoming, Wordless):
        return incoming.caption
    name, argument = command(incoming.text)
    if name is None:
        return incoming.text
    return argument if name in COMMANDS else incoming.text[1:]


def _sure_in(found: Iterable[SafetyFlag]) -> tuple[SafetyKind, ...]:
    return tuple(flag.kind for flag in found if flag.certainty is Certainty.SURE)


def _unchanged(turn: Turn, incoming: Text | Wordless) -> bool:
    """Whether this is an edit that has changed no word of what is kept."""
    if isinstance(incoming, Wordless) or not incoming.edited:
        return False
    kept = turn.store.answers.by_message(turn.person.id, incoming.message_id)
    return kept is not None and kept.text == incoming.text


def _is_prose(incoming: Text | Wordless) -> bool:
    """Whether it is new and no command."""
    if isinstance(incoming, Wordless) or incoming.edited:
        return False
    return command(incoming.text)[0] is None


def _shows_help(message: Outgoing) -> bool:
    """Whether the quiet help button stands under a message."""
    rows = message.payload.get("reply_markup", {}).get("inline_keyboard", [])
    return any(button.get("callback_data") == safety.HELP for row in rows for button in row)


def _half_before(turn: Turn, incoming: Text | Wordless) -> str | None:
    """What the person has written just before this, if it is kept and raised no flag."""
    newest = turn.store.answers.page(turn.person.id, "", 0, 1)
    written_at = turn.now if incoming.edited else answered_at(turn, incoming)
    if not newest or abs(written_at - newest[0].answered_at) > ONE_BREATH:
        return None
    if turn.store.flags.open_since(turn.person.id, newest[0].answered_at):
        return None
    return newest[0].text

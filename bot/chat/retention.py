"""Removing what has been kept long enough, and saying so before."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.chat import discreet, export, hiding
from bot.chat.erasure import forget
from bot.chat.incoming import Press
from bot.chat.messages import Button, edit, send, toast
from bot.chat.turn import Turn
from bot.rhythm.retention import Holding, steps
from storage.aging import Aged
from storage.outbox import Outgoing, Priority
from storage.store import Store

_ROUND = "retention"

CHUNK = 200
"""So many people are looked at in one transaction, so that nobody's message waits for it."""


def tidy(turn: Turn, aged: Aged) -> list[Outgoing]:
    """Do for one person what retention asks for today, and give what is to be said of it."""
    today = turn.today
    wanted = steps(_holding(turn, aged), today)
    if wanted.forget:
        messages = forget(turn)
        # of somebody who is forgotten nothing can be said any more
        return messages if turn.person.state != "gone" else []
    said: list[Outgoing] = []
    if wanted.texts_before is not None:
        turn.store.aging.remove_texts(turn.person.id, wanted.texts_before)
    if wanted.numbers_before is not None:
        turn.store.aging.remove_numbers(turn.person.id, wanted.numbers_before)
    if wanted.tell_texts is not None:
        # /stop has said that old texts go, and that only the end of everything is told
        if turn.person.state != "stopped":
            said.append(_about_texts(turn, wanted.tell_texts.day, wanted.tell_texts.month))
        turn.update(purge_told_on=today, purge_told_before=turn.person.purge_told_on)
    if wanted.tell_silence is not None:
        said.append(_about_silence(turn, wanted.tell_silence.day, wanted.tell_silence.month))
        turn.update(silence_told_on=today)
    # whoever has blocked the bot cannot be told
    if turn.person.state == "gone":
        return []
    if said and turn.person.discreet:
        hiding.plan(turn, spoken=False)
    return discreet.covered(turn, said)


def press(turn: Turn, press: Press, choice: str) -> list[Outgoing]:
    """The buttons under a notice: a file with everything ("file"), or let it stay ("stay")."""
    if choice == "file":
        return [toast(press), *export.offer(turn)]
    if choice == "stay":
        # the press itself is the sign of life
        stays = edit(turn.chat_id, press.message_id, turn.say("retention.stays"))
        return [toast(press), stays]
    return [toast(press, turn.label("question.toast_unknown"))]


def _holding(turn: Turn, aged: Aged) -> Holding:
    return Holding(
        consented=aged.consented,
        heard_on=aged.heard_at.astimezone(turn.zone).date(),
        keep_days=aged.keep_days or 0,
        oldest_text=aged.oldest_text,
        texts_told_on=aged.purge_told_on,
        texts_told_before=aged.purge_told_before,
        silence_told_on=aged.silence_told_on,
    )


def _about_texts(turn: Turn, day: int, month: int) -> Outgoing:
    text = turn.say(
        "retention.texts",
        first=turn.person.purge_told_on is None,
        keep=turn.person.keep_days,
        day=day,
        month=month,
    )
    rows = [[Button(turn.label("retention.button_export"), "kept:file")]]
    return send(turn.chat_id, text, rows, priority=Priority.SCHEDULED)


def _about_silence(turn: Turn, day: int, month: int) -> Outgoing:
    rows = [
        [Button(turn.label("retention.button_stay"), "kept:stay", style="primary")],
        [Button(turn.label("retention.button_export"), "kept:file")],
    ]
    text = turn.say("retention.silence", day=day, month=month)
    return send(turn.chat_id, text, rows, priority=Priority.SCHEDULED)


@dataclass(frozen=True, slots=True)
class Round:
    """How far today's look at everybody has come: the last id, and whether it is over."""

    day: str
    after: int = 0
    over: bool = False

    @classmethod
    def of(cls, store: Store, now: datetime) -> "Round":
        """The round of this day, which may not have begun.

        After days without a round the first one is left out: it may be the clock that has leapt,
        and what is removed by a wrong clock does not come back.
        """
        today = now.date()
        noted = store.facts.get(_ROUND)
        if noted is None:
            return cls(today.isoformat())
        begun, after, over = noted.split(" ")
        days = (today - date.fromisoformat(begun)).days
        if days == 0:
            return cls(begun, int(after), over == "over")
        made = cls(today.isoformat(), over=days != 1)
        made.note(store)
        return made

    def note(self, store: Store) -> None:
        """Remember it."""
        store.facts.set(_ROUND, f"{self.day} {self.after} {'over' if self.over else 'going'}")

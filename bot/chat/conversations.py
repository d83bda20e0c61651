"""From an update or a due row to effects and messages: the way in to every conversation."""

import logging
from datetime import datetime, timedelta

from bot.chat import (
    afterwards,
    age,
    consent,
    discreet,
    hiding,
    outage,
    retention,
    routes,
    safety,
    steps,
    typed,
    welcome,
)
from bot.chat.agenda import activate, planned_anew
from bot.chat.floods import Floods
from bot.chat.incoming import (
    Elsewhere,
    Membership,
    Press,
    Text,
    UnreadableError,
    Wordless,
    command,
    parse,
)
from bot.chat.messages import leave, send, toast
from bot.chat.turn import Content, Turn
from bot.chat.watch import Watch
from bot.clock import Clock
from bot.logs import where
from storage.outbox import Outgoing
from storage.people import Person
from storage.schedule import Due
from storage.store import Store

log = logging.getLogger(__name__)

HEARD_EVERY = timedelta(hours=1)
"""How exactly it is noted when a person was last heard of."""


class Conversations:
    """All conversations with everybody; each call is one transaction of somebody else's making."""

    def __init__(self, content: Content, clock: Clock) -> None:
        self._content = content
        self._clock = clock
        self._watch = Watch(content)
        self._floods = Floods(content)

    def answer(self, store: Store, raw: str) -> list[Outgoing]:
        """Have an update's effects in ``store`` and give the messages that speak of them.

        Raises:
            UnreadableError: the update cannot be parsed.
        """
        incoming = parse(raw)
        if isinstance(incoming, Elsewhere):
            return self._elsewhere(store, incoming)
        if isinstance(incoming, Text | Press | Wordless | Membership):
            return self._in_private(store, incoming)
        return []

    def apologise(self, store: Store, raw: str) -> list[Outgoing]:
        """Say that a message was not kept; nothing for what cannot be read or is elsewhere.

        That it stands in the chat is noted all the same, so that it can be deleted with the others.
        """
        try:
            incoming = parse(raw)
        except UnreadableError:
            return []
        if isinstance(incoming, Press):
            return [toast(incoming, self._content.words.plain("help.failed"), alert=True)]
        if isinstance(incoming, Text | Wordless):
            person = store.people.in_chat(incoming.chat_id)
            if person is not None:
                _note_message(self._turn(store, person), incoming)
        if isinstance(incoming, Text):
            failed = send(incoming.chat_id, self._content.words("help.failed"))
            return [*self._watch.apology(incoming), failed]
        return self._watch.apology(incoming) if isinstance(incoming, Wordless) else []

    def fall_due(self, store: Store, due: Due) -> list[Outgoing]:
        """Have the effects of a due row, schedule what comes next, and give the messages."""
        person = store.people.get(due.person_id)
        run = routes.DUE.get(due.kind)
        if person is not None and due.kind in {hiding.CLEAN, hiding.SWEEP}:
            return routes.DUE[due.kind](self._turn(store, person), due)
        asleep = person is not None and person.state != "active" and due.kind != "resume"
        if person is None or run is None or asleep or not person.ready:
            store.schedule.clear(due.person_id, due.kind)
            return []
        turn = self._turn(store, person)
        instead = consent.instead_of(turn, due)
        messages = discreet.covered(turn, run(turn, due) if instead is None else instead, due)
        if messages:
            steps.overtaken(turn, due)
        if turn.person.discreet:
            hiding.plan(turn, spoken=False)
        return messages

    def nightly(self, store: Store) -> tuple[list[Outgoing], bool]:
        """Remove what has been kept long enough, of some people; each is looked at once a day.

        Gives what is to be said of it, and whether there are more people to look at today.
        """
        now = self._clock.now()
        looked = retention.Round.of(store, now)
        if looked.over:
            return [], False
        if not looked.after:
            store.aging.remove_everywhere(now)
        aged = store.aging.look(looked.after, retention.CHUNK)
        messages: list[Outgoing] = []
        for one in aged:
            person = store.people.get(one.person_id)
            if person is None:
                continue
            try:
                with store.part():
                    messages += retention.tidy(self._turn(store, person), one)
            except Exception as error:
                log.error("what is old could not be removed: %s", where(error))
        over = len(aged) < retention.CHUNK
        retention.Round(looked.day, aged[-1].person_id if aged else looked.after, over).note(store)
        return messages, not over

    def back_again(self, store: Store, first: datetime, last: datetime) -> None:
        """Telegram is in contact again; what was sent between the two moments may be lost."""
        told = outage.begin(store, first, last)
        log.warning("updates from %s to %s may be lost; people told so: %d", first, last, told)

    def clock_corrected(self, store: Store) -> int:
        """Plan anew what lies further ahead than anything can: it was planned by a wrong clock.

        Gives the number of rows.
        """
        return planned_anew(store, self._clock.now(), lambda person: self._turn(store, person))

    def _turn(self, store: Store, person: Person) -> Turn:
        return Turn(store, self._content, self._clock.now(), person)

    def _elsewhere(self, store: Store, incoming: Elsewhere) -> list[Outgoing]:
        said = f"left:{incoming.chat_id}"
        if not incoming.inside:
            store.facts.clear(said)
            return []
        if store.facts.get(said) is not None:
            return []
        store.facts.set(said, self._clock.now().isoformat())
        line = send(incoming.chat_id, self._content.words("help.only_private"))
        return [line, leave(incoming.chat_id)]

    def _in_private(
        self, store: Store, incoming: Text | Press | Wordless | Membership
    ) -> list[Outgoing]:
        person = store.people.in_chat(incoming.chat_id)
        if isinstance(incoming, Membership):
            return self._membership(store, person, incoming)
        turn = None if person is None else self._turn(store, person)
        now = self._clock.now()
        if turn is not None:
            steps.lapse(turn)
        heard = self._watch.hear(turn, incoming, now)
        if turn is None:
            messages = self._watch.first(None, heard, self._stranger(store, incoming), now)
            return self._floods.of_strangers(incoming, messages, now)
        _note_heard(turn)
        if isinstance(incoming, Press):
            messages = _continued(turn, self._pressed(turn, incoming))
            messages = self._floods.of_presses(turn, incoming, messages)
        elif isinstance(incoming, Wordless):
            _note_message(turn, incoming)
            messages = [] if incoming.edited else typed.wordless(turn)
        else:
            _note_message(turn, incoming)
            messages = _continued(turn, typed.typed(turn, incoming))
        return afterwards.after(turn, incoming, self._watch.first(turn, heard, messages, now))

    def _membership(
        self, store: Store, person: Person | None, change: Membership
    ) -> list[Outgoing]:
        if person is not None and not change.present:
            store.outbox.drop_chat(change.chat_id)
            store.uses.clear_replies(person.id)
            self._watch.forget(change.chat_id)
            # Whoever stopped or pauses stays so: coming back undoes the block, not their wish.
            if person.state == "active":
                store.people.update(person, state="gone")
                store.schedule.clear(person.id)
        return []

    def _stranger(self, store: Store, incoming: Text | Press | Wordless) -> list[Outgoing]:
        if isinstance(incoming, Text) and not incoming.edited:
            name, argument = command(incoming.text)
            if name == "start" and not welcome.invited(self._content.operator, argument):
                return [welcome.invitation(self._content, incoming.chat_id)]
            if name == "start":
                person = store.people.add(incoming.chat_id, self._clock.now())
                turn = self._turn(store, person)
                _note_message(turn, incoming)
                return _continued(turn, typed.typed(turn, incoming))
            if name == "safety":
                return [safety.help_for_strangers(self._content, incoming.chat_id)]
            if age.says_so(incoming.text):
                return [send(incoming.chat_id, self._content.words("welcome.minor"))]
        if isinstance(incoming, Press):
            if incoming.data == safety.HELP:
                helping = safety.help_for_strangers(self._content, incoming.chat_id)
                return [toast(incoming), helping]
            return [toast(incoming, self._content.words("question.toast_unknown"))]
        if isinstance(incoming, Wordless) and incoming.edited:
            return []
        return [send(incoming.chat_id, self._content.words("welcome.first_start"))]

    def _pressed(self, turn: Turn, press: Press) -> list[Outgoing]:
        found = routes.pressed(press)
        if found is None:
            return [toast(press, turn.label("question.toast_unknown"))]
        if turn.person.withdrawn and press.data.partition(":")[0] not in consent.ASLEEP_PRESSES:
            return consent.toast_asleep(turn, press)
        run, arguments = found
        return run(turn, press, *arguments)


def _continued(turn: Turn, messages: list[Outgoing]) -> list[Outgoing]:
    """Go on with onboarding where a step has been settled elsewhere, as the place is."""
    person = turn.person
    settled = not turn.forgotten and person.consent is not None and person.step is None
    if settled and not person.ready and person.state == "new":
        return [*messages, *welcome.step(turn)]
    return messages


def _note_message(turn: Turn, message: Text | Wordless) -> None:
    """Note the id for the two days in which it can be deleted, by the age Telegram gives it."""
    if message.edited and turn.store.messages.knows(message.chat_id, message.message_id):
        return
    sent_at = min(message.at, turn.now)
    turn.store.messages.add(message.chat_id, message.message_id, sent_at, mine=False, subject=None)


def _note_heard(turn: Turn) -> None:
    person = turn.person
    # a clock that ran ahead may have noted a moment that is still to come
    if person.heard_at is None or abs(turn.now - person.heard_at) > HEARD_EVERY:
        turn.update(heard_at=turn.now)
    if person.state == "gone" and person.ready:
        activate(turn)

"""From an update or a due row to effects and messages: the way in to every conversation."""

import logging
from datetime import datetime, timedelta

from bot.chat import (
    afterwards,
    agenda,
    answer,
    consent,
    discreet,
    hiding,
    mask,
    outage,
    retention,
    routes,
    welcome,
)
from bot.chat.agenda import activate
from bot.chat.incoming import (
    Elsewhere,
    Incoming,
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
from bot.clock import Clock
from bot.logs import where
from bot.rhythm.due import FURTHEST_DUE
from storage.messages import DELETABLE
from storage.outbox import Outgoing, Priority
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

    def apologise(self, raw: str) -> list[Outgoing]:
        """Say that a message was not kept; nothing for what cannot be read or is elsewhere."""
        try:
            incoming = parse(raw)
        except UnreadableError:
            return []
        if isinstance(incoming, Press):
            return [toast(incoming, self._content.words.plain("help.failed"), alert=True)]
        if isinstance(incoming, Text):
            return [send(incoming.chat_id, self._content.words("help.failed"))]
        return []

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
        log.warning("updates from %s to %s may be lost; %d people are told so", first, last, told)

    def clock_corrected(self, store: Store) -> int:
        """Plan anew what lies further ahead than anything can: it was planned by a wrong clock.

        Gives the number of rows.
        """
        now = self._clock.now()
        kinds = (agenda.QUESTION, agenda.CHECK_IN)
        wrong = store.schedule.beyond(now + FURTHEST_DUE, kinds)
        for row in wrong:
            person = store.people.get(row.person_id)
            if person is None:
                continue
            turn = self._turn(store, person)
            plan = agenda.plan_question if row.kind == agenda.QUESTION else agenda.plan_check_in
            plan(turn)
        cleaning = store.schedule.beyond(now + DELETABLE, (hiding.CLEAN, hiding.SWEEP))
        for row in cleaning:
            store.schedule.set(row.person_id, row.kind, now)
        return len(wrong) + len(cleaning)

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
        if person is None:
            return self._stranger(store, incoming)
        turn = self._turn(store, person)
        _note_heard(turn)
        if isinstance(incoming, Press):
            messages = _continued(turn, self._pressed(turn, incoming))
        elif isinstance(incoming, Wordless):
            _note_message(turn, incoming)
            messages = [send(turn.chat_id, turn.say("question.only_words"))]
        else:
            _note_message(turn, incoming)
            messages = _continued(turn, _typed(turn, incoming))
        return afterwards.after(turn, incoming, messages)

    def _membership(
        self, store: Store, person: Person | None, change: Membership
    ) -> list[Outgoing]:
        if person is not None and not change.present:
            store.outbox.drop_chat(change.chat_id)
            # Whoever stopped or pauses stays so: coming back undoes the block, not their wish.
            if person.state == "active":
                store.people.update(person, state="gone")
                store.schedule.clear(person.id)
        return []

    def _stranger(self, store: Store, incoming: Incoming) -> list[Outgoing]:
        if isinstance(incoming, Text) and not incoming.edited:
            name, _ = command(incoming.text)
            if name == "start":
                person = store.people.add(incoming.chat_id, self._clock.now())
                turn = self._turn(store, person)
                _note_message(turn, incoming)
                messages = _continued(turn, _typed(turn, incoming))
                if store.people.get(person.id) is not None and turn.person.step is None:
                    store.people.delete(person)
                    store.messages.drop_chat(incoming.chat_id)
                return messages
            if name == "safety":
                return [_help_for_strangers(self._content, incoming.chat_id)]
        if isinstance(incoming, Press):
            return [toast(incoming, self._content.words("question.toast_unknown"))]
        if isinstance(incoming, Text | Wordless):
            return [send(incoming.chat_id, self._content.words("welcome.first_start"))]
        return []

    def _pressed(self, turn: Turn, press: Press) -> list[Outgoing]:
        found = routes.pressed(press)
        if found is None:
            return [toast(press, turn.label("question.toast_unknown"))]
        run, arguments = found
        return run(turn, press, *arguments)


def _help_for_strangers(content: Content, chat_id: int) -> Outgoing:
    """Help asks for no consent and keeps nothing."""
    text = content.words("safety.help", number=None, country=None)
    return send(chat_id, text, priority=Priority.GRAVE)


def _typed(turn: Turn, message: Text) -> list[Outgoing]:
    if message.edited:
        return answer.edited(turn, mask.masked(turn, message))
    name, argument = command(message.text)
    if name is not None:
        return _commanded(turn, message, name, argument)
    waiting = routes.STEPS.get(turn.person.step or "")
    if waiting is not None:
        messages = waiting(turn, message)
        if messages is not None:
            return messages
    if not turn.person.ready:
        return welcome.step(turn)
    return answer.typed(turn, mask.masked(turn, message))


def _commanded(turn: Turn, message: Text, name: str, argument: str) -> list[Outgoing]:
    known = routes.COMMANDS.get(name)
    if known is None:
        return [send(turn.chat_id, turn.say("help.unknown_command"))]
    if known.needs >= routes.Needs.CONSENT and turn.person.consent is None:
        return welcome.step(turn)
    if known.needs >= routes.Needs.READY and not turn.person.ready:
        return welcome.step(turn)
    screen = discreet.screen(turn, message, name, argument)
    if screen is not None:
        return screen
    if name in consent.PAUSED_COMMANDS and consent.outdated(turn):
        return consent.renewal(turn)
    if turn.person.ready and turn.person.step is not None:
        # A command interrupts whatever was waited for.
        turn.wait_for(None)
    return known.run(turn, message, argument)


def _continued(turn: Turn, messages: list[Outgoing]) -> list[Outgoing]:
    """Go on with onboarding where a step has been settled elsewhere, as the place is."""
    person = turn.store.people.get(turn.person.id)
    settled = person is not None and person.consent is not None and person.step is None
    if settled and not turn.person.ready and turn.person.state == "new":
        return [*messages, *welcome.step(turn)]
    return messages


def _note_message(turn: Turn, message: Text | Wordless) -> None:
    """Note the id for the two days in which it can be deleted, by the age Telegram gives it."""
    sent_at = min(message.at, turn.now)
    turn.store.messages.add(message.chat_id, message.message_id, sent_at, mine=False, subject=None)


def _note_heard(turn: Turn) -> None:
    person = turn.person
    if person.heard_at is None or turn.now - person.heard_at > HEARD_EVERY:
        turn.update(heard_at=turn.now)
    if person.state == "gone" and person.ready:
        activate(turn)

"""Whatever a known person types: a command, the words a step waits for, an answer, an edit."""

from bot.chat import age, answer, card, consent, discreet, mask, routes, steps, welcome
from bot.chat.incoming import Text, command
from bot.chat.messages import send
from bot.chat.turn import Turn
from storage.outbox import Outgoing


def typed(turn: Turn, message: Text) -> list[Outgoing]:
    """What follows a text."""
    name, argument = command(message.text)
    if name is None and age.says_so(message.text, asked=turn.person.step == welcome.CONSENT):
        return age.too_young(turn, message)
    if message.edited:
        return _edited(turn, mask.masked(turn, message))
    if name is not None:
        return _commanded(turn, message, name, argument)
    if steps.end_for_reply(turn, message):
        return answer.typed(turn, mask.masked(turn, message))
    waiting = routes.STEPS.get(turn.person.step or "")
    if waiting is not None:
        messages = waiting(turn, message)
        if messages is not None:
            return messages
    if turn.person.withdrawn:
        return consent.asleep(turn)
    if not turn.person.ready:
        return welcome.step(turn)
    return answer.typed(turn, mask.masked(turn, message))


def wordless(turn: Turn) -> list[Outgoing]:
    """What follows a picture, a voice note or the like."""
    if turn.person.withdrawn:
        return consent.asleep(turn)
    return [send(turn.chat_id, turn.say("question.only_words"))]


def _edited(turn: Turn, message: Text) -> list[Outgoing]:
    if turn.person.withdrawn:
        return consent.asleep(turn)
    changed = card.edited(turn, message)
    return answer.edited(turn, message) if changed is None else changed


def _commanded(turn: Turn, message: Text, name: str, argument: str) -> list[Outgoing]:
    known = routes.COMMANDS.get(name)
    if known is None:
        return [send(turn.chat_id, turn.say("help.unknown_command"))]
    if turn.person.withdrawn:
        if name not in consent.ASLEEP_COMMANDS:
            return consent.asleep(turn)
    elif known.needs > routes.reached(turn.person):
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

"""Finding on a phone what the bot says often: the question, and that it knows no such command."""

from bot.demo.messages import Message
from bot.demo.people import Person

UNKNOWN = "I do not know that command. /help lists what I can do."


def card_of(person: Person) -> Message:
    """The newest question that the person was asked.

    Raises:
        LookupError: there is none.
    """
    for message in reversed(person.from_bot):
        data = [button.get("callback_data", "") for button in message.buttons]
        if any(one.startswith(("tap:", "another:", "undo:")) for one in data):
            return message
    raise LookupError(f"no question on the phone of {person.id}")


def unknowns(person: Person) -> int:
    """How often the answer to an unknown command stands in the chat."""
    return sum(message.text == UNKNOWN for message in person.from_bot)

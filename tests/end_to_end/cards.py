"""Finding the question on a phone."""

from bot.demo.messages import Message
from bot.demo.people import Person


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

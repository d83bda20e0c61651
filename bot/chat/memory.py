"""What is known of chats while the bot runs: never stored, and of so many at once only."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

V = TypeVar("V")


class Memory(Generic[V]):
    """Something about each chat; beyond ``most`` chats it is lost of those quiet for longest."""

    def __init__(self, most: int, make: Callable[[], V]) -> None:
        """``make`` gives what there is of a chat of which nothing is known."""
        self._most = most
        self._make = make
        self._chats: OrderedDict[int, V] = OrderedDict()

    def of(self, chat_id: int) -> V:
        """What is known of a chat, to be looked at and changed."""
        if chat_id not in self._chats:
            self._chats[chat_id] = self._make()
        self._chats.move_to_end(chat_id)
        if len(self._chats) > self._most:
            self._chats.popitem(last=False)
        return self._chats[chat_id]

    def forget(self, chat_id: int) -> None:
        """Know nothing of a chat any more."""
        self._chats.pop(chat_id, None)

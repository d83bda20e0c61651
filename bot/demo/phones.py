"""What a person's phone shows of the chat with the bot, and waiting for something to appear."""

import asyncio
from collections.abc import Callable

from bot.demo.messages import Json, Message
from bot.demo.profile import menu_of
from bot.demo.world import Chat, World

Wanted = str | Callable[[Message], bool]


class Phone:
    """The private chat with the bot as one person sees it."""

    def __init__(self, world: World, user: Json, chat: Chat) -> None:
        self._world = world
        self._chat = chat
        self._mark = 0
        self.user = user

    @property
    def id(self) -> int:
        """The person's id, which is also the id of the private chat."""
        return int(self.user["id"])

    @property
    def messages(self) -> list[Message]:
        """All messages of the chat in order, those of both sides, deleted ones flagged."""
        return list(self._chat.messages.values())

    @property
    def visible(self) -> list[Message]:
        """What the phone shows: messages that are not deleted."""
        return [message for message in self.messages if not message.deleted]

    @property
    def from_bot(self) -> list[Message]:
        """The visible messages of the bot."""
        return [message for message in self.visible if message.from_bot]

    @property
    def last(self) -> Message:
        """The newest visible message of the bot.

        Raises:
            LookupError: there is none.
        """
        if not self.from_bot:
            raise LookupError(f"the bot has said nothing to {self.id}")
        return self.from_bot[-1]

    @property
    def callback_answers(self) -> list[Json]:
        """The bot's answers to pressed buttons: query_id, text, show_alert, url, cache_time."""
        return list(self._chat.answers)

    @property
    def actions(self) -> list[str]:
        """What the bot was seen doing ("typing"), oldest first."""
        return list(self._chat.actions)

    @property
    def menu(self) -> list[Json]:
        """The command menu this person sees."""
        return menu_of(self._world, self.id, self.user.get("language_code", ""))

    @property
    def blocked(self) -> bool:
        """Whether this person has blocked the bot."""
        return self._chat.blocked

    async def wait_for(
        self,
        wanted: Wanted,
        timeout: float = 60,  # noqa: ASYNC109 - how long this person is patient
        *,
        anytime: bool = False,
    ) -> Message:
        """The first visible message of the bot that matches and is new.

        Args:
            wanted: a part of the text, or a predicate.
            timeout: seconds to wait.
            anytime: accept messages from before the person's last own action too; without it only
                those count that were sent, edited or reacted to since.

        Raises:
            TimeoutError: nothing matched; says what was there.
        """
        matches = wanted if callable(wanted) else (lambda message: wanted in message.text)
        since = -1 if anytime else self._mark

        def found() -> Message | None:
            fresh = (message for message in self.from_bot if message.revision > since)
            return next((message for message in fresh if matches(message)), None)

        await self.until(lambda: found() is not None, timeout, what=repr(wanted))
        message = found()
        if message is None:
            raise TimeoutError(f"{wanted!r} was there and went again")
        return message

    async def until(
        self,
        condition: Callable[[], bool],
        timeout: float = 60,  # noqa: ASYNC109 - how long this person is patient
        *,
        what: str = "it",
    ) -> None:
        """Wait until ``condition`` holds; it is looked at after every visible change.

        Raises:
            TimeoutError: it did not hold in time.
        """
        try:
            async with asyncio.timeout(timeout):
                while not condition():
                    await self._world.next_change()
        except TimeoutError as error:
            seen = [f"{one.message_id}: {one.text!r} {one.labels}" for one in self.visible[-5:]]
            raise TimeoutError(f"no {what} for {self.id}; last seen: {seen}") from error

    def _there(self, message_id: int) -> Message:
        message = self._chat.messages.get(message_id)
        if message is None or message.deleted:
            raise LookupError(f"no message {message_id} on the phone of {self.id}")
        return message

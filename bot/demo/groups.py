"""Groups and channels, where the bot has nothing to do but leave."""

from bot.demo.messages import Json, Message
from bot.demo.people import Person, typed
from bot.demo.profile import member_change
from bot.demo.world import Chat, World


class Group:
    """A group or channel. Created by ``BotApiServer.group``."""

    def __init__(self, world: World, chat: Chat) -> None:
        self._world = world
        self._chat = chat

    @property
    def id(self) -> int:
        """The chat's id."""
        return self._chat.chat_id

    @property
    def messages(self) -> list[Message]:
        """All messages in order, deleted ones flagged."""
        return list(self._chat.messages.values())

    @property
    def bot_status(self) -> str:
        """The bot's place here: "left", "member", "administrator" or "kicked"."""
        return self._chat.status

    async def add_bot(self, by: Person) -> None:
        """Somebody adds the bot; in a channel it becomes an administrator, as it has to."""
        channel = self._chat.api["type"] == "channel"
        self._become("administrator" if channel else "member", by.user)
        if not channel:
            added: Json = {"new_chat_members": [self._world.bot]}
            message = self._world.add_message(self._chat, by.user, extra=added)
            content = message.as_api()
            del content["text"]
            self._world.updates.add("message", content)

    async def remove_bot(self, by: Person) -> None:
        """Somebody throws the bot out."""
        self._become("kicked", by.user)

    async def person_says(self, person: Person, text: str) -> Message:
        """Somebody writes; the bot hears only commands, mentions and replies (privacy mode)."""
        plain, entities = typed(text)
        message = self._world.add_message(self._chat, person.user, text=plain, entities=entities)
        channel = self._chat.api["type"] == "channel"
        mention = f"@{self._world.bot['username']}".lower()
        concerned = plain.startswith("/") or mention in plain.lower()
        if self._chat.status not in {"left", "kicked"} and (channel or concerned):
            kind = "channel_post" if channel else "message"
            self._world.updates.add(kind, message.as_api())
        return message

    def _become(self, status: str, by: Json) -> None:
        before, self._chat.status = self._chat.status, status
        change = member_change(self._world, self._chat.api, by, before, status)
        self._world.updates.add("my_chat_member", change)

"""Putting the rooms together: the one place that knows them all."""

import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.addresses import listening_at
from bot.chat.conversations import Conversations
from bot.chat.export import MAKER as EXPORT
from bot.chat.picture import PICTURE
from bot.chat.turn import Content, Operator
from bot.clock import Clock, SystemClock
from bot.config import ConfigError, Settings
from bot.content import load_content
from bot.export.maker import ExportMaker
from bot.logs import where
from bot.menu import announce
from bot.places import fill_places
from bot.reader import MakeReader, fetch_reader, load_reader
from bot.report.drawing import Drawer
from bot.report.maker import PictureMaker
from bot.report.typeface import FontError
from bot.transport.client import connect, make_bot
from bot.transport.contact import Contact
from bot.transport.making import Maker
from bot.transport.nightly import Nightly
from bot.transport.pace import Pacer
from bot.transport.polling import Poller
from bot.transport.sender import Sender
from bot.transport.tick import Tick
from bot.transport.worker import Worker
from prompts.source import ContentError
from storage.database import Database
from storage.errors import StorageError

if TYPE_CHECKING:
    from bot.transport.doors import Doors
    from bot.transport.webhook import Webhook

log = logging.getLogger(__name__)

DRAIN_SECONDS = 5.0
"""How long a stop waits for messages that are on their way; the rest stays in the outbox."""


class StartError(Exception):
    """The bot cannot start or go on; the message is one clear line."""


class MistakeError(Exception):
    """The bot has ended by a mistake of its own, and may be started again."""


def operator_of(settings: Settings) -> Operator:
    """Who runs this bot, as people are told."""
    code = settings.invite_code
    invite = None if code is None else code.get_secret_value()
    return Operator(settings.operator_name, settings.operator_contact, invite)


CATCH_UP_SECONDS = 10.0
"""How long what is due waits at a start for what people have sent meanwhile: an answer that comes
after the next question would be taken for an answer to that one."""


@dataclass(slots=True)
class Ampersand:
    """The running bot: four loops around one database."""

    settings: Settings
    database: Database
    bot: Bot
    sender: Sender
    worker: Worker
    receiver: "Poller | Webhook"
    tick: Tick
    doors: "Doors | None"
    content: Content
    drawer: Drawer

    @classmethod
    def build(
        cls,
        settings: Settings,
        clock: Clock | None = None,
        pacer: Pacer | None = None,
        make_reader: MakeReader = load_reader,
    ) -> "Ampersand":
        """Put the rooms together and open the database; nothing runs yet.

        Args:
            settings: what whoever runs the bot has set.
            clock: where the time comes from; the machine's clock without one.
            pacer: how fast messages leave; at ``send_rate`` without one.
            make_reader: gives the reader of texts when it is needed.

        Raises:
            StorageError: the database cannot be opened.
            ContentError: a file of ``prompts/`` cannot be used.
            ConfigError: the key of the database cannot be read.
        """
        clock = clock or SystemClock()
        content = load_content(operator_of(settings), make_reader)
        database = Database(settings.database_path, settings.key())
        bot = make_bot(settings.bot_token.get_secret_value(), settings.telegram_api_base)
        conversations = Conversations(content, clock)
        drawer = Drawer()
        makers: dict[str, Maker] = {
            EXPORT: ExportMaker(content.words, content.rules, clock),
            PICTURE: PictureMaker(drawer),
        }
        sender = Sender(bot, database, clock, pacer or Pacer(settings.send_rate), makers)
        worker = Worker(database, clock, conversations, sender.wake)
        nightly = Nightly(
            database, clock, settings.backup_at, settings.backups(), settings.backup_keep
        )
        tick = Tick(database, clock, conversations, sender.wake, nightly)
        contact = Contact(database, clock, conversations.back_again)
        receiver: Poller | Webhook = Poller(bot, database, clock, contact, worker.wake)
        doors = None
        if settings.webhook_url is not None:
            receiver, doors = _webhook(
                settings, settings.webhook_url, bot, database, clock, contact, worker, tick
            )
        return cls(
            settings=settings,
            # The last that can fail: from here on somebody has to close it.
            database=database.open(),
            bot=bot,
            sender=sender,
            worker=worker,
            receiver=receiver,
            tick=tick,
            doors=doors,
            content=content,
            drawer=drawer,
        )

    async def run(self, stop: asyncio.Event) -> None:
        """Run until ``stop`` is set, then let what is in hand finish.

        Raises:
            StartError: Telegram does not know the token, or the address to listen at is taken.
        """
        async with contextlib.AsyncExitStack() as closing:
            # Whatever becomes of the others, the database is closed, and last.
            closing.callback(self.database.close)
            closing.push_async_callback(self.drawer.close)
            closing.push_async_callback(self._hang_up)
            try:
                async with self._listening():
                    await connect(self.bot, stop)
                    if not stop.is_set():
                        await self._serve(stop)
            except InvalidToken:
                raise StartError("BOT_TOKEN: Telegram does not know this token") from None

    async def _hang_up(self) -> None:
        with contextlib.suppress(TelegramError, RuntimeError):
            await self.bot.shutdown()

    @contextlib.asynccontextmanager
    async def _listening(self) -> AsyncIterator[None]:
        if self.doors is None:
            yield
            return
        try:
            await self.doors.__aenter__()
        except (OSError, UnicodeError) as error:
            reason = _reason(error)
            line = f"WEBHOOK_LISTEN: cannot listen at {self.doors.address}: {reason}"
            raise StartError(line) from None
        try:
            yield
        finally:
            await self.doors.__aexit__()

    async def _serve(self, stop: asyncio.Event) -> None:
        loops = [
            asyncio.create_task(self.sender.run(), name="sender"),
            asyncio.create_task(self.worker.run(), name="worker"),
        ]
        others = [
            asyncio.create_task(self.receiver.run(), name="receiver"),
            asyncio.create_task(self._keep_ticking(), name="tick"),
            asyncio.create_task(self._prepare(), name="preparation"),
            asyncio.create_task(announce(self.bot, self.content.words), name="menu"),
        ]
        stopped = asyncio.create_task(stop.wait())
        # The menu ends by itself; anything else that ends is a failure.
        lasting = [*loops, *others[:3], stopped]
        await asyncio.wait(lasting, return_when=asyncio.FIRST_COMPLETED)
        self.tick.stop()
        for task in (*others, stopped):
            task.cancel()
        self.worker.stop()
        self.sender.stop()
        results = await asyncio.gather(*others, stopped, return_exceptions=True)
        _, late = await asyncio.wait(loops, timeout=DRAIN_SECONDS)
        for task in late:
            task.cancel()
        results += await asyncio.gather(*loops, self.receiver.part(), return_exceptions=True)
        for result in results:
            if isinstance(result, InvalidToken):
                raise StartError("BOT_TOKEN: Telegram does not accept this token any more")
            if isinstance(result, Exception):
                raise result

    async def _keep_ticking(self) -> None:
        """Tick once everything that waited has had its effect, and see that it goes on."""
        try:
            async with asyncio.timeout(CATCH_UP_SECONDS):
                await self.receiver.caught_up.wait()
                await self.worker.idle()
        except TimeoutError:
            log.warning("what people have sent could not all be fetched yet; the schedule goes on")
        self.tick.start()
        await self.tick.watch()

    async def _prepare(self) -> None:
        """Make what will be needed while the bot polls already, one after the other.

        Each is made by a process that takes as much memory as the bot. A broken file ends the bot
        with its line.
        """
        await fill_places(self.database)
        await asyncio.to_thread(self.content.reader.prepare)
        await asyncio.Event().wait()


def _reason(error: OSError | UnicodeError) -> str:
    """Why nobody can listen at an address."""
    if isinstance(error, UnicodeError):
        return "no such name can be"
    # A name that cannot be looked up has a negative number, and words of its own.
    number = error.errno or 0
    return os.strerror(number) if number > 0 else error.strerror or "it cannot be looked up"


def _webhook(
    settings: Settings,
    url: str,
    bot: Bot,
    database: Database,
    clock: Clock,
    contact: Contact,
    worker: Worker,
    tick: Tick,
) -> "tuple[Webhook, Doors]":
    """What takes updates in at an address, and how the bot is."""
    # Whoever polls does not wait for a web server to be imported.
    from bot.transport.doors import Doors
    from bot.transport.health import Health
    from bot.transport.webhook import Webhook

    secret = settings.webhook_secret
    known = None if secret is None else secret.get_secret_value()
    webhook = Webhook(bot, database, clock, contact, worker.wake, url, known)
    health = Health(database, clock, tick.stalled)
    return webhook, Doors(listening_at(settings.webhook_listen), [health, webhook])


async def run(settings: Settings, clock: Clock | None = None) -> None:
    """Run the bot until SIGINT or SIGTERM.

    Raises:
        StartError: it cannot start, or cannot go on.
        MistakeError: something that nobody has thought of has ended it.
        ContentError: a file of ``prompts/`` cannot be used.
        StorageError: the database cannot be opened, or not be written any more.
        ConfigError: the key of the database cannot be read.
        FontError: the font cannot be used.
    """
    stop = asyncio.Event()
    try:
        app = Ampersand.build(settings, clock, make_reader=fetch_reader)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop.set)
        await app.run(stop)
    except (StartError, ContentError, StorageError, ConfigError, FontError):
        raise
    except Exception as error:
        # Python would print the message, and a message can quote what somebody has typed.
        raise MistakeError(f"a mistake in the program has ended it: {where(error)}") from None
    log.info("stopped; nothing is lost")

"""Making rooms: a server, a clock, a bot with settings of its own, and a person with a phone."""

import secrets
from datetime import datetime
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from bot.clock import MovedClock
from bot.config import Settings
from bot.demo.clockwork import Clockwork
from bot.demo.room import Room
from bot.demo.server import BotApiServer
from bot.transport.pace import Pacer

SEND_RATE: Final = 1000.0
CHAT_INTERVAL: Final = 0.001
"""Nobody has to be spared here: weeks of messages arrive in seconds."""

OPERATOR: Final = "Whoever started this demo"


def settings_for(token: str, base_url: str, database_path: Path) -> Settings:
    """The bot's settings in the demo: the defaults, whatever the machine's environment holds."""
    return Settings.model_construct(
        bot_token=SecretStr(token),
        telegram_api_base=base_url,
        database_path=database_path,
        operator_name=OPERATOR,
        send_rate=SEND_RATE,
        backup_folder=None,
    )


def made_token(number: int) -> str:
    """A token for one room's bot: it opens that room's own server and nothing else."""
    return f"{100_000_000 + number}:{secrets.token_urlsafe(24)}"


def make_room(
    key: str, number: int, name: str, base_url: str, database_path: Path, start: datetime | None
) -> Room:
    """A room with nobody's messages in it; nothing runs yet.

    Args:
        key: the room's part of the address.
        number: counts the rooms; bot and person get their ids from it.
        name: the person's first name.
        base_url: where the demo listens.
        database_path: the bot's database.
        start: what the clock shows at first; the machine's time without one.
    """
    clock = MovedClock(start)
    token = made_token(number)
    server = BotApiServer(token, clock=clock.now)
    server.base_url = base_url
    clockwork = Clockwork(
        server,
        clock,
        settings_for(token, base_url, database_path),
        lambda: Pacer(SEND_RATE, chat_interval=CHAT_INTERVAL),
    )
    return Room(key, clockwork, server.person(1_000_000 + number, name))

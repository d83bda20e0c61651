"""Settings: read once from the environment and ``.env``, refused with one clear line."""

import logging
import re
import stat
from collections.abc import Mapping
from datetime import time
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import urlsplit

from pydantic import (
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.addresses import check_webhook, listening_at

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from storage.backups import Backups

log = logging.getLogger(__name__)

OFFICIAL_API = "https://api.telegram.org"

_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]*", re.ASCII)
_SHORTEST_TOKEN_SECRET = 8

# https://core.telegram.org/bots/features#deep-linking
_CODE = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)

# https://core.telegram.org/bots/api#setwebhook
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}", re.ASCII)

HOW_TO_START = (
    "BOT_TOKEN is missing. Talk to @BotFather on Telegram, send /newbot, and put the token it "
    "gives you into .env as BOT_TOKEN=... (to try Ampersand without a token: make demo)"
)


class ConfigError(Exception):
    """A setting is wrong or missing; the message names it and never holds its value."""


class Settings(BaseSettings):
    """Everything that whoever runs the bot can set; ``.env.example`` explains each.

    A description is what is said of a value that is none.
    """

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        hide_input_in_errors=True,
    )

    bot_token: SecretStr
    telegram_api_base: str = OFFICIAL_API
    database_path: Path = Path("ampersand.db")
    database_key: SecretStr | None = None
    database_key_file: Path | None = None
    backup_folder: Path | None = Path("backups")
    backup_keep: Annotated[
        int, Field(ge=1, le=1000, description="a whole number from 1 to 1000")
    ] = 7
    backup_at: Annotated[time, Field(description="a time like 03:30")] = time(3, 30)
    invite_code: SecretStr | None = None
    operator_name: str = "the person who runs this bot"
    operator_contact: str = ""
    webhook_url: str | None = None
    webhook_listen: str = "127.0.0.1:8080"
    webhook_secret: SecretStr | None = None
    send_rate: Annotated[
        float, Field(gt=0, le=1000, description="a number above 0, 1000 at the most")
    ] = 30.0
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR"],
        Field(description="DEBUG, INFO, WARNING or ERROR"),
    ] = "INFO"
    log_format: Annotated[Literal["text", "json"], Field(description="text or json")] = "text"

    @model_validator(mode="before")
    @classmethod
    def _misspelt(cls, given: Mapping[str, object]) -> Mapping[str, object]:
        for name in given:
            if name not in cls.model_fields:
                near = get_close_matches(name, cls.model_fields, n=1)
                hint = f"; did you mean {near[0].upper()}?" if near else ""
                log.warning(".env: %s is not a setting%s", name.upper(), hint)
        return given

    @field_validator("bot_token")
    @classmethod
    def _token_shape(cls, token: SecretStr) -> SecretStr:
        if not _TOKEN.fullmatch(token.get_secret_value()):
            raise ValueError("does not look like a bot token (123456:ABC...)")
        if len(token.get_secret_value().partition(":")[2]) < _SHORTEST_TOKEN_SECRET:
            raise ValueError("too short; copy all of it, also what follows the colon")
        return token

    @field_validator("telegram_api_base")
    @classmethod
    def _base_shape(cls, base: str) -> str:
        if not base.startswith(("https://", "http://")):
            raise ValueError("must begin with https:// or http://")
        try:
            address = urlsplit(base)
            complete = bool(address.hostname) and address.port != 0
        except ValueError:
            complete = False  # its message would quote what stands where the port is read
        if not complete:
            raise ValueError("is no address, like https://api.telegram.org")
        return base.rstrip("/")

    @field_validator("invite_code")
    @classmethod
    def _code_shape(cls, code: SecretStr | None) -> SecretStr | None:
        if code is not None and not _CODE.fullmatch(code.get_secret_value()):
            raise ValueError("takes 1 to 64 letters, digits, - and _, as Telegram's links do")
        return code

    @field_validator("webhook_url")
    @classmethod
    def _webhook_shape(cls, url: str | None, info: ValidationInfo) -> str | None:
        if url is not None:
            check_webhook(url, official=info.data.get("telegram_api_base") == OFFICIAL_API)
        return url

    @field_validator("webhook_listen")
    @classmethod
    def _listen_shape(cls, address: str) -> str:
        listening_at(address)
        return address

    @field_validator("webhook_secret")
    @classmethod
    def _secret_shape(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret is not None and not _SECRET.fullmatch(secret.get_secret_value()):
            raise ValueError("takes 1 to 256 letters, digits, - and _")
        return secret

    @field_validator("backup_folder", mode="before")
    @classmethod
    def _no_backups(cls, folder: object) -> object:
        return None if isinstance(folder, str) and folder.strip().lower() == "none" else folder

    @field_validator("backup_at")
    @classmethod
    def _in_utc(cls, at: time) -> time:
        if at.tzinfo is not None:
            raise ValueError("is a time in UTC, like 03:30")
        return at

    @field_validator("log_level", mode="before")
    @classmethod
    def _level_case(cls, level: object) -> object:
        return level.upper() if isinstance(level, str) else level

    def key(self) -> str | None:
        """What the database is encrypted with; None if it is not.

        Raises:
            ConfigError: the key cannot be read, or there are two.
        """
        given, file = self.database_key, self.database_key_file
        if given is not None and file is not None:
            raise ConfigError("set DATABASE_KEY or DATABASE_KEY_FILE, not both")
        if file is not None:
            return read_key(file)
        return None if given is None else given.get_secret_value()

    def backups(self) -> "Backups | None":
        """Where backups of the database are; None if none are made.

        A folder that is not absolute lies beside the database.
        """
        from storage.backups import Backups

        if self.backup_folder is None:
            return None
        return Backups(self.database_path.parent / self.backup_folder, self.database_path)


def read_key(file: Path) -> str:
    """The key in a file: its first line.

    Raises:
        ConfigError: it cannot be read, is empty, or holds more than a line.
    """
    try:
        text = file.read_text(encoding="utf-8").rstrip("\r\n")
        others = file.stat().st_mode & stat.S_IROTH
    except OSError as error:
        raise ConfigError(f"the key file {file} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ConfigError(f"the key file {file} is no text in UTF-8") from None
    if not text or not text.isprintable():
        raise ConfigError(f"the key file {file} has to hold the key, in one line")
    if others:
        log.warning("the key file %s can be read by everybody on this machine", file)
    return text


def load_settings() -> Settings:
    """Read the settings.

    Raises:
        ConfigError: with one line that names each wrong or missing setting, never its value.
    """
    try:
        return Settings()  # type: ignore[call-arg]  # the values come from the environment
    except (OSError, UnicodeDecodeError):
        raise ConfigError(".env cannot be read; it has to be a text file in UTF-8") from None
    except ValidationError as error:
        problems = []
        for item in error.errors(include_input=False, include_url=False, include_context=False):
            name = str(item["loc"][0]).upper() if item["loc"] else "settings"
            if name == "BOT_TOKEN" and item["type"] == "missing":
                problems.append(HOW_TO_START)
            else:
                problems.append(f"{name}: {_plain(item)}")
        raise ConfigError("; ".join(problems)) from None


def _plain(problem: "ErrorDetails") -> str:
    field = Settings.model_fields.get(str(problem["loc"][0])) if problem["loc"] else None
    if problem["type"] != "value_error" and field is not None and field.description:
        return field.description
    return problem["msg"].removeprefix("Value error, ")

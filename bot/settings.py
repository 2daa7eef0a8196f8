# SPDX-License-Identifier: EUPL-1.2
"""The settings, from the environment (`BUURTBRUG_…`) or a file `.env`."""

import os
import re
import secrets
from enum import StrEnum
from pathlib import Path
from typing import Self

from pydantic import Field, HttpUrl, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
"""The checkout: `content/` and `locales/` are in it."""
LOCALES = ROOT / "locales"

TELEGRAM_API = "https://api.telegram.org"

_TOKEN = re.compile(r"\d+:\S+")
_DATABASES = ("postgresql:", "postgresql+asyncpg:", "postgres:", "sqlite:", "sqlite+aiosqlite:")

SHORTEST_KEY = 16
"""Bytes: a shorter secret could be guessed by trying."""


class TelegramMode(StrEnum):
    """How updates come in from Telegram."""

    POLLING = "polling"
    WEBHOOK = "webhook"


class Settings(BaseSettings):
    """Everything that can be set. Nothing has to be: the defaults start a whole bot on this machine."""

    model_config = SettingsConfigDict(
        env_prefix="BUURTBRUG_", env_file=".env", env_file_encoding="utf-8", frozen=True, extra="ignore"
    )

    telegram_token: SecretStr | None = None
    telegram_api_url: str = TELEGRAM_API
    telegram_mode: TelegramMode = TelegramMode.POLLING
    public_url: str = ""
    """Where people reach this machine; by default the host and port below."""
    database_url: str = ""
    """By default SQLite in the data folder."""
    redis_url: str = ""
    """Only needed with several replicas."""
    secret_key: SecretStr | None = None
    """Keys divided by commas: the first one writes, all of them read. By default made at the first start."""
    content: Path = ROOT / "content" / "montfoort"
    data_dir: Path = Path("data")
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    trusted_proxies: int = Field(default=0, ge=0)
    """How many proxies of our own stand before the web server: they tell the visitor's address."""
    frame_ancestors: str = ""
    """Web sites, divided by spaces, that may show the chat in a frame of theirs."""
    send_rate: float = Field(default=30, gt=0)
    """Messages a second that Telegram allows this bot: 30. With more, broadcasts are paid for, in Stars."""
    overdue_minutes: float = Field(default=30, gt=0)
    """A planned message that is later than this, after an outage, waits and asks."""
    smtp_url: SecretStr | None = None
    """smtp://user:password@host:port of the mail server through which reports leave; smtps:// for TLS."""
    report_mail_to: str = ""
    """Where reports go whose kind says `backend = "mail"`; without it they stay in the own queue."""
    report_mail_from: str = ""
    """The sender of that mail, for example meldingen@example.org."""
    log_format: str = Field(default="console", pattern="^(console|json)$")

    @field_validator("telegram_token", "secret_key", "smtp_url", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return value or None

    @field_validator("telegram_api_url", "public_url")
    @classmethod
    def _http(cls, value: str) -> str:
        if value:
            try:
                HttpUrl(value)
            except ValidationError as error:
                raise ValueError("needs a whole address, such as https://bot.example.org") from error
        return value.rstrip("/")

    @field_validator("telegram_token")
    @classmethod
    def _from_botfather(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _TOKEN.fullmatch(value.get_secret_value()):
            raise ValueError("this is no token: @BotFather's look like 123456:ABC-def, without spaces")
        return value

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if value and not value.startswith(_DATABASES):
            raise ValueError("must begin with postgresql:// or sqlite:///")
        return value

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and any(len(key) < SHORTEST_KEY for key in _divided(value)):
            raise ValueError(
                f"each key needs at least {SHORTEST_KEY} characters (a comma divides keys): take one from "
                "`python -c 'import secrets; print(secrets.token_urlsafe(48))'`"
            )
        return value

    @model_validator(mode="after")
    def _webhook_needs_https(self) -> Self:
        if (
            self.telegram_token
            and self.telegram_mode is TelegramMode.WEBHOOK
            and not self.public_url.startswith("https://")
            and self.telegram_api_url == TELEGRAM_API
        ):
            raise ValueError(
                "BUURTBRUG_TELEGRAM_MODE=webhook needs BUURTBRUG_PUBLIC_URL=https://…: Telegram only calls "
                "addresses with TLS. Set it, or use polling."
            )
        return self

    @property
    def address(self) -> str:
        """Where people open the web chat."""
        return self.public_url or f"http://{self.host}:{self.port}"

    @property
    def database(self) -> str:
        """The database's address for SQLAlchemy, with its asynchronous driver."""
        url = self.database_url or f"sqlite:///{self.data_dir.resolve() / 'buurtbrug.sqlite3'}"
        for plain, driver in (("sqlite:", "sqlite+aiosqlite:"), ("postgresql:", "postgresql+asyncpg:")):
            if url.startswith(plain):
                return driver + url.removeprefix(plain)
        return url.replace("postgres://", "postgresql+asyncpg://", 1) if url.startswith("postgres:") else url

    def keys(self) -> list[bytes]:
        """Return the secret keys; the first one writes. Without a setting, one kept in the data folder.

        The file is made once, readable by this user alone. Losing it means losing what it encrypted.
        """
        if self.secret_key is not None:
            return _divided(self.secret_key)
        path = self.data_dir / "secret.key"
        if not path.exists():
            self.data_dir.mkdir(parents=True, exist_ok=True)
            try:
                handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            except FileExistsError:
                return [path.read_bytes().strip()]
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_urlsafe(48))
        return [path.read_bytes().strip()]


def _divided(keys: SecretStr) -> list[bytes]:
    return [key.strip().encode() for key in keys.get_secret_value().split(",") if key.strip()]

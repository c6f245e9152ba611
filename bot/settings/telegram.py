"""Settings of the Telegram channel, and the token they point to."""

import ipaddress
import re
import stat
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from bot.core.errors import ConfigurationError

_TOKEN = re.compile(r"[0-9]{3,20}:[A-Za-z0-9_-]{30,100}")
# The bot's own secrets travel in a path and in a header; Telegram allows these characters in the latter.
_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")


class TelegramSettings(BaseModel):
    """The Telegram channel; off without a token file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    token_file: str = Field(
        "", description="File (mode 600) with the bot's token from @BotFather; empty: no Telegram (docs/telegram.md)."
    )
    public_url: str = Field(
        "", description="Public https address of this service, which Telegram delivers to; empty with polling."
    )
    webhook_path: SecretStr | None = Field(
        None,
        description="Secret last part of the webhook's path, 16 to 256 of A-Z a-z 0-9 _ -; made from the token.",
    )
    webhook_secret: SecretStr | None = Field(
        None, description="Secret that Telegram shows in its header, likewise; made from the token."
    )
    polling: bool = Field(
        False, description="Fetch updates instead of having them delivered: development, one process, no webhook."
    )
    base_url: str = Field(
        "https://api.telegram.org/bot",
        description="Bot API up to the token; another for a Bot API server of one's own.",
    )
    file_url: str = Field("https://api.telegram.org/file/bot", description="Its files, likewise.")
    allow_plain: bool = Field(False, description="Allow plain http to that server beyond this machine.")
    proxy: SecretStr | None = Field(
        None,
        description="http or https proxy towards Telegram, which networks in Viet Nam block; may hold a password.",
    )
    request_seconds: float = Field(20, gt=0, le=120, description="Longest wait for Telegram's answer.")
    messages_per_second: int = Field(
        30, ge=1, le=30, description="Most messages a second of this process, all chats; share it among several."
    )
    chat_seconds: float = Field(1, ge=0.1, le=60, description="Least time between two messages in one chat.")

    @field_validator("webhook_path", "webhook_secret", mode="after")
    @classmethod
    def _check_secret(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret is not None and not _SECRET.fullmatch(secret.get_secret_value()):
            raise ValueError("must be 16 to 256 of A-Z a-z 0-9 _ -")
        return secret

    @field_validator("public_url", mode="after")
    @classmethod
    def _check_public_url(cls, url: str) -> str:
        if url and not _has_host(url, {"https"}):
            raise ValueError("must be an https address, as Telegram delivers to no other")
        return url.rstrip("/")

    @field_validator("proxy", mode="after")
    @classmethod
    def _check_proxy(cls, proxy: SecretStr | None) -> SecretStr | None:
        if proxy is not None and not _has_host(proxy.get_secret_value(), {"http", "https"}):
            raise ValueError("must begin with http:// or https:// (socks proxies are not supported)")
        return proxy

    @model_validator(mode="after")
    def _check_together(self) -> "TelegramSettings":
        for name in ("base_url", "file_url"):
            url = getattr(self, name)
            if not _has_host(url, {"http", "https"}):
                raise ValueError(f"{name} must be an https address")
            if url.startswith("http:") and not (self.allow_plain or _is_loopback(url)):
                raise ValueError(f"{name} is plain http beyond this machine, which shows the token (allow_plain)")
        if self.polling and self.public_url:
            raise ValueError("polling and public_url exclude one another")
        return self


def _has_host(url: str, schemes: set[str]) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in schemes and bool(parts.hostname)


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def read_token(path: Path) -> str:
    """Return the bot's token. Raises ConfigurationError, one line, which does not repeat what is in the file."""
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise ConfigurationError(f"token file {path} is open to other users; run: chmod 600 {path}")
        token = path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"token file {path} cannot be read ({type(error).__name__})") from None
    if not _TOKEN.fullmatch(token):
        raise ConfigurationError(f"token file {path} does not hold a token of @BotFather (123456789:AA…)")
    return token

"""Tokens between our own processes: made once, kept in files that only their owner can read."""

import os
import secrets
from pathlib import Path

from pydantic import SecretStr

from bot.core.errors import ConfigurationError
from bot.settings import Settings

_NAMES = ("rasa_token", "action_token", "evaluation_token", "session_key")


def with_tokens(settings: Settings) -> Settings:
    """Return the settings with every token that was not set read from, or made in, the data folder.

    Files have mode 600 and hold one line. Raises ConfigurationError when one cannot be read or written.
    """
    missing = [name for name in _NAMES if getattr(settings, name) is None]
    return settings.model_copy(update={name: SecretStr(_kept(settings.tokens_dir / name)) for name in missing})


def _kept(path: Path) -> str:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            _create(path)
        path.chmod(0o600)
        token = path.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: the token cannot be read or made: {error}") from error
    if len(token) < 16:
        raise ConfigurationError(f"{path}: the token is damaged; delete the file and start again")
    return token


def _create(path: Path) -> None:
    """Write a new token whole or not at all; a token that another process made meanwhile stays."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(32) + "\n")
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()

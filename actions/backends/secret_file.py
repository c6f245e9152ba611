"""Shared secrets between us and a complaint backend, in a file that only its owner can read.

One line a secret: its id, a space, the secret (at least 32 characters). The first signs; every one is accepted, so
that a new secret can be brought in before the old one is taken out.
"""

import contextlib
import os
import secrets
import stat
from pathlib import Path

from bot.core.backend.signing import SigningKey
from bot.core.errors import ConfigurationError

DEFAULT_ID = "tiepdan"


def read_secrets(path: Path) -> dict[str, SigningKey]:
    """Return the secrets by id, the one that signs first. Raises ConfigurationError, one line."""
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise ConfigurationError(f"secret file {path} is open to other users; run: chmod 600 {path}")
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"secret file {path} cannot be read ({error})") from error
    found: dict[str, SigningKey] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        key_id, _, secret = line.strip().partition(" ")
        try:
            found.setdefault(key_id, SigningKey(key_id, secret.strip()))
        except ValueError as error:
            raise ConfigurationError(f"secret file {path}, line {number}: {error}") from None
    if not found:
        raise ConfigurationError(f"secret file {path} holds no secret; write a line: {DEFAULT_ID} SECRET")
    return found


def read_or_make_secrets(path: Path) -> dict[str, SigningKey]:
    """Return the secrets of a file, which is made with one of its own where there is none."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            draft = path.with_name(f"{path.name}.{os.getpid()}")
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(f"{DEFAULT_ID} {secrets.token_urlsafe(32)}\n")
            with contextlib.suppress(FileExistsError):
                os.link(draft, path)  # unlike rename, never replaces one that another process made
            draft.unlink()
    except OSError as error:
        raise ConfigurationError(f"secret file {path} cannot be made ({error.strerror})") from error
    return read_secrets(path)

"""Sealing of citizens' words at rest: AES-256-GCM under a ring of keys kept as files beside the database.

A sealed value is `version (1) | key id (4) | nonce (12) | ciphertext and tag`. The key id is the second in which the
key was made, so a ring that was lost and made anew never answers for the old one's values.
"""

import contextlib
import json
import os
import stat
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.core.errors import ConfigurationError

PREFIX_BYTES = 5
_VERSION = b"\x01"
_KEY_BYTES = 32
_NONCE_BYTES = 12
_TAG_BYTES = 16
_SUFFIX = ".key"
# A running service notices a key added by `tiepdan keys rotate` within this time.
RELOAD_SECONDS = 1.0


@dataclass(frozen=True)
class Key:
    """One key of the ring: its id (second of making, Unix time) and its cipher."""

    id: int
    cipher: AESGCM

    @property
    def prefix(self) -> bytes:
        """The bytes that every value sealed under this key begins with."""
        return _VERSION + self.id.to_bytes(4, "big")


def context(table: str, column: str, *row: str | int) -> bytes:
    """Return the associated data that binds a sealed value to its place, so that rows cannot be swapped."""
    return json.dumps([table, column, *row], ensure_ascii=False).encode()


class KeyRing:
    """Seals under its newest key and opens under any of its keys. Safe to share between threads.

    Keys added to the folder while the process runs are taken up within RELOAD_SECONDS, or at once when a value
    names a key that is not known yet.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._keys: dict[int, Key] = {}
        self._current: Key
        self._stamp = 0
        self._looked_at = 0.0
        self._load()

    @classmethod
    def load_or_create(cls, folder: Path) -> "KeyRing":
        """Open the ring in `folder`, making folder (mode 700) and first key (mode 600) where there are none.

        Raises ConfigurationError, one line, when a key is corrupt, unreadable or open to other users.
        """
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not any(folder.glob(f"*{_SUFFIX}")):
                _write_key(folder)
        except OSError as error:
            raise ConfigurationError(
                f"key folder {folder} cannot be used ({error.strerror}); check its owner"
            ) from error
        return cls(folder)

    @property
    def folder(self) -> Path:
        """Where the keys are; the audit's mark is beside them."""
        return self._folder

    @property
    def current(self) -> int:
        """Id of the key that seals now."""
        return self._current.id

    @property
    def current_prefix(self) -> bytes:
        """What values sealed now begin with."""
        return self._current.prefix

    def ids(self) -> tuple[int, ...]:
        """Ids of all keys, oldest first."""
        return tuple(sorted(self._keys))

    def add_key(self) -> int:
        """Make a new key, seal under it from now on, and return its id."""
        with self._lock:
            _write_key(self._folder, newer_than=max(self._keys))
            self._load()
        return self._current.id

    def seal(self, data: bytes, context: bytes) -> bytes:
        """Return `data` encrypted under the newest key and bound to `context`."""
        self._reload_if_changed()
        key = self._current
        nonce = os.urandom(_NONCE_BYTES)
        return key.prefix + nonce + key.cipher.encrypt(nonce, data, context)

    def open(self, sealed: bytes, context: bytes) -> bytes:
        """Return what was sealed for this very `context`.

        Raises ConfigurationError for an unknown key and for a value that was altered or moved.
        """
        body = PREFIX_BYTES + _NONCE_BYTES
        if len(sealed) < body + _TAG_BYTES or sealed[:1] != _VERSION:
            raise ConfigurationError("a stored value is not sealed as this version seals; restore the database")
        key = self._key(int.from_bytes(sealed[1:PREFIX_BYTES], "big"))
        try:
            return key.cipher.decrypt(sealed[PREFIX_BYTES:body], sealed[body:], context)
        except InvalidTag:
            raise ConfigurationError(
                f"a stored value does not open under key {key.id:08x}: it was altered or moved; restore the database"
            ) from None

    def seal_json(self, value: dict[str, Any], context: bytes) -> bytes:
        """Seal a JSON-ready dict."""
        return self.seal(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), context)

    def open_json(self, sealed: bytes, context: bytes) -> dict[str, Any]:
        """Open what `seal_json` sealed."""
        value: dict[str, Any] = json.loads(self.open(sealed, context))
        return value

    def _key(self, key_id: int) -> Key:
        if key_id not in self._keys:
            with self._lock:
                self._load()
        try:
            return self._keys[key_id]
        except KeyError:
            raise ConfigurationError(
                f"key {key_id:08x} is missing in {self._folder}; put its file back from the backup"
            ) from None

    def _reload_if_changed(self) -> None:
        now = time.monotonic()
        if now - self._looked_at < RELOAD_SECONDS:
            return
        self._looked_at = now
        # A folder that is gone or spoiled for a moment must not stop the service: its keys are in memory.
        with contextlib.suppress(OSError, ConfigurationError):
            if self._folder.stat().st_mtime_ns != self._stamp:
                with self._lock:
                    self._load()

    def _load(self) -> None:
        try:
            stamp = self._folder.stat().st_mtime_ns
            if stat.S_IMODE(self._folder.stat().st_mode) & 0o077:
                raise ConfigurationError(
                    f"key folder {self._folder} is open to other users; run: chmod 700 {self._folder}"
                )
            keys = {key.id: key for key in map(_read_key, sorted(self._folder.glob(f"*{_SUFFIX}")))}
        except OSError as error:
            raise ConfigurationError(f"key folder {self._folder} cannot be read ({error.strerror})") from error
        if not keys:
            raise ConfigurationError(f"no key in {self._folder}; put the key files back from the backup")
        self._keys, self._current = keys, keys[max(keys)]
        self._stamp, self._looked_at = stamp, time.monotonic()


def _read_key(path: Path) -> Key:
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise ConfigurationError(f"key {path} is open to other users; run: chmod 600 {path}")
    secret = path.read_bytes()
    try:
        key_id = int(path.stem, 16)
    except ValueError:
        raise ConfigurationError(
            f"key {path} has no key's name (8 hexadecimal digits); remove or rename it"
        ) from None
    if len(secret) != _KEY_BYTES:
        raise ConfigurationError(f"key {path} is corrupt ({len(secret)} bytes, not 32); put it back from the backup")
    return Key(key_id, AESGCM(secret))


def _write_key(folder: Path, newer_than: int = 0) -> None:
    """Write a key file whole or not at all; two processes starting at once end up with one first key each at most."""
    key_id = max(int(time.time()), newer_than + 1)
    handle, draft = tempfile.mkstemp(dir=folder, prefix=".draft-")  # made with mode 600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(AESGCM.generate_key(_KEY_BYTES * 8))
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, folder / f"{key_id:08x}{_SUFFIX}")  # unlike rename, never replaces a key
    except FileExistsError:
        pass  # another process made a key in this very second: that one serves
    finally:
        os.unlink(draft)
    parent = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(parent)
    finally:
        os.close(parent)

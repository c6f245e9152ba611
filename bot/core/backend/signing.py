"""Signed requests between us and a complaint backend, in both directions: HMAC-SHA256 with a shared secret.

What is signed is one line each of: the scheme, the method, the target (path and query as sent), the time in Unix
seconds, a nonce, the Idempotency-Key (empty where there is none) and the SHA-256 of the body in hexadecimal. So none
of them can be changed, and no request can be sent a second time. Pure; nonces are remembered by whoever is given.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

SCHEME = "tiepdan-hmac-sha256-1"
KEY_ID = "x-tiepdan-key-id"
TIMESTAMP = "x-tiepdan-timestamp"
NONCE = "x-tiepdan-nonce"
SIGNATURE = "x-tiepdan-signature"
IDEMPOTENCY_KEY = "idempotency-key"
TOLERANCE_SECONDS = 300
MIN_SECRET_CHARACTERS = 32

_KEY_ID_FORM = re.compile(r"[A-Za-z0-9._-]{1,64}")
_TIMESTAMP_FORM = re.compile(r"[0-9]{1,12}")
_NONCE_FORM = re.compile(r"[A-Za-z0-9_-]{16,64}")
_IDEMPOTENCY_FORM = re.compile(r"[A-Za-z0-9._:-]{0,128}")
_SIGNATURE_FORM = re.compile(r"[0-9a-f]{64}")


class SignatureRefused(Exception):
    """A request is not signed as agreed; `code` is one of the constants below and tells which rule it breaks."""

    MISSING = "signature-missing"
    MALFORMED = "signature-malformed"
    UNKNOWN_KEY = "key-unknown"
    WRONG = "signature-wrong"
    TIMESTAMP = "timestamp-out-of-range"
    NONCE = "nonce-reused"

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Nonces(Protocol):
    """Remembers nonces. Blocking where it is a database."""

    def remember(self, key_id: str, nonce: str, until: int, now: int) -> bool:
        """Keep a nonce until a Unix time, dropping those whose time is over; False if it was there already."""
        ...


@dataclass(frozen=True)
class SigningKey:
    """A shared secret under the name by which the other side knows it. Raises ValueError for a short secret."""

    id: str
    secret: str = field(repr=False)

    def __post_init__(self) -> None:
        if not _KEY_ID_FORM.fullmatch(self.id):
            raise ValueError("a key id has 1 to 64 letters, digits, dots, hyphens or underscores")
        if len(self.secret) < MIN_SECRET_CHARACTERS:
            raise ValueError(f"a shared secret has at least {MIN_SECRET_CHARACTERS} characters")


@dataclass(frozen=True)
class Signable:
    """What a signature covers of a request. `target` is path and query as they travel, percent-encoded."""

    method: str
    target: str
    body: bytes
    idempotency_key: str = ""


def new_nonce() -> str:
    """Return a random nonce (144 bits)."""
    return secrets.token_urlsafe(18)


def signature(key: SigningKey, request: Signable, timestamp: str, nonce: str) -> str:
    """Return the signature of a request in lower-case hexadecimal."""
    lines = (
        SCHEME,
        request.method.upper(),
        request.target,
        timestamp,
        nonce,
        request.idempotency_key,
        hashlib.sha256(request.body).hexdigest(),
    )
    return hmac.new(key.secret.encode(), "\n".join(lines).encode(), hashlib.sha256).hexdigest()


def signed_headers(key: SigningKey, request: Signable, now: datetime, nonce: str | None = None) -> dict[str, str]:
    """Return the headers that sign a request sent now; a nonce is made where none is given."""
    timestamp, nonce = str(int(now.timestamp())), nonce or new_nonce()
    return {
        KEY_ID: key.id,
        TIMESTAMP: timestamp,
        NONCE: nonce,
        SIGNATURE: signature(key, request, timestamp, nonce),
    }


@dataclass(frozen=True)
class Credentials:
    """The well-formed signature headers of a request that has not been read yet."""

    key: SigningKey
    timestamp: str
    nonce: str
    signature: str


class Verifier:
    """Checks requests against the keys that are known. Safe to share; blocks where `nonces` does."""

    def __init__(
        self, keys: Mapping[str, SigningKey], nonces: Nonces, tolerance_seconds: int = TOLERANCE_SECONDS
    ) -> None:
        self._keys = dict(keys)
        self._nonces = nonces
        self._tolerance = tolerance_seconds

    def credentials(self, headers: Mapping[str, str], now: datetime) -> Credentials:
        """Read the headers (lower-case names) before the body is read. Raises SignatureRefused."""
        given = [headers.get(name, "") for name in (KEY_ID, TIMESTAMP, NONCE, SIGNATURE)]
        if not all(given):
            raise SignatureRefused(SignatureRefused.MISSING)
        forms = (_KEY_ID_FORM, _TIMESTAMP_FORM, _NONCE_FORM, _SIGNATURE_FORM)
        well_formed = all(form.fullmatch(value) for form, value in zip(forms, given, strict=True))
        if not well_formed or not _IDEMPOTENCY_FORM.fullmatch(headers.get(IDEMPOTENCY_KEY, "")):
            raise SignatureRefused(SignatureRefused.MALFORMED)
        key_id, timestamp, nonce, claimed = given
        if key_id not in self._keys:
            raise SignatureRefused(SignatureRefused.UNKNOWN_KEY)
        if abs(int(timestamp) - now.timestamp()) > self._tolerance:
            raise SignatureRefused(SignatureRefused.TIMESTAMP)
        return Credentials(self._keys[key_id], timestamp, nonce, claimed)

    def check(self, credentials: Credentials, request: Signable, now: datetime) -> None:
        """Prove that the request was signed with the key, and never seen before. Raises SignatureRefused.

        A nonce is remembered only when the signature fits, so that strangers cannot fill the memory.
        """
        expected = signature(credentials.key, request, credentials.timestamp, credentials.nonce)
        if not hmac.compare_digest(expected, credentials.signature):
            raise SignatureRefused(SignatureRefused.WRONG)
        until = int(credentials.timestamp) + self._tolerance + 1
        if not self._nonces.remember(credentials.key.id, credentials.nonce, until, int(now.timestamp())):
            raise SignatureRefused(SignatureRefused.NONCE)


class MemoryNonces:
    """Nonces in this process's memory: for receivers whose effects are idempotent anyway, and for tests."""

    def __init__(self) -> None:
        self._until: dict[tuple[str, str], int] = {}

    def remember(self, key_id: str, nonce: str, until: int, now: int) -> bool:
        """Keep a nonce; see Nonces."""
        for known in [name for name, end in self._until.items() if end < now]:
            del self._until[known]
        if (key_id, nonce) in self._until:
            return False
        self._until[key_id, nonce] = until
        return True

"""What is derived from the key that all processes of a service share, and from nothing in the database."""

import hashlib
import hmac
import secrets

TOKEN_BYTES = 32


class Marks:
    """Keyed hashes, one family for each purpose. Who reads or writes the database alone can make none of them."""

    def __init__(self, key: str) -> None:
        self._key = key.encode()

    def new_token(self) -> str:
        """Return a new session token; only its `session` mark is stored."""
        return secrets.token_urlsafe(TOKEN_BYTES)

    def session(self, token: str) -> str:
        """Return what a session is stored under."""
        return self._mark("session", token)

    def csrf(self, token: str) -> str:
        """Return what pages of ours say with each change, and pages of others cannot know."""
        return self._mark("csrf", token)

    def attempts(self, kind: str, value: str) -> str:
        """Return what failures of an account or address are counted under: the table holds no typed name."""
        return self._mark(f"attempts {kind}", value)

    def single_sign_on(self, part: str, binding: str) -> str:
        """Return state, nonce or verifier of a sign-on: 64 characters that only this browser's binding gives."""
        return self._mark(f"single sign-on {part}", binding)

    def _mark(self, purpose: str, value: str) -> str:
        said = f"tiepdan console v1\n{purpose}\n{value}".encode("utf-8", "replace")
        return hmac.digest(self._key, said, hashlib.sha256).hex()

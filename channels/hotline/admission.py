"""Whether a request comes from the switchboard: a shared secret, or a signature. Pure; takes the same time always."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field

TOKEN_HEADER = "x-hotline-token"  # noqa: S105 -- a header's name
SIGNATURE_HEADER = "x-hub-signature"
_MAX_TOKEN = 512


@dataclass(frozen=True)
class Admission:
    """The secrets; an empty one admits nobody.

    `token` is shown in a header, or is the last part of the path for switchboards that can send no header.
    `transcript_token` is the recognisers', `query_token` stands in the query of GET events, which land in logs: so it
    is a secret of its own. `signing_secret` signs bodies as Caresoft does, with HMAC-SHA1.
    """

    token: str = field(default="", repr=False)
    transcript_token: str = field(default="", repr=False)
    query_token: str = field(default="", repr=False)
    signing_secret: str = field(default="", repr=False)

    @property
    def any(self) -> bool:
        """True when somebody can be admitted at all."""
        return bool(self.token or self.transcript_token or self.query_token or self.signing_secret)

    def event(self, headers: Mapping[str, str], body: bytes, path_secret: str = "") -> bool:
        """True for an event that shows the token or is signed. Headers have lower-case names."""
        shown = _same(_shown(headers), self.token)
        in_path = _same(path_secret, self.token)
        signed = self._signed(headers.get(SIGNATURE_HEADER, ""), body)
        return shown or in_path or signed

    def transcript(self, headers: Mapping[str, str], path_secret: str = "") -> bool:
        """True for lines that show the recognisers' token, or the switchboard's where they have none."""
        expected = self.transcript_token or self.token
        shown = _same(_shown(headers), expected)
        return _same(path_secret, expected) or shown

    def query(self, token: str) -> bool:
        """True for a GET event with the secret of its own."""
        return _same(token, self.query_token)

    def _signed(self, given: str, body: bytes) -> bool:
        """Take the digest in either case, with «sha1=» before it or without."""
        if not self.signing_secret or not given:
            return False
        digest = hmac.new(self.signing_secret.encode(), body, hashlib.sha1).hexdigest()
        claimed = given.strip()
        claimed = claimed[5:] if claimed[:5].lower() == "sha1=" else claimed
        return hmac.compare_digest(claimed.lower().encode("utf-8", "replace"), digest.encode())


def _shown(headers: Mapping[str, str]) -> str:
    bearer = headers.get("authorization", "")
    kind, _, token = bearer.partition(" ")
    return headers.get(TOKEN_HEADER) or (token.strip() if kind.lower() == "bearer" else "")


def _same(given: str, expected: str) -> bool:
    """Compare in a time that does not tell how much was right; without a secret nothing matches."""
    left = hashlib.sha256(given[:_MAX_TOKEN].encode("utf-8", "surrogateescape")).digest()
    right = hashlib.sha256(expected.encode()).digest()
    return hmac.compare_digest(left, right) and bool(expected) and len(given) <= _MAX_TOKEN

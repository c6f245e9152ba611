"""Session tokens: short-lived and signed. A leaked one is soon worth nothing, a stolen database holds none."""

import base64
import hashlib
import hmac
import re
from datetime import UTC, datetime

_FORM = re.compile(r"v1\.([1-9][0-9]{0,11})\.([A-Za-z0-9_-]{43})")


def signed(key: str, session_id: str, expires_at: datetime) -> str:
    """Return a token that opens one session until a moment (whole seconds)."""
    seconds = int(expires_at.timestamp())
    return f"v1.{seconds}.{_mac(key, session_id, seconds)}"


def expiry(key: str, session_id: str, token: str) -> datetime | None:
    """Return until when a token opens the session; None for one that was not made for it with this key."""
    found = _FORM.fullmatch(token)
    if found is None:
        return None
    seconds = int(found[1])
    if not hmac.compare_digest(found[2], _mac(key, session_id, seconds)):
        return None
    return datetime.fromtimestamp(seconds, UTC)


def _mac(key: str, session_id: str, seconds: int) -> str:
    said = f"tiepdan web session v1\n{session_id}\n{seconds}".encode()
    return base64.urlsafe_b64encode(hmac.digest(key.encode(), said, hashlib.sha256)).rstrip(b"=").decode()

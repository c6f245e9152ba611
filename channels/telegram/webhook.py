"""The check of a request that says it comes from Telegram, and the secrets it is checked with. Pure."""

import hashlib
import hmac

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 -- a header's name
# What setWebhook asks Telegram for; other kinds are not sent at all.
ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")


def secret_matches(given: str | None, expected: str) -> bool:
    """True when the header's value is the secret; in a time that does not tell how much of it was right.

    Without a secret nothing matches.
    """
    if not expected:
        return False
    # Digests are of one length, and headers may hold characters that compare_digest refuses in texts.
    left = hashlib.sha256((given or "").encode("utf-8", "surrogateescape")).digest()
    return hmac.compare_digest(left, hashlib.sha256(expected.encode()).digest()) and given is not None


def derived_secret(token: str, purpose: str) -> str:
    """Return 43 characters that only holders of the bot's token can know; others for each purpose («path», «header»).

    So a new token brings new secrets, and there is one secret to keep and not three. Fits Telegram's A–Z a–z 0–9 _ -.
    """
    return hmac.new(token.encode(), f"tiepdan telegram {purpose}".encode(), hashlib.sha256).hexdigest()[:43]

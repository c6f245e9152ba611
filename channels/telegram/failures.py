"""What the library's errors mean for a message. Pure.

A fault before the request was out is RETRY, one after it UNKNOWN: sendMessage has no key, so a repetition may double.
BadRequest is below NetworkError in the library's tree, and is not a matter of the network.
"""

from datetime import timedelta

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.core.channels.contract import Failure, SendFailed
from channels.telegram.connection import Unintelligible

_NOT_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
)
# Bad requests that are about the person and not about the message.
_GONE = ("chat not found", "user not found", "peer_id_invalid", "user_is_blocked", "input_user_deactivated")


def failure_of(error: TelegramError) -> SendFailed:
    """Return the failure of a sending that raised this error; never with the error's words."""
    match error:
        case RetryAfter():
            return SendFailed(Failure.WAIT, "429", timedelta(seconds=seconds_of(error)))
        case Forbidden():
            return SendFailed(Failure.BLOCKED, "403")
        case ChatMigrated():
            # Only groups move, and answers are for one person: the new group is not written to.
            return SendFailed(Failure.BLOCKED, "migrated")
        case InvalidToken():
            return SendFailed(Failure.ALARM, "401")
        case Conflict():
            return SendFailed(Failure.ALARM, "409")
        case BadRequest():
            gone = any(sign in error.message.lower() for sign in _GONE)
            return SendFailed(Failure.BLOCKED if gone else Failure.GIVE_UP, "400")
        case Unintelligible():
            taken = error.status >= 500 or 200 <= error.status <= 299
            return SendFailed(Failure.UNKNOWN if taken else Failure.RETRY, str(error.status))
        case NetworkError() if isinstance(error.__cause__, _NOT_SENT):
            return SendFailed(Failure.RETRY, "connect")
        case TimedOut():
            return SendFailed(Failure.UNKNOWN, "timeout")
        case _:
            return SendFailed(Failure.UNKNOWN, "network")


def seconds_of(error: RetryAfter) -> float:
    """Return how long to wait; the attribute itself warns that its type will change."""
    return float(error.__reduce__()[1][0])

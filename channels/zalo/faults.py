"""What Zalo's error codes mean for a message (zalo.md §7)."""

from datetime import timedelta

from bot.core.channels.contract import Failure, SendFailed

TOKEN_CODES = frozenset({-216, -220})
EXPIRED_UPLOAD = -100
RATE_LIMIT = -32
_MINUTE = timedelta(minutes=1)
# Quotas of days and months: asking more often than this only costs calls.
_QUOTA_PAUSE = timedelta(hours=1)

FAILURES: dict[int, Failure] = {
    RATE_LIMIT: Failure.WAIT,
    EXPIRED_UPLOAD: Failure.GIVE_UP,  # after a second upload; see channels.zalo.uploads
    -200: Failure.RETRY,
    -201: Failure.GIVE_UP,
    -204: Failure.ALARM,
    -205: Failure.ALARM,
    -209: Failure.ALARM,
    -210: Failure.GIVE_UP,
    -211: Failure.WAIT,
    -212: Failure.ALARM,
    -213: Failure.BLOCKED,
    -216: Failure.ALARM,  # after one refresh
    -217: Failure.BLOCKED,
    -218: Failure.WAIT,
    -219: Failure.ALARM,
    -220: Failure.ALARM,  # after one refresh
    -221: Failure.ALARM,
    -223: Failure.ALARM,
    -224: Failure.ALARM,
    -227: Failure.BLOCKED,
    -230: Failure.WINDOW,
    -232: Failure.WINDOW,
    -233: Failure.GIVE_UP,
    -234: Failure.WAIT,
    -235: Failure.GIVE_UP,
    -237: Failure.GIVE_UP,
    -238: Failure.GIVE_UP,
    -240: Failure.ALARM,
    -241: Failure.GIVE_UP,
    -242: Failure.ALARM,
    -244: Failure.BLOCKED,
    -248: Failure.GIVE_UP,
    -249: Failure.GIVE_UP,
    -320: Failure.ALARM,
    -321: Failure.ALARM,
    -403: Failure.ALARM,
    # Of template messages.
    -108: Failure.GIVE_UP,
    -109: Failure.ALARM,
    -114: Failure.BLOCKED,
    -115: Failure.WAIT,
    -119: Failure.BLOCKED,
    -126: Failure.ALARM,
    -127: Failure.ALARM,
    -131: Failure.ALARM,
    -133: Failure.WAIT,
    -144: Failure.WAIT,
    -1121: Failure.GIVE_UP,
}
_AFTER = {RATE_LIMIT: _MINUTE} | dict.fromkeys((-115, -133, -144, -211, -218, -234), _QUOTA_PAUSE)


def refusal(code: int) -> SendFailed:
    """Return the failure of an error inside HTTP 200. A code that nobody has described was not taken: RETRY."""
    return SendFailed(FAILURES.get(code, Failure.RETRY), str(code), _AFTER.get(code))


def http_refusal(status: int, retry_after: str | None) -> SendFailed:
    """Return the failure of another status than 200, which comes from a gateway or proxy rather than the account."""
    code = f"http-{status}"
    if status == 429:
        seconds = int(retry_after) if retry_after and retry_after.isascii() and retry_after.isdigit() else 60
        return SendFailed(Failure.WAIT, code, timedelta(seconds=min(max(seconds, 1), 3_600)))
    if status >= 500:
        # A gateway may say so although the account had accepted.
        return SendFailed(Failure.UNKNOWN, code)
    return SendFailed(Failure.GIVE_UP if status in (400, 413, 422) else Failure.ALARM, code)

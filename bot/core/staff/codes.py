"""Codes that people type: one-time passwords, recovery codes, and the second step of signing in."""

import hashlib
import re
import secrets
from dataclasses import replace
from datetime import datetime

from bot.core.staff.accounts import Credentials
from bot.core.staff.ports import TimeCodes

# Without vowels no word comes out, and without 0 O 1 I L 2 Z 5 S 8 B nothing is misread.
ALPHABET = "CDFGHJKMNPQRTVWXY34679"
RECOVERY_CODES = 10
_TIME_CODE = re.compile(r"[0-9]{6}")
_SEPARATORS = re.compile(r"[\s-]+")


def new_one_time_password() -> str:
    """Return a password to be told once: four groups of four, 71 bits."""
    return _groups(4, 4)


def one_time_form(typed: str) -> str:
    """Return a one-time password as it was made, however it is copied from paper: «abcd efgh» is ABCDEFGH."""
    return _SEPARATORS.sub("", typed).upper()


def new_recovery_codes() -> tuple[str, ...]:
    """Return codes that each stand once for the telephone: three groups of four, 53 bits."""
    return tuple(_groups(3, 4) for _ in range(RECOVERY_CODES))


def recovery_hash(code: str) -> str:
    """Return what a recovery code is kept as; they are random, so that a plain hash is enough."""
    return hashlib.sha256(f"tiepdan recovery\n{_SEPARATORS.sub('', code).upper()}".encode()).hexdigest()


def spend(credentials: Credentials, code: str, codes: TimeCodes, now: datetime) -> Credentials | None:
    """Return the credentials after a code of the second step was used, or None for a wrong or used one.

    A time code is good within one step of its own (30 s), once; a recovery code once.
    """
    if credentials.totp is None:
        return None
    typed = _SEPARATORS.sub("", code)
    if _TIME_CODE.fullmatch(typed):
        step = codes.step(credentials.totp, typed, now)
        return None if step is None or step <= credentials.step else replace(credentials, step=step)
    mark = recovery_hash(typed)
    if mark not in credentials.recovery:
        return None
    return replace(credentials, recovery=tuple(each for each in credentials.recovery if each != mark))


def _groups(count: int, size: int) -> str:
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(size)) for _ in range(count))

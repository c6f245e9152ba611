"""The short code by which a caller gets an answer on Zalo, Telegram or the web: «TD 482 9173». Pure.

Six random digits and Damm's check digit, behind two letters that nothing else begins with: a message is one, or it
is none, before anybody reads it. Behind a code is an answer of the catalogue, which is everybody's; so it is short
enough to be told over the telephone.
"""

import re
import secrets

from bot.core.cases.number import check_digit

_PREFIX = "TD"
_RANDOM = 6
_SHAPE = re.compile(
    r"\W{0,3}(?:(?:mã|ma|nhan|nhắn)\s+)?[t][dđ][\s.:#-]{0,2}(\d{3})[\s.-]{0,2}(\d{4})\W{0,3}", re.IGNORECASE
)


def new_code() -> str:
    """Return a random code in its standard form."""
    digits = "".join(secrets.choice("0123456789") for _ in range(_RANDOM))
    digits += str(check_digit(digits))
    return f"{_PREFIX} {digits[:3]} {digits[3:]}"


def code_of(text: str) -> str | None:
    """Return the code that a message consists of, in its standard form; None for any other message."""
    found = _SHAPE.fullmatch(text.strip())
    if found is None or check_digit(found[1] + found[2]) != 0:
        return None
    return f"{_PREFIX} {found[1]} {found[2]}"


def looks_like_code(text: str) -> bool:
    """True for a message that has the shape of a code, with a slip or without."""
    return _SHAPE.fullmatch(text.strip()) is not None

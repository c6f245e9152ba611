"""Telephone numbers of callers: written the same way however a switchboard writes them, and shown masked. Pure."""

import re

_DIGITS = re.compile(r"\d")
_LONGEST = 15
_SHOWN_BEFORE, _SHOWN_AFTER = 2, 3
_DOT = "•"


def standard(written: str | None) -> str | None:
    """Return a number as digits that begin with 0 («0912345678»), or None for a withheld or impossible one.

    Foreign numbers keep their country: «+81…» stays «0081…».
    """
    text = (written or "").strip()
    digits = "".join(_DIGITS.findall(text))
    if not 3 <= len(digits) <= _LONGEST:
        return None
    if text.startswith("+") and not digits.startswith("84"):
        return f"00{digits}"
    digits = digits.removeprefix("00") if digits.startswith("0084") else digits
    if digits.startswith("84") and len(digits) > 9:
        return f"0{digits[2:].removeprefix('0')}"
    return digits


def masked(number: str | None) -> str | None:
    """Return «09•• ••• 678»: enough to tell two callers apart, not enough to call one."""
    if number is None:
        return None
    hidden = max(len(number) - _SHOWN_BEFORE - _SHOWN_AFTER, 0)
    if hidden < _SHOWN_AFTER:
        return _DOT * len(number)
    shown = f"{number[:_SHOWN_BEFORE]}{_DOT * hidden}"
    groups = [shown[:4], *(shown[at : at + 3] for at in range(4, len(shown), 3))]
    return " ".join((*groups, number[-_SHOWN_AFTER:]))

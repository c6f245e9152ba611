"""Case numbers that can be read aloud and survive a slip of the tongue, and the secrets that go with them."""

import hashlib
import hmac
import re
import secrets

# H. Michael Damm, «Total anti-symmetrische Quasigruppen», Marburg 2004: finds every single wrong digit and every
# swap of neighbours.
_DAMM = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)
PREFIX = "PA"
_DIGITS = 8
# Letters and digits that are not taken for one another, read or heard.
_SECRET_SIGNS = "ACDEFHKMNPRTXY34679"  # noqa: S105  (an alphabet)
_SECRET_LENGTH = 8
# Longer words are no slip of a secret.
MAX_CLAIM = 12
_NUMBER = re.compile(r"(?<![a-z0-9])pa[\s.:#-]{0,2}(\d{4})[\s.-]{0,2}(\d{4})(?!\d)", re.IGNORECASE)
_BARE_NUMBER = re.compile(r"(?<![\d.-])(\d{4})[\s.-]?(\d{4})(?![\d.-])")
_SECRET = re.compile(
    rf"(?<![A-Z0-9])([{_SECRET_SIGNS}]{{4}})[\s-]?([{_SECRET_SIGNS}]{{4}})(?![A-Z0-9])", re.IGNORECASE
)
# Where a secret was asked for: a message that is nothing but what was taken for one.
_CLAIM_ALONE = re.compile(
    r"(?:\W*(?:dạ|vâng|là|mã|bí|mật|ma|bi|mat|la|da|của|tôi|em|cháu|đây|day|secret|code|:))*\W*"
    r"(?P<what>[A-Z0-9]{3,6}[\s-]?[A-Z0-9]{2,6})\W*(?:ạ|nhé|nha|a|nhe)?\W*",
    re.IGNORECASE,
)
_SECRET_WORD = re.compile(r"\bbí[ \t]+mật\b|\bbi[ \t]+mat\b", re.IGNORECASE)
# So many words behind «bí mật» the code may stand; within the first few it may be digits or capitals alone.
_FAR, _NEAR = 8, 2
# scrypt with 4 MiB: 10 ms a try, and tries are counted.
_SCRYPT = {"n": 2**12, "r": 8, "p": 1, "dklen": 32}


def new_number() -> str:
    """Return a random number such as PA-4829-1372, the last digit a check. The store proves it unique."""
    digits = "".join(secrets.choice("0123456789") for _ in range(_DIGITS - 1))
    return _written(digits + str(check_digit(digits)))


def check_digit(digits: str) -> int:
    """Return Damm's check digit of a string of digits."""
    state = 0
    for digit in digits:
        state = int(_DAMM[state][int(digit)])
    return state


def numbers_in(text: str, *, bare: bool = False) -> tuple[str, ...]:
    """Return the valid case numbers of a text in order, however grouped; `bare`: also without the prefix."""
    found = [a + b for a, b in _NUMBER.findall(text)] + (
        [a + b for a, b in _BARE_NUMBER.findall(text)] if bare else []
    )
    return tuple(dict.fromkeys(_written(d) for d in found if check_digit(d) == 0))


def broken_number(text: str) -> bool:
    """True when a text has what looks like a case number and none that is valid: a slip, to be asked again."""
    return bool(_NUMBER.search(text)) and not numbers_in(text)


def names_case(text: str) -> bool:
    """True when a text has what may be a case number or a secret."""
    return bool(numbers_in(text, bare=True) or secrets_in(text)) or broken_number(text)


def new_secret() -> str:
    """Return a random secret such as K7MD-3XPA (34 bits; tries are counted where it is asked for)."""
    signs = "".join(secrets.choice(_SECRET_SIGNS) for _ in range(_SECRET_LENGTH))
    return f"{signs[:4]}-{signs[4:]}"


def secrets_in(text: str) -> tuple[str, ...]:
    """Return what may be secrets in a text, in their standard form."""
    return tuple(f"{a}-{b}".upper() for a, b in _SECRET.findall(text) if not (a + b).isdigit())


def claimed_secret(text: str) -> str | None:
    """Return what was given for a secret where one was asked for, whatever its letters; None where none was.

    A well-formed secret comes first. Of other words only those count that look like a code (a digit in them, or all
    in capitals) and stand alone or behind «mã bí mật là».
    """
    if given := secrets_in(text):
        return given[0]
    found = _CLAIM_ALONE.fullmatch(text)
    what = found["what"] if found and _coded(found["what"]) else _told_secret(text)
    return re.sub(r"[\s]", "-", what).upper() if what else None


def tells_secret(text: str) -> bool:
    """True when a message gives what it calls a secret code: «mã bí mật của tôi ghi là …», in its letters or not."""
    return bool(_told_secret(text))


def _told_secret(text: str) -> str:
    """Return the first word behind «bí mật» that looks like a code; farther off it must have letters and digits."""
    named = _SECRET_WORD.search(text)
    if not named:
        return ""
    for place, word in enumerate(text[named.end() :].split()[:_FAR]):
        what = word.strip(".,;:!?«»\"'()")
        mixed = any(c.isdigit() for c in what) and any(c.isalpha() for c in what)
        if _coded(what) and (mixed or place <= _NEAR):
            return what
    return ""


def _coded(what: str) -> bool:
    """True for what looks like a code and not like a word."""
    if not what.isascii() or not 4 <= len(re.sub(r"[\s-]", "", what)) <= MAX_CLAIM:
        return False
    return any(c.isdigit() for c in what) or what.isupper() or bool(re.fullmatch(r"\w{4}-\w{4}", what))


def hash_secret(secret: str, case_id: str) -> str:
    """Return the hash under which a secret is stored, salted by its case."""
    return hashlib.scrypt(secret.upper().encode(), salt=case_id.encode(), **_SCRYPT).hex()


def secret_fits(secret: str, case_id: str, stored: str) -> bool:
    """True when `secret` is the one whose hash was stored; in constant time."""
    return hmac.compare_digest(hash_secret(secret, case_id), stored)


def _written(digits: str) -> str:
    return f"{PREFIX}-{digits[:4]}-{digits[4:]}"

"""Cutting a run of groups of digits into the numbers it holds: telephone, papers, accounts, amounts, dates."""

import re
from typing import NamedTuple

from bot.core.personal_numbers import CURRENCY, KEYWORD, MOBILE, PUBLIC_NUMBERS, SERVICE_NUMBER, Kind

_YEAR = re.compile(r"(?:199|20[0-3])\d")
_KEYWORD_REACH = 48
# The longest number of a person that is written in groups (a card), and the shortest that is known without a word.
_LONGEST, _SHORTEST = 19, 9
_SHORTEST_AFTER_KEYWORD = 6
_SPELLED_WORDS = 8


class Group(NamedTuple):
    """Digits written together, or singly one after another, at `[start:end]` of the text; `words` were spelled."""

    start: int
    end: int
    digits: str
    words: int = 0

    @property
    def single(self) -> bool:
        """True for one digit, and for digits written one by one, which take more room than digits."""
        return len(self.digits) == 1 or self.end - self.start > len(self.digits)


def split(text: str, run: list[Group]) -> list[tuple[Kind, int, int]]:
    """Return (kind, start, end) of each number of the run, left to right; the rest is nobody's."""
    numbers: list[tuple[Kind, int, int]] = []
    at = 0
    while at < len(run):
        kind, used = _first(text, _window(run, at), at)
        if kind is not None:
            start = run[at].start
            start -= next((len(sign) for sign in ("(+", "+") if text.endswith(sign, 0, start)), 0)
            numbers.append((kind, start, run[at + used - 1].end))
        at += used
    return numbers


class _Window(NamedTuple):
    """The groups from one place of a run up to the longest number; `whole` if the run ends with them."""

    groups: list[Group]
    digits: str
    whole: bool


def _window(run: list[Group], at: int) -> _Window:
    total, stop = len(run[at].digits), at + 1
    while stop < len(run) and (total := total + len(run[stop].digits)) <= _LONGEST:
        stop += 1
    groups = run[at:stop]
    return _Window(groups, "".join([group.digits for group in groups]), stop == len(run))


def _first(text: str, window: _Window, at: int) -> tuple[Kind | None, int]:
    """Return the kind of the number that the window begins with (None: no number) and its count of groups."""
    groups, digits, whole = window
    first = groups[0]
    if public := _public(window):
        return Kind.PUBLIC, public
    if len(digits) < _SHORTEST_AFTER_KEYWORD:
        return None, len(groups) if whole else 1
    if len(first.digits) >= _SHORTEST and _alone(first.digits):
        return _kind(first.digits), 1
    if _is_date(groups):
        return Kind.PUBLIC, 3
    if amount := _amount(text, groups):
        return Kind.PUBLIC, amount
    if whole and len(digits) == 12 and digits[0] == "0":
        return Kind.CCCD, len(groups)
    if digits[0] in "08" and (exact := _exact(groups)):
        return exact
    if at == 0 and _after_keyword(text, first.start) and not _all_years(groups):
        return _kind(digits), len(groups)
    if first.words >= _SPELLED_WORDS:
        return _kind(digits), len(groups)
    if len(first.digits) >= _SHORTEST:
        # What follows may be its end («228288893521.7.886»): rather too much than four digits of an account.
        return _kind(digits if whole else first.digits), len(groups) if whole else 1
    if not whole and len(digits) < _LONGEST - 3:
        return None, 1
    return _in_groups(text, window)


def _in_groups(text: str, window: _Window) -> tuple[Kind | None, int]:
    """Judge groups that make no telephone number, without a word that tells: papers and accounts, or a list."""
    groups, digits, whole = window
    if len(digits) < _SHORTEST or len(digits) <= 2 * len(groups):  # too short, or a list of small numbers
        return None, len(groups) if whole else 1
    for skipped in range(1, len(groups)):
        # «số nhà 12 0912 345 678», «phòng 302 - 0912 345 678»: a number of its own begins later
        apart = len(groups[0].digits) <= 2 or _gap(text, groups, skipped) != _gap(text, groups, skipped + 1)
        if apart and groups[skipped].digits[0] == "0" and _exact(groups[skipped:]):
            return None, skipped
    if _YEAR.fullmatch(groups[0].digits) and (len(groups[1].digits) <= 2 or _YEAR.fullmatch(groups[1].digits)):
        return None, 1
    return _kind(digits), len(groups)


def _gap(text: str, groups: list[Group], before: int) -> str:
    """Return what stands before the group of that place; empty where there is none."""
    return text[groups[before - 1].end : groups[before].start] if before < len(groups) else ""


def _public(window: _Window) -> int:
    """Return how many groups make a public number at the beginning; 0 for none."""
    if window.digits[0] not in "01":
        return 0
    digits = ""
    for used, group in enumerate(window.groups, 1):
        digits += group.digits
        last = window.whole and used == len(window.groups)
        if (digits in PUBLIC_NUMBERS or SERVICE_NUMBER.fullmatch(digits)) and (last or len(digits) > 8):
            return used
        if len(digits) > 10:
            break
    return 0


def _alone(digits: str) -> bool:
    """True for digits that are a full number by themselves, so that no further group belongs to them."""
    return _telephone(digits) is not None or (len(digits) == 12 and digits[0] == "0")


def _exact(groups: list[Group]) -> tuple[Kind, int] | None:
    """Return the telephone or citizen number that the groups begin with."""
    digits = ""
    for used, group in enumerate(groups, 1):
        digits += group.digits
        if len(digits) < 10:
            continue
        if (kind := _telephone(digits)) is not None:
            return kind, used
        if len(digits) == 12 and digits[0] == "0":
            return Kind.CCCD, used
        if len(digits) > 13:
            return None
    return None


def _telephone(digits: str) -> Kind | None:
    """Return MOBILE or LANDLINE for a complete number with 0, 84 or 84 0 in front."""
    if digits.startswith("84") and len(digits) > 10:
        rest = digits[2:].removeprefix("0")
    elif digits.startswith("0"):
        rest = digits[1:]
    else:
        return None
    if MOBILE.fullmatch(rest):
        return Kind.MOBILE
    return Kind.LANDLINE if rest.startswith("2") and len(rest) == 10 else None


def _kind(digits: str) -> Kind:
    """Name digits that are personal by their length alone."""
    if (telephone := _telephone(digits)) is not None:
        return telephone
    if len(digits) == 12 and digits[0] == "0":
        return Kind.CCCD
    if digits[0] == "0" and len(digits) in (8, 11):
        return Kind.MOBILE  # one digit short, or the eleven digits of old
    return {9: Kind.CMND, 10: Kind.TEN_DIGITS}.get(len(digits), Kind.LONG)


def _is_date(groups: list[Group]) -> bool:
    if len(groups) < 3 or len(groups[0].digits) > 2 or len(groups[1].digits) > 2:
        return False
    day, month = int(groups[0].digits), int(groups[1].digits)
    return 1 <= day <= 31 and 1 <= month <= 12 and _YEAR.fullmatch(groups[2].digits) is not None


def _amount(text: str, groups: list[Group]) -> int:
    """Return how many groups make an amount at the beginning; 0 for none.

    «1.500.000» in threes, or digits followed by a currency; round where no currency says so.
    """
    first = groups[0]
    if first.digits[0] == "0" or first.words:
        return 0
    used = 1
    separator = text[first.end : first.end + 1]
    while (
        used < len(groups)
        and len(first.digits) <= 3
        and len(groups[used].digits) == 3
        and text[groups[used - 1].end : groups[used].start] == separator
        and separator in (".", ",", " ")
    ):
        used += 1
    digits = "".join(group.digits for group in groups[:used])
    if CURRENCY.match(text, groups[used - 1].end):
        return used
    if len(digits) >= 10 and _telephone(digits) is not None:
        return 0
    if used > 1:
        is_round = digits.endswith("000")
        return used if is_round and (len(digits) < _SHORTEST or not _after_keyword(text, first.start)) else 0
    is_round = len(digits) >= _SHORTEST and digits.endswith("00000")
    return 1 if is_round and not _after_keyword(text, first.start) else 0


def _all_years(groups: list[Group]) -> bool:
    return all(_YEAR.fullmatch(group.digits) for group in groups)


def _after_keyword(text: str, start: int) -> bool:
    return KEYWORD.search(text[max(0, start - _KEYWORD_REACH) : start]) is not None

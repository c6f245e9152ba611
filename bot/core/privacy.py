"""Masking of personal numbers in what citizens write, before it reaches Rasa, an event, a log or an operator.

Numbers are found whatever their writing: grouped by spaces, dots, dashes or lines, in full-width digits, spelled
(«không chín một hai…»), composed or decomposed. Over-masking is preferred to leaking, except that decision numbers,
procedure codes, dates, amounts and public hotlines stay. Linear in the length of the text.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from bot.core.digit_runs import Group, split
from bot.core.personal_numbers import DIGIT_WORDS, DOSSIER_PLACEHOLDER, PATTERNS, PLACEHOLDERS, PLATE_UNITS, Kind

_TOKEN = re.compile(rf"\d+|(?<![a-z])(?:{'|'.join(DIGIT_WORDS)})(?![a-z])")
_PLATE_LETTERS = re.compile(r"\d{2}[ -]?([a-z]{1,2}\d?)")
# Between groups of digits; a comma and a space separate numbers of a list, not digits of one number.
_DIGIT_GAP = re.compile(r"[\s.\-()_·/|*~•]{1,9}|,|")
# So many words in a row begin a number that may go on in digits.
_SPELLED_PART = 3
_WIDEST_GAP = 9
# «không phẩy chín một hai»: what is said where a number is dictated with its pauses.
_WORD_GAP = re.compile(r"[\s.,\-()_·]{1,9}|\s+(?:phay|cham|gach)\s+")


@dataclass(frozen=True)
class Found:
    """A number in a text: its kind and its place, `text[start:end]`."""

    kind: Kind
    start: int
    end: int


def mask(text: str, *, dossier_codes: bool = False) -> str:
    """Return the text with each personal number replaced by a placeholder such as «[số điện thoại]».

    All else stays as it was, so a text without personal numbers comes back unchanged. Dossier codes are replaced
    only on demand: for logs and whatever leaves the office.
    """
    parts: list[str] = []
    last = 0
    for found in find(text):
        placeholder = PLACEHOLDERS.get(found.kind)
        if found.kind is Kind.DOSSIER_CODE and dossier_codes:
            placeholder = DOSSIER_PLACEHOLDER
        if placeholder is not None:
            parts += [text[last : found.start], placeholder]
            last = found.end
    return "".join([*parts, text[last:]])


def find(text: str) -> list[Found]:
    """Return every number of a known kind, in order and without overlap, public ones included."""
    folded, places = _fold(text)
    taken = bytearray(len(folded))
    found: list[Found] = []

    def take(kind: Kind, start: int, end: int) -> None:
        taken[start:end] = b"\x01" * (end - start)
        stop = places[end] if end < len(places) else len(text)
        found.append(Found(kind, places[start], stop))

    for kind, pattern in PATTERNS:
        for match in pattern.finditer(folded):
            start, end = match.span()
            if taken.find(1, start, end) >= 0 or (kind is Kind.PLATE and _is_measure(match[0])):
                continue
            take(kind, start, end)
    for run in _runs(folded, taken):
        for kind, start, end in split(folded, run):
            take(kind, start, end)
    return sorted(found, key=lambda item: item.start)


def _fold(text: str) -> tuple[str, list[int]]:
    """Return the text in lower case without accents or invisible characters, and the place of each character."""
    if text.isascii() and text.isprintable():
        return text.lower(), list(range(len(text)))
    folded: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        plain = _fold_character(character)
        if plain:
            folded.append(plain)
            places.append(place)
    return "".join(folded), places


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    """Return one character, or none for marks and invisible characters."""
    category = unicodedata.category(character)
    if category in ("Mn", "Me", "Cf") or (category == "Cc" and character not in "\t\n\r"):
        return ""
    if (digit := unicodedata.digit(character, None)) is not None:  # also superscript and circled digits
        return str(digit)
    if category == "Pd" or character == "\u2212":
        return "-"
    if category == "Zs":
        return " "
    if "\uff01" <= character <= "\uff5e":  # full-width ASCII
        character = chr(ord(character) - 0xFEE0)
    plain = unicodedata.normalize("NFD", character)[0].lower().replace("đ", "d")
    return plain if len(plain) == 1 else character


def _is_measure(plate: str) -> bool:
    letters = _PLATE_LETTERS.match(plate)
    return letters is not None and letters[1] in PLATE_UNITS and "-" not in plate and "." not in plate


def _runs(folded: str, taken: bytearray) -> list[list[Group]]:
    """Return runs of groups of digits with nothing but separators between; digits written singly are one group."""
    runs: list[list[Group]] = []
    for match in _TOKEN.finditer(folded):
        start, end = match.span()
        if taken.find(1, start, end) >= 0:
            continue
        word = not match[0].isdigit()
        group = Group(start, end, DIGIT_WORDS[match[0]] if word else match[0], int(word))
        if not runs or not _joined(folded, runs[-1][-1], group):
            runs.append([group])
            continue
        before = runs[-1][-1]
        if len(group.digits) == 1 and before.single:
            runs[-1][-1] = Group(before.start, end, before.digits + group.digits, before.words + group.words)
        else:
            runs[-1].append(group)
    return runs


def _joined(folded: str, before: Group, group: Group) -> bool:
    """True when both may belong to one number; «năm 2024» is a word before a year, not a spelled five."""
    if group.start - before.end > _WIDEST_GAP:
        return False
    if (before.words or group.words) and not (before.single and group.single) and before.words < _SPELLED_PART:
        return False
    pattern = _WORD_GAP if before.words or group.words else _DIGIT_GAP
    return pattern.fullmatch(folded, before.end, group.start) is not None


def rough_place(degrees: str) -> str:
    """Return «latitude,longitude» to about 100 m, which `mask` leaves alone: it tells the ward, not the house."""
    try:
        return ", ".join(f"{float(part):.3f}" for part in degrees.split(","))
    except ValueError:
        return "?"

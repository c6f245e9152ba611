"""One spelling for what looks the same: the first step of everything that reads a citizen's text."""

import re
import unicodedata
from functools import lru_cache

from nlu.text.confusables import latinise
from nlu.text.syllables import QUALITIES, TONES, place_tone

_SPACES = frozenset("\t\n\v\f\r\x85\u2028\u2029")
_FOLDED_FORMS = ("<wide>", "<narrow>", "<font>", "<noBreak>")
_MARK_RUN = re.compile(f"[{TONES}{QUALITIES}]{{2,}}")
_MISORDERED = re.compile(r"[\u0300\u0301\u0303\u0309][\u0302\u0306]|([\u0300-\u036f])\1")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_WHITESPACE = re.compile(r"\s+")


@lru_cache(maxsize=4096)
def visible(char: str) -> str:
    """Map one character to what a reader sees of it: a space, nothing, or its ordinary form."""
    if char in _SPACES:
        return " "
    if char in "\u2010\u2011":
        return "-"
    if "\ufe00" <= char <= "\ufe0f" or unicodedata.category(char) in ("Cc", "Cf", "Cs"):
        return ""
    if unicodedata.decomposition(char).startswith(_FOLDED_FORMS):
        return unicodedata.normalize("NFKC", char)
    return char


def _order_marks(match: re.Match[str]) -> str:
    """Put the mark of the vowel before the tone, once each, so that the two compose into one letter."""
    marks = dict.fromkeys(match.group())
    return "".join(sorted(marks, key=lambda mark: mark in TONES))


def _placed(match: re.Match[str]) -> str:
    """Place the tone of one word; a second tone, which composes with no letter and stands behind it, is no word's."""
    behind = match.string[match.end() : match.end() + 1]
    return match.group() if behind and unicodedata.combining(behind) else place_tone(match.group())


def clean(text: str) -> str:
    """Return `text` with one spelling for what looks the same; words, digits and codes stay what they were.

    NFC; control, zero-width and bidi characters removed; full-width and styled letters made plain; look-alike
    letters inside Latin words made Latin; tone marks in the traditional place (hoà → hòa); whitespace folded.
    Idempotent, and equal for NFC and NFD input.
    """
    if text.isascii() and text.isprintable():
        return _WHITESPACE.sub(" ", text).strip()
    shown = "".join(map(visible, text))
    decomposed = latinise(unicodedata.normalize("NFD", shown))
    if _MISORDERED.search(decomposed):
        decomposed = _MARK_RUN.sub(_order_marks, decomposed)
    composed = unicodedata.normalize("NFC", decomposed)
    placed = _LETTERS.sub(_placed, composed)
    return _WHITESPACE.sub(" ", placed).strip()


def strip_accents(text: str) -> str:
    """Return `text` without tone and vowel marks, đ as d; case is kept."""
    decomposed = unicodedata.normalize("NFD", text)
    bare = "".join(char for char in decomposed if unicodedata.category(char) != "Mn")
    return unicodedata.normalize("NFC", bare).replace("đ", "d").replace("Đ", "D")


def fold(text: str) -> str:
    """Return `text` cleaned, case-folded and without accents: the form in which spellings are compared."""
    return clean(strip_accents(clean(text).casefold()))

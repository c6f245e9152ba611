"""Words and numbers of a text, with their places in the text as given."""

import re
from dataclasses import dataclass
from functools import lru_cache

from nlu.text.cleaning import clean
from nlu.text.syllables import LONGEST

# A letter or digit with what may hang on it: combining marks, zero-width and variation characters.
_HANGING = r"[\u0300-\u036f\u200b-\u200d\u2060\ufe00-\ufe0f\ufeff\u00ad]*"
_CHAR = rf"(?:[^\W_]{_HANGING})"
_LETTER = rf"(?:[^\W\d_]{_HANGING})"
_TOKEN = re.compile(
    "|".join(
        (
            # 03/2026/NĐ-CP, 1847/QĐ-TTg, 80/2025/QH15
            rf"\d+(?:/\d+)?/{_LETTER}{_CHAR}*(?:[-\u2010\u2011\u2013]{_CHAR}+)*",
            # H26.15.02-261008-0975, 000.00.01.H26-230101-0001
            r"(?:\d+\.)*[A-Za-z]\d+(?:[.\-]\d+)+",
            # 1.014942, 30/11/2026, 9:30, 500.000đ, 7,5%
            rf"\d+(?:[.,/:\-]\d+)+(?:%|{_LETTER}{{1,3}})?(?![^\W_])",
            # v/v, k/o
            rf"(?<![^\W_]){_LETTER}/{_LETTER}(?![^\W_])",
            rf"{_CHAR}+%?",
        )
    )
)


@dataclass(frozen=True)
class Token:
    """A word, number or code: `text` is given[start:end]; `norm` its cleaned, lower-case form."""

    text: str
    start: int
    end: int
    norm: str


def _norm(word: str) -> str:
    return _short_norm(word) if len(word) <= LONGEST else clean(word).lower()


@lru_cache(maxsize=16384)
def _short_norm(word: str) -> str:
    return clean(word).lower()


def tokens(text: str) -> list[Token]:
    """Return the words, numbers and codes of `text` in order, offsets true to `text`; punctuation is left out.

    Decision, procedure and dossier numbers, dates and amounts are one token each.
    """
    found = []
    for match in _TOKEN.finditer(text):
        norm = _norm(match.group())
        if norm:
            found.append(Token(match.group(), match.start(), match.end(), norm))
    return found

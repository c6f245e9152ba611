"""Splits a message into the questions it asks. Conservative: in doubt the text stays whole."""

import re
from dataclasses import dataclass

from nlu.text.cleaning import strip_accents
from nlu.text.tokenizing import tokens

# A part shorter than this is no question of its own.
_LEAST_WORDS = 2
_BREAK = re.compile(
    r"[?!;\n]+\s*|(?<!\d)\.(?!\d)\s+"
    r"|\s*,\s*(?=(?:va |the )?con (?!lai\b|hieu luc\b|nua\b)|roi |dong thoi |ngoai ra |voi lai )"
    r"|\s+(?=(?:va|the) con (?!lai\b|hieu luc\b|han\b))"
    r"|(?<=\bthe nao)\s+(?=va )|(?<=\bbao nhieu)\s+(?=va )|(?<=\bo dau)\s+(?=va )|(?<=\bbao lau)\s+(?=va )"
)


@dataclass(frozen=True)
class Part:
    """One question of a message: `text` is given[start:end]."""

    text: str
    start: int
    end: int


def split_questions(text: str) -> list[Part]:
    """Return the questions of `text` in order, offsets true to it; one part where it does not clearly ask several."""
    folded = strip_accents(text.lower())
    if len(folded) != len(text):
        return [Part(text, 0, len(text))]
    parts, start = [], 0
    for match in [*_BREAK.finditer(folded), None]:
        end = match.end() if match else len(text)
        piece = text[start:end]
        if len(tokens(piece)) >= _LEAST_WORDS or (match is None and tokens(piece)):
            lead = len(piece) - len(piece.lstrip())
            parts.append(Part(piece.strip(), start + lead, start + len(piece.rstrip())))
            start = end
    return parts or [Part(text, 0, len(text))]

"""Cues: lists of words (lookup tables of the training data) that point to a kind of turn."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from nlu.text import Normalizer, strip_accents

_TYPED = Normalizer()
_AMOUNT = re.compile(r"[\d.,]+(?:tr|triệu|k|đ|vnd|tỷ|củ)")
_LONGEST = 6
# Upper bounds of the number of words; how long a message is tells a story from an answer.
_LENGTHS = (1, 2, 4, 8, 16, 32)


def standard_text(text: str) -> str:
    """Return the words of a text in their standard spelling, as tokens' lemmas are."""
    return " ".join(_TYPED.normalize(text).norms)


class CueFinder:
    """Finds the cues of a text that is in its standard spelling.

    A phrase without accents also stands for the accented one, where it has several words or the whole text is
    without accents.
    """

    def __init__(self, cues: Mapping[str, Sequence[str]]) -> None:
        self.cues = {name: sorted(phrases) for name, phrases in sorted(cues.items())}
        self._exact: dict[str, set[str]] = {}
        self._bare: dict[str, set[str]] = {}
        for name, phrases in self.cues.items():
            for phrase in phrases:
                standard = standard_text(phrase)
                self._exact.setdefault(standard, set()).add(name)
                self._bare.setdefault(strip_accents(standard), set()).add(name)

    def __call__(self, text: str) -> list[str]:
        """Return feature names: every cue as often as it is found, the length, every number or code."""
        words = text.split()
        length = next((bound for bound in _LENGTHS if len(words) <= bound), 99)
        shapes = [f"shape {_shape(word)}" for word in words if word[0].isdigit() or word[-1].isdigit()]
        return [
            f"length {length}",
            *shapes,
            *(name for gram in _grams(words) for name in self._names(gram, text.isascii())),
        ]

    def _names(self, gram: str, bare_text: bool) -> list[str]:
        names = self._exact.get(gram)
        if names is None and gram.isascii() and (bare_text or " " in gram):
            names = self._bare.get(gram)
        return sorted(names or ())


def _shape(word: str) -> str:
    """Return «number» for digits alone, «amount» for «2tr» or «500.000đ», «code» for anything else with digits."""
    if word.isdigit():
        return "number"
    return "amount" if _AMOUNT.fullmatch(word) else "code"


def _grams(words: list[str]) -> Iterator[str]:
    for start in range(len(words)):
        for end in range(start + 1, min(start + _LONGEST, len(words)) + 1):
            yield " ".join(words[start:end])

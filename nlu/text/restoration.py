"""Restores accents that were left out: the likeliest readings of accent-free syllables beside one another."""

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from nlu.text.cleaning import strip_accents
from nlu.text.syllable_model import END, START, SyllableModel
from nlu.text.syllables import TONES, is_syllable

# How much the syllable before counts, and the syllable alone (Jelinek-Mercer interpolation).
_PAIR, _SINGLE = 0.9, 0.1
_UNSEEN = 0.5
# Texts with fewer accented words than this were typed without accents; running Vietnamese text has five in six.
ACCENTED_SHARE = 0.4


@lru_cache(maxsize=16384)
def _marks(word: str) -> frozenset[tuple[int, str]]:
    """Return the accents of a word: marks of letters with the letter's number, the tone as of the whole word."""
    found = set()
    letters = 0
    for char in unicodedata.normalize("NFD", word):
        if unicodedata.combining(char):
            found.add((0 if char in TONES else letters, char))
            continue
        letters += 1
        if char == "đ":
            found.add((letters, char))
    return frozenset(found)


def keeps_accents(typed: str, candidate: str) -> bool:
    """True when `candidate` bears every accent of `typed` on the same letter."""
    return _marks(typed) <= _marks(candidate)


def readings(word: str, model: SyllableModel) -> tuple[str, ...]:
    """Return the known readings of a lower-case word that keep every accent typed; itself where there is none."""
    bare = strip_accents(word)
    known = model.accented.get(bare, ())
    if word == bare:
        return known or (word,)
    if word in model.singles:
        return (word,)
    return tuple(candidate for candidate in known if keeps_accents(word, candidate)) or (word,)


def restore(words: Sequence[str], model: SyllableModel) -> list[str]:
    """Return lower-case `words` with the likeliest accents, every accent typed kept (Viterbi over pairs).

    A word that is no known syllable stays and parts the text there.
    """
    chances: dict[str, float] = {START: 1.0}
    steps: list[dict[str, str]] = []
    for word in (*words, END):
        options = (END,) if word == END else readings(word, model)
        came_from = dict.fromkeys(options, "")
        reached = dict.fromkeys(options, 0.0)
        alone = [_SINGLE * (model.singles.get(option, 0) + _UNSEEN) / model.total for option in options]
        for before, chance in chances.items():
            row = model.followers.get(before, {})
            share = _PAIR / (model.singles.get(before, 0) + 1)
            for option, base in zip(options, alone, strict=True):
                value = chance * (base + share * row.get(option, 0))
                if value > reached[option]:
                    reached[option], came_from[option] = value, before
        # Only their ratios matter: kept near one, so that long texts do not run out of the numbers' range.
        largest = max(reached.values())
        chances = {option: value / largest for option, value in reached.items() if value}
        steps.append(came_from)
    found = [END]
    for came_from in reversed(steps):
        found.append(came_from[found[-1]])
    return found[-2:0:-1]


def typed_without_accents(words: Sequence[str]) -> bool:
    """True when so few of the words bear accents that they were left out, not that none belong there."""
    spelled = [word for word in words if not word.isascii() or is_syllable(word, plain=True)]
    return bool(spelled) and sum(not word.isascii() for word in spelled) < ACCENTED_SHARE * len(spelled)

"""Mends misspelled syllables where neighbours prove what was meant: sounds confused in speech, slips, lost spaces."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from nlu.text.cleaning import strip_accents
from nlu.text.restoration import keeps_accents
from nlu.text.slips import SlipIndex, split_joined
from nlu.text.syllable_model import END, START, SyllableModel
from nlu.text.syllables import is_finished, is_syllable, parts_of, spell, without_tone

# Onsets that a region speaks alike; codas likewise (South: n/ng, t/c).
_ONSETS = (("s", "x"), ("ch", "tr"), ("d", "gi", "r"), ("n", "l"))
_CODAS = {"n": "ng", "ng": "n", "t": "c", "c": "t"}
_TONES = {"\u0309": "\u0303", "\u0303": "\u0309"}
_FRONT = frozenset("ieêy")
_BEFORE_FRONT = {"c": "k", "g": "gh", "ng": "ngh"}
_ELSEWHERE = {"k": "c", "gh": "g", "ngh": "ng"}
# How often a pair must stand in our texts to prove a word that no text of ours has, and one that some have.
_PROOF_UNKNOWN, _PROOF_KNOWN = 4, 12
# … how large a part of one neighbour's company a better word must be; and how large where the other knows it not.
_COMPANY, _ALONE = 0.08, 0.3
_MIN_LETTERS = 3
_SHORTEST_JOINED = 5
_SHORT = 4


def _orthography(onset: str, vowels: str) -> str:
    """Return the onset as it is written before these vowels: k, gh, ngh before i, e, ê, y, else c, g, ng."""
    if vowels[0] in _FRONT:
        return _BEFORE_FRONT.get(onset, onset)
    return _ELSEWHERE.get(onset, onset)


@lru_cache(maxsize=8192)
def respelled(word: str) -> str:
    """Return a lower-case syllable with its onset as the orthography has it («nghành» → «ngành»)."""
    letters, tone = without_tone(word)
    parts = parts_of(letters)
    if parts is None or len(tone) > 1:
        return word
    onset, vowels, coda = parts
    written = _orthography(onset, vowels)
    return word if written == onset else spell(written + vowels + coda, tone)


@lru_cache(maxsize=8192)
def sound_alikes(word: str, *, codas: bool = True) -> tuple[str, ...]:
    """Return the syllables that are often written for a lower-case one.

    They differ in s/x, ch/tr, d/gi/r, n/l, ỏ/õ, i/y and, with `codas`, in n/ng, t/c.
    """
    letters, tone = without_tone(word)
    parts = parts_of(letters)
    if parts is None or len(tone) > 1:
        return ()
    onset, vowels, coda = parts
    found = [
        spell(_orthography(other, vowels) + vowels + coda, tone)
        for group in _ONSETS
        if onset in group
        for other in group
        if other != onset
    ]
    if tone in _TONES:
        found.append(spell(letters, _TONES[tone]))
    if not coda and vowels in ("i", "y"):
        found.append(spell(onset + ("y" if vowels == "i" else "i"), tone))
    if codas and coda in _CODAS:
        found.append(spell(onset + vowels + _CODAS[coda], tone))
    return tuple(dict.fromkeys(other for other in found if other != word and is_syllable(other, plain=True)))


@dataclass(frozen=True)
class Mend:
    """Words start … end - 1 of a run are meant to be `words`."""

    start: int
    end: int
    words: tuple[str, ...]


class _Company(NamedTuple):
    """How often a word stands beside its neighbours, its largest part of one's company, and whether both know it."""

    seen: int
    part: float
    both: bool


class Spelling:
    """Mends runs of words with what a syllable model has seen; pure after construction."""

    def __init__(self, model: SyllableModel) -> None:
        self._model = model

    @cached_property
    def _slips(self) -> SlipIndex:
        return SlipIndex(word for word in self._model.plain_singles if word not in (START, END))

    def mends(self, words: Sequence[str], fixed: Sequence[bool], *, bare: bool) -> list[Mend]:
        """Return what was meant by misspelled words of a run (lower case, no punctuation between them).

        Words that are `fixed` (names, codes, foreign words) stay, but prove their neighbours.
        With `bare` the text was typed without accents: only letters are compared, and none are added.
        """
        found: list[Mend] = []
        at = 0
        while at < len(words):
            mend = None if fixed[at] or not words[at].isalpha() else self._mend(words, fixed, at, bare)
            if mend is not None:
                found.append(mend)
            at = mend.end if mend else at + 1
        return found

    def _mend(self, words: Sequence[str], fixed: Sequence[bool], at: int, bare: bool) -> Mend | None:
        word = words[at]
        if is_syllable(word, plain=True):
            better = self._sound(word, words, at, bare)
            return Mend(at, at + 1, (better,)) if better else None
        if at + 1 < len(words) and not fixed[at + 1] and self._belongs(word, words[at + 1]):
            return Mend(at, at + 2, (word + words[at + 1],))
        if len(word) >= _SHORTEST_JOINED and (parts := self._split(word)):
            return Mend(at, at + 1, tuple(parts))
        better = self._slip(word, words, at, bare) if len(word) >= _MIN_LETTERS else None
        return Mend(at, at + 1, (better,)) if better else None

    def _belongs(self, head: str, tail: str) -> bool:
        """True for «h» and «ồ»: an onset without vowel, and accented letters that complete it to a known word."""
        return (
            not tail.isascii() and strip_accents(tail)[:1] in tuple("aeiouy") and head + tail in self._model.singles
        )

    def _split(self, word: str) -> list[str] | None:
        model = self._model
        if word.isascii():
            return split_joined(word, model.plain_singles, lambda a, b: model.plain_pair(a, b) >= _PROOF_UNKNOWN)
        return split_joined(word, model.singles, lambda a, b: model.pair(a, b) >= _PROOF_UNKNOWN)

    def _company(self, word: str, words: Sequence[str], at: int, bare: bool) -> _Company:
        model = self._model
        pair, singles = (model.plain_pair, model.plain_singles) if bare else (model.pair, model.singles)
        counts, parts = [], []
        if at:
            counts.append(pair(words[at - 1], word))
            parts.append(counts[-1] / (singles.get(words[at - 1], 0) + 1))
        if at + 1 < len(words):
            counts.append(pair(word, words[at + 1]))
            parts.append(counts[-1] / (singles.get(words[at + 1], 0) + 1))
        return _Company(sum(counts), max(parts, default=0.0), all(counts))

    def _best(self, options: Sequence[str], words: Sequence[str], at: int, bare: bool) -> tuple[str, _Company]:
        rated = [(option, self._company(option, words, at, bare)) for option in options]
        return max(rated, key=lambda found: (found[1].seen, found[0]))

    def _sound(self, word: str, words: Sequence[str], at: int, bare: bool) -> str | None:
        """Return the syllable that was meant by a well-formed one, or None."""
        model = self._model
        singles = model.plain_singles if bare else model.singles
        known = singles.get(word, 0)
        if known and self._company(word, words, at, bare).seen:
            return None
        if not known and (written := respelled(word)) != word and written in singles:
            return written
        options = [other for other in sound_alikes(word, codas=not bare) if other in singles]
        if not bare:
            options += [other for other in _fuller(word, model) if other != word]
        if not options:
            return None
        better, company = self._best(options, words, at, bare)
        if company.seen < (_PROOF_KNOWN if known else _PROOF_UNKNOWN) or (known and company.part < _COMPANY):
            return None
        unfinished = not bare and not known and not is_finished(word)
        return better if unfinished or company.both or company.part >= _ALONE else None

    def _slip(self, word: str, words: Sequence[str], at: int, bare: bool) -> str | None:
        """Return the known syllable one slip from what is no syllable, where a neighbour proves it."""
        plain = strip_accents(word)
        near = {*self._slips.near(plain), *({plain} & self._model.plain_singles.keys())}
        if len(plain) <= _SHORT:
            # The first letter is seldom missed, and short words have many neighbours («adn», «gps»).
            near = {other for other in near if other[0] == plain[0]}
        if not near:
            return None
        if bare and word.isascii():
            better, company = self._best(sorted(near), words, at, bare)
            return better if company.seen >= _PROOF_UNKNOWN else None
        accents = _accents(word)
        options = [
            full for other in sorted(near) for full in self._model.accented[other] if accents <= _accents(full)
        ]
        if not options:
            return None
        better, company = self._best(options, words, at, bare)
        return better if company.seen >= _PROOF_UNKNOWN else None


def _fuller(word: str, model: SyllableModel) -> tuple[str, ...]:
    """Return the known syllables with the accents of `word` and more."""
    known = model.accented.get(strip_accents(word), ())
    return tuple(other for other in known if keeps_accents(word, other))


@lru_cache(maxsize=8192)
def _accents(word: str) -> frozenset[str]:
    decomposed = unicodedata.normalize("NFD", word)
    return frozenset(char for char in decomposed if unicodedata.combining(char) or char == "đ")

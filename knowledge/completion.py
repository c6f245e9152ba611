"""Completes what is still being typed: the last word by the catalogue's words, a few letters by what they begin.

«trợ cấp th…» goes on with «thất nghiệp» because the words before it say so; «tgxh» are the first letters of «trợ giúp
xã hội». Built from an index in a fraction of a second; never changed afterwards, safe in threads.
"""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from knowledge import lexicon
from knowledge.lexical_index import LexicalIndex
from knowledge.passages import HEADS, Passage
from knowledge.terms import catalogue_words, plain, plain_words
from nlu.text.expansion import table
from nlu.text.syllables import is_syllable

#: A word that is whole already is likelier meant than one that only begins so.
_WHOLE = 3.0
_BESIDE, _ALONE = 0.85, 0.15
#: How often a text counts: what names a procedure, how everyday words are put, how people ask.
_HEAD, _EVERYDAY, _ASK, _BODY = 1.0, 2.0, 4.0, 0.02
MOST_OPTIONS = 6
LEAST_SHARE = 0.04
_LETTERS = re.compile(r"[a-z]{2,9}")
_SHORTEST_NAME, _LONGEST_NAME = 2, 9
_FEWEST = 2
_START = "^"


@dataclass(frozen=True)
class Option:
    """Words that what was typed may stand for, and how likely that is among the others."""

    words: tuple[str, ...]
    share: float


class Completions:
    """What a catalogue's words and names begin with."""

    def __init__(self, passages: Sequence[Passage], body: LexicalIndex) -> None:
        """Count the words of passages, of the lexicon and of `body`."""
        single: defaultdict[str, float] = defaultdict(float)
        beside: defaultdict[str, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
        heads = [[plain(w) for w in catalogue_words(p.text)] for p in passages if p.kind in HEADS]
        for words, weight in (*((words, _HEAD) for words in heads), *_lexicon()):
            for left, right in zip((_START, *words), words, strict=False):
                beside[left][right] += weight
                single[right] += weight
        for term in body.vocabulary:
            if "_" not in term and term.isalpha():
                single[term] += _BODY
        self._single = {word: count for word, count in single.items() if word.isalpha()}
        self._total = sum(self._single.values()) or 1.0
        self._beside = {left: (dict(found), sum(found.values())) for left, found in beside.items()}
        self._words = sorted(self._single)
        self._names = _names(heads)
        self._keys = sorted(self._names)

    def knows(self, word: str) -> bool:
        """True for a whole accent-free word of the catalogue or the lexicon."""
        return word in self._single

    def word(self, fragment: str, before: str | None) -> tuple[Option, ...]:
        """Return the words that begin with an accent-free `fragment` beside the word `before`, likeliest first."""
        pairs, all_pairs = self._beside.get(before or _START, ({}, 0.0))
        scored: dict[str, float] = {}
        for word in _beginning(self._words, fragment):
            score = _ALONE * self._single[word] / self._total
            if word in pairs:
                score += _BESIDE * pairs[word] / all_pairs
            scored[word] = score * (_WHOLE if word == fragment else 1.0)
        return _options({(word,): score for word, score in scored.items()})

    def initials(self, letters: str, *, finished: bool = True) -> tuple[Option, ...]:
        """Return the names, or parts of names, whose words begin with `letters`; unfinished ones may go on."""
        if not _LETTERS.fullmatch(letters):
            return ()
        keys = (letters,) if finished else _beginning(self._keys, letters)
        scored: defaultdict[tuple[str, ...], float] = defaultdict(float)
        for key in keys:
            for words, count in self._names.get(key, {}).items():
                scored[words] += count * (_WHOLE if key == letters else 1.0)
        return _options(scored)

    def are_initials(self, token: str) -> bool:
        """True for letters that are neither a word, nor a syllable, nor an abbreviation of the tables."""
        return bool(_LETTERS.fullmatch(token)) and not (
            is_syllable(token, plain=True) or token in table() or self.knows(token)
        )


def _lexicon() -> Iterator[tuple[list[str], float]]:
    """Yield the accent-free words of how people ask and what they call things, with how much each text counts."""
    grammar = lexicon.templates()
    asks = [ask for found in (*grammar["asks"].values(), *lexicon.asks().values()) for ask in found]
    wishes = [wish.replace("{x}", " ") for wish in grammar["wishes"]]
    for text in (*asks, *wishes, *grammar["openers"]):
        yield plain_words(text), _ASK
    for synonym in lexicon.synonyms():
        yield plain_words(synonym.everyday), _EVERYDAY


def _names(heads: Iterable[Sequence[str]]) -> Mapping[str, Mapping[tuple[str, ...], int]]:
    """Return runs of words by their first letters; one that neither begins nor ends a name must stand twice."""
    counts: defaultdict[str, Counter[tuple[str, ...]]] = defaultdict(Counter)
    outer: set[tuple[str, ...]] = set()
    for words in heads:
        for start in range(len(words)):
            for end in range(start + _SHORTEST_NAME, min(start + _LONGEST_NAME, len(words)) + 1):
                run = tuple(words[start:end])
                if not run[-1].isalpha():
                    break
                counts["".join(word[0] for word in run)][run] += 1
                if start == 0 or end == len(words):
                    outer.add(run)
    found = {}
    for key, runs in counts.items():
        kept = {run: n for run, n in runs.most_common(MOST_OPTIONS) if n >= _FEWEST or run in outer}
        if kept:
            found[key] = kept
    return found


def _beginning(ordered: Sequence[str], start: str) -> Sequence[str]:
    """Return the part of sorted texts that begin with `start`."""
    if not start:
        return ()
    low = bisect_left(ordered, start)
    return ordered[low : bisect_left(ordered, start + "\U0010ffff", low)]


def _options(scored: Mapping[tuple[str, ...], float]) -> tuple[Option, ...]:
    total = sum(scored.values())
    if not total:
        return ()
    best = sorted(scored.items(), key=lambda item: (-item[1], item[0]))[:MOST_OPTIONS]
    return tuple(Option(words, score / total) for words, score in best if score >= LEAST_SHARE * total)

"""Mends accent-free syllables that no text of ours knows, by the nearest one that fits its neighbours."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

_MIN_LETTERS = 3
_LONGEST_JOINED = 40


def _deletions(word: str) -> set[str]:
    return {word[:at] + word[at + 1 :] for at in range(len(word))}


def one_slip_apart(left: str, right: str) -> bool:
    """True where one insertion, deletion, substitution or swap of neighbours turns `left` into `right`."""
    if abs(len(left) - len(right)) > 1 or left == right:
        return False
    if len(left) != len(right):
        short, long = sorted((left, right), key=len)
        return short in _deletions(long)
    wrong = [at for at, (a, b) in enumerate(zip(left, right, strict=True)) if a != b]
    if len(wrong) == 1:
        return True
    first, second = wrong[0], wrong[-1]
    return len(wrong) == 2 and second == first + 1 and left[first] == right[second] and left[second] == right[first]


class Speller:
    """Knows syllables and their pairs; pure after construction."""

    def __init__(self, frequency: Mapping[str, int], pairs: Iterable[str], known: Iterable[str]) -> None:
        """`frequency` counts the documents of each syllable; `known` are further words that are left alone."""
        self._frequency = {word: n for word, n in frequency.items() if word.isalpha()}
        self._pairs = frozenset(pairs)
        self._known = frozenset(known) | frozenset(self._frequency)
        self._by_deletion: dict[str, list[str]] = defaultdict(list)
        for word in self._frequency:
            for key in (word, *_deletions(word)):
                self._by_deletion[key].append(word)

    def _candidates(self, word: str) -> set[str]:
        near = {c for key in (word, *_deletions(word)) for c in self._by_deletion.get(key, ())}
        return {candidate for candidate in near if one_slip_apart(word, candidate)}

    def _split(self, word: str) -> list[str] | None:
        """Cut «trocapthatnghiep» into known syllables, as few as possible; None where it cannot be done."""
        best: list[list[str] | None] = [[]] + [None] * len(word)
        for end in range(1, len(word) + 1):
            for start in range(max(0, end - 7), end - 1):
                head = best[start]
                if head is not None and word[start:end] in self._frequency:
                    current = best[end]
                    if current is None or len(head) + 1 < len(current):
                        best[end] = [*head, word[start:end]]
        found = best[len(word)]
        return (
            found if found and len(found) > 1 and all(f"{a}_{b}" in self._pairs for a, b in pairwise(found)) else None
        )

    def mend(self, syllables: Sequence[str]) -> dict[int, list[str]]:
        """Return replacements (word number → syllables) for unknown accent-free words near a known one."""
        mended: dict[int, list[str]] = {}
        for at, word in enumerate(syllables):
            if word in self._known or len(word) < _MIN_LETTERS or not word.isalpha():
                continue
            if len(word) > 5 and len(word) <= _LONGEST_JOINED and (parts := self._split(word)):
                mended[at] = parts
                continue
            before = syllables[at - 1] if at else ""
            after = syllables[at + 1] if at + 1 < len(syllables) else ""

            def fitness(candidate: str, before: str = before, after: str = after) -> tuple[int, int, str]:
                beside = (f"{before}_{candidate}" in self._pairs) + (f"{candidate}_{after}" in self._pairs)
                return beside, self._frequency[candidate], candidate

            if candidates := self._candidates(word):
                mended[at] = [max(candidates, key=fitness)]
        return mended

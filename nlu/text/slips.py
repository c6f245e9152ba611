"""Slips of the finger: words one insertion, deletion, substitution or swap apart, and words written together."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from itertools import pairwise

_LONGEST_SYLLABLE = 7
LONGEST_JOINED = 40


def deletions(word: str) -> set[str]:
    """Return the word without one of its letters, for each of them."""
    return {word[:at] + word[at + 1 :] for at in range(len(word))}


def one_slip_apart(left: str, right: str) -> bool:
    """True where one insertion, deletion, substitution or swap of neighbours turns `left` into `right`."""
    if abs(len(left) - len(right)) > 1 or left == right:
        return False
    if len(left) != len(right):
        short, long = sorted((left, right), key=len)
        return short in deletions(long)
    wrong = [at for at, (a, b) in enumerate(zip(left, right, strict=True)) if a != b]
    if len(wrong) == 1:
        return True
    first, second = wrong[0], wrong[-1]
    return len(wrong) == 2 and second == first + 1 and left[first] == right[second] and left[second] == right[first]


class SlipIndex:
    """Finds the words of a vocabulary that are one slip from a word; pure after construction."""

    def __init__(self, words: Iterable[str]) -> None:
        self._by_deletion: dict[str, list[str]] = defaultdict(list)
        for word in words:
            for key in (word, *deletions(word)):
                self._by_deletion[key].append(word)

    def near(self, word: str) -> set[str]:
        """Return the words of the vocabulary one slip from `word`."""
        found = {known for key in (word, *deletions(word)) for known in self._by_deletion.get(key, ())}
        return {known for known in found if one_slip_apart(word, known)}


def split_joined(word: str, known: Collection[str], paired: Callable[[str, str], bool]) -> list[str] | None:
    """Cut «trocapthatnghiep» into known syllables, as few as possible, each of which goes with the next, or None."""
    if len(word) > LONGEST_JOINED:
        return None
    best: list[list[str] | None] = [[]] + [None] * len(word)
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - _LONGEST_SYLLABLE), end - 1):
            head = best[start]
            if head is None or word[start:end] not in known or (head and not paired(head[-1], word[start:end])):
                continue
            current = best[end]
            if current is None or len(head) + 1 < len(current):
                best[end] = [*head, word[start:end]]
    found = best[len(word)]
    return found if found and len(found) > 1 and all(paired(a, b) for a, b in pairwise(found)) else None

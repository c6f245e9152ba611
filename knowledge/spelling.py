"""Mends accent-free syllables that no text of ours knows, by the nearest one that fits its neighbours."""

from collections.abc import Iterable, Mapping, Sequence

from nlu.text.slips import SlipIndex, one_slip_apart, split_joined

__all__ = ["Speller", "one_slip_apart"]

_MIN_LETTERS = 3


class Speller:
    """Knows the syllables of a catalogue and their pairs; pure after construction."""

    def __init__(self, frequency: Mapping[str, int], pairs: Iterable[str], known: Iterable[str]) -> None:
        """`frequency` counts the documents of each syllable; `known` are further words that are left alone."""
        self._frequency = {word: n for word, n in frequency.items() if word.isalpha()}
        self._pairs = frozenset(pairs)
        self._known = frozenset(known) | frozenset(self._frequency)
        self._slips = SlipIndex(self._frequency)

    def _paired(self, left: str, right: str) -> bool:
        return f"{left}_{right}" in self._pairs

    def mend(self, syllables: Sequence[str]) -> dict[int, list[str]]:
        """Return replacements (word number → syllables) for unknown accent-free words near a known one."""
        mended: dict[int, list[str]] = {}
        for at, word in enumerate(syllables):
            if word in self._known or len(word) < _MIN_LETTERS or not word.isalpha():
                continue
            if len(word) > 5 and (parts := split_joined(word, self._frequency, self._paired)):
                mended[at] = parts
                continue
            before = syllables[at - 1] if at else ""
            after = syllables[at + 1] if at + 1 < len(syllables) else ""

            def fitness(candidate: str, before: str = before, after: str = after) -> tuple[int, int, str]:
                beside = self._paired(before, candidate) + self._paired(candidate, after)
                return beside, self._frequency[candidate], candidate

            if candidates := self._slips.near(word):
                mended[at] = [max(candidates, key=fitness)]
        return mended

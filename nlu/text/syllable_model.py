"""How often syllables and pairs of them stand in our own texts: the model of spelling repair and accent restoration.

The file syllables.tsv.gz is made by `python -m knowledge.restoration_training`. Its lines: a syllable or two of them
separated by a space, a tab, and how often they stand there.
"""

import gzip
from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property, lru_cache
from importlib import resources

from nlu.text.cleaning import strip_accents

MODEL_FILE = "syllables.tsv.gz"
START, END = "<s>", "</s>"
Followers = dict[str, dict[str, int]]


class SyllableModel:
    """Counts of syllables and of pairs; START and END stand at the ends of a clause. Pure after construction."""

    def __init__(self, singles: Mapping[str, int], pairs: Mapping[tuple[str, str], int]) -> None:
        self.singles = dict(singles)
        self.total = sum(self.singles.values()) or 1
        self.followers: Followers = {}
        for (left, right), count in pairs.items():
            self.followers.setdefault(left, {})[right] = count

    def pair(self, left: str, right: str) -> int:
        """Return how often `right` follows `left`."""
        row = self.followers.get(left)
        return row.get(right, 0) if row else 0

    def plain_pair(self, left: str, right: str) -> int:
        """Return how often `right` follows `left` where accents are left out."""
        row = self.plain_followers.get(left)
        return row.get(right, 0) if row else 0

    @cached_property
    def accented(self) -> dict[str, tuple[str, ...]]:
        """The known syllables by their accent-free form, the most frequent first."""
        found: dict[str, list[str]] = defaultdict(list)
        for word in sorted(self.singles, key=lambda word: (-self.singles[word], word)):
            found[strip_accents(word)].append(word)
        return {bare: tuple(words) for bare, words in found.items()}

    @cached_property
    def plain_singles(self) -> dict[str, int]:
        """Counts of accent-free syllables."""
        return {bare: sum(self.singles[word] for word in words) for bare, words in self.accented.items()}

    @cached_property
    def plain_followers(self) -> Followers:
        """Counts of pairs of accent-free syllables."""
        bare = {word: strip_accents(word) for word in self.singles}
        found: Followers = {}
        for left, followers in self.followers.items():
            row = found.setdefault(bare[left], {})
            for right, count in followers.items():
                row[bare[right]] = row.get(bare[right], 0) + count
        return found

    def dump(self) -> bytes:
        """Return the model as its file holds it; the same counts give the same bytes."""
        lines = [f"{word}\t{count}" for word, count in sorted(self.singles.items())]
        for left, followers in sorted(self.followers.items()):
            lines += [f"{left} {right}\t{count}" for right, count in sorted(followers.items())]
        return gzip.compress("\n".join(lines).encode(), mtime=0)

    @classmethod
    def parse(cls, data: bytes) -> "SyllableModel":
        """Read what `dump` wrote; OSError or ValueError for anything else."""
        singles: dict[str, int] = {}
        pairs: dict[tuple[str, str], int] = {}
        for line in gzip.decompress(data).decode().split("\n"):
            words, _, count = line.partition("\t")
            left, _, right = words.partition(" ")
            if right:
                pairs[left, right] = int(count)
            else:
                singles[left] = int(count)
        return cls(singles, pairs)


@lru_cache(maxsize=1)
def syllable_model() -> SyllableModel:
    """Return the model that is shipped with this package, loaded at the first call."""
    return SyllableModel.parse(resources.files(__package__).joinpath(MODEL_FILE).read_bytes())

"""Matters of other bodies (lexicon/foreign): which of them a catalogue lacks, and which one a question is about."""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.core.errors import ConfigurationError, IndexMismatch
from bot.core.procedures import Status
from bot.core.routes import Agency
from knowledge import lexicon
from knowledge.agencies import held
from knowledge.names import short_name
from knowledge.schema import Record
from knowledge.terms import catalogue_words, plain, word_set

FloatArray = NDArray[np.float32]
#: Two titles with this likeness (twice what they share by what both have, words weighted by rarity) are the same.
SAME = 0.8
#: Records nearly as like as the best are its twins at another level or in another version.
TWINS = 0.08


@dataclass(frozen=True)
class Matter:
    """Something that another body settles: its name, how citizens ask for it, and where they should go.

    `official` are titles under which catalogues of that body publish it.
    `agency` is None for what no public body settles (small talk, the weather).
    """

    name: str
    asked: tuple[str, ...]
    agency: Agency | None
    office: str | None
    official: tuple[str, ...] = ()

    @property
    def phrases(self) -> tuple[str, ...]:
        """The name and the ways of asking."""
        return (self.name, *self.asked)


def _matter(raw: Any, file: dict[str, Any]) -> Matter:
    agency = raw.get("agency", file["agency"])
    return Matter(
        name=str(raw["name"]),
        asked=tuple(str(phrase) for phrase in raw["asked"]),
        agency=None if agency in (None, "none") else Agency(agency),
        office=raw.get("office", file.get("office")),
        official=tuple(str(title) for title in raw.get("official", ())),
    )


@lru_cache(maxsize=1)
def matters() -> tuple[Matter, ...]:
    """Return every matter of the lexicon; ConfigurationError names a file that cannot be read."""
    found = []
    for name, file in lexicon.foreign().items():
        try:
            found += [_matter(raw, file) for raw in file["matters"]]
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ConfigurationError(f"foreign/{name}: thiếu hoặc sai mục {error}") from error
    return tuple(found)


class Titles:
    """Finds the records whose name is nearly a given title."""

    def __init__(self, records: Sequence[Record]) -> None:
        self._names = [word_set(short_name(record.name)) for record in records]
        self._rows: dict[str, set[int]] = {}
        for row, words in enumerate(self._names):
            for word in words:
                self._rows.setdefault(word, set()).add(row)
        self._idf = {word: math.log1p(len(records) / len(found)) for word, found in self._rows.items()}
        self._unknown = math.log1p(2 * len(records))

    def nearest(self, title: str) -> tuple[int, ...]:
        """Return the rows whose names share at least SAME of their words with `title`, by how rare those are."""
        words = word_set(title)
        size = sum(self._idf.get(word, self._unknown) for word in words)
        shared: dict[int, float] = defaultdict(float)
        for word in words & self._idf.keys():
            for row in self._rows[word]:
                shared[row] += self._idf[word]
        likeness = {
            row: 2 * value / (size + sum(self._idf[word] for word in self._names[row]))
            for row, value in shared.items()
        }
        best = max(likeness.values(), default=0.0)
        return tuple(row for row, value in sorted(likeness.items()) if value >= max(SAME, best - TWINS))


def phrasings(records: Sequence[Record]) -> dict[int, tuple[str, ...]]:
    """Return how citizens ask for the records that hold a matter of the lexicon: row → phrases.

    The lexicon's matters are foreign to our own catalogue; another one, the national portal's say, has many of them.
    """
    titles = Titles(records)
    found: dict[int, dict[str, None]] = defaultdict(dict)
    for matter in matters():
        for title in (matter.name, *matter.official):
            for row in titles.nearest(title):
                found[row].update(dict.fromkeys(matter.asked))
    return {row: tuple(phrases) for row, phrases in found.items()}


def outside(records: Sequence[Record]) -> tuple[Matter, ...]:
    """Return the matters that are settled by bodies whose procedures the records are not."""
    own = held(
        [plain(word) for word in catalogue_words(record.name)]
        for record in records
        if record.status is not Status.ROUTING
    )
    titles = Titles(records)
    return tuple(
        matter
        for matter in matters()
        if matter.agency not in own and not any(titles.nearest(title) for title in (matter.name, *matter.official))
    )


class ForeignIndex:
    """The vectors of what citizens ask other bodies for, shape (phrases, dim); safe in threads."""

    def __init__(self, found: Sequence[Matter], vectors: FloatArray) -> None:
        self._matters = tuple(found)
        self._owner = np.array(
            [number for number, matter in enumerate(found) for _ in matter.phrases], dtype=np.int64
        )
        if vectors.shape[0] != len(self._owner):
            raise IndexMismatch("chỉ mục việc của cơ quan khác bị hỏng, hãy chạy «tiepdan index build»")
        self._vectors = vectors

    def nearest(self, vector: FloatArray, without: str | None = None) -> tuple[float, Matter | None]:
        """Return the cosine of the nearest phrase and its matter; the matter of phrase `without` left out."""
        if not len(self._owner):
            return 0.0, None
        cosines = self._vectors @ vector
        if without is not None:
            hidden = [number for number, matter in enumerate(self._matters) if without in matter.phrases]
            cosines = np.where(np.isin(self._owner, hidden), -1.0, cosines)
        best = int(np.argmax(cosines))
        return float(cosines[best]), self._matters[int(self._owner[best])]

    def save(self, path: Path) -> None:
        """Write the vectors to one .npy file; the matters come from the lexicon."""
        np.save(path, self._vectors)

    @classmethod
    def load(cls, path: Path, found: Sequence[Matter]) -> "ForeignIndex":
        """Read what `save` wrote; IndexMismatch where the file is damaged or belongs to other matters."""
        try:
            vectors = np.load(path, allow_pickle=False)
        except (OSError, ValueError, EOFError) as error:
            raise IndexMismatch(f"{path.name} bị hỏng, hãy chạy «tiepdan index build»") from error
        return cls(found, vectors)

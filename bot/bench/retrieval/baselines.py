"""BM25 (the bm25s package, its defaults) on the words that different readings of Vietnamese give."""

import datetime as dt
import gzip
import hashlib
import importlib
import importlib.metadata
import json
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.core.enquiry.findings import Findings, Hit, Zone
from bot.core.procedures import Facet
from knowledge.evaluate import DEPTH
from knowledge.passages import HEADS, passages_of
from knowledge.schema import Record
from knowledge.terms import lexical_terms
from nlu.text import clean, tokens

Cut = Callable[[str], list[str]]
Report = Callable[[str], None]
#: How much more a record's names count than its other texts, where both are indexed.
_NAMES = 3


def syllables(text: str) -> list[str]:
    """Return lower-case syllables, accents as typed."""
    return [token.norm for token in tokens(clean(text))]


def stripped_bigrams(text: str) -> list[str]:
    """Return syllables without accents and the pairs of neighbours."""
    return lexical_terms(syllables(text))


@dataclass(frozen=True)
class Reading:
    """A way of cutting texts into words; `package` is the optional one that it needs."""

    title: str
    load: Callable[[], Cut]
    package: str = ""

    @property
    def version(self) -> str | None:
        """The version of its package; None where it is not installed."""
        try:
            return importlib.metadata.version(self.package) if self.package else ""
        except importlib.metadata.PackageNotFoundError:
            return None


def _pyvi() -> Cut:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its model was saved by an older scikit-learn
        tokenizer = importlib.import_module("pyvi.ViTokenizer")
    return lambda text: _words(tokenizer.tokenize(clean(text)).split())


def _underthesea() -> Cut:
    segment = importlib.import_module("underthesea").word_tokenize
    return lambda text: _words(word.replace(" ", "_") for word in segment(clean(text)))


def _words(found: Iterable[str]) -> list[str]:
    return [word.casefold() for word in found if any(char.isalnum() for char in word)]


STRIPPED = Reading("BM25, syllables and bigrams without accents", lambda: stripped_bigrams)
READINGS = (
    STRIPPED,
    Reading("BM25, syllables with accents", lambda: syllables),
    Reading("BM25, pyvi words", _pyvi, "pyvi"),
    Reading("BM25, underthesea words", _underthesea, "underthesea"),
)


def names(record: Record) -> str:
    """Return name and aliases, what a search over titles would index."""
    return " . ".join((record.name, *record.aliases))


def everything(row: int, record: Record, situations: Sequence[str]) -> str:
    """Return all that our own index holds of a record, its names and situations three times."""
    found = passages_of(row, record, situations)
    heads = [passage.text for passage in found if passage.kind in HEADS]
    return " . ".join([*heads * _NAMES, *(passage.text for passage in found if passage.kind not in HEADS)])


class Bm25:
    """BM25 over documents that are cut into words; has no gate, so everything is answered."""

    def __init__(self, ids: Sequence[str], documents: Sequence[Sequence[str]], cut: Cut) -> None:
        """Index `documents`, the words of each; `cut` reads questions the same way."""
        import bm25s

        self._ids = list(ids)
        self._cut = cut
        self._index = bm25s.BM25()
        self._index.index([list(document) for document in documents], show_progress=False)
        self._vocabulary = frozenset(self._index.vocab_dict)

    def search(self, text: str, _now: dt.datetime) -> Findings:
        """Return the best records, ties by id, each id once."""
        known = [word for word in self._cut(text) if word in self._vocabulary]
        scores = np.asarray(self._index.get_scores(known)) if known else np.zeros(len(self._ids))
        deep = min(4 * DEPTH, len(scores))  # versions of one procedure share an id
        least = np.partition(scores, -deep)[-deep]
        order = sorted(np.flatnonzero(scores >= least), key=lambda row: (-scores[row], self._ids[row]))
        ids = list(dict.fromkeys(self._ids[row] for row in order))[:DEPTH]
        hits = tuple(Hit(name, 0.0) for name in ids)
        return Findings(hits, Facet.GENERAL, False, Zone.ANSWER, True, 1.0)


def cut_all(reading: Reading, cut: Cut, texts: Sequence[str], cache: Path, report: Report) -> list[list[str]]:
    """Return the words of each text. Segmenters take minutes: theirs are kept in `cache`, by version and texts."""
    if not reading.package:
        return [cut(text) for text in texts]
    digest = hashlib.sha256(f"{reading.package} {reading.version}".encode())
    for text in texts:
        digest.update(text.encode() + b"\0")
    path = cache / f"words-{reading.package}-{digest.hexdigest()[:16]}.json.gz"
    if path.is_file():
        with gzip.open(path, "rt", encoding="utf-8") as file:
            kept: list[list[str]] = json.load(file)
            return kept
    report(f"{reading.title}: cutting {len(texts)} texts")
    found = [cut(text) for text in texts]
    cache.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as file:
        json.dump(found, file, ensure_ascii=False)
    return found


def build(reading: Reading, ids: Sequence[str], texts: Sequence[str], cache: Path, report: Report) -> Bm25 | None:
    """Return BM25 on texts by one reading; None where its package is not installed."""
    if reading.version is None:
        return None
    cut = reading.load()
    return Bm25(ids, cut_all(reading, cut, texts, cache, report), cut)

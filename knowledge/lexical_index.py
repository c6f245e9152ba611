"""BM25 over accent-free syllables and bigrams, as one sparse matrix of ready-made term weights."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from bot.core.errors import IndexMismatch

K1 = 1.2
B = 0.6
FloatArray = NDArray[np.float32]


class LexicalIndex:
    """Scores documents against weighted terms; immutable after construction, safe in threads.

    `weights` has shape (terms, documents); `idf` one value a term.
    """

    def __init__(self, vocabulary: Mapping[str, int], weights: sparse.csr_matrix, idf: FloatArray) -> None:
        if weights.shape[0] != len(vocabulary) or idf.shape != (len(vocabulary),):
            raise IndexMismatch("chỉ mục từ bị hỏng, hãy chạy «tiepdan index build»")
        self.vocabulary = dict(vocabulary)
        self.idf = idf
        self._weights = weights
        self._unknown_idf = float(idf.max()) if len(idf) else 1.0

    @classmethod
    def build(cls, documents: Sequence[Iterable[str]]) -> "LexicalIndex":
        """Index documents given as their terms (Robertson & Zaragoza 2009, BM25 with the +1 inside the logarithm)."""
        counts = [Counter(document) for document in documents]
        vocabulary = {term: row for row, term in enumerate(sorted({term for count in counts for term in count}))}
        lengths = np.array([max(sum(count.values()), 1) for count in counts], dtype=np.float32)
        mean = float(lengths.mean()) if len(lengths) else 1.0
        rows: list[int] = []
        columns: list[int] = []
        frequencies: list[int] = []
        for column, count in enumerate(counts):
            for term, frequency in count.items():
                rows.append(vocabulary[term])
                columns.append(column)
                frequencies.append(frequency)
        row_ids = np.array(rows, dtype=np.int32)
        column_ids = np.array(columns, dtype=np.int32)
        found = np.bincount(row_ids, minlength=len(vocabulary)) if rows else np.zeros(0)
        idf = np.log1p((len(counts) - found + 0.5) / (found + 0.5)).astype(np.float32)
        often = np.array(frequencies, dtype=np.float32)
        norm = K1 * (1 - B + B * lengths[column_ids] / mean)
        values = idf[row_ids] * often * (K1 + 1) / (often + norm)
        shape = (len(vocabulary), len(counts))
        return cls(vocabulary, sparse.csr_matrix((values, (row_ids, column_ids)), shape=shape), idf)

    def __len__(self) -> int:
        return int(self._weights.shape[1])

    def term_idf(self, term: str) -> float:
        """Return how rare a term is; an unknown one counts as the rarest."""
        row = self.vocabulary.get(term)
        return self._unknown_idf if row is None else float(self.idf[row])

    def scores(self, terms: Mapping[str, float]) -> FloatArray:
        """Return one BM25 score a document for weighted query terms; unknown terms add nothing."""
        known = [(self.vocabulary[term], weight) for term, weight in terms.items() if term in self.vocabulary]
        if not known:
            return np.zeros(len(self), dtype=np.float32)
        total = np.zeros(len(self), dtype=np.float32)
        matrix = self._weights
        for row, weight in known:
            start, end = matrix.indptr[row], matrix.indptr[row + 1]
            total[matrix.indices[start:end]] += weight * matrix.data[start:end]
        return total

    def contains(self, term: str) -> NDArray[np.int32]:
        """Return the numbers of the documents that hold a term."""
        row = self.vocabulary.get(term)
        if row is None:
            return np.zeros(0, dtype=np.int32)
        matrix = self._weights
        numbers: NDArray[np.int32] = matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]]
        return numbers

    def save(self, path: Path) -> None:
        """Write the index to one .npz file."""
        matrix = self._weights
        np.savez(
            path,
            data=matrix.data.astype(np.float32),
            indices=matrix.indices.astype(np.int32),
            indptr=matrix.indptr.astype(np.int32),
            shape=np.array(matrix.shape, dtype=np.int64),
            idf=self.idf,
            terms=np.frombuffer(json.dumps(list(self.vocabulary), ensure_ascii=False).encode(), dtype=np.uint8),
        )

    @classmethod
    def load(cls, path: Path) -> "LexicalIndex":
        """Read what `save` wrote; IndexMismatch where the file is damaged."""
        try:
            with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
                matrix = sparse.csr_matrix(
                    (file["data"], file["indices"], file["indptr"]), shape=tuple(file["shape"])
                )
                matrix.check_format(full_check=True)
                terms = json.loads(file["terms"].tobytes().decode())
                idf = file["idf"].astype(np.float32)
        except Exception as error:  # numpy, zipfile, zlib and json each have their own words for a damaged file
            raise IndexMismatch(f"{path.name} bị hỏng, hãy chạy «tiepdan index build»") from error
        return cls({term: row for row, term in enumerate(terms)}, matrix, idf)

"""Passage vectors in a FAISS flat inner-product index."""

from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from bot.core.errors import IndexMismatch

FloatArray = NDArray[np.float32]


class DenseIndex:
    """Exact inner-product search over unit vectors, shape (passages, dim); one thread, safe to share."""

    def __init__(self, index: faiss.Index) -> None:
        # Two OpenMP threads on a busy two-core machine are many times slower than one.
        faiss.omp_set_num_threads(1)
        self._index = index

    @classmethod
    def build(cls, vectors: FloatArray) -> "DenseIndex":
        """Index unit vectors, shape (passages, dim), in their order."""
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        return cls(index)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return int(self._index.d)

    def search(self, query: FloatArray, limit: int) -> tuple[FloatArray, NDArray[np.int64]]:
        """Return (scores, passage numbers), best first, for one vector of shape (dim,)."""
        scores, numbers = self._index.search(query.reshape(1, -1), min(limit, len(self)))
        return scores[0], numbers[0]

    def save(self, path: Path) -> None:
        """Write the index to one file."""
        faiss.write_index(self._index, str(path))

    @classmethod
    def load(cls, path: Path, dim: int, passages: int) -> "DenseIndex":
        """Read what `save` wrote; IndexMismatch where the file is damaged or has another shape."""
        try:
            found = cls(faiss.read_index(str(path)))
        except Exception as error:  # FAISS raises plain RuntimeError, and others for files cut short
            raise IndexMismatch(f"{path.name} bị hỏng, hãy chạy «tiepdan index build»") from error
        if (found.dim, len(found)) != (dim, passages):
            raise IndexMismatch(f"{path.name} không khớp với chỉ mục, hãy chạy «tiepdan index build»")
        return found

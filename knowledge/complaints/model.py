"""The trained model: one logistic regression per code over the terms of a stretch; arrays, nothing that runs."""

import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.core.errors import ConfigurationError
from knowledge.complaints.features import Features
from knowledge.complaints.words import Stretch

Array = npt.NDArray[Any]
FILE = "complaints.npz"
TRAIN = "hãy chạy «tiepdan prepare»"
# Between two terms in the file; no term holds it.
_BETWEEN = "\n"


class Model:
    """Scores stretches for each code; immutable."""

    def __init__(
        self, codes: Sequence[str], features: Features, weights: Array, bias: Array, fingerprint: str
    ) -> None:
        """Take weights of shape (terms, codes + 1) and bias (codes + 1,), float32; the last column: any behaviour."""
        self.codes = tuple(codes)
        self.fingerprint = fingerprint
        self._features = features
        self._weights = weights
        self._bias = bias

    def places(self, text: Stretch, cues: Iterable[str]) -> Array:
        """Return the known terms of a stretch with its cues; those of several stretches together are concatenated."""
        return self._features.places(text, cues)

    def scores(self, places: Array) -> Array:
        """Return the log-odds that a text of these terms tells of each code, last of any, shape (codes + 1,)."""
        found, values = self._features.vector(places)
        scores: Array = values @ self._weights[found] + self._bias
        return scores

    def save(self, path: Path) -> None:
        """Write the arrays."""
        np.savez_compressed(
            path,
            codes=np.array(_BETWEEN.join(self.codes)),
            terms=np.array(_BETWEEN.join(self._features.terms)),
            idf=self._features.idf,
            weights=self._weights,
            bias=self._bias,
            fingerprint=np.array(self.fingerprint),
        )

    @classmethod
    def load(cls, path: Path) -> "Model":
        """Read a model. Raises ConfigurationError with one line where it is missing or damaged."""
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
                codes = [code for code in str(arrays["codes"]).split(_BETWEEN) if code]
                terms = str(arrays["terms"]).split(_BETWEEN)
                idf, weights, bias = arrays["idf"], arrays["weights"], arrays["bias"]
                fingerprint = str(arrays["fingerprint"])
        except FileNotFoundError as error:
            raise ConfigurationError(f"chưa có bộ đọc phản ánh ở {path.parent}, {TRAIN}") from error
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            raise ConfigurationError(f"bộ đọc phản ánh {path.name} bị hỏng, {TRAIN}") from error
        shape = (len(terms), len(codes) + 1)
        if weights.shape != shape or idf.shape != (len(terms),) or bias.shape != (len(codes) + 1,):
            raise ConfigurationError(f"bộ đọc phản ánh {path.name} bị hỏng, {TRAIN}")
        return cls(codes, Features(terms, idf), weights, bias, fingerprint)

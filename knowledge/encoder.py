"""Turns text into unit vectors with any sentence-transformers model; ours is trained by encoder_training."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from bot.core.errors import ConfigurationError
from knowledge.terms import catalogue_words, encoder_tokens, words

FloatArray = NDArray[np.float32]
#: Beside the weights of an encoder of ours; says that texts are cut into `encoder_tokens` first.
RECIPE = "tiepdan.json"
_EMPTY = "[UNK]"
_CHUNK = 1 << 20


class Encoder(Protocol):
    """Encodes questions and passages into one space."""

    @property
    def dim(self) -> int:
        """Length of a vector."""
        ...

    @property
    def fingerprint(self) -> str:
        """Identity of the model with its settings; vectors of different fingerprints are not comparable."""
        ...

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        """Return unit vectors of questions, shape (n, dim), in input order."""
        ...

    def encode_passages(self, texts: Sequence[str]) -> FloatArray:
        """Return unit vectors of passages, shape (n, dim), in input order."""
        ...


def _fingerprint(name: str, settings: Sequence[object]) -> str:
    """Hash the model's files (or, for a model that lies elsewhere, its name) and the settings that shape vectors."""
    digest = hashlib.sha256(json.dumps(list(settings), ensure_ascii=False).encode())
    folder = Path(name)
    if not folder.is_dir():
        digest.update(name.encode())
        return digest.hexdigest()
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "README.md"):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        with path.open("rb") as file:
            while block := file.read(_CHUNK):
                digest.update(block)
    return digest.hexdigest()


class TextEncoder:
    """A sentence-transformers model, by name or path, with prefixes and a maximum length in tokens."""

    def __init__(
        self, name: str | Path, *, query_prefix: str = "", passage_prefix: str = "", max_length: int = 256
    ) -> None:
        """Load the model. Raises ConfigurationError in one line where it is missing or unreadable."""
        self.name = str(name)
        self._prefixes = (query_prefix, passage_prefix)
        recipe = Path(name) / RECIPE
        self._ours = recipe.is_file()
        self._model = _load(self.name)
        if not self._ours:
            self._model.max_seq_length = max_length
        self._table = _token_table(self._model) if self._ours else None
        self.fingerprint = _fingerprint(self.name, [query_prefix, passage_prefix, max_length, self._ours])

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return int(self._model.get_embedding_dimension())

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        """Return unit vectors of questions, shape (n, dim), in input order."""
        return self._encode(texts, self._prefixes[0], words)

    def encode_passages(self, texts: Sequence[str]) -> FloatArray:
        """Return unit vectors of passages, shape (n, dim), in input order."""
        return self._encode(texts, self._prefixes[1], catalogue_words)

    def _encode(self, texts: Sequence[str], prefix: str, cut: Callable[[str], Sequence[str]]) -> FloatArray:
        if not texts:
            return np.zeros((0, self.dim), dtype=np.float32)
        if self._table is not None:
            return np.stack([self._table.encode(encoder_tokens(cut(text))) for text in texts])
        vectors = self._model.encode(
            [prefix + text or _EMPTY for text in texts],
            batch_size=64,
            normalize_embeddings=True,
            show_progress_bar=False,
            convert_to_numpy=True,
        )
        return np.nan_to_num(np.asarray(vectors, dtype=np.float32))


class _TokenTable:
    """What our static model computes, without the milliseconds of its general machinery."""

    def __init__(self, numbers: Mapping[str, int], vectors: FloatArray) -> None:
        self._numbers = numbers
        self._vectors = vectors

    def encode(self, tokens: Sequence[str]) -> FloatArray:
        """Return the unit vector of the mean of the known tokens' vectors; zeros where none is known."""
        known = [self._numbers[token] for token in tokens if token in self._numbers]
        # An unknown token is the zero vector: it shortens the mean and leaves its direction.
        total = self._vectors[known].sum(axis=0) if known else np.zeros(self._vectors.shape[1], dtype=np.float32)
        norm = float(np.linalg.norm(total))
        return (total / norm if norm else total).astype(np.float32)


def _token_table(model: Any) -> _TokenTable:
    static = model[0]
    vectors = np.asarray(static.embedding.weight.detach().cpu().numpy(), dtype=np.float32)
    return _TokenTable(static.tokenizer.get_vocab(), vectors)


def _load(name: str) -> Any:
    from sentence_transformers import SentenceTransformer  # takes seconds to import

    try:
        return SentenceTransformer(name, device="cpu")
    except Exception as error:  # each kind of model fails with errors of its own
        reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise ConfigurationError(
            f"không nạp được bộ mã hoá «{name}» ({reason}); hãy chạy «tiepdan encoder train» hoặc sửa "
            "TIEPDAN_ENCODER__NAME"
        ) from error

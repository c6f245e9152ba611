"""What an index was built from, beside it on disk; loading against anything else is refused."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import nlu.text
from bot.core.errors import IndexMismatch
from knowledge import lexicon
from knowledge.gate import Thresholds

NAME = "manifest.json"
REBUILD = "hãy chạy «tiepdan index build»"
#: The code that decides what an index holds and what its scores mean.
_SOURCES = (
    "agencies.py", "articles.py", "build.py", "calibration.py", "dense_index.py", "facet_model.py", "facets.npz",
    "facets.py", "findings.py", "foreign.py", "gate.py", "lexical_index.py", "logit.py", "names.py", "noise.py",
    "operations.py", "passages.py", "profiles.py", "query.py", "question_synthesis.py", "ranking.py", "search.py",
    "spelling.py", "terms.py", "weights.json",
)  # fmt: skip


def code_fingerprint() -> str:
    """Return a SHA-256 over the lexicon and the code that an index depends on."""
    digest = hashlib.sha256(lexicon.fingerprint().encode())
    for name in _SOURCES:
        digest.update(Path(__file__).with_name(name).read_bytes())
    return digest.hexdigest()


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass(frozen=True)
class Manifest:
    """The identity of an index. `encoder` names the model (for ours, its folder); `files` maps names to SHA-256.

    `signals` are the weights of the ranking where they were fitted on this catalogue; None: the shipped ones.
    `learned` is the fingerprint of what people taught the catalogue; empty where nothing.
    """

    catalogue: str
    encoder: str
    encoder_fingerprint: str
    text_fingerprint: str
    code_fingerprint: str
    thresholds: Thresholds
    procedures: int
    passages: int
    dim: int
    created: str
    build_seconds: float
    files: Mapping[str, str]
    signals: Mapping[str, float] | None = None
    learned: str = ""

    def save(self, folder: Path) -> None:
        """Write the manifest, last of all files: a folder without one is unfinished."""
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1)
        (folder / NAME).write_text(text, encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "Manifest":
        """Read a manifest; IndexMismatch says in one line what to do where it is missing or damaged."""
        try:
            raw = json.loads((folder / NAME).read_text(encoding="utf-8"))
            return cls(**{**raw, "thresholds": Thresholds.from_json(raw["thresholds"])})
        except FileNotFoundError as error:
            raise IndexMismatch(f"chưa có chỉ mục tìm kiếm ở {folder}, {REBUILD}") from error
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise IndexMismatch(f"{NAME} của chỉ mục bị hỏng, {REBUILD}") from error

    def check_files(self, folder: Path) -> None:
        """Raise IndexMismatch where a file of the index is missing or is not the one that was built."""
        for name, expected in self.files.items():
            path = folder / name
            if not path.is_file():
                raise IndexMismatch(f"chỉ mục thiếu tệp {name}, {REBUILD}")
            if file_hash(path) != expected:
                raise IndexMismatch(f"tệp {name} của chỉ mục bị hỏng, {REBUILD}")

    def check_code(self) -> None:
        """Raise IndexMismatch where normaliser, lexicon or search code are not those of the build."""
        if self.text_fingerprint != nlu.text.fingerprint():
            raise IndexMismatch(f"chỉ mục được dựng với bộ chuẩn hoá tiếng Việt khác, {REBUILD}")
        if self.code_fingerprint != code_fingerprint():
            raise IndexMismatch(f"chỉ mục được dựng với từ điển hoặc mã tìm kiếm khác, {REBUILD}")

    def check_encoder(self, fingerprint: str, dim: int) -> None:
        """Raise IndexMismatch where the encoder is not the one whose vectors the index holds."""
        if (self.encoder_fingerprint, self.dim) != (fingerprint, dim):
            raise IndexMismatch(f"chỉ mục được dựng với bộ mã hoá khác, {REBUILD}")

    def check_catalogue(self, content_hash: str) -> None:
        """Raise IndexMismatch where the catalogue has changed since the build."""
        if self.catalogue != content_hash:
            raise IndexMismatch(f"danh mục đã thay đổi từ lúc dựng chỉ mục, {REBUILD}")

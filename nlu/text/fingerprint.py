"""The identity of the text functions, for manifests of what was built with them."""

import hashlib
from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """Return a SHA-256 over the sources and data files of this package: an index built with another is stale."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.iterdir()):
        if path.suffix in {".py", ".tsv", ".txt", ".gz"}:
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()

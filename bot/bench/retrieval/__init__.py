"""Finding procedures, beside BM25 and without each of its own parts: what docs/quality.md says."""
